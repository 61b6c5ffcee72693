"""What each person closed and left open in the last weeks, and whether a warning of overload holds.

From the loops as they are stored: each figure of a week is as of its end. Who owes an open loop is as of
now, and a tier as of the run, for neither is kept by day; of closed ones, it is who owed them then.

People see their own; whose week else a viewer may see ``book.access`` decides. What a tier misses is of all
people together, and names none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Func, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from evenbook.book.access import people_ids_seen_by
from evenbook.book.queries import leaves
from evenbook.capacity.queries import tier_column
from evenbook.closures.models import FollowUp, Loop
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.rules.closing_weeks import Group, Stretches, with_more
from evenbook.closures.rules.closing_weeks import closing_weeks as folded
from evenbook.closures.rules.warning import (
    ClosingWeek,
    Limits,
    Standing,
    expected_share,
    first_sign,
    reasons,
    standing,
)
from evenbook.kit.dates import day_ends_at, week_series
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.runs.queries import Week

SHOWN_WEEKS = 13
BATCH = "batch"
"""The field of an artifact that was written with others in one go: reviews acknowledged in a batch."""

ENDS = ("closed_at", "withdrawn_at", "waived_at")
PLACES = ("opened_place", "due_place", "closed_place", "withdrawn_place", "waived_place")


@dataclass(frozen=True)
class Closing:
    """A person's last weeks of closing, and how they stand.

    ``reasons`` are sentences that say why a warning holds, none where it does not. ``is_first`` says that
    the share is up for the first week: not a warning yet, and shown to the person alone; ``first`` says it.
    ``overdue_limit`` is what a warning goes by; ``clean_closures`` a week and the ``unfinished_line`` are of
    policy too, to compare with and no verdict.
    """

    weeks: tuple[ClosingWeek, ...]
    standing: Standing
    reasons: tuple[str, ...]
    first: tuple[str, ...]
    overdue_limit: int
    clean_closures: int
    unfinished_line: int

    @property
    def warns(self) -> bool:
        """Whether a warning holds."""
        return bool(self.reasons)

    @property
    def is_first(self) -> bool:
        """Whether the share went up this week, and nothing warns yet."""
        return not self.reasons and bool(self.standing.above or self.standing.high)


def closings(viewer: Viewer, week: Week, people: Iterable[int]) -> dict[int, Closing]:
    """Return the last weeks of these people, as far as the viewer may see them, by person.

    The share of a week is of the loops due in the four weeks up to it (policy): those that nothing had
    closed by its end, over all of them. A person without a loop in all that time is not there.

    Args:
        viewer: who asks.
        week: the stored week up to which.
        people: whose.
    """
    seen = set(people) & people_ids_seen_by(viewer)
    if not seen:
        return {}
    numbers = week.policy.of(ClosuresNumbers)
    limits = Limits.of(numbers)
    span = _Span(week, limits)
    groups = (*_groups(_loops(span, seen), span), *_of_pools(span, seen))
    series = folded(groups, span.days, window=limits.window_weeks)
    follow_ups, away = _follow_ups(span, seen), _away(viewer, span, seen)
    found = {
        person: with_more(weeks, follow_ups=follow_ups.get(person), away=away.get(person, frozenset()))[
            span.lead_in :
        ]
        for person, weeks in series.items()
        if isinstance(person, int)
    }
    young = {person for person, weeks in found.items() if not _stands(weeks, limits).is_own}
    for person, expected in _expected(viewer, span, young).items():
        found[person] = with_more(found[person], expected=expected[span.lead_in :])
    return {person: _closing(weeks, limits, numbers) for person, weeks in found.items()}


class _Span:
    """The weeks that are looked at: those shown, those of the first base, those of the first share."""

    def __init__(self, week: Week, limits: Limits) -> None:
        self.week, self.limits = week, limits
        self.lead_in = limits.window_weeks - 1
        self.days = week_series(week.run.as_of, SHOWN_WEEKS + limits.base_weeks + self.lead_in)
        self.organization = week.policy.of(OrganizationNumbers)
        before = self.days[0] - timedelta(weeks=1)
        self.starts_at = day_ends_at(before, self.organization.time_zone)
        self.ends = [day_ends_at(day, self.organization.time_zone) for day in self.days]

    def place_at(self, field: str) -> Place:
        """Return in which week an instant falls, as a column."""
        return Place(field, [self.starts_at, *self.ends])

    def place_of(self, at: datetime) -> int:
        """Return in which week an instant falls."""
        return bisect_right(self.ends, at)

    def place_on(self, field: str) -> Place:
        """Return in which week a day falls, as a column."""
        after = timedelta(days=1)
        return Place(field, [day + after for day in (self.days[0] - timedelta(weeks=1), *self.days)])


class Place(Func):
    """The place of an instant or a day among bounds: -1 before the first, the last one also for never.

    Written out at once: as so many ``When`` it would take Django longer to say than a database to answer.
    """

    output_field = IntegerField()
    arity = 1

    def __init__(self, field: str, bounds: Sequence[date], **more: Any) -> None:
        super().__init__(field, **more)
        self.bounds = list(bounds)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the case and its bounds, as the database stores them."""
        column, given = compiler.compile(self.get_source_expressions()[0])
        stored = connection.ops
        whens, params = [], []
        for place, bound in enumerate(self.bounds):
            whens.append(f"WHEN {column} < %s THEN {place - 1}")
            is_instant = isinstance(bound, datetime)
            adapt = stored.adapt_datetimefield_value if is_instant else stored.adapt_datefield_value
            params += [*given, adapt(bound)]
        return f"CASE {' '.join(whens)} ELSE {len(self.bounds) - 1} END", tuple(params)


