"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from evenbook.people import doors
from evenbook.people.models import User

WRONG = "This mail address and password do not go together."
CLOSED = "Too many attempts. Wait 15 minutes, then try again; or ask operations to set a new password."
BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters("password")
@login_not_required
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or sign in with mail address and password."""
    if request.method != "POST":
        return _form(request)
    now, address = timezone.now(), doors.address_of(request)
    mail = request.POST.get("mail", "").replace("\x00", "").strip()[:254]
    password = request.POST.get("password", "").replace("\x00", "")[:1024]
    if doors.is_closed(mail, address, now=now):
        return _form(request, mail=mail, problem=CLOSED, status=429)
    user = authenticate(request, username=mail, password=password)
    if not isinstance(user, User):
        doors.record_failure(mail, address, now=now)
        return _form(request, mail=mail, problem=WRONG, status=403)
    doors.forget_failures(mail)
    login(request, user, backend=BACKEND)
    return HttpResponseRedirect(_after(request))


@login_not_required
@csrf_protect
@require_POST
def sign_in_as(request: HttpRequest, user_id: int) -> HttpResponse:
    """Sign in as a sample person: in a demo and from its own machine, nowhere else."""
    if not _is_demo(request):
        raise Http404
    person = next((each for each in doors.demo_people() if each.pk == user_id), None)
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    return HttpResponseRedirect(_after(request))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


def _form(request: HttpRequest, *, mail: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    people = doors.demo_people() if _is_demo(request) else []
    context = {"mail": mail, "problem": problem, "next": _asked_for(request), "people": people}
    return render(request, "people/sign_in.html", context, status=status)


def _is_demo(request: HttpRequest) -> bool:
    return bool(settings.EVENBOOK_DEMO) and doors.is_on_this_machine(request)


def _asked_for(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else ""


def _after(request: HttpRequest) -> str:
    return _asked_for(request) or str(settings.LOGIN_REDIRECT_URL)
