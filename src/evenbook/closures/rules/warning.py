"""Whether a person's load is past what can be sustained, read from what stays unwritten.

Written work is the first to give way, weeks before anything else shows. So the sign is the *missing
share*: of the loops due in the last weeks (policy), those that nothing closed. It is held against the
person's own weeks before, never against a colleague's name. It tells nobody's future and ranks nobody:
a warning is a decision about load, to redistribute or to hire.

The own base is the *median* of the eight weeks before: one bad week, a quarter's end or the days after
a leave, moves a mean for eight weeks and hides the next rise, and hardly moves a median. While the share
stays above the base the base stands still, or an overload would become its own measure after a month.
Until there are eight weeks the base is what colleagues miss in the person's mix of tiers.

Of few loops a share says little, so what is missing must also be some loops (policy) more than the base
leads one to expect. A week on leave, and one in which nothing was due, say nothing: they neither extend nor
end a run.

Pure: weeks in, warnings out; a week is judged by itself and by those before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from evenbook.closures.numbers import ClosuresNumbers

OWN_BASE, TIER_MIX, SHARE, OVERDUE = "own_base", "tier_mix", "share", "overdue"
BANDS = {
    OWN_BASE: "Missing share above the own weeks before",
    TIER_MIX: "Missing share above what the mix of tiers misses",
    SHARE: "Missing share high",
    OVERDUE: "Many loops overdue",
}
SAID = "Load past sustainable: redistribute or hire."
FIRST = "More stays unwritten than usual, for the first week: no warning yet."


@dataclass(frozen=True, slots=True)
class ClosingWeek:
    """What a person closed in a week, and what stood open at its end.

    Attributes:
        as_of: its last day.
        opened: loops that opened.
        closed: loops that an artifact closed, without those acknowledged in a batch.
        late: those of them that were due in a week before it.
        batch: loops acknowledged in a batch, counted apart.
        overdue: loops past due and open at the end.
        follow_ups: follow-ups past due and not done at the end.
        due: loops due in the weeks of the share.
        missing: those of them that nothing closed by the end.
        expected: the share that the person's mix of tiers misses, 0 to 1.
        is_away: whether the person was on leave.
    """

    as_of: date
    opened: int = 0
    closed: int = 0
    late: int = 0
    batch: int = 0
    overdue: int = 0
    follow_ups: int = 0
    due: int = 0
    missing: int = 0
    expected: float | None = None
    is_away: bool = False

    @property
    def share(self) -> float | None:
        """The missing share, 0 to 1; None where nothing was due."""
        return self.missing / self.due if self.due else None

    @property
    def unfinished(self) -> int:
        """What is past due and open, follow-ups with it."""
        return self.overdue + self.follow_ups


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of policy that a warning goes by; ``margin`` and ``share`` are shares, 0 to 1."""

    window_weeks: int
    base_weeks: int
    running_weeks: int
    margin: float
    share: float
    overdue: int
    least_loops: int

    @classmethod
    def of(cls, numbers: ClosuresNumbers) -> Limits:
        """Return them as policy has them."""
        return cls(
            window_weeks=numbers.warning_window_weeks,
            base_weeks=numbers.warning_base_weeks,
            running_weeks=numbers.warning_weeks,
            margin=numbers.warning_margin,
            share=numbers.warning_share,
            overdue=numbers.warning_overdue,
            least_loops=numbers.warning_least_loops,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands at the end of a week.

    Attributes:
        week: the week.
        base: what its share is held against; None where there is nothing to hold it against.
        is_own: whether that is the person's own weeks before.
        above: for how many weeks the share has been above the base by the margin.
        high: for how many weeks it has been above the share of policy.
        bands: those in which it warns, none where it does not.
    """

    week: ClosingWeek
    base: float | None
    is_own: bool
    above: int
    high: int
    bands: tuple[str, ...]


def standings(weeks: Iterable[ClosingWeek], limits: Limits) -> Iterator[Standing]:
    """Yield how a person stands at the end of each week.

    Args:
        weeks: one after the other, the oldest first.
        limits: of policy.

    Source:
        The early warning of the definition of done; docs/benchmarks.md has how early and how often wrong.
    """
    known: list[float] = []
    above = high = 0
    own: float | None = None
    bands: tuple[str, ...] = ()
    for week in weeks:
        if week.is_away:
            yield Standing(week, own, own is not None, above, high, bands)
            continue
        if not above:
            own = median(known[-limits.base_weeks :]) if len(known) >= limits.base_weeks else None
        base = own if own is not None else week.expected
        share = week.share
        if share is not None:
            above = above + 1 if base is not None and _is_above(week, base, limits) else 0
            high = high + 1 if share > limits.share and week.missing >= limits.least_loops else 0
            known.append(share)
        bands = tuple(_bands(week, limits, above=above, high=high, is_own=own is not None))
        yield Standing(week, base, own is not None, above, high, bands)


def standing(weeks: Iterable[ClosingWeek], limits: Limits) -> Standing | None:
    """Return how a person stands at the end of the last week, None without a week."""
    last = deque(standings(weeks, limits), maxlen=1)
    return last[0] if last else None


def _is_above(week: ClosingWeek, base: float, limits: Limits) -> bool:
    expected = base * week.due
    return week.missing > max(expected + limits.margin * week.due, expected + limits.least_loops - 1e-9)


def _bands(week: ClosingWeek, limits: Limits, *, above: int, high: int, is_own: bool) -> Iterator[str]:
    if above >= limits.running_weeks:
        yield OWN_BASE if is_own else TIER_MIX
    if high >= limits.running_weeks:
        yield SHARE
    if week.overdue > limits.overdue:
        yield OVERDUE


def reasons(found: Standing, limits: Limits) -> tuple[str, ...]:
    """Return why it warns, a sentence a band; nothing where it does not."""
    week, high = found.week, f"over {100 * limits.share:.0f}%"
    weeks = f"{limits.window_weeks} weeks" if limits.window_weeks != 1 else "week"
    missing = f"{week.missing} of the {week.due} loops due in the last {weeks} are not closed: "
    missing += f"{100 * (week.share or 0):.0f}%"
    if not week.due:
        missing = f"Nothing was due in the last {weeks}: before that the share was"
    base, usual = f"{100 * (found.base or 0):.0f}%", f"{missing}, for {found.above} weeks above"
    is_said = OWN_BASE in found.bands or TIER_MIX in found.bands
    said = {
        OWN_BASE: f"{usual} the {base} of the {limits.base_weeks} weeks before.",
        TIER_MIX: f"{usual} the {base} that others miss in the same tiers.",
        SHARE: f"For {found.high} weeks it has been {high}."
        if is_said
        else f"{missing}, for {found.high} weeks {high}.",
        OVERDUE: f"{week.overdue} loops are overdue, more than {limits.overdue}.",
    }
    return tuple(said[band] for band in found.bands)


def first_sign(found: Standing, limits: Limits) -> tuple[str, ...]:
    """Return what the first week says, before anything warns: the share and what it is held against."""
    week = found.week
    missing = (
        f"{week.missing} of the {week.due} loops due in the last {limits.window_weeks} weeks are not closed: "
        f"{100 * (week.share or 0):.0f}%"
    )
    if not found.above or found.base is None:
        return (f"{missing}, over {100 * limits.share:.0f}%.",)
    whose = (
        f"of the {limits.base_weeks} weeks before" if found.is_own else "that others miss in the same tiers"
    )
    return (f"{missing}, above the {100 * found.base:.0f}% {whose}.",)


def expected_share(own: dict[int, int], others: dict[int, tuple[int, int]]) -> float | None:
    """Return the share that others miss in a person's mix of tiers; None where no other has any of it.

    Args:
        own: by tier, how many loops of the person were due.
        others: by tier, how many loops of all others were due, and how many of them are missing.
    """
    compared = {tier: due for tier, due in own.items() if due and others.get(tier, (0, 0))[0]}
    whole = sum(compared.values())
    if not whole:
        return None
    return sum(due * others[tier][1] / others[tier][0] for tier, due in compared.items()) / whole


def first_warned(weeks: Sequence[ClosingWeek], limits: Limits) -> tuple[int, ...]:
    """Return the places of the weeks in which a warning begins: it holds then, and did not before."""
    held = [bool(each.bands) for each in standings(weeks, limits)]
    return tuple(place for place, now in enumerate(held) if now and not (place and held[place - 1]))
