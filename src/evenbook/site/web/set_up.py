"""The page on which a new instance gets its first person. Once somebody signs in, it is not there."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from evenbook.people.doors import is_on_this_machine
from evenbook.people.queries import has_users, user_to_sign_in
from evenbook.people.web.entering import enter
from evenbook.site.first import CURRENCIES, AlreadySetUp, Said, SetUpRefused, set_up, zones

CODE = "EVENBOOK_SET_UP_CODE"
"""The setting that holds the code of this start of the server; it is in no file and no variable."""


def new_code() -> str:
    """Make the code that opens the page until the server stops, for its terminal to show."""
    code = secrets.token_urlsafe(18)
    setattr(settings, CODE, code)
    return code


@sensitive_post_parameters("password", "again", "code")
@login_not_required
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """Show the form, or make the first person and sign them in."""
    if has_users():
        raise Http404
    code = (request.POST.get("code") or request.GET.get("code") or "").strip()[:100]
    if not may_set_up(request, code):
        return _code_form(request, was_wrong=bool(code))
    if request.method != "POST" or "mail" not in request.POST:
        return _form(request, Said(), code=code)
    said = _said(request)
    try:
        viewer = set_up(said, home=Path(settings.EVENBOOK_HOME), now=timezone.now())
    except SetUpRefused as error:
        return _form(request, said, code=code, problems=error.problems, status=422)
    except AlreadySetUp as error:
        raise Http404 from error
    return enter(request, user_to_sign_in(viewer), how="password", going="/", now=timezone.now())


def may_set_up(request: HttpRequest, code: str) -> bool:
    """Return whether a request may set up the instance: by its code, or from a machine that serves itself."""
    known = str(getattr(settings, CODE, "") or "")
    if known and hmac.compare_digest(code.encode(), known.encode()):
        return True
    served_to_others = os.environ.get("EVENBOOK_HTTPS") == "1" or os.environ.get("EVENBOOK_HOSTS")
    return not served_to_others and is_on_this_machine(request)


def or_first(sign_in: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the sign-in page, which leads to the set-up of an instance that nobody can sign in to."""

    @wraps(sign_in)
    def answer(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        if request.method == "GET" and not has_users():
            return redirect("set-up")
        return sign_in(request, *given, **named)

    return answer


def _said(request: HttpRequest) -> Said:
    typed = {
        name: " ".join(request.POST.get(name, "").replace("\x00", "").split())[:400]
        for name in ("name", "mail", "organization", "currency", "time_zone")
    }
    kept = {name: request.POST.get(name, "").replace("\x00", "")[:2000] for name in ("password", "again")}
    typed["currency"] = typed["currency"].upper()
    return Said(**typed, **kept)


def _form(
    request: HttpRequest,
    said: Said,
    *,
    code: str,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "said": said,
        "code": code,
        "problems": problems or {},
        "currencies": CURRENCIES,
        "zones": zones(),
        "at": reverse("set-up"),
    }
    return render(request, "site/set_up.html", context, status=status)


def _code_form(request: HttpRequest, *, was_wrong: bool) -> HttpResponse:
    return render(
        request, "site/set_up_code.html", {"was_wrong": was_wrong}, status=403 if was_wrong else 200
    )
