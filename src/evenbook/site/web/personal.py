"""The pages on which operations takes out what is stored of one person, or forgets them."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.veil import CONTACT, PERSON
from evenbook.people.viewer import Viewer
from evenbook.site.personal.forgetting import Outcome, forget
from evenbook.site.personal.subject import NobodyCalled, Subject, subject, subject_at
from evenbook.site.personal.taking import take

REFUSED = 422
LONGEST = 254
NAME = "personal-data"


class NotConfirmed(EvenbookError):
    """Who is to be forgotten was not named once more."""

    kind = "not-confirmed"


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask whose data it is about, and lead there."""
    viewer = _operations(request)
    typed = request.POST.get("who", "").replace("\x00", "")[:LONGEST]
    kind = CONTACT if request.POST.get("kind") == CONTACT else PERSON
    refusal = None
    if request.method == "POST":
        try:
            return redirect("personal-data-of", *subject(viewer, typed, kind=kind).place)
        except NobodyCalled as error:
            refusal = error
    context = {"typed": typed, "kind": kind, "refusal": refusal}
    return render(request, "site/personal_data.html", context, status=REFUSED if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, kind: str, who: str) -> HttpResponse:
    """Show what can be done with the data of one person; say what forgetting them would change; do it."""
    viewer = _operations(request)
    whom = _whom(viewer, kind, who)
    if request.method != "POST":
        return _page(request, whom)
    also = _also(request)
    try:
        if request.POST.get("step") != "forget":
            return _page(request, whom, also=also, outcome=_forget(viewer, whom, also, dry_run=True))
        _confirmed(whom, request.POST.get("confirm", ""))
        outcome = _forget(viewer, whom, also, dry_run=False)
    except EvenbookError as refusal:
        return _page(request, whom, also=also, refusal=refusal)
    return render(request, "site/forgotten.html", {"outcome": outcome})


@require_safe
def file(request: HttpRequest, kind: str, who: str) -> FileResponse:
    """Give the file of everything that is stored of one person; that it was taken is recorded."""
    viewer = _operations(request)
    whom = _whom(viewer, kind, who)
    kept = tempfile.TemporaryFile()
    take(viewer, whom, kept, now=timezone.now())
    kept.seek(0)
    name = f"personal-data-{'-'.join(whom.place)}.zip"
    return FileResponse(kept, as_attachment=True, filename=name, content_type="application/zip")


def _operations(request: HttpRequest) -> Viewer:
    viewer = asking(request)
    if not viewer.is_operations:
        raise PermissionDenied("Only operations takes out what is stored of a person, or forgets them.")
    return viewer


def _whom(viewer: Viewer, kind: str, who: str) -> Subject:
    try:
        return subject_at(viewer, kind, who)
    except NobodyCalled as refusal:
        raise Http404(str(refusal)) from refusal


def _also(request: HttpRequest) -> list[str]:
    return [
        line.strip() for line in request.POST.get("also", "").replace("\x00", "").splitlines() if line.strip()
    ]


def _confirmed(whom: Subject, typed: str) -> None:
    if typed.strip().casefold() != whom.name.casefold():
        raise NotConfirmed(
            "Nobody was forgotten: the name that was typed is not theirs.", fix=f"Type {whom.name} to go on."
        )


def _forget(by: Viewer, whom: Subject, also: list[str], *, dry_run: bool) -> Outcome:
    return forget(
        by,
        whom,
        also=also,
        salt=secrets.token_hex(16),
        home=Path(settings.EVENBOOK_HOME),
        now=timezone.now(),
        dry_run=dry_run,
    )


def _page(
    request: HttpRequest, whom: Subject, *, also: list[str] | None = None, **shown: Any
) -> HttpResponse:
    refusal = shown.get("refusal")
    context = {"whom": whom, "place": whom.place, "also": "\n".join(also or ()), **shown}
    return render(request, "site/personal_data_of.html", context, status=REFUSED if refusal else 200)
