"""Public text ids: readable, stable, safe in addresses and file names; and what is kept of secret ones."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 60


def slug(text: str) -> str:
    """Return ``text`` as lower-case words joined by hyphens; 'item' where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return "-".join(words)[:LONGEST].strip("-") or "item"


def unused(wanted: str, taken: set[str]) -> str:
    """Return ``wanted``, or it with the first number that makes it new among ``taken``."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def digest_of(secret: str) -> str:
    """Return what is kept of a secret that chance made: it is long, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def storable(text: str) -> str:
    """Return a text without NUL and halves of characters, of which no database keeps any."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
