"""How far the first seven weeks have come, and the baseline beside what is so now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q

from evenbook.book.queries import owners_here, teams_seen
from evenbook.capacity.queries import Wanted, how_many
from evenbook.capacity.queries.calibration import calibrations
from evenbook.decisions.queries import DecisionsWanted, how_many_decisions
from evenbook.decisions.rules import OPEN
from evenbook.kit.dates import monday_of, week_series
from evenbook.measures.values import Measured, measured
from evenbook.people.queries import leaders
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.runs.queries import Week, week_days
from evenbook.throughput.models import Baseline, BaselineFigure, Pulse, Signature
from evenbook.throughput.rules.first_weeks import FIGURES, LATE_DAYS, RUNS, Facts

ORDER = list(FIGURES)
NOTHING = Measured(None, 0)


@dataclass(frozen=True)
class BaselineInfo:
    """When the baseline was taken, and by whom."""

    id: int
    as_of: date
    taken_by: str


@dataclass(frozen=True)
class Since:
    """A figure of all or of a team, at the baseline and now."""

    kind: str
    subject: str
    measure: str
    before: Measured
    now: Measured

    @property
    def title(self) -> str:
        """What the figure is called."""
        return FIGURES[self.measure][0]

    @property
    def unit(self) -> str:
        """Its unit on screens."""
        return FIGURES[self.measure][1]


def baseline(viewer: Viewer) -> BaselineInfo | None:
    """Return the baseline, None before it is taken."""
    row = Baseline.objects.order_by("pk").first()
    return BaselineInfo(row.pk, row.as_of, row.taken_by) if row else None


def facts(viewer: Viewer, week: Week, *, today: date) -> Facts:
    """Return what the steps are judged by: counts over the whole organization, the same for whoever asks."""
    run, kept = week.run, baseline(viewer)
    whole = replace(SYSTEM, worked_out={})
    last, people = calibrations(viewer, limit=1), owners_here(viewer, today)
    adopted = next((each.adopted_at for each in last if each.adopted_at), None)
    quality = measured(viewer, run.id, run.as_of, measures=["quality"], kinds=["all"])
    ceilings = measured(whole, run.id, run.as_of, measures=["ceiling"], kinds=["csm"])
    signed = set(Signature.objects.values_list("user", flat=True))
    everybody = leaders(viewer)
    late = DecisionsWanted(state=OPEN, waits_before=today - timedelta(days=LATE_DAYS))
    return Facts(
        started_on=kept.as_of if kept else None,
        scored=quality.get(("quality", "all", "all"), NOTHING).count,
        spoke=Pulse.objects.filter(week_on=monday_of(today)).count(),
        people=len(people),
        classified=how_many(whole, run.id, wanted=Wanted(classified=True)),
        accounts=how_many(whole, run.id, wanted=Wanted()),
        calibrated_on=last[0].as_of if last else None,
        adopted_on=adopted.date() if adopted else None,
        limited=sum(key in people and each.value is not None for (_, _, key), each in ceilings.items()),
        signed=tuple(each.name for each in everybody if each.user_id in signed),
        leaders=tuple(each.name for each in everybody),
        runs=_runs(viewer, today),
        late=how_many_decisions(whole, wanted=late),
    )


def has_signed(viewer: Viewer) -> bool:
    """Return whether the viewer has put their name under the sentence."""
    return Signature.objects.filter(user=viewer.user_id).exists() if viewer.user_id else False


def since_baseline(viewer: Viewer, week: Week) -> tuple[Since, ...]:
    """Return the figures of the baseline beside those of a week: of all, and of the teams one may see."""
    kept = baseline(viewer)
    if kept is None or not viewer.allows("read"):
        return ()
    wanted = Q(subject_kind="all") | Q(subject_kind="team", subject__in=teams_seen(viewer))
    rows = BaselineFigure.objects.filter(wanted, baseline=kept.id, measure__in=FIGURES)
    now = measured(viewer, week.run.id, week.run.as_of, measures=FIGURES, kinds=["all", "team"])
    found = [
        Since(
            row.subject_kind,
            row.subject,
            row.measure,
            Measured(row.value, row.count),
            _now(now, row),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.kind, each.subject, ORDER.index(each.measure))))


def _now(now: Mapping[tuple[str, str, str], Measured], row: BaselineFigure) -> Measured:
    return now.get((row.measure, row.subject_kind, row.subject), NOTHING)


def _runs(viewer: Viewer, today: date) -> int:
    """Return how many of the last weeks have a stored run."""
    ends = week_series(today, RUNS)
    days = week_days(viewer, limit=8 * RUNS)
    return sum(any(end - timedelta(days=7) < day <= end for day in days) for end in ends)
