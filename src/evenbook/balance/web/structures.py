"""The page of team structures: the four on one's own accounts, and which one fits."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.balance.jobs import COMPARED, ask_structures
from evenbook.balance.numbers.structures import HOWS
from evenbook.balance.queries.asking import may_ask
from evenbook.balance.queries.structures import StructuresShown, may_compare, structures_ready
from evenbook.balance.rules.fitting import CONS, PROS
from evenbook.balance.rules.structures import Structure
from evenbook.people.asking import asking
from evenbook.runs.queries import last_asked, week, worker_is_here
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import plural


@require_GET
def shown(request: HttpRequest) -> HttpResponse:
    """Show what each structure would need on the accounts that the viewer may see."""
    viewer = asking(request)
    if not may_compare(viewer):
        raise Http404
    found_week = week(viewer, request.GET.get("as_of", ""))
    if found_week is None:
        what = "what each structure of a team would need on your own accounts"
        return render(request, "runs/no_run.html", {"page": "Team structures", "what": what})
    found = structures_ready(viewer, found_week)
    asked = last_asked(viewer, COMPARED.name) if found is None else None
    context = {
        "week": found_week,
        "found": found,
        "sentence": _sentence(found) if found is not None else _not_yet(),
        "each": [_told(each, found) for each in found.each] if found is not None else (),
        "hows": HOWS,
        "asked": asked,
        "has_worker": asked is not None and asked.is_open and worker_is_here(viewer, now=timezone.now()),
        "may_ask": may_ask(viewer),
    }
    return render(request, "balance/structures.html", context)


@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """Ask a worker to compare the four on the accounts of a week, unless it is being done already."""
    viewer = asking(request)
    found_week = week(viewer, request.POST.get("as_of", ""))
    if not may_compare(viewer) or not may_ask(viewer) or found_week is None:
        raise Http404
    asked = last_asked(viewer, COMPARED.name)
    if asked is None or not asked.is_open:
        ask_structures(found_week, by=viewer, now=timezone.now())
    return redirect(f"{address('structures')}?as_of={found_week.run.as_of.isoformat()}")


def _not_yet() -> tuple[Part, ...]:
    return ("Comparing the four structures on so many accounts takes a while, so a worker does it.",)


def _sentence(found: StructuresShown) -> tuple[Part, ...]:
    best = found.fitting
    if best is None:
        return ("There is no account that you may see, so no structure can be compared.",)
    if best.people is None:
        return (f"{best.title} would fit, but an account takes more hours than one person has.",)
    currency, at = found.week.currency, f"#{best.name}"
    people = counted(best.people, f"people_{best.name}", href=at)
    cost = Figure(f"cost_{best.name}", best.cost * 100, "money", at, currency=currency)
    return (
        f"{best.title} {'fit' if best.title.endswith('s') else 'fits'} these accounts: ",
        people,
        f" {plural(best.people, 'person', 'people')} for ",
        cost,
        f" {currency} a year.",
    )


def _told(each: Structure, found: StructuresShown) -> dict[str, object]:
    return {
        "of": each,
        "fits": found.fits is not None and found.fits.name == each.name,
        "people": None
        if each.people is None
        else Figure(f"people_{each.name}", each.people, "count", f"#{each.name}"),
        "cost": Figure(f"cost_{each.name}", each.cost * 100, "money", f"#{each.name}"),
        "share": each.cost / found.arr if found.arr else None,
        "pros": PROS[each.name],
        "cons": CONS[each.name],
    }
