"""The way to a new password by mail, and the first password of somebody invited.

What is asked for here is answered alike whether an address is known or not. The link's token goes
from the address into the session at once, so that it stands in no history and in no referrer.
"""

from __future__ import annotations

import secrets

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from evenbook.people import doors
from evenbook.people.actions import UserRefused
from evenbook.people.addresses import NoAddress, base_address
from evenbook.people.links import LinkOver, ask_for_reset, open_link, use_link
from evenbook.people.web import entering
from evenbook.people.web.entering import STRANGER, How
from evenbook.people.web.sign_in import LONGEST_MAIL

LINK = "sign-in-link"
DIFFER = "The two passwords differ."
REFUSED = 422


@login_not_required
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a mail address, and send a link to it if somebody signs in with it."""
    if request.method != "POST":
        return render(request, "people/forgot.html", {"mail": "", "is_sent": False})
    now, address = timezone.now(), doors.address_of(request)
    mail = request.POST.get("mail", "").replace("\x00", "").strip()[:LONGEST_MAIL]
    try:
        base = base_address(request)
    except NoAddress as refusal:
        context = {"mail": mail, "is_sent": False, "problem": f"{refusal.what} Operations: {refusal.fix}"}
        return render(request, "people/forgot.html", context, status=503)
    if not doors.is_closed(mail, address, now=now, door=doors.RESET):
        doors.record_failure(mail, address, now=now, door=doors.RESET)
        ask_for_reset(STRANGER, mail, token=secrets.token_urlsafe(32), base=base, now=now)
    return render(request, "people/forgot.html", {"mail": mail, "is_sent": True})


@login_not_required
@never_cache
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Take a link's token into the session, and go on to the form. Looking ends no link."""
    request.session[LINK] = token[:200]
    return redirect("new-password")


@sensitive_post_parameters("password", "again")
@sensitive_variables("password", "again", "token")
@login_not_required
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Let whoever followed a link choose a password, and go in."""
    now, token = timezone.now(), str(request.session.get(LINK, ""))
    try:
        link = open_link(token, now=now)
    except LinkOver:
        return render(request, "people/link_over.html", status=LinkOver.status)
    context = {"user_mail": link.user.mail, "name": link.user.name, "is_new": link.purpose == "invitation"}
    if request.method != "POST":
        return render(request, "people/new_password.html", context)
    password, again = (request.POST.get(name, "").replace("\x00", "") for name in ("password", "again"))
    if password != again:
        return render(request, "people/new_password.html", {**context, "problem": DIFFER}, status=REFUSED)
    try:
        user = use_link(STRANGER, token, password, now=now)
    except LinkOver:
        return render(request, "people/link_over.html", status=LinkOver.status)
    except UserRefused as refusal:
        problem = f"{refusal.what} {refusal.fix}"
        return render(request, "people/new_password.html", {**context, "problem": problem}, status=REFUSED)
    doors.forget_failures(user.mail)
    return entering.proved(request, user, how=How.LINK, going="", now=now)
