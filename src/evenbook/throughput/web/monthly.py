"""The monthly calibration pack: the page, and the same as PDF and as slides."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from evenbook.kit.months import Month
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.policy.registry import sections as policy_sections
from evenbook.policy.rules.said import change_lines
from evenbook.screens.exports import TakenAway, taken
from evenbook.screens.places import figure_address
from evenbook.screens.sentences import Figure, Part
from evenbook.screens.shown import difference, number_word, plural
from evenbook.throughput.queries.monthly import NoPack, Pack, months, pack, subjects
from evenbook.throughput.queries.monthly_file import FILES, written
from evenbook.throughput.queries.monthly_said import Said
from evenbook.throughput.rules.monthly import LOAD, PersonMonth, Stand


@require_GET
def monthly(request: HttpRequest) -> HttpResponse:
    """Show the pack of a month, the newest without one."""
    viewer = asking(request)
    given = subjects(viewer)
    if not given:
        raise Http404("The monthly pack is for leaders.")
    known = months(viewer)
    if not known:
        what = "the month for the calibration meeting: load, the weekly seven, decisions, weights and policy"
        return render(request, "runs/no_run.html", {"page": "Monthly calibration", "what": what})
    month, team, refused = _asked(request)
    if team and ("team", team) not in given:
        refused, team = f"There is no team '{team[:60]}' whose pack you may see; yours is shown.", ""
    found: Pack | None = None
    try:
        found = pack(viewer, month, team=team)
    except NoPack as error:
        refused = error.what
    context = {
        "pack": found,
        "month": month or known[0],
        "months": known,
        "teams": given,
        "team": team,
        "refused": refused,
        "query": urlencode({"month": (month or known[0]).key, "team": team}),
        **(_context(found) if found else {"sentence": (f"{refused}",)}),
    }
    return render(request, "throughput/monthly.html", context, status=200 if found else 404)


@require_GET
def monthly_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Give the pack of a month as a file."""
    viewer = asking(request)
    month, team, refused = _asked(request)
    if refused or kind not in FILES:
        raise Http404(refused or "There is no such form.")
    try:
        found = pack(viewer, month, team=team)
    except NoPack as error:
        raise Http404(str(error)) from error
    return _file(viewer, found, kind)


def _file(viewer: Viewer, found: Pack, kind: str) -> HttpResponse:
    answer = HttpResponse(written(viewer, found, kind), content_type=FILES[kind][0])
    name = f"monthly-{found.month.key}"
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return taken(answer, TakenAway(name, kind, len(found.people)))


def _asked(request: HttpRequest) -> tuple[Month | None, str, str]:
    text, team = request.GET.get("month", ""), request.GET.get("team", "").replace("\x00", "")[:200]
    month = Month.read(text) if text else None
    refused = (
        f"'{text[:20]}' is not a month such as 2026-11; the newest is shown." if text and not month else ""
    )
    return month, team, refused


def _context(found: Pack) -> dict[str, object]:
    said = Said(found)
    return {
        "sentence": _sentence(found),
        "when": said.when,
        "sections": said.sections,
        "load": _row(found, found.figures[LOAD]),
        "people": [_person(found, each) for each in found.people],
        "stands": {
            "seven": [_row(found, each) for each in found.seven],
            "chain": [_row(found, each) for each in found.chain],
            "lagging": [_row(found, each) for each in found.lagging],
        },
        "has_baseline": found.baseline_on is not None,
        "how_it_stands": said.stands,
        "policy_changes": [(each, change_lines(each.changes, policy_sections())) for each in found.versions],
    }


def _sentence(found: Pack) -> tuple[Part, ...]:
    load, asked = _figure(found, found.figures[LOAD]), len(found.asked)
    name = f"{found.month.first:%B}"
    said: tuple[Part, ...] = (f"In {name} no load is known",)
    if load.value is not None:
        said = (f"In {name} load is ", load)
    if asked:
        words = f" {plural(asked, 'thing is', 'things are')} asked of you"
        said = (*said, "; ", Figure("asked", asked, "count", "#asked", number_word(asked)), words)
    return (*said, ".")


def _figure(found: Pack, stand: Stand, person: str = "") -> Figure:
    kind, subject = ("csm", person) if person else found.subject
    opens = figure_address(stand.measure, kind, subject, as_of=found.week.run.as_of)
    return Figure(stand.measure, stand.now, stand.unit, opens if stand.now is not None else "")


def _row(found: Pack, stand: Stand) -> tuple[Stand, Figure, str]:
    change = "" if stand.change is None else difference(stand.change, stand.unit)
    return stand, _figure(found, stand), change


def _person(found: Pack, each: PersonMonth) -> tuple[PersonMonth, Figure, str, list[tuple[Stand, Figure]]]:
    load = each.load.now or 0
    tone = "bad" if load > found.limits.red_above else "warn" if load >= found.limits.green_below else "good"
    links = [(link, _figure(found, link, each.key)) for link in each.chain]
    return each, _figure(found, each.load, each.key), tone, links
