"""What the audit of a week rests on, counted once a run: who holds what, what became of loops, what followed.

A stored run keeps its own; for a run without one it is counted as it is asked for. Counts go by who owned an
account, or owed a loop, in that week: of them a viewer gets those of the people and pools that they may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate

from evenbook.book.access import pools_seen_by, sees_every_account
from evenbook.book.queries import people_seen, staff
from evenbook.capacity.queries import as_it_stood, tier_column
from evenbook.closures.models import AuditBasis, FollowUp, Loop, Requirement
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.closing_weeks import BATCH, Closing, closings
from evenbook.closures.queries.requirements import GAPS
from evenbook.closures.rules.diagnosis import Followed, Owners
from evenbook.closures.rules.warning import OWN_BASE, TIER_MIX
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.runs.queries import Week
from evenbook.states.queries import changed_after

Group = tuple[str, int]
"""A kind of artifact and a tier."""


@dataclass(frozen=True)
class Tally:
    """How many accounts of an owner and a tier have one status of one kind of artifact."""

    person: int | None
    pool: int | None
    tier: int
    kind: str
    status: str
    accounts: int


@dataclass(frozen=True)
class Became:
    """What became of an owner's loops in the week, and how many are overdue at its end."""

    person: int | None
    pool: int | None
    closed: int
    late: int
    batch: int
    overloaded: int
    requirement: int
    interaction: int
    withdrawn: int
    overdue: int


@dataclass(frozen=True)
class Wrote:
    """How long artifacts of a kind took to write: the median, of those written in a form of ours."""

    kind: str
    seconds: float
    artifacts: int


@dataclass(frozen=True)
class Stood:
    """How a person's missing share stood at the end of the week."""

    person: int
    share: float | None
    base: float | None
    above: int
    has_risen: bool


@dataclass(frozen=True)
class Led:
    """At how many accounts of a tier a kind was written, and at how many nothing followed it."""

    kind: str
    tier: int
    accounts: int
    without: int


@dataclass(frozen=True)
class Basis:
    """All that was counted of a week."""

    tallies: tuple[Tally, ...]
    became: tuple[Became, ...]
    wrote: tuple[Wrote, ...]
    stood: tuple[Stood, ...]
    led: tuple[Led, ...]

    @classmethod
    def of(cls, counted: Mapping[str, Any]) -> Basis:
        """Return what was counted from the form in which it is stored."""
        kinds = {"tallies": Tally, "became": Became, "wrote": Wrote, "stood": Stood, "led": Led}
        return cls(**{name: tuple(kind(*row) for row in counted[name]) for name, kind in kinds.items()})

    @property
    def stored(self) -> dict[str, list[list[Any]]]:
        """The form in which it is stored."""
        return {
            name: [list(asdict(row).values()) for row in getattr(self, name)]
            for name in ("tallies", "became", "wrote", "stood", "led")
        }

    @property
    def owners(self) -> dict[Group, Owners]:
        """How many owners owe each kind in a tier, and how many lack it at most of their accounts."""
        owes: dict[tuple[str, int, int], list[int]] = defaultdict(lambda: [0, 0])
        for row in self.tallies:
            if row.person is not None and row.status != Requirement.Status.NOT_YET_DUE:
                both = owes[row.kind, row.tier, row.person]
                both[0] += row.accounts
                both[1] += row.accounts if row.status in GAPS else 0
        found: dict[Group, Owners] = {}
        for (kind, tier, _), (owed, gaps) in owes.items():
            before = found.get((kind, tier), Owners())
            found[kind, tier] = Owners(before.owing + 1, before.lacking + (2 * gaps > owed))
        return found

    @property
    def followed(self) -> dict[Group, Followed]:
        """At how many accounts of a tier each kind was written, and at how many nothing followed it."""
        return {(row.kind, row.tier): Followed(row.accounts, row.without) for row in self.led}


def basis(viewer: Viewer, week: Week) -> Basis:
    """Return what the audit of a week rests on. It names nobody: whose rows are shown, the caller decides."""
    known = f"closures.basis.{week.run.id}"
    if known not in viewer.worked_out:
        kept = AuditBasis.objects.filter(run=week.run.id).values_list("counted", flat=True).first()
        viewer.worked_out[known] = Basis.of(kept) if kept else counted(viewer, week, None)
    found: Basis = viewer.worked_out[known]
    return found


def counted(viewer: Viewer, week: Week, found: Mapping[int, Closing] | None) -> Basis:
    """Return all that is counted of a week.

    Args:
        viewer: who asks; how people stand is counted of those whose week they may see.
        week: the week.
        found: the weeks of closing of everybody, where they are known already.
    """
    if found is None:
        found = closings(viewer, week, [each.id for each in staff(viewer)])
    return Basis(
        tallies=_tallies(viewer, week),
        became=_became(week),
        wrote=_wrote(week),
        stood=tuple(_stood(person, closing) for person, closing in sorted(found.items())),
        led=_led(viewer, week),
    )


