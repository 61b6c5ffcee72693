"""The metrics in three tiers as they stand in a week, each against its target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evenbook.book.queries import TeamMember, me, staff
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.closures.queries.on_time import Timely, timely
from evenbook.desk.numbers import MetricsNumbers
from evenbook.desk.queries.executive import NOTHING, subject_asked
from evenbook.desk.rules.executive import Subject, of_whom
from evenbook.desk.rules.metrics import INDIVIDUAL, METRICS, OPERATIONAL, Metric, is_met, of_tier
from evenbook.kit.dates import week_series
from evenbook.measures.numbers import MeasuresNumbers
from evenbook.measures.queries import rows_of
from evenbook.measures.rules.retention import Lifetime, lifetime
from evenbook.measures.values import Measured, series
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.schema import Policy
from evenbook.runs.queries import Week
from evenbook.states.queries import Change, changes

MEASURES = tuple(dict.fromkeys(each.measure for each in METRICS if each.measure))
WORTH = ("revenue_per_customer", "logo")
ANSWERED = ("nps", "csat")
"""Measures of answers, of which a few make no figure: how many there are is said."""

RECOVERED = ("recovering", "healthy")
"""The move of an account's state that brings it back to green."""


@dataclass(frozen=True)
class MetricNow:
    """A metric with its figure now and a quarter before, None where not known; ``target`` of policy.

    ``accounts`` are those behind a count, each with its key and name.
    """

    metric: Metric
    now: float | None = None
    before: float | None = None
    target: float | None = None
    says: str = ""
    accounts: tuple[tuple[str, str], ...] = ()

    @property
    def is_met(self) -> bool | None:
        """Whether it is where it should be; None where that can't be told."""
        return is_met(self.metric.goal, now=self.now, target=self.target, before=self.before)


@dataclass(frozen=True)
class PersonMetrics:
    """Somebody's own figures, by metric."""

    key: str
    name: str
    figures: Mapping[str, MetricNow]


@dataclass(frozen=True)
class Tiers:
    """The metrics of a subject by tier, and those of each person whom the viewer may see singly.

    ``is_closed`` says that policy keeps the figures of others to teams.
    """

    week: Week
    subject: Subject
    of: str
    executive: tuple[MetricNow, ...]
    operational: tuple[MetricNow, ...]
    individual: tuple[Metric, ...]
    people: tuple[PersonMetrics, ...]
    is_closed: bool

    @property
    def known(self) -> tuple[MetricNow, ...]:
        """Those of the subject that have a figure."""
        return tuple(each for each in (*self.executive, *self.operational) if each.now is not None)

    @property
    def missed(self) -> tuple[MetricNow, ...]:
        """Those that are not where they should be."""
        return tuple(each for each in self.known if each.is_met is False)


def metrics(viewer: Viewer, week: Week, *, team: str = "") -> Tiers:
    """Return the metrics of everybody, a team or the viewer's own book, in a week.

    Raises:
        NotForExecutives: the viewer may not see such a team, or anybody.
    """
    subject = subject_asked(viewer, team)
    days = week_series(week.run.as_of, week.policy.of(MeasuresNumbers).trend_weeks)
    found = series(viewer, days, measures=(*MEASURES, *WORTH), subjects=[subject])
    tiers = {
        tier: tuple(_now(week, each, _weeks(found, days, subject), days) for each in of_tier(tier))
        for tier in ("executive", OPERATIONAL)
    }
    is_closed = week.policy.of(CapacityNumbers).team_level_only
    return Tiers(
        week=week,
        subject=subject,
        of=of_whom(subject),
        executive=tiers["executive"],
        operational=tiers[OPERATIONAL],
        individual=of_tier(INDIVIDUAL),
        people=_people(viewer, week, subject, days, is_closed=is_closed),
        is_closed=is_closed and viewer.role != "csm",
    )


Weeks = Mapping[str, tuple[Measured, ...]]


def _weeks(
    found: Mapping[tuple[str, str, str], tuple[Measured, ...]], days: Sequence[date], of: Subject
) -> Weeks:
    gap = (NOTHING,) * len(days)
    return {name: found.get((name, *of), gap) for name in (*MEASURES, *WORTH)}


def _targets(policy: Policy) -> dict[str, float]:
    """Return what policy aims for, as metrics name it."""
    retention, others = policy.of(MeasuresNumbers), policy.of(MetricsNumbers)
    return {
        "nrr": retention.nrr_target,
        "grr": retention.grr_target,
        "logo": retention.logo_target,
        "renewal_rate": retention.renewal_target,
        "expansion": retention.expansion_target,
        "nps": retention.nps_target,
        "first_value": others.first_value_days,
        "green": others.green_target,
        "onboarding": others.onboarding_target,
        "reviews": others.reviews_target,
    }


