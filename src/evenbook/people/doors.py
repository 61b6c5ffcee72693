"""Whether somebody may try to sign in, and who a demo lets in without a password.

Attempts are counted in the database, so that several web processes share one count. They are
counted by what was typed and by the address it came from, so neither guessing many passwords for
one person nor one password for many people goes on for long.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.http import HttpRequest

from evenbook.people.models import SignInAttempt, User

PASSWORD, CODE, RESET = "password", "code", "reset"
WINDOW = timedelta(minutes=15)
MOST_A_MAIL = 5
MOST_AN_ADDRESS = 30
SHOWN_IN_A_DEMO = 6
IN_ORDER = ("leader", "csm", "operations", "executive", "reader")


def is_closed(mail: str, address: str, *, now: datetime, door: str = PASSWORD) -> bool:
    """Return whether too many attempts have failed lately for this mail or from this address.

    ``door`` is what is tried; each is counted apart.
    """
    recent = SignInAttempt.objects.filter(at__gt=now - WINDOW, door=door)
    if recent.filter(mail_digest=_digest(mail)).count() >= MOST_A_MAIL:
        return True
    return recent.filter(address=address).count() >= MOST_AN_ADDRESS


def record_failure(mail: str, address: str, *, now: datetime, door: str = PASSWORD) -> None:
    """Count a failed attempt, and forget those that no longer count."""
    SignInAttempt.objects.filter(at__lte=now - WINDOW).delete()
    SignInAttempt.objects.create(door=door, mail_digest=_digest(mail), address=address, at=now)


def forget_failures(mail: str, *, door: str = PASSWORD) -> None:
    """Forget the failures of somebody who has now come through a door."""
    SignInAttempt.objects.filter(mail_digest=_digest(mail), door=door).delete()


def address_of(request: HttpRequest) -> str:
    """Return the address that the request came from, as the server saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))[:64]


def is_on_this_machine(request: HttpRequest) -> bool:
    """Return whether the request came from this machine itself, by no proxy."""
    forwarded = {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA"}
    if any(request.META.get(name) for name in forwarded):
        return False
    try:
        return ip_address(address_of(request)).is_loopback
    except ValueError:
        return False


def demo_people() -> list[User]:
    """Return the sample people that a demo offers, one or two of each role, the leader first."""
    found: list[User] = []
    active = list(User.objects.filter(is_active=True).order_by("pk"))
    for role in IN_ORDER:
        found += [user for user in active if user.role == role][: 2 if role == "csm" else 1]
    return found[:SHOWN_IN_A_DEMO]


def _digest(mail: str) -> str:
    return hashlib.sha256(mail.strip().lower().encode()).hexdigest()
