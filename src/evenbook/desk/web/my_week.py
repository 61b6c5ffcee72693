"""My week, and where a person lands after signing in."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from evenbook.book.access import may_see_people
from evenbook.closures.queries.briefs import briefs_to_read
from evenbook.closures.queries.stable import reviews_among
from evenbook.decisions.queries import open_about
from evenbook.decisions.rules import EARLY_WARNING
from evenbook.desk.queries.my_week import MyWeek, choices, my_week, owners_of_books, whose
from evenbook.desk.queries.team_week import LOAD
from evenbook.desk.web import links
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure, Part, counted
from evenbook.screens.shown import plural
from evenbook.throughput.queries.pulse import pulses
from evenbook.throughput.rules.pulse import FELT

LANDS_ON = {"csm": "my-week", "leader": "team-week", "operations": "accounts"}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Go where the person's day starts; before the first run, operations start at the import."""
    viewer = asking(request)
    imports = address("import") if viewer.is_operations and week(viewer) is None else ""
    return redirect(imports or LANDS_ON.get(viewer.role, "team-week"))


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show a person's week: the viewer's own, or one that they may see."""
    viewer = asking(request)
    key = request.GET.get("person", "")
    people = choices(viewer)
    person = whose(viewer, key)
    if key and person is None:
        raise Http404("No person of this name whose week you may see.")
    shown = week(viewer, request.GET.get("as_of", ""))
    if shown is None:
        what = "your accounts that stand out, what is not covered, and your meetings"
        return render(request, "runs/no_run.html", {"page": "My week", "what": what})
    found = (
        my_week(viewer, shown, person, now=timezone.now(), kind=request.GET.get("kind", "")[:40])
        if person
        else None
    )
    if found is None or (people and not key and not found.book.accounts):
        return _of_others(request, viewer, shown)
    own = not key or viewer.role == "csm"
    context = {
        "week": shown,
        "mine": found,
        "people": people,
        "is_own": own,
        "sentence": _sentence(shown, found, own=own),
        "book_sentence": _book_sentence(shown, found, own=own),
        "figures": _figures(shown, found),
        "titles": links.artifact_titles(shown),
        "warned": None if shown.asked else open_about(viewer, EARLY_WARNING, found.person.id),
        "stable": _stable(viewer, shown, found),
        "to_read": briefs_to_read(viewer, today=shown.today(timezone.now())) if own else (),
        **_pulse(viewer, shown, found, own=own),
    }
    return render(request, "desk/my_week.html", context)


def _pulse(viewer: Viewer, shown: Week, found: MyWeek, *, own: bool) -> dict[str, Any]:
    """Return what the question needs how the load feels; it is asked of oneself, for the present week."""
    if not own or shown.asked or not viewer.may_write or viewer.user_id is None:
        return {"asks_pulse": False}
    said = pulses(viewer, found.person.id, until=shown.today(timezone.now()), weeks=1)
    return {"asks_pulse": True, "pulse": said[-1] if said else None, "felt": FELT.items()}


def _of_others(request: HttpRequest, viewer: Viewer, shown: Week) -> HttpResponse:
    owners = [
        (each, Figure("accounts", size, "count", links.accounts(shown, owner=each.key)))
        for each, size in owners_of_books(viewer, shown)
    ]
    to_read = briefs_to_read(viewer, today=shown.today(timezone.now()))
    titles = links.artifact_titles(shown)
    context = {
        "to_read": to_read,
        "titles": titles,
        "owners": owners,
        "may_choose": may_see_people(viewer),
        "week": shown,
    }
    return render(request, "desk/no_person.html", context)


def _stable(viewer: Viewer, shown: Week, found: MyWeek) -> int:
    """Return how many owed health reviews are of accounts that have not moved; none on a past day."""
    if shown.asked or not viewer.may_write:
        return 0
    owed = (*found.owes.due, *found.owes.later)
    return sum(each.is_stable for each in reviews_among(viewer, shown, owed))


def _sentence(shown: Week, found: MyWeek, *, own: bool) -> tuple[Part, ...]:
    """Say what is owed by tonight; where nothing is, that it is done."""
    owed = found.owes.owed
    when = "by the end of the day" if shown.asked else "today"
    if owed:
        things = counted(owed, "owed", href="#due", start=True)
        who = "you are" if own else f"{found.person.name} is"
        verb = plural(owed, "thing is", "things are")
        after = "it" if owed == 1 else "them"
        return (things, f" {verb} owed {when}. After {after}, {who} done.")
    if found.book.accounts or found.owes.open_later:
        return (f"Everything due {when} is closed.",)
    return (f"No account is in {'your book' if own else f'the book of {found.person.name}'}.",)


def _book_sentence(shown: Week, found: MyWeek, *, own: bool) -> tuple[Part, ...]:
    book = "your book" if own else f"the book of {found.person.name}"
    key = found.person.key
    if not found.book.accounts:
        return ()
    if not found.hot and not found.uncovered:
        return (f"Everything in {book} is covered, and none of it is on the hot sheet.",)
    whose = "your" if own else f"{found.person.name}’s"
    all_of_it = counted(found.book.accounts, "accounts", href=links.accounts(shown, book=key))
    hot = counted(found.hot, "accounts", href=links.accounts(shown, book=key, hot="yes"), start=True)
    gaps = counted(found.uncovered, "accounts", href=links.accounts(shown, book=key, coverage="gaps"))
    accounts = plural(found.book.accounts, "account")
    start = (
        hot,
        f" of {whose} ",
        all_of_it,
        f" {accounts} {'is' if found.hot == 1 else 'are'} on the hot sheet",
    )
    return (*start, "; ", gaps, f" {'is' if found.uncovered == 1 else 'are'} not covered.")


def _figures(shown: Week, found: MyWeek) -> dict[str, Figure]:
    key = found.person.key
    return {
        "accounts": Figure("accounts", found.book.accounts, "count", links.accounts(shown, book=key)),
        "uncovered": Figure(
            "accounts", found.uncovered, "count", links.accounts(shown, book=key, coverage="gaps")
        ),
        "hot": Figure("accounts", found.hot, "count", links.accounts(shown, book=key, hot="yes")),
        "covered": Figure(
            "accounts", found.covered, "count", links.accounts(shown, book=key, coverage="covered")
        ),
        "load": Figure(LOAD, found.load.value, "share", links.opened(shown, LOAD, "csm", key)),
        "arr": Figure(
            "arr",
            found.book.arr_cents,
            "money",
            links.accounts(shown, book=key),
            currency=shown.currency,
        ),
    }
