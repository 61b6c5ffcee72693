"""The product ladder with its evidence: sales, training and adoption, opt-out trials.

What is said of all sales of a product is of many customers at once, and for everybody who signs in; single
trials are shown of the accounts that a viewer may open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F

from evenbook.book.access import answers_for, narrowed
from evenbook.book.known import onboarded
from evenbook.expansion.models import AddonRow, Trial
from evenbook.expansion.numbers.ladder import RUNGS, LadderNumbers
from evenbook.expansion.rules.ladder import EXPANSION, NEW, Evidence, Sale, evidence, recheck
from evenbook.people.viewer import Viewer
from evenbook.records.queries import sales_told
from evenbook.runs.queries import Week

OUTCOMES = dict(Trial.Outcome.choices)
MOST_TRIALS = 200


@dataclass(frozen=True)
class Adoption:
    """Training and adoption of accounts with a product, and of those without; None where not known."""

    accounts: int
    hours_with: float | None
    seats_with: float | None
    others: int
    hours_without: float | None
    seats_without: float | None


@dataclass(frozen=True)
class LadderLine:
    """A product of the ladder: its rung, empty where none is set, and the evidence."""

    product: str
    rung: str
    evidence: Evidence
    adoption: Adoption | None
    trials: int
    kept: int
    opted_out: int

    @property
    def rung_name(self) -> str:
        """Its rung in words."""
        return RUNGS.get(self.rung, "No rung is set")


@dataclass(frozen=True)
class TrialRow:
    """An opt-out trial at a customer."""

    id: int
    account_key: str
    account_name: str
    product: str
    first_on: date
    last_on: date
    outcome: str
    ended_on: date | None
    note: str
    recorded_by: str
    decided_by: str
    may_end: bool
    is_over: bool

    @property
    def outcome_name(self) -> str:
        """What came of it, in words."""
        return OUTCOMES.get(self.outcome, "Under way")


@dataclass(frozen=True)
class Ladder:
    """The ladder as of a week: lines, what asks for a re-check, how many first sales and starts are told."""

    lines: tuple[LadderLine, ...]
    rechecks: tuple[str, ...]
    first_sales: int
    starts: int


def ladder(viewer: Viewer, week: Week) -> Ladder:
    """Return the ladder: every product of the policy, and every other that is under contract."""
    numbers = week.policy.of(LadderNumbers)
    sales = [
        Sale(account, NEW if "new" in kind.lower() else EXPANSION, product, opened, won or lost, bool(won))
        for account, kind, product, opened, won, lost in sales_told(viewer, before=week.ends_at)
        if "renew" not in kind.lower()
    ]
    starts = onboarded(viewer, before=week.ends_at)
    added = _added(week.run.id)
    rungs = {each.product: each.rung for each in numbers.ladder}
    names = [*rungs, *(name for name in added if name.casefold() not in {each.casefold() for each in rungs})]
    trials = _counted(week)
    return Ladder(
        lines=tuple(
            LadderLine(
                name,
                rungs.get(name, ""),
                evidence(name, sales, numbers),
                added.get(name),
                *trials.get(name.casefold(), (0, 0, 0)),
            )
            for name in names
        ),
        rechecks=recheck(sales, starts, week.run.as_of, numbers),
        first_sales=sum(each.kind == NEW for each in sales),
        starts=len(starts),
    )


def trials(viewer: Viewer, today: date) -> tuple[TrialRow, ...]:
    """Return the trials at accounts that the viewer may open: those under way first, then what ended last.

    One is over whose last day has passed while nobody has said what came of it.
    """
    newest = F("ended_on").desc(nulls_first=True)
    rows = narrowed(Trial.objects.select_related("account"), viewer).order_by(newest, "last_on", "pk")
    return tuple(
        TrialRow(
            row.pk, row.account.key, row.account.name, row.product, row.first_on, row.last_on, row.outcome,
            row.ended_on, row.note, row.recorded_by, row.decided_by,
            may_end=not row.outcome and answers_for(viewer, row.account_id),
            is_over=not row.outcome and row.last_on < today,
        )
        for row in rows[:MOST_TRIALS]
    )  # fmt: skip


def _added(run_id: int) -> dict[str, Adoption]:
    fields = ("accounts", "hours_with", "seats_with", "others", "hours_without", "seats_without")
    rows = AddonRow.objects.filter(run_id=run_id).order_by("-accounts", "product")
    return {product: Adoption(*rest) for product, *rest in rows.values_list("product", *fields)}


def _counted(week: Week) -> dict[str, tuple[int, int, int]]:
    """Return by product how many trials were recorded by the end of a week, kept and opted out of."""
    found: dict[str, tuple[int, int, int]] = {}
    rows = Trial.objects.filter(recorded_at__lt=week.ends_at)
    for product, outcome, decided in rows.values_list("product", "outcome", "decided_at"):
        told = outcome if decided is not None and decided < week.ends_at else ""
        begun, kept, out = found.get(product.casefold(), (0, 0, 0))
        found[product.casefold()] = (begun + 1, kept + (told == "kept"), out + (told == "opted_out"))
    return found
