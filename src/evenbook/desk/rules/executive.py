"""Of whom figures are. Pure."""

from __future__ import annotations

Subject = tuple[str, str]
"""A kind of subject and its key."""


def of_whom(subject: Subject) -> str:
    """Return of whom a subject is, in words."""
    return {"all": "all customers", "csm": "your own book"}.get(subject[0], subject[1])