def _now(week: Week, metric: Metric, weeks: Weeks, days: Sequence[date]) -> MetricNow:
    target = _targets(week.policy).get(metric.target)
    if metric.key == "lifetime":
        numbers = week.policy.of(MeasuresNumbers)
        now, before = (_worth(weeks, numbers, place) for place in (-1, 0))
        says = f"at most {numbers.lifetime_years:g} years are counted" if now and now.is_capped else ""
        return MetricNow(metric, now.value if now else None, before.value if before else None, target, says)
    if not metric.measure:
        return MetricNow(metric, target=target)
    last, first = (weeks[metric.measure][place] for place in (-1, 0))
    answers = "answer" if last.count == 1 else "answers"
    says = f"{last.count} {answers}" if metric.measure in ANSWERED and last.count else ""
    return MetricNow(metric, _turned(metric, last.value), _turned(metric, first.value), target, says)


def _worth(weeks: Weeks, numbers: MeasuresNumbers, place: int) -> Lifetime | None:
    revenue, logo = (weeks[name][place].value for name in WORTH)
    return lifetime(revenue, logo, margin=numbers.gross_margin, most_years=numbers.lifetime_years)


def _turned(metric: Metric, value: float | None) -> float | None:
    return 1 - value if metric.turned and value is not None else value


def _people(
    viewer: Viewer, week: Week, subject: Subject, days: Sequence[date], *, is_closed: bool
) -> tuple[PersonMetrics, ...]:
    """Return each person of the subject with a figure of their own, by name."""
    own = me(viewer)
    kind, name = subject
    people = [each for each in staff(viewer) if each.is_person and (kind != "team" or each.team == name)]
    if is_closed or kind == "csm":
        people = [each for each in people if own is not None and each.id == own.id]
    keys: list[Subject] = [("csm", each.key) for each in people]
    found = series(viewer, days, measures=(*MEASURES, *WORTH), subjects=keys)
    closed = _closed(viewer, week, days)
    back = _recovered(viewer, week, subject, days)
    rows = (
        PersonMetrics(
            who.key, who.name, _own(week, who, _weeks(found, days, key), days, closed=closed, back=back)
        )
        for who, key in zip(people, keys, strict=True)
        if any((measure, *key) in found for measure in MEASURES)
    )
    return tuple(sorted(rows, key=lambda each: each.name))


def _own(
    week: Week,
    who: TeamMember,
    weeks: Weeks,
    days: Sequence[date],
    *,
    closed: Mapping[int, Timely],
    back: Mapping[int, tuple[Change, ...]],
) -> dict[str, MetricNow]:
    found = {each.key: _now(week, each, weeks, days) for each in of_tier(INDIVIDUAL) if not each.missing}
    brought = back.get(who.id, ())
    names = tuple(dict.fromkeys((each.account_key, each.account_name) for each in brought))
    found["recovered"] = MetricNow(found["recovered"].metric, float(len(brought)), accounts=names)
    done = closed.get(who.id)
    if done is not None:
        says = f"{done.on_time} of {done.due} that were due"
        found["on_time"] = MetricNow(found["on_time"].metric, done.share, says=says)
    return found


def _closed(viewer: Viewer, week: Week, days: Sequence[date]) -> dict[int, Timely]:
    """Return what of each person was due in these weeks, and how much of it was closed on time."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    zone = week.policy.of(OrganizationNumbers).time_zone
    for (person, _), each in timely(viewer, days, zone=zone).items():
        sums[person][0] += each.due
        sums[person][1] += each.on_time
    return {person: Timely(*counts) for person, counts in sums.items()}


def _recovered(
    viewer: Viewer, week: Week, subject: Subject, days: Sequence[date]
) -> dict[int, tuple[Change, ...]]:
    """Return the accounts that came back to green in these weeks, by who owned them at its end."""
    kind, key = subject
    rows = rows_of(viewer, "green", run=week.run, subject_kind=kind, subject=key)["green"]
    owners = dict(zip(rows["account"].to_pylist(), rows["person"].to_pylist(), strict=True))
    since = days[0] - timedelta(days=7)
    found: dict[int, list[Change]] = defaultdict(list)
    for each in _back(changes(viewer, after=since, until=week.run.as_of)):
        owner = owners.get(each.account_id)
        if owner is not None:
            found[owner].append(each)
    return {owner: tuple(each) for owner, each in found.items()}


def _back(given: Iterable[Change]) -> Iterable[Change]:
    return (each for each in given if (each.from_state, each.to_state) == RECOVERED)