def _loops(span: _Span, people: Iterable[int] | None) -> QuerySet[Loop]:
    """Return the loops that can count in any of the weeks, with who owes them; of all where None."""
    rows = Loop.objects.annotate(owner=Coalesce("taken_by_id", "person_id")).filter(
        Q(closed_at=None) | Q(closed_at__gte=span.starts_at) | Q(due_on__gte=span.days[0]),
        opened_at__lt=span.ends[-1],
    )
    if people is None:
        return rows.exclude(owner=None)
    whose = sorted(people)
    return rows.filter(Q(taken_by__in=whose) | Q(taken_by=None, person__in=whose))


def _of_pools(span: _Span, people: Iterable[int]) -> list[Group]:
    """Return the loops past due that pools owe and nobody has taken, as those of the pool's lead."""
    here = Q(pool__lead__left_on=None) | Q(pool__lead__left_on__gte=span.days[-1])
    rows = Loop.objects.annotate(owner=F("pool__lead_id")).filter(
        Q(closed_at=None) | Q(closed_at__gte=span.starts_at),
        here,
        taken_by=None,
        person=None,
        pool__lead__in=sorted(people),
        due_on__lte=span.days[-1],
        opened_at__lt=span.ends[-1],
    )
    return [replace(each, of_pool=True) for each in _groups(rows, span)]


def _groups(rows: QuerySet[Loop], span: _Span, *, by: tuple[str, ...] = ("owner",)) -> list[Group]:
    """Return loops in groups that met the same weeks, as far as ``by`` and their cohorts are alike.

    The few for which a brief was written, which leaders are to see before it closes them, are counted as if
    there were none, taken back, and counted anew with it.
    """
    batch = Case(When(closed_by__fields__has_key=BATCH, then=1), default=0, output_field=IntegerField())
    pool = Case(When(cohort_on__isnull=False, then=F("pool_id")), output_field=IntegerField())
    kind = Case(When(cohort_on__isnull=False, then=F("kind")), default=Value(""))
    placed = rows.annotate(
        opened_place=span.place_at("opened_at"),
        due_place=span.place_on("due_on"),
        **{name.replace("_at", "_place"): span.place_at(name) for name in ENDS},
        batch=batch,
        cohort_kind=kind,
        cohort_pool=pool,
    ).order_by()
    columns = (*by, *PLACES, "batch", "cohort_kind", "cohort_pool", "cohort_on")
    found = [
        _group(told, len(by), count) for *told, count in placed.values_list(*columns).annotate(Count("pk"))
    ]
    first = placed.filter(briefs__isnull=False).annotate(written_at=Min("briefs__written_at"))
    for *told, written_at in first.values_list(*columns, "written_at"):
        found.append(_group(told, len(by), -1))
        found.append(replace(_group(told, len(by), 1), written=span.place_of(written_at)))
    return found


