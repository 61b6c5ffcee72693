"""Adding people and tokens as surfaces do it: who may is checked here, what is wrong is said in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from evenbook.kit.dates import day_ends_at
from evenbook.people.actions import (
    NewToken,
    TokenNotMade,
    add_user,
    clean_mail,
    clean_name,
    make_token,
    require_operations,
)
from evenbook.people.queries import SignsIn, users
from evenbook.people.viewer import Viewer

PREFIX = "evb_"
"""A token is known by its beginning, so that scanners of code find one that was left there."""


def add_person(by: Viewer, *, mail: str, name: str, role: str, team: str, now: datetime) -> SignsIn:
    """Add somebody who signs in, or bring them to this name, role and team; they have no password yet.

    Raises:
        NotOperations: ``by`` does not keep the instance.
        UserRefused: the address is none, or nobody would be left who keeps the instance.
    """
    require_operations(by)
    mail, name = clean_mail(mail), clean_name(name)
    add_user(by, mail=mail, name=name, role=role, team=team.strip(), now=now)
    return next(each for each in users(by) if each.mail == mail)


def make_token_until(
    by: Viewer,
    *,
    name: str,
    role: str,
    scopes: list[str],
    team: str,
    expires_on: date,
    secret: str,
    now: datetime,
) -> int:
    """Make a token that ends with a day, and return its id.

    Raises:
        NotOperations, TokenNotMade: as ``make_token``.
    """
    if "\x00" in name or "\x00" in team:
        raise TokenNotMade("A name has no null character.", fix="Write it in letters.")
    ends_at = day_ends_at(expires_on) - timedelta(seconds=1)
    asked = NewToken(name=name, role=role, scopes=scopes, expires_at=ends_at, team=team)
    return make_token(by, asked, secret=secret, now=now)
