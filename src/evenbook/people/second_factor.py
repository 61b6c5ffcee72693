"""The second factor: one-time codes of an authenticator app, and recovery codes for when it is lost.

allauth keeps the secrets, reckons the codes and draws the square to scan. Ours are the clock as an
argument, and the guard against a code that is used twice: the last step that was accepted stands
beside the secret, so it holds over all processes and a restart.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe

from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.actions import require_operations, user_of
from evenbook.people.models import User
from evenbook.people.viewer import Viewer

STEP_SECONDS = 30
STEPS_AROUND = 1
"""A code of the step before or after counts too: clocks of telephones differ."""

ISSUER = "Evenbook"
APP, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
NOT_CODE = re.compile(r"[\s-]")


class SecondFactorRefused(EvenbookError):
    """A second factor can't be set up, used or taken off as asked."""

    kind = "second-factor-refused"


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps secrets encrypted with the instance's own, so that the database alone opens no door."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a kept secret.

        Raises:
            SecondFactorRefused: the instance's secret is no longer the one that it was kept with.
        """
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise SecondFactorRefused(
                "Your second factor can't be read: the secret of this instance has changed.",
                fix="Ask operations to take it off, then set it up anew.",
            ) from None

    def get_totp_issuer(self) -> str:
        """Return what the app calls us."""
        return ISSUER


@dataclass(frozen=True)
class Offer:
    """What an app is set up from: the secret in groups of four, its address, the address as a picture."""

    secret: str
    grouped: str
    address: str
    picture: SafeString


def new_secret() -> str:
    """Return a secret for an app; it counts once a code of it has been typed."""
    return str(generate_totp_secret())


def offer(user: User, secret: str) -> Offer:
    """Return what is shown to somebody who sets up an app with ``secret``."""
    adapter = get_adapter()
    address = adapter.build_totp_url(user, secret)
    picture = re.sub(r"<\?xml[^>]*\?>\s*", "", adapter.build_totp_svg(address))
    # The library draws squares and writes no text into them: nothing of the address is markup.
    return Offer(secret, " ".join(re.findall("....", secret)), address, mark_safe(picture))


def has_second_factor(user_id: int) -> bool:
    """Return whether somebody has set up an app."""
    return bool(Authenticator.objects.filter(user_id=user_id, type=APP).exists())


@transaction.atomic
def turn_on(by: Viewer, user: User, secret: str, code: str, *, now: datetime) -> tuple[str, ...]:
    """Set up an app with the first code it shows, and return the recovery codes.

    Raises:
        SecondFactorRefused: the code does not go with the secret, or there is an app already.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if has_second_factor(user.pk):
        raise SecondFactorRefused("You have a second factor.", fix="Take it off before you set up another.")
    step = _step_of(secret, code, now=now, after=0)
    if step is None:
        raise SecondFactorRefused(
            "This code does not go with the square above.",
            fix="Type the code that the app shows now; look whether the clock of your telephone is right.",
        )
    kept = TOTP.activate(user, secret).instance
    kept.data["step"] = step
    kept.save(update_fields=["data"])
    audit.record(by, "second-factor.set-up", _thing(user), at=now)
    return _fresh_codes(user)


@transaction.atomic
def accepts(user: User, code: str, *, now: datetime) -> bool:
    """Return whether a code of the app, or a recovery code, lets somebody in; each does so once.

    Raises:
        SecondFactorRefused: what is kept can't be read.
    """
    kept = Authenticator.objects.select_for_update().filter(user_id=user.pk, type=APP).first()
    typed = NOT_CODE.sub("", code)[:40]
    if kept is None or not typed.isascii() or not typed.isdigit():
        return False
    secret = get_adapter().decrypt(kept.data["secret"])
    step = _step_of(secret, typed, now=now, after=int(kept.data.get("step", 0)))
    if step is None:
        return _takes_recovery(user, typed)
    kept.data["step"], kept.last_used_at = step, now
    kept.save(update_fields=["data", "last_used_at"])
    return True


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes of somebody were not used yet."""
    kept = Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).first()
    return len(RecoveryCodes(kept).get_unused_codes()) if kept else 0


@transaction.atomic
def new_recovery_codes(by: Viewer, user: User, *, now: datetime) -> tuple[str, ...]:
    """Return new recovery codes; the old ones count no more.

    Raises:
        SecondFactorRefused: there is no app that they could stand in for.
    """
    if not has_second_factor(user.pk):
        raise SecondFactorRefused("You have no second factor.", fix="Set it up first; codes come with it.")
    made = _fresh_codes(user)
    audit.record(by, "recovery-codes.made", _thing(user), at=now)
    return made


@transaction.atomic
def turn_off(by: Viewer, user: User, *, now: datetime) -> bool:
    """Take off a second factor and its recovery codes; say whether there was one."""
    count, _ = Authenticator.objects.filter(user_id=user.pk).delete()
    if count:
        audit.record(by, "second-factor.taken-off", _thing(user), at=now)
    return bool(count)


@transaction.atomic
def take_off(by: Viewer, user_id: int, *, now: datetime) -> bool:
    """Take off somebody else's second factor, who has lost it; say whether there was one.

    Raises:
        NotOperations: who asks is not operations.
        UserRefused: there is no such user.
    """
    require_operations(by)
    return turn_off(by, user_of(user_id), now=now)


def _fresh_codes(user: User) -> tuple[str, ...]:
    Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).delete()
    return tuple(RecoveryCodes.activate(user).generate_codes())


def _takes_recovery(user: User, code: str) -> bool:
    kept = Authenticator.objects.filter(user_id=user.pk, type=RECOVERY).first()
    return bool(kept and RecoveryCodes(kept).validate_code(code))


def _step_of(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """Return the step that a code belongs to, later than ``after``; None where it belongs to none."""
    typed = NOT_CODE.sub("", code)
    for step in _steps(now):
        if step > after and hmac.compare_digest(format_hotp_value(hotp_value(secret, step)), typed):
            return step
    return None


def _steps(now: datetime) -> Iterator[int]:
    here = int(now.timestamp()) // STEP_SECONDS
    yield from range(here - STEPS_AROUND, here + STEPS_AROUND + 1)


def _cipher() -> Fernet:
    key = hashlib.sha256(b"evenbook second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _thing(user: User) -> audit.Thing:
    return audit.Thing("user", str(user.pk), user.name)
