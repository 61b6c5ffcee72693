"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "SavedView": {"free": "table", "text": "name query"},
}
GOES = {"SavedView": "user"}
"""Rows that go when the user is forgotten whom this key names."""
