"""The executive page: NRR and GRR, what moved them, how they are misread, and cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.desk.queries.executive import (
    CohortOpened,
    Executive,
    NotForExecutives,
    Standing,
    cohort_opened,
    executive,
    subjects_of,
)
from evenbook.desk.web import links
from evenbook.measures.retention import KEPT
from evenbook.measures.rules.retention import Bridge, CohortCell, Pair, quarter_name
from evenbook.people.asking import asking
from evenbook.runs.queries import Week, week
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure, Part
from evenbook.screens.shown import brief, difference

KEPT_TITLES = {"revenue": "Revenue kept", "net": "Revenue with growth", "customers": "Customers kept"}
WHAT = "NRR and GRR with the steps that moved them, cohorts, and how both figures are misread"


@dataclass(frozen=True)
class Rung:
    """A step of the bridge: its amount, from where to where it leads, and what it is in words."""

    title: str
    figure: Figure
    low: float
    high: float
    tone: str
    says: str
    sign: str = ""


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show retention of all, of a team or of one's own book."""
    viewer = asking(request)
    shown_week = week(viewer, request.GET.get("as_of", ""))
    if shown_week is None:
        return render(request, "runs/no_run.html", {"page": "Executive", "what": WHAT})
    team = request.GET.get("team", "").replace("\x00", "")[:200]
    kept = request.GET.get("kept", "")
    kept = kept if kept in KEPT else "revenue"
    try:
        found = executive(viewer, shown_week, team=team)
    except NotForExecutives as error:
        raise Http404(str(error)) from error
    context = {
        "week": shown_week,
        "found": found,
        "teams": subjects_of(viewer),
        "team": team,
        "sentence": sentence(found),
        "figures": [_figure(found, each) for each in found.shown],
        "rungs": _rungs(found),
        "most": max(found.bridge.start, found.bridge.start + found.bridge.expansion, found.bridge.total, 1),
        "worth": _worth(found),
        "pairs": [_pair(found, each) for each in found.pairs],
        "ages": range(max((len(row) for row in found.cohorts), default=0)),
        "cohorts": [_cohort(found, row, team=team, kept=kept) for row in found.cohorts],
        "kept": kept,
        "choices": [
            (name, title, _asked(found, team=team, kept=name)) for name, title in KEPT_TITLES.items()
        ],
        "at_risk": _at_risk(found),
        "metrics_at": f"{address('metric-tiers')}{_asked(found, team=team)}",
    }
    return render(request, "desk/executive.html", context)


@require_GET
def cohort(request: HttpRequest, quarter: str, age: int) -> HttpResponse:
    """Show the customers of a cohort and what is left of each."""
    viewer = asking(request)
    shown_week = week(viewer, request.GET.get("as_of", ""))
    team = request.GET.get("team", "").replace("\x00", "")[:200]
    kept = request.GET.get("kept", "revenue")
    try:
        day = date.fromisoformat(quarter)
    except ValueError as error:
        raise Http404("That is no day.") from error
    if shown_week is None:
        raise Http404("No week is stored yet.")
    try:
        found = cohort_opened(viewer, shown_week, team=team, quarter_on=day, age=age, kept=kept)
    except NotForExecutives as error:
        raise Http404(str(error)) from error
    value = Figure("cohort", found.cell.shares[kept], "share", request.get_full_path())
    context = {
        "week": shown_week,
        "found": found,
        "figure": value,
        "quarter": quarter_name(day),
        "title": KEPT_TITLES[kept],
        "unit": "number" if kept == "customers" else "money",
        "heads": _heads(found),
        "part": sum(row.part for row in found.rows),
        "whole": sum(row.whole for row in found.rows),
        "back": f"{address('executive')}{_asked_of(shown_week, team=team, kept=kept)}#cohorts",
    }
    return render(request, "desk/executive_cohort.html", context)


def _heads(found: CohortOpened) -> tuple[str, str]:
    return {
        "revenue": ("Kept", "At the start"),
        "net": ("Now", "At the start"),
        "customers": ("Stayed", "Customers"),
    }[found.kept]


def sentence(found: Executive) -> tuple[Part, ...]:
    """Return what moved retention, in one sentence."""
    nrr, grr = (_figure(found, found.figures[name])[1] for name in ("nrr", "grr"))
    if nrr.value is None:
        weeks = found.numbers.retention_weeks
        return (f"Of {found.of} nobody paid {weeks} weeks ago, so there is no retention yet.",)
    bridge = found.bridge
    lost = {"churn": bridge.churned, "contraction": bridge.contraction}
    worst = max(lost, key=lambda name: lost[name])
    said: tuple[Part, ...] = ("NRR is ", nrr, " and GRR ", grr, ": growth brought ")
    said = (*said, _amount(found, "expansion", bridge.expansion))
    if not lost[worst]:
        return (*said, " and nobody pays less than at the start.")
    measure = "churned" if worst == "churn" else "contraction"
    return (
        *said,
        f", {worst} took ",
        _amount(found, measure, lost[worst]),
        f" {found.week.currency} a year.",
    )


