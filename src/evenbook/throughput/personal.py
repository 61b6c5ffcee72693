"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Baseline": {"text": "taken_by"},
    "BaselineFigure": {"free": "subject_kind subject measure"},
    "EventEffect": {"free": "event measure"},
    "LaggedBond": {"free": "cause outcome"},
    "Pulse": {"secret": "word"},
}
GOES = {"Pulse": "user"}
"""Rows that go when the user is forgotten whom this key names. Words about a load are for nobody who
exports: whoever said them reads them on their own page."""
