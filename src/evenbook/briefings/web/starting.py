"""The form that starts a handoff: who, why, when, to whom; what it will ask for, before it is announced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenbook.book.access import may_act_for
from evenbook.book.numbers import role_title
from evenbook.book.queries import NamedAccount, TeamMember, colleagues_here, me, members
from evenbook.briefings.actions.announcing import announce
from evenbook.briefings.queries.plans import HandoffRefused, HandoffWanted, Plan, plan, today_of
from evenbook.briefings.rules.window import BRIEFS, REASONS
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.screens.shown import number_word, plural

REFUSED = 422
MOST_APART = 50
"""Accounts whose receivers the form lets one choose apart; of more, on the page of the handoff."""


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Show the form, then what the handoff would ask for; announce it."""
    viewer = asking(request)
    givers = _givers(viewer)
    given = request.POST if request.method == "POST" else request.GET
    if request.method != "POST":
        return _page(request, viewer, givers, given)
    try:
        found = plan(viewer, replace(_wanted(given), receivers={}), now=timezone.now())
        if given.get("step") != "announce":
            return _page(request, viewer, givers, given, found=found)
        wanted = replace(_wanted(given), receivers=_apart(given, found))
        number = announce(wanted, by=viewer, now=timezone.now())
    except EvenbookError as refused:
        said = f"{refused.what} {refused.fix}"
        return _page(request, viewer, givers, given, said=said, status=max(refused.status, REFUSED))
    messages.success(request, "The handoff is announced.")
    return redirect("handoff", number)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    givers: tuple[TeamMember, ...],
    given: Mapping[str, str],
    *,
    found: Plan | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    today = today_of(viewer, timezone.now())
    own = me(viewer)
    context: dict[str, Any] = {
        "givers": givers,
        "people": colleagues_here(viewer, today),
        "reasons": REASONS,
        "handed": _handed(found) if found else (),
        "given": {
            name: given.get(name, "") for name in ("giver", "reason", "first_on", "back_on", "receiver")
        },
        "own": own.key if own else "",
        "plan": found,
        "may_choose": found is not None and len(found.accounts) <= MOST_APART,
        "said": said,
        "today": today,
        "sentence": _sentence(found),
    }
    return render(request, "briefings/start.html", context, status=status)


def _handed(found: Plan) -> tuple[tuple[NamedAccount, str], ...]:
    """Return the accounts, each with the role that the giver has on it, empty where they own it."""
    titles = {account: role_title(role) for account, role in found.roles.items()}
    return tuple((each, titles.get(each.id, "")) for each in found.accounts)


def _sentence(found: Plan | None) -> str:
    if found is None:
        return "Hand a book over."
    count = len(found.accounts)
    verb = plural(count, "account goes", "accounts go")
    asked = "one cover note is asked for"
    if found.asks == BRIEFS:
        asked = f"a transfer brief {plural(count, 'is', 'of each is')} asked for"
    return f"{number_word(count, start=True)} {verb} from {found.giver.name} to others, and {asked}."


def _givers(viewer: Viewer) -> tuple[TeamMember, ...]:
    """Return the people whose book the viewer may hand over, their own among them."""
    return tuple(each for each in members(viewer) if each.is_person and may_act_for(viewer, each.id))


def _wanted(given: Mapping[str, str]) -> HandoffWanted:
    back_on = given.get("back_on", "").strip()
    return HandoffWanted(
        giver=given.get("giver", ""),
        reason=given.get("reason", ""),
        first_on=_day(given.get("first_on", ""), "first day away"),
        back_on=_day(back_on, "day back") if back_on else None,
        receiver=given.get("receiver", ""),
    )


def _apart(given: Mapping[str, str], found: Plan) -> dict[str, str]:
    """Return for the accounts that were given a receiver of their own who that is."""
    chosen = {each.key: given.get(f"receiver-{each.id}", "") for each in found.accounts}
    return {key: person for key, person in chosen.items() if person and person != found.receiver.key}


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise HandoffRefused(
            f"The {name} is not a day." if text.strip() else f"The {name} is not given.",
            fix="Write it as 2026-03-09.",
        ) from None