def _group(told: Sequence[Any], size: int, count: int) -> Group:
    owner = told[0] if size == 1 else tuple(told[:size])
    opened, due, closed, withdrawn, waived, is_batch, *cohort, cohort_on = told[size:]
    together = (*cohort, cohort_on) if cohort_on else None
    return Group(
        owner, opened, due, closed, withdrawn, waived, count, is_batch=bool(is_batch), cohort=together
    )


def _follow_ups(span: _Span, people: Iterable[int]) -> dict[int, list[int]]:
    """Return by person how many follow-ups were past due at the end of each week."""
    rows = FollowUp.objects.filter(
        Q(done_at=None) | Q(done_at__gte=span.starts_at),
        person__in=sorted(people),
        due_on__lte=span.days[-1],
        artifact__known_at__lt=span.ends[-1],
    )
    placed = rows.annotate(
        known_place=span.place_at("artifact__known_at"),
        due_place=span.place_on("due_on"),
        done_place=span.place_at("done_at"),
    )
    columns = ("person_id", "known_place", "due_place", "done_place")
    held: dict[int, Stretches] = defaultdict(lambda: Stretches(len(span.days)))
    for person, known, due, done, count in placed.order_by().values_list(*columns).annotate(Count("pk")):
        held[person].add(max(known, due), done, count)
    return {person: each.totals for person, each in held.items()}


def _away(viewer: Viewer, span: _Span, people: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return by person the places of weeks of whose working days more than half are leave known by then."""
    working = set(span.organization.working_days)
    first, last = span.days[0] - timedelta(days=6), span.days[-1]
    taken: dict[tuple[int, int], set[date]] = defaultdict(set)
    for leave in leaves(viewer, people, first=first, last=last):
        for place, day in enumerate(span.days):
            if leave.is_known(span.ends[place]):
                week = (day - timedelta(days=back) for back in range(7))
                days = {each for each in week if leave.first_on <= each <= leave.last_on}
                taken[leave.person_id, place] |= {each for each in days if f"{each:%a}".lower() in working}
    found: dict[int, set[int]] = defaultdict(set)
    for (person, place), days in taken.items():
        if 2 * len(days) > len(working):
            found[person].add(place)
    return {person: frozenset(places) for person, places in found.items()}


def _expected(viewer: Viewer, span: _Span, people: set[int]) -> dict[int, list[float | None]]:
    """Return by person what all others miss in the person's mix of tiers, at the end of each week."""
    if not people:
        return {}
    rows = _loops(span, None).annotate(tier=tier_column(viewer, span.week.run.id)).exclude(tier=None)
    series = folded(_groups(rows, span, by=("owner", "tier")), span.days, window=span.limits.window_weeks)
    found: dict[int, list[float | None]] = {person: [] for person in people}
    for place in range(len(span.days)):
        due: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
        whole: dict[int, tuple[int, int]] = {}
        for (owner, tier), weeks in series.items():
            week = weeks[place]
            due[owner][tier] = (week.due, week.missing)
            whole[tier] = _plus(whole.get(tier, (0, 0)), (week.due, week.missing))
        for person in people:
            own = due.get(person, {})
            others = {tier: _less(both, own.get(tier, (0, 0))) for tier, both in whole.items()}
            found[person].append(expected_share({tier: each[0] for tier, each in own.items()}, others))
    return found


def _plus(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _less(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] - other[0], one[1] - other[1]


def _stands(weeks: Sequence[ClosingWeek], limits: Limits) -> Standing:
    found = standing(weeks, limits)
    assert found is not None
    return found


def _closing(weeks: tuple[ClosingWeek, ...], limits: Limits, numbers: ClosuresNumbers) -> Closing:
    found = _stands(weeks, limits)
    return Closing(
        weeks[-SHOWN_WEEKS:],
        found,
        reasons(found, limits),
        first_sign(found, limits),
        limits.overdue,
        clean_closures=numbers.clean_closures,
        unfinished_line=numbers.unfinished_line,
    )
