"""The people who sign in, for operations: the list, one of them, the teams as a tree.

Every change is one form and works without scripts; what is refused keeps what was typed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenbook.documents.sheets import Sheet, SheetColumn
from evenbook.kit.errors import EvenbookError
from evenbook.people import actions, links, second_factor, teams
from evenbook.people.actions import Given
from evenbook.people.addresses import base_address
from evenbook.people.asking import asking
from evenbook.people.queries import ROLE_NAMES, SignsIn, sessions, signs_in, users
from evenbook.people.queries import teams as teams_seen
from evenbook.people.viewer import Viewer
from evenbook.screens.exports import download
from evenbook.screens.queries import views_of
from evenbook.screens.sentences import Part, counted
from evenbook.screens.shown import number_word, plural
from evenbook.screens.tables import Ask, Choice, Column, Filter, Listing

COLUMNS = (
    Column("name", "Name"),
    Column("mail", "Mail"),
    Column("role", "Role"),
    Column("team", "Team"),
    Column("standing", "Standing"),
    Column("second", "Second factor"),
    Column("last", "Last signed in", starts_down=True),
)
SHEET = (
    SheetColumn("user"), SheetColumn("user_name"), SheetColumn("mail"), SheetColumn("role"),
    SheetColumn("team"), SheetColumn("standing"), SheetColumn("second_factor", "flag"),
    SheetColumn("last_signed_in_at", "instant"),
)  # fmt: skip
TONES = {"active": "good", "invited": "quiet", "no password": "warn", "deactivated": "quiet"}
REFUSED = 422


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show who signs in, or download it."""
    return _list(request, _operations(request))


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Add somebody, and mail them a link to choose a password."""
    by = _operations(request)
    given, mail = _given(request), request.POST.get("mail", "").replace("\x00", "")[:254]
    try:
        made = links.invite(
            by,
            mail,
            given,
            token=secrets.token_urlsafe(32),
            base=base_address(request),
            now=timezone.now(),
        )
    except EvenbookError as refusal:
        return _list(request, by, typed={"mail": mail, "given": given}, refusal=refusal)
    messages.success(request, f"An invitation to {made.mail} is on its way.")
    return redirect("people")


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show one of them; bring them to another name, role or team."""
    by = _operations(request)
    if request.method != "POST":
        return _one(request, by, user_id)
    given = _given(request)
    try:
        actions.change_user(by, user_id, given, now=timezone.now())
    except EvenbookError as refusal:
        return _one(request, by, user_id, given=given, refusal=refusal)
    messages.success(request, "It is changed.")
    return redirect("person-who-signs-in", user_id)


@require_POST
def act(request: HttpRequest, user_id: int, what: str) -> HttpResponse:
    """Do one thing to one of them: a link, an end of sessions, the second factor, in or out."""
    by = _operations(request)
    if what not in ACTS or signs_in(by, user_id) is None:
        raise Http404
    do, said = ACTS[what]
    try:
        do(request, by, user_id)
    except EvenbookError as refusal:
        return _one(request, by, user_id, refusal=refusal)
    messages.success(request, said)
    return redirect("person-who-signs-in", user_id)


@require_http_methods(["GET", "HEAD", "POST"])
def team_tree(request: HttpRequest) -> HttpResponse:
    """Show the teams as a tree; make one."""
    by = _operations(request)
    if request.method != "POST":
        return _teams(request, by)
    return _to_team(
        request,
        by,
        lambda: teams.make_team(by, _team_name(request), _parent(request), now=timezone.now()),
        "The team is made.",
    )


