"""Hands raised in a product: the keys that sign them, and taking one that is signed.

A hand is taken once: the same signature again is refused. A retry is signed anew and carries the same id,
so it is the same opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from evenbook.book.lookup import account_named
from evenbook.expansion.actions.opening import NoSuchOpening, Opened, raise_hand
from evenbook.expansion.models import LONGEST_NAME, SeenHand, SigningKey
from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.rules.signing import is_in_time, is_signed, secret_of
from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import digest_of, storable
from evenbook.people.actions import require_operations
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.queries import latest
from evenbook.rest import rates

NOBODYS_SALT = "nobody"
LONGEST_HEADER = 200


class HandUnsigned(EvenbookError):
    """A hand whose key, signature or time is not right; which of them is not said."""

    kind = "hand-unsigned"
    status = 401


class HandReplayed(EvenbookError):
    """The very same signed hand was taken before."""

    kind = "hand-replayed"
    status = 409


class NoSuchSigningKey(EvenbookError):
    """A signing key that is not there, or a name that is none."""

    kind = "no-such-signing-key"
    status = 404


@dataclass(frozen=True)
class Signed:
    """What came with a hand: the key's id, the time, the signature, the body as sent, and from where."""

    key: str
    timestamp: str
    signature: str
    body: bytes
    address: str


def make_key(name: str, *, key: str, salt: str, by: Viewer, now: datetime) -> str:
    """Make a key that a product signs with, and return its secret: shown once, kept nowhere.

    Args:
        name: what uses it.
        key: its id, made by chance; ``salt`` too.
        by, now: operations, and when.

    Raises:
        NotOperations: who asks is not operations.
        NoSuchSigningKey: the name is empty.
    """
    require_operations(by)
    name = " ".join(storable(name).split())[:LONGEST_NAME]
    if not name:
        raise NoSuchSigningKey("A key has a name.", fix="Say what uses it.")
    with transaction.atomic():
        row = SigningKey.objects.create(
            name=name, key=key, salt=salt, made_by=by.name[:LONGEST_NAME], made_at=now
        )
        record(by, "signing_key.made", Thing("signing_key", row.key, name), at=now, after={"name": name})
    return secret_of(settings.SECRET_KEY, salt)


def end_key(key: str, *, by: Viewer, now: datetime) -> bool:
    """End a key from now on; return whether it was not ended before.

    Raises:
        NotOperations: who asks is not operations.
        NoSuchSigningKey: there is none of this id.
    """
    require_operations(by)
    with transaction.atomic():
        row = SigningKey.objects.select_for_update().filter(key=storable(key)).first()
        if row is None:
            raise NoSuchSigningKey(f"There is no key '{key[:40]}'.", fix="List them: evenbook expansion keys")
        if row.ended_at is not None:
            return False
        row.ended_at, row.ended_by = now, by.name[:LONGEST_NAME]
        row.save(update_fields=["ended_at", "ended_by"])
        record(by, "signing_key.ended", Thing("signing_key", row.key, row.name), at=now)
    return True


def verify(given: Signed, *, now: datetime) -> None:
    """Let a signed hand pass; refuse any other, as slowly whatever is wrong with it.

    Raises:
        HandUnsigned: its key, its signature or its time is not right.
        TooManyRequests: too many came with this key, or too many wrong ones from there.
    """
    numbers = latest().policy.of(ExpansionNumbers)
    row = SigningKey.objects.filter(key=storable(given.key[:40]), ended_at=None).first()
    secret = secret_of(settings.SECRET_KEY, row.salt if row else NOBODYS_SALT)
    is_right = is_signed(secret, given.timestamp, given.body, given.signature[:LONGEST_HEADER])
    in_time = is_in_time(given.timestamp, now.timestamp(), seconds=numbers.hand_seconds)
    if row is None or not is_right or not in_time:
        rates.count(f"hand:?{given.address[:45]}", limit=numbers.hands_a_minute, now=now)
        raise HandUnsigned(
            "The hand is not signed with a key of this instance, or was signed too long ago.",
            fix="Sign time and body as docs/guides/expansion.md shows, with a clock that is right.",
        )
    rates.count(f"hand:{row.key}", limit=numbers.hands_a_minute, now=now)


def _take_once(given: Signed, now: datetime) -> None:
    try:
        with transaction.atomic():
            SeenHand.objects.create(digest=digest_of(f"{given.key}:{given.signature}"), at=now)
    except IntegrityError:
        raise HandReplayed(
            "This very request was taken before.", fix="Sign a retry anew; its id keeps it the same hand."
        ) from None


def take_hand(
    given: Signed,
    *,
    hand: str,
    account: str,
    product: str,
    note: str,
    contact: str,
    wants: str,
    now: datetime,
) -> Opened:
    """Keep a hand that was verified, and return the opening.

    Args:
        given: as it was signed.
        hand: its id in the product: sent again under it, it is the same opening.
        account: the account's key, or the id by which a source calls it.
        product, note, contact, wants, now: as of ``raise_hand``.

    Raises:
        HandReplayed: the very same request came before.
        NoSuchOpening: there is no such account, or none that it can be told to.
        OpeningRefused: something in it is of no kind that there is.
    """
    seconds = latest().policy.of(ExpansionNumbers).hand_seconds
    with transaction.atomic():
        SeenHand.objects.filter(at__lt=now - timedelta(seconds=3 * seconds)).delete()
        _take_once(given, now)
        found = account_named(SYSTEM, account)
        if found is None:
            raise NoSuchOpening(
                f"There is no account '{account[:40]}', or several.", fix="Send its key or its id in the CRM."
            )
        said = {"product": product, "note": note, "contact": contact, "wants": wants}
        return raise_hand(found.id, source="product", key=f"{given.key}:{hand}", now=now, **said)
