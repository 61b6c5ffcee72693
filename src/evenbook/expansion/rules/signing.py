"""How a hand raised in a product is signed: HMAC-SHA256 (RFC 2104) over its time and its body.

The secret of a key is worked out from the instance's own secret and the key's salt, so it is kept nowhere.

Pure.
"""

from __future__ import annotations

import hashlib
import hmac

PREFIX = "v1="
OF_WHAT = "evenbook.expansion.hands"


def secret_of(root: str, salt: str) -> str:
    """Return the secret of a key: from the instance's secret and the key's salt."""
    return hmac.new(root.encode(), f"{OF_WHAT}:{salt}".encode(), hashlib.sha256).hexdigest()


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a body sent at a time, seconds since 1970 as text."""
    signed = timestamp.encode("ascii", "replace") + b"." + body
    return PREFIX + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_signed(secret: str, timestamp: str, body: bytes, signature: str) -> bool:
    """Return whether a signature is that of the body; it takes as long whatever is wrong with it."""
    right = signature_of(secret, timestamp, body)
    return hmac.compare_digest(right.encode(), signature.encode("ascii", "replace"))


def is_in_time(timestamp: str, now: float, *, seconds: int) -> bool:
    """Return whether a time is near enough to now, before or after it."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(int(timestamp) - now) <= seconds
