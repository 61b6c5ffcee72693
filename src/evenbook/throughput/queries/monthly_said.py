"""What the monthly pack says: the sentence of each part that has data, the same on every surface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evenbook.decisions.rules import OPEN
from evenbook.screens.shown import brief, day_text, difference, number_word, plural, shown
from evenbook.throughput.numbers.chain import ChainNumbers
from evenbook.throughput.queries.monthly import Pack
from evenbook.throughput.rules.monthly import LOAD, Stand, moved_most, over, spread
from evenbook.throughput.rules.pulse import FELT


@dataclass(frozen=True)
class Section:
    """A part of the pack: its key, its title, and the sentence that it begins with."""

    key: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Said:
    """A pack in words."""

    pack: Pack

    @property
    def sections(self) -> tuple[Section, ...]:
        """The parts that have data, each with its sentence."""
        made = (Section(key, title, says(self.pack)) for key, title, says in PARTS)
        return tuple(each for each in made if each.sentence)

    @property
    def headline(self) -> str:
        """The month in a sentence: load, and what is asked."""
        return _headline(self.pack)

    @property
    def when(self) -> str:
        """Of whom and as of when it is."""
        return _when(self.pack)

    @property
    def stands(self) -> str:
        """How the last calibration stood at the end of the month, in a sentence."""
        return _stands(self.pack)


def _headline(pack: Pack) -> str:
    load = pack.figures[LOAD]
    said = f"load is {_now(load)}{_since(pack, load)}" if load.now is not None else "no load is known"
    asked = len(pack.asked)
    of_you = f"; {number_word(asked)} {plural(asked, 'thing is', 'things are')} asked of you" if asked else ""
    return f"{pack.month.title}: {said}{of_you}."


def _when(pack: Pack) -> str:
    running = ", the month is not over" if pack.is_running else ""
    before = f"; before: {day_text(pack.before_on)}" if pack.before_on else "; no month before is stored"
    old = f"; baseline: {day_text(pack.baseline_on)}" if pack.baseline_on else ""
    run = pack.week.run
    return (
        f"{pack.of}, as of {day_text(run.as_of)}{running}{before}{old}; policy version {run.policy_version}"
    )


def _load(pack: Pack) -> str:
    load = pack.figures[LOAD]
    if not load.is_known:
        return ""
    said = f"Load is {_now(load)}{_since(pack, load)}"
    people = len(pack.people)
    if not people:
        return f"{said}."
    most, apart = over(pack.people, pack.limits), spread(pack.people)
    limit = shown(pack.limits.red_above, "share").text
    said += f"; {_of(most, people)} over {limit}"
    if apart is not None:
        said += f", the highest {brief(round(100 * apart))} points above the lowest"
    return f"{said}."


def _seven(pack: Pack) -> str:
    if not pack.seven:
        return ""
    first = moved_most(pack.seven)
    if first is None:
        return "There is no month before to compare with; the next pack has one."
    return f"{first.title} moved most: {_now(first)}{_since(pack, first)}."


def _chain(pack: Pack) -> str:
    if not pack.chain:
        return ""
    parts = [
        f"{each.title.lower()} {_now(each)}{_since(pack, each)}"
        for each in pack.chain
        if each.now is not None
    ]
    said = "; ".join(parts) or "nothing is known now"
    return f"Over {pack.week.policy.of(ChainNumbers).weeks} weeks: {said}."


def _decisions(pack: Pack) -> str:
    if not pack.decided:
        return ""
    opened = sum(pack.month.holds(row.waits_from_on) for row in pack.decided)
    taken = sum(
        row.decided_at is not None and pack.month.holds(row.decided_at.date()) for row in pack.decided
    )
    waiting = sum(row.state == OPEN for row in pack.decided)
    return (
        f"{number_word(opened, start=True)} {plural(opened, 'decision')} opened in the month, "
        f"{_none(taken)} {plural(taken or 1, 'was', 'were')} taken, "
        f"{_none(waiting)} {plural(waiting or 1, 'waits', 'wait')} at its end."
    )


def _felt(pack: Pack) -> str:
    if not pack.felt:
        return ""
    mean = sum(each.felt for each in pack.felt) / len(pack.felt)
    loads = [each.load for each in pack.felt if each.load is not None]
    beside = f", while load was {shown(sum(loads) / len(loads), 'share').text}" if loads else ""
    return f"The weeks felt {mean:.1f} of {max(FELT)} on average ({FELT[round(mean)].lower()}){beside}."


def _effects(pack: Pack) -> str:
    if not pack.effects:
        return ""
    first = pack.effects[0]
    way = "rose" if (first.estimate or 0) > 0 else "fell"
    return f"{first.title}: {first.outcome.title.lower()} {way} beside that of comparable people."


def _calibration(pack: Pack) -> str:
    row = pack.calibration
    if row is None:
        return ""
    errors = row.proposal.errors
    if errors is None or errors.in_force is None or errors.fitted is None:
        said = row.proposal.why or "No weight could be learned from the hours logged."
    else:
        said = (
            f"The weights in force miss hours held out by {errors.in_force:.0%}, "
            f"those learned by {errors.fitted:.0%}."
        )
    return f"{said} {_stands(pack)}"


def _stands(pack: Pack) -> str:
    row = pack.calibration
    if row is None:
        return ""
    if row.adopted_at is not None:
        return f"They were adopted on {day_text(row.adopted_at.date())}."
    if not row.changed:
        return "Nothing was proposed."
    return "They wait to be adopted." if row.waits else "They were proposed and not adopted by then."


def _policy(pack: Pack) -> str:
    count = len(pack.versions)
    if not count:
        return ""
    numbers = sum(len(each.changes) for each in pack.versions)
    return (
        f"{number_word(count, start=True)} {plural(count, 'version')} of the policy "
        f"{plural(count, 'was', 'were')} adopted, with {number_word(numbers)} {plural(numbers, 'change')}."
    )


def _lagging(pack: Pack) -> str:
    if not pack.lagging:
        return ""
    known = [f"{each.title.lower()} {_now(each)}" for each in pack.lagging if each.now is not None]
    said = ", ".join(known[:3])
    return f"{said[:1].upper()}{said[1:]}." if said else "Nothing of it is known now."


def _asks(pack: Pack) -> str:
    count = len(pack.asked)
    if not count:
        return ""
    return f"{number_word(count, start=True)} {plural(count, 'thing is', 'things are')} asked of you."


PARTS: tuple[tuple[str, str, Callable[[Pack], str]], ...] = (
    ("load", "Load, and how it is spread", _load),
    ("seven", "The weekly seven", _seven),
    ("chain", "Before it is too much", _chain),
    ("decisions", "What asked for a decision", _decisions),
    ("felt", "How it felt", _felt),
    ("effects", "What came of it", _effects),
    ("calibration", "The weights of effort", _calibration),
    ("policy", "What changed in the policy", _policy),
    ("lagging", "What lags behind", _lagging),
    ("asked", "What is asked of you", _asks),
)


def _of(count: int, people: int) -> str:
    if people == 1:
        return "the one person is" if count else "the one person is not"
    return f"{_none(count)} of {people} people {plural(count or 1, 'is', 'are')}"


def _none(count: int) -> str:
    return number_word(count) if count else "none"


def _now(stand: Stand) -> str:
    return shown(stand.now, stand.unit).text


def _since(pack: Pack, stand: Stand) -> str:
    """Return how much it moved since the month before; nothing where that is not known."""
    if stand.change is None:
        return ""
    said = difference(stand.change, stand.unit)
    return f", {said} since {pack.month.before.title.split()[0]}"