class Seen:
    """Whose rows of a basis a viewer may see by name."""

    def __init__(self, viewer: Viewer) -> None:
        self._all = sees_every_account(viewer)
        self._people = people_seen(viewer)
        self._pools = frozenset(pools_seen_by(viewer).values_list("pk", flat=True))
        self._leads = viewer.role == "leader"

    def has(self, row: Tally | Became) -> bool:
        """Return whether a row is of an owner whom they may see; what nobody owns leaders see."""
        if self._all:
            return True
        if row.person is None and row.pool is None:
            return self._leads
        return row.person in self._people or row.pool in self._pools


def _tallies(viewer: Viewer, week: Week) -> tuple[Tally, ...]:
    rows = as_it_stood(viewer, week.run.id, Requirement.objects.filter(run_id=week.run.id))
    by = ("stood__person", "stood__pool", "stood__tier", "kind", "status")
    return tuple(Tally(*row) for row in rows.order_by(*by).values_list(*by).annotate(Count("pk")))


def _became(week: Week) -> tuple[Became, ...]:
    ends_at, last = week.ends_at, week.run.as_of
    since = ends_at - timedelta(days=7)

    def within(name: str) -> Q:
        return Q(**{f"{name}__gte": since, f"{name}__lt": ends_at})

    def past(name: str) -> Q:
        return Q(**{name: None}) | Q(**{f"{name}__gte": ends_at})

    closed, is_batch = within("closed_at"), Q(closed_by__fields__has_key=BATCH)
    overdue = Q(due_on__lte=last) & past("closed_at") & past("withdrawn_at") & past("waived_at")
    zone = ZoneInfo(week.policy.of(OrganizationNumbers).time_zone)
    rows = Loop.objects.annotate(closed_on=TruncDate("closed_at", tzinfo=zone)).filter(
        Q(opened_at__lt=ends_at),
        closed | within("waived_at") | within("withdrawn_at") | overdue,
    )
    counts = {
        "closed": closed & ~is_batch,
        "late": closed & ~is_batch & Q(closed_on__gt=F("due_on")),
        "batch": closed & is_batch,
        **{reason: within("waived_at") & Q(waiver=reason) for reason in Loop.Waiver.values},
        "withdrawn": within("withdrawn_at"),
        "overdue": overdue,
    }
    by = rows.annotate(owner=Coalesce("taken_by_id", "person_id")).order_by().values_list("owner", "pool_id")
    totals = by.annotate(**{f"n_{name}": Count("pk", filter=asked) for name, asked in counts.items()})
    return tuple(Became(*row) for row in totals.order_by("owner", "pool_id"))


def _wrote(week: Week) -> tuple[Wrote, ...]:
    since = week.ends_at - timedelta(weeks=week.policy.of(ClosuresNumbers).writing_weeks)
    rows = Loop.objects.filter(
        writing_seconds__isnull=False, closed_at__gte=since, closed_at__lt=week.ends_at
    )
    taken: dict[str, list[int]] = defaultdict(list)
    for kind, seconds in rows.order_by("artifact_kind").values_list("artifact_kind", "writing_seconds"):
        taken[kind].append(seconds or 0)
    return tuple(Wrote(kind, float(median(each)), len(each)) for kind, each in taken.items())


def _stood(person: int, closing: Closing) -> Stood:
    stands = closing.standing
    has_risen = OWN_BASE in stands.bands or TIER_MIX in stands.bands
    return Stood(person, stands.week.share, stands.base, stands.above, has_risen)


def _led(viewer: Viewer, week: Week) -> tuple[Led, ...]:
    """Return at how many accounts of a tier each kind was written, and at how many nothing followed.

    Only artifacts that had the time to be followed, and of which the records would tell: those written
    here, those with follow-ups, those whose form asks for none.
    """
    numbers = week.policy.of(ClosuresNumbers)
    until = week.ends_at - timedelta(days=numbers.diagnosis_follow_days)
    since = until - timedelta(weeks=numbers.diagnosis_weeks)
    asking = {row.artifact for row in numbers.questions if row.asks == "follow_ups"}
    promised = FollowUp.objects.filter(artifact=OuterRef("closed_by"))
    done = promised.filter(done_at__lt=week.ends_at, is_dropped=False)
    written = Loop.objects.filter(closed_at__gte=since, closed_at__lt=until, closed_by__isnull=False)
    told = written.filter(
        Exists(promised) | ~Q(closed_by__closes="") | ~Q(artifact_kind__in=sorted(asking))
    ).annotate(tier=tier_column(viewer, week.run.id))
    after = Exists(done) | changed_after(viewer, "closed_at", until=week.run.as_of)
    counts = (
        told.exclude(tier=None)
        .order_by("artifact_kind", "tier")
        .values_list("artifact_kind", "tier")
        .annotate(
            accounts=Count("account", distinct=True),
            followed=Count("account", distinct=True, filter=Q(after)),
        )
    )
    return tuple(Led(kind, tier, accounts, accounts - followed) for kind, tier, accounts, followed in counts)