@require_POST
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Rename or move a team, or take it away."""
    by = _operations(request)
    if request.POST.get("step") == "drop":
        return _to_team(
            request, by, lambda: teams.drop_team(by, team_id, now=timezone.now()), "The team is taken away."
        )
    name, parent = _team_name(request), _parent(request)
    return _to_team(
        request,
        by,
        lambda: teams.change_team(by, team_id, name, parent, now=timezone.now()),
        "The team is changed.",
    )


def _operations(request: HttpRequest) -> Viewer:
    viewer = asking(request)
    if not viewer.is_operations:
        raise PermissionDenied("Only operations adds and changes people.")
    return viewer


def _given(request: HttpRequest) -> Given:
    name, role, team = (
        request.POST.get(key, "").replace("\x00", "")[:200] for key in ("name", "role", "team")
    )
    return Given(name, role, team)


def _team_name(request: HttpRequest) -> str:
    return request.POST.get("name", "")


def _parent(request: HttpRequest) -> int | None:
    text = request.POST.get("parent", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _list(
    request: HttpRequest,
    viewer: Viewer,
    *,
    typed: dict[str, Any] | None = None,
    refusal: EvenbookError | None = None,
) -> HttpResponse:
    known, tree = users(viewer), teams_seen(viewer)
    filters = _filters([each.name for each in tree])
    ask = Ask.of(request.GET, columns=COLUMNS, filters=filters, sort="name")
    rows = _asked(known, ask)
    if ask.export:
        return download(Sheet("people", SHEET, [_cells(each) for each in rows]), ask.export)
    listing = Listing("people", _caption(ask), COLUMNS, ask, len(rows), filters, noun="user")
    context = {
        "sentence": _sentence(known),
        "rows": rows[listing.first - 1 if rows else 0 : listing.last],
        "listing": listing,
        "views": views_of(viewer, "people"),
        "teams": tree,
        "roles": ROLE_NAMES,
        "typed": typed or {},
        "refusal": refusal,
    }
    return render(request, "desk/people.html", context, status=_status(refusal))


def _one(
    request: HttpRequest,
    viewer: Viewer,
    user_id: int,
    *,
    given: Given | None = None,
    refusal: EvenbookError | None = None,
) -> HttpResponse:
    who = signs_in(viewer, user_id)
    if who is None:
        raise Http404
    key = str(request.session.session_key or "")
    context = {
        "who": who,
        "given": given or Given(who.name, who.role, who.team),
        "sessions": sessions(viewer, user_id, now=timezone.now(), session_key=key),
        "is_oneself": user_id == viewer.user_id,
        "teams": teams_seen(viewer),
        "roles": ROLE_NAMES,
        "tone": TONES[who.standing],
        "refusal": refusal,
    }
    return render(request, "desk/person_who_signs_in.html", context, status=_status(refusal))


def _teams(request: HttpRequest, viewer: Viewer, *, refusal: EvenbookError | None = None) -> HttpResponse:
    tree = teams_seen(viewer)
    context = {
        "teams": tree,
        "refusal": refusal,
        "name": request.POST.get("name", "")[:200],
        "parent": _parent(request),
    }
    return render(request, "desk/teams.html", context, status=_status(refusal))


def _to_team(request: HttpRequest, viewer: Viewer, do: Callable[[], object], said: str) -> HttpResponse:
    try:
        do()
    except EvenbookError as refusal:
        return _teams(request, viewer, refusal=refusal)
    messages.success(request, said)
    return redirect("teams")


def _status(refusal: EvenbookError | None) -> int:
    if refusal is None:
        return 200
    return REFUSED if refusal.status == 400 else refusal.status


def _filters(team_names: Sequence[str]) -> tuple[Filter, ...]:
    return (
        Filter("q", "Name or mail", kind="text"),
        Filter("role", "Role", tuple(Choice(key, label) for key, label in ROLE_NAMES.items())),
        Filter("team", "Team", tuple(Choice(name, name) for name in team_names)),
        Filter("standing", "Standing", tuple(Choice(key, key.capitalize()) for key in TONES)),
    )


def _asked(known: Sequence[SignsIn], ask: Ask) -> list[SignsIn]:
    """Return those that an address asks for, in its order."""
    text = ask.get("q").lower()
    kept = [
        each
        for each in known
        if (not text or text in each.name.lower() or text in each.mail)
        and ask.get("role") in {"", each.role}
        and ask.get("team") in {"", each.team}
        and ask.get("standing") in {"", each.standing}
    ]
    return sorted(kept, key=lambda each: _order(each, ask.sort), reverse=ask.descending)


def _order(each: SignsIn, key: str) -> tuple[Any, ...]:
    by = {
        "mail": each.mail,
        "role": each.role_name,
        "team": each.team.lower(),
        "standing": each.standing,
        "second": not each.has_second_factor,
        "last": each.last_at.timestamp() if each.last_at else 0.0,
    }
    return (by.get(key, each.name.lower()), each.name.lower(), each.id)


def _caption(ask: Ask) -> str:
    return "People who match" if any(ask.values.values()) else "Everybody who is known here"


def _sentence(known: Sequence[SignsIn]) -> tuple[Part, ...]:
    active = sum(each.standing == "active" for each in known)
    waiting = sum(each.standing == "invited" for each in known)
    bare = sum(each.standing == "active" and not each.has_second_factor for each in known)
    said: tuple[Part, ...] = (
        counted(active, "active", href="?standing=active", start=True),
        f" {plural(active, 'person signs', 'people sign')} in",
    )
    if bare:
        said += (f", {number_word(bare)} without a second factor",)
    if waiting:
        said += ("; ", counted(waiting, "invited", href="?standing=invited"), " invited")
    return (*said, ".")


def _cells(each: SignsIn) -> list[Any]:
    return [
        str(each.id), each.name, each.mail, each.role, each.team or None, each.standing,
        each.has_second_factor, each.last_at,
    ]  # fmt: skip


def _send_link(request: HttpRequest, by: Viewer, user_id: int) -> None:
    token, base = secrets.token_urlsafe(32), base_address(request)
    links.send_new_link(by, user_id, token=token, base=base, now=timezone.now())


def _end_sessions(request: HttpRequest, by: Viewer, user_id: int) -> None:
    actions.sign_out_everywhere(by, user_id, now=timezone.now())


def _second_off(request: HttpRequest, by: Viewer, user_id: int) -> None:
    second_factor.take_off(by, user_id, now=timezone.now())


def _out(request: HttpRequest, by: Viewer, user_id: int) -> None:
    actions.deactivate(by, user_id, now=timezone.now())


def _in(request: HttpRequest, by: Viewer, user_id: int) -> None:
    actions.reactivate(by, user_id, now=timezone.now())


ACTS: dict[str, tuple[Callable[[HttpRequest, Viewer, int], None], str]] = {
    "link": (_send_link, "A link is on its way to them."),
    "end-sessions": (_end_sessions, "They are signed out everywhere."),
    "second-factor-off": (_second_off, "Their second factor is taken off; they may set up a new one."),
    "deactivate": (_out, "They are deactivated and signed out everywhere. What they own stays."),
    "reactivate": (_in, "They may sign in again."),
}
