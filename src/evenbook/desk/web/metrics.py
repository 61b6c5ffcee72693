"""The metrics in three tiers: for whom each is, what it asks, where it stands, what to do."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.desk.queries.executive import NotForExecutives, subjects_of
from evenbook.desk.queries.metrics import MetricNow, PersonMetrics, Tiers, metrics
from evenbook.desk.rules.metrics import AT_LEAST, AT_MOST, GOALS, TIERS
from evenbook.desk.web import links
from evenbook.people.asking import asking
from evenbook.runs.queries import week
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import difference, plural, shown

WHAT = "each metric with its question, its target and what to do about it, NRR and GRR leading"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the metrics of all, of a team or of one's own book, and of single people to whom they are open."""
    viewer = asking(request)
    shown_week = week(viewer, request.GET.get("as_of", ""))
    if shown_week is None:
        return render(request, "runs/no_run.html", {"page": "Metrics", "what": WHAT})
    team = request.GET.get("team", "").replace("\x00", "")[:200]
    try:
        found = metrics(viewer, shown_week, team=team)
    except NotForExecutives as error:
        raise Http404(str(error)) from error
    tiers = {"executive": found.executive, "operational": found.operational}
    context = {
        "week": shown_week,
        "found": found,
        "teams": subjects_of(viewer),
        "team": team,
        "sentence": _sentence(found),
        "tiers": [(TIERS[name], [_row(found, each) for each in rows]) for name, rows in tiers.items()],
        "individual": TIERS["individual"],
        "asked": [each for each in found.individual if not each.missing],
        "missing": [each for each in found.individual if each.missing],
        "people": [_person(found, each) for each in found.people],
    }
    return render(request, "desk/metrics.html", context)


def _sentence(found: Tiers) -> tuple[Part, ...]:
    known, missed = len(found.known), len(found.missed)
    if not known:
        return ("No metric has a figure yet.",)
    if not missed:
        return (f"Every metric of {found.of} that can be told is where it should be.",)
    names = ", ".join(each.metric.title for each in found.missed[:3])
    start = counted(missed, "missed", href="#tiers", start=True)
    more = " and others" if missed > 3 else ""
    verb = "is" if missed == 1 else "are"
    return (start, f" of {known} {plural(known, 'metric')} of {found.of} {verb} missed: {names}{more}.")


def _row(found: Tiers, each: MetricNow) -> dict[str, Any]:
    metric = each.metric
    opens = links.opened(found.week, metric.measure, *found.subject) if metric.measure else ""
    return {
        "each": each,
        "figure": _figure(each, opens),
        "target": target_text(each),
        "change": difference(each.now - each.before, metric.unit)
        if each.now is not None and each.before is not None
        else "",
    }


def _figure(each: MetricNow, opens: str) -> Figure:
    """Return the figure; what is turned opens a page of what is missing of 1, and is no fold of it."""
    metric = each.metric
    name = metric.measure or metric.key
    if metric.turned:
        name = f"{name}-turned"
    return Figure(name, each.now, metric.unit, opens)


def target_text(each: MetricNow) -> str:
    """Return what a metric aims for, in words."""
    goal = GOALS[each.metric.goal]
    if each.metric.goal in {AT_LEAST, AT_MOST}:
        return f"{goal} {shown(each.target, each.metric.unit).text}"
    return goal


def _person(found: Tiers, who: PersonMetrics) -> tuple[PersonMetrics, list[tuple[MetricNow, Figure]]]:
    row = []
    for metric in found.individual:
        if metric.missing:
            continue
        each = who.figures[metric.key]
        opens = links.opened(found.week, metric.measure, "csm", who.key) if metric.measure else ""
        row.append((each, _figure(each, opens)))
    return who, row