def _opens(found: Executive, measure: str) -> str:
    return links.opened(found.week, measure, *found.subject)


def _figure(found: Executive, each: Standing) -> tuple[Standing, Figure, str]:
    made = Figure(
        each.measure, each.now, each.unit, _opens(found, each.measure) if each.now is not None else ""
    )
    known = each.now is not None and each.before is not None
    return each, made, difference((each.now or 0) - (each.before or 0), each.unit) if known else ""


def _amount(found: Executive, measure: str, cents: float, *, side: str = "above") -> Figure:
    """Return an amount that opens into the rows on one side of a measure's line."""
    return Figure(side, cents, "money", _opens(found, measure), currency=found.week.currency)


def _rungs(found: Executive) -> list[Rung]:
    bridge = found.bridge
    grown = bridge.start + bridge.expansion
    smaller = grown - bridge.contraction
    weeks = found.numbers.retention_weeks
    rungs = [
        Rung("Start", _amount(found, "nrr", bridge.start, side="below"), 0, bridge.start, "",
             f"{bridge.customers} customers {weeks} weeks ago"),
        Rung("Expansion", _amount(found, "expansion", bridge.expansion), bridge.start, grown, "good",
             "those who pay more than then", "+"),
        Rung("Contraction", _amount(found, "contraction", bridge.contraction), smaller, grown, "warn",
             "those who stayed and pay less", "−"),
        Rung("Churn", _amount(found, "churned", bridge.churned), bridge.end, smaller, "bad",
             f"{bridge.customers - bridge.stayed} customers who left", "−"),
        Rung("End of the cohort", _amount(found, "nrr", bridge.end), 0, bridge.end, "",
             "÷ start is NRR; without expansion, GRR"),
    ]  # fmt: skip
    return [*rungs, *_apart(found, bridge)]


def _apart(found: Executive, bridge: Bridge) -> list[Rung]:
    """Return what stands beside the bridge: new and returned customers, and what all pay."""
    came = bridge.end + bridge.new
    rungs = [
        Rung("New customers, apart", _amount(found, "new_logos", bridge.new), bridge.end, came, "quiet",
             "paid nothing before the window", "+"),
    ]  # fmt: skip
    if bridge.returned:
        rungs.append(
            Rung("Reactivation, apart", _amount(found, "returned", bridge.returned), came,
                 came + bridge.returned, "quiet", "paid before, nothing at the start", "+")
        )  # fmt: skip
    says = f"{bridge.paying} customers"
    if abs(bridge.elsewhere) >= 1:
        says += f"; {brief(bridge.elsewhere / 100)} of it of customers who were not due"
    total = _amount(found, "revenue_per_customer", bridge.total)
    return [*rungs, Rung("All revenue now", total, 0, bridge.total, "", says)]


def _worth(found: Executive) -> dict[str, Any] | None:
    """Return what a customer is worth and what it is made of; None where it can't be told."""
    if found.lifetime is None:
        return None
    before = found.lifetime_before
    logo = found.figures["logo"]
    each = found.bridge.total / found.bridge.paying if found.bridge.paying else None
    return {
        "lifetime": found.lifetime,
        "change": difference(found.lifetime.value - before.value, "money") if before else "",
        "each": Figure("revenue_per_customer", each, "money", _opens(found, "revenue_per_customer")),
        "logo": _figure(found, logo)[1],
    }


def _pair(found: Executive, each: Pair) -> tuple[Pair, Figure, str]:
    text = f"{100 * each.right:.1f}%"
    right = Figure(each.measure, each.right, "share", _opens(found, each.measure), text)
    return each, right, f"{100 * each.lazy:.1f}%"


def _cohort(
    found: Executive, row: tuple[CohortCell, ...], *, team: str, kept: str
) -> tuple[str, CohortCell, list[Figure]]:
    asked = _asked(found, team=team, kept=kept)
    figures = [
        Figure(
            "cohort", each.shares[kept], "share",
            f"{address('executive-cohort', each.quarter_on.isoformat(), each.age)}{asked}",
        )
        for each in row
    ]  # fmt: skip
    return quarter_name(row[0].quarter_on), row[0], figures


def _asked(found: Executive, **given: str) -> str:
    return _asked_of(found.week, **given)


def _asked_of(shown_week: Week, **given: str) -> str:
    day = {"as_of": shown_week.asked.isoformat()} if shown_week.asked else {}
    asked = urlencode({key: value for key, value in {**given, **day}.items() if value})
    return f"?{asked}" if asked else ""


def _at_risk(found: Executive) -> Figure | None:
    if found.at_risk is None:
        return None
    kind, key = found.subject
    filters = {"team": {"team": key}, "csm": {"owner": key}}.get(kind, {})
    where = links.sheet(found.week, **filters)
    return Figure("expected", found.at_risk.expected_cents, "money", where, currency=found.week.currency)
