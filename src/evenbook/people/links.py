"""Links in mails: the invitation of somebody new, and the way to a new password.

A link works once and not for long; a newer one ends the older. What stands in it comes from the
caller; kept is only its digest. Asking for a link tells nobody who is known here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from evenbook.kit.keys import digest_of
from evenbook.messages.actions import post
from evenbook.people import audit
from evenbook.people.actions import (
    Given,
    UserRefused,
    add_user,
    change_password,
    clean_mail,
    clean_name,
    require_operations,
    user_of,
)
from evenbook.people.models import SignInLink, User
from evenbook.people.viewer import Viewer

INVITED_FOR, RESET_FOR = timedelta(days=7), timedelta(hours=1)
PATH = "/sign-in/link/"
INVITATION = """{name},

{by} has invited you to Evenbook, where the customer success team keeps its book.

Choose a password here; the link works once, until {until}:

{link}

If you did not expect this, do nothing: without the link nobody gets in as you.
"""
RESET = """{name},

somebody, probably you, asked for a new password for Evenbook.

Choose one here; the link works once, until {until}:

{link}

If it was not you, do nothing: your password stays as it is.
"""
CHANGED = """{name},

your password for Evenbook was changed, and you were signed out everywhere.

If it was not you, tell whoever keeps Evenbook at your company at once.
"""


class LinkOver(UserRefused):
    """A link was used, has run out, or never was one."""

    kind = "link-over"
    status = 410

    def __init__(self) -> None:
        super().__init__(
            "This link no longer works.", fix="A link works once and for a short time: ask for a new one."
        )


@transaction.atomic
def invite(by: Viewer, mail: str, given: Given, *, token: str, base: str, now: datetime) -> User:
    """Add somebody without a password, and mail them a link to choose one.

    Inviting again somebody who has not come yet sends a new link and ends the old one.

    Args:
        by: who invites.
        mail: where the invitation goes; they sign in with it.
        given: name, role and team.
        token: what stands in the link, not to be guessed.
        base: where people open Evenbook; the link begins with it.
        now: when.

    Raises:
        NotOperations: who asks is not operations.
        UserRefused: they are here already, or something given can't be.
    """
    require_operations(by)
    mail = clean_mail(mail)
    found = User.objects.filter(mail__iexact=mail).first()
    if found and (found.has_usable_password() or not found.is_active):
        raise UserRefused(
            f"{mail} is known here{'' if found.is_active else ', and deactivated'}.",
            fix="Open them in the list of people to send a new password's link or to let them in again.",
        )
    name = clean_name(given.name)
    user = add_user(by, mail=mail, name=name, role=given.role, team=given.team.strip()[:120], now=now)
    _send(by, user, SignInLink.Purpose.INVITATION, token=token, base=base, now=now)
    return user


@transaction.atomic
def send_new_link(by: Viewer, user_id: int, *, token: str, base: str, now: datetime) -> SignInLink:
    """Mail somebody a link: to a new password, or their invitation again.

    Raises:
        NotOperations: who asks is not operations.
        UserRefused: there is no such person, or they are deactivated.
    """
    require_operations(by)
    user = user_of(user_id)
    if not user.is_active:
        raise UserRefused(f"{user.name} is deactivated.", fix="Let them in again first.")
    purpose = SignInLink.Purpose.RESET if user.has_usable_password() else SignInLink.Purpose.INVITATION
    return _send(by, user, purpose, token=token, base=base, now=now)


@transaction.atomic
def ask_for_reset(by: Viewer, mail: str, *, token: str, base: str, now: datetime) -> None:
    """Mail a link to a new password to whoever signs in with a password at this address, if anybody does."""
    user = User.objects.filter(mail__iexact=mail.strip(), is_active=True).first()
    if user is not None and user.has_usable_password():
        _send(by, user, SignInLink.Purpose.RESET, token=token, base=base, now=now)


def open_link(token: str, *, now: datetime) -> SignInLink:
    """Return a link that still works.

    Raises:
        LinkOver: it does not.
    """
    found = SignInLink.objects.select_related("user").filter(
        digest=digest_of(token), ended_at=None, expires_at__gt=now, user__is_active=True
    )
    link = found.first()
    if link is None:
        raise LinkOver
    return link


@transaction.atomic
def use_link(by: Viewer, token: str, password: str, *, now: datetime) -> User:
    """Set the password of whoever a link was sent to, and end the link.

    Of two who use it at the same time one is refused.

    Raises:
        LinkOver: it no longer works.
        UserRefused: the password is too weak; the link still works.
    """
    link = open_link(token, now=now)
    if not SignInLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now):
        raise LinkOver
    user = user_of(link.user_id)
    change_password(by, user, password, now=now)
    if link.purpose == SignInLink.Purpose.RESET:
        tell_of_new_password(user, key=f"changed-by-link-{link.pk}", now=now)
    return user


def tell_of_new_password(user: User, *, key: str, now: datetime) -> None:
    """Mail somebody that their password was changed, in case it was not they."""
    post(
        to=user.mail,
        subject="Your password was changed",
        text=CHANGED.format(name=user.name),
        key=key,
        now=now,
    )


def _send(by: Viewer, user: User, purpose: str, *, token: str, base: str, now: datetime) -> SignInLink:
    is_invitation = purpose == SignInLink.Purpose.INVITATION
    until = now + (INVITED_FOR if is_invitation else RESET_FOR)
    SignInLink.objects.filter(user=user, ended_at=None).update(ended_at=now)
    made = SignInLink.objects.create(
        user=user, purpose=purpose, digest=digest_of(token), made_at=now, expires_at=until
    )
    text = (INVITATION if is_invitation else RESET).format(
        name=user.name, by=by.name, until=f"{until:%Y-%m-%d %H:%M} UTC", link=f"{base}{PATH}{token}"
    )
    subject = "You are invited to Evenbook" if is_invitation else "A new password for Evenbook"
    post(to=user.mail, subject=subject, text=text, key=f"sign-in-link-{made.pk}", now=now)
    what = "user.invited" if is_invitation else "password.link-sent"
    audit.record(by, what, audit.Thing("user", str(user.pk), user.name), at=now)
    return made
