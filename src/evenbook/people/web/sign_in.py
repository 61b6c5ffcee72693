"""Signing in and out: mail and password, the second factor, one click in a demo."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from evenbook.people import doors, second_factor
from evenbook.people.models import User
from evenbook.people.web import entering
from evenbook.people.web.entering import How

WRONG = "This mail address and password do not go together."
CLOSED = "Too many attempts. Wait 15 minutes, then try again; or ask operations to set a new password."
WRONG_CODE = "This code is not right, or was used already."
CODES_CLOSED = (
    "Too many attempts. Wait 15 minutes, then try again; or ask operations to take your second factor off."
)
LONGEST_MAIL, LONGEST_PASSWORD = 254, 1024


@sensitive_post_parameters("password")
@login_not_required
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or take mail address and password."""
    if request.method != "POST":
        return form(request)
    now, address = timezone.now(), doors.address_of(request)
    mail = request.POST.get("mail", "").replace("\x00", "").strip()[:LONGEST_MAIL]
    password = request.POST.get("password", "").replace("\x00", "")[:LONGEST_PASSWORD]
    if doors.is_closed(mail, address, now=now):
        return form(request, mail=mail, problem=CLOSED, status=429)
    user = authenticate(request, username=mail, password=password)
    if not isinstance(user, User):
        entering.refuse(request, mail, door=doors.PASSWORD, now=now)
        return form(request, mail=mail, problem=WRONG, status=403)
    doors.forget_failures(mail)
    return entering.proved(request, user, how=How.PASSWORD, going=entering.asked_for(request), now=now)


@sensitive_post_parameters("code")
@login_not_required
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask somebody pending for a code of their app, or a recovery code."""
    now = timezone.now()
    waiting = entering.pending(request, now=now)
    if waiting is None:
        return redirect("sign-in")
    if request.method != "POST":
        return _code_form(request)
    mail = waiting.user.mail
    if doors.is_closed(mail, doors.address_of(request), now=now, door=doors.CODE):
        return _code_form(request, problem=CODES_CLOSED, status=429)
    try:
        is_right = second_factor.accepts(waiting.user, request.POST.get("code", ""), now=now)
    except second_factor.SecondFactorRefused as refusal:
        return _code_form(request, problem=f"{refusal.what} {refusal.fix}", status=403)
    if not is_right:
        entering.refuse(request, mail, door=doors.CODE, now=now)
        return _code_form(request, problem=WRONG_CODE, status=403)
    doors.forget_failures(mail, door=doors.CODE)
    how = How.SINGLE_AND_CODE if waiting.how == How.SINGLE else How.CODE
    return entering.enter(request, waiting.user, how=how, going=waiting.going, now=now)


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
    going = entering.asked_for(request)
    return entering.proved(request, person, how=How.DEMO, going=going, now=timezone.now())


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    entering.leave(request, now=timezone.now())
    return redirect("sign-in")


def form(request: HttpRequest, *, mail: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    """Show the door, with what was typed and what is wrong with it."""
    context = {
        "mail": mail,
        "problem": problem,
        "next": entering.asked_for(request),
        "people": doors.demo_people() if _is_demo(request) else [],
        "single": settings.SINGLE_SIGN_ON["name"] if settings.EVENBOOK_OIDC_URL else "",
    }
    return render(request, "people/sign_in.html", context, status=status)


def _code_form(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    return render(request, "people/code.html", {"problem": problem}, status=status)


def _is_demo(request: HttpRequest) -> bool:
    return bool(settings.EVENBOOK_DEMO) and doors.is_on_this_machine(request)
