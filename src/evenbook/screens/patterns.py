"""Samples for the gallery: each component in each of its states. Invented, and looks it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from evenbook.screens.sentences import Figure, counted
from evenbook.screens.tables import Ask, Choice, Column, Filter, Listing

COLUMNS = (
    Column("account", "Account"),
    Column("load", "Load, % of capacity", sorts=False),
    Column("arr", "ARR, k", is_number=True, hint="Yearly recurring revenue", starts_down=True),
)
FILTERS = (
    Filter("q", "Name", kind="text"),
    Filter("tier", "Tier", (Choice("1", "T1"), Choice("2", "T2"))),
    Filter("on", "On", kind="day"),
)
WEEKS = (62, 64, 61, 70, 74, 78, 77, 83, 88, 90, 96, 104, 124)


def samples(query: Mapping[str, str], *, as_of: date) -> dict[str, Any]:
    """Return what the gallery page takes."""
    ask = Ask.of(query, columns=COLUMNS, filters=FILTERS, sort="account")
    return {
        "as_of": as_of,
        "sentence": (
            counted(3, "accounts", href="#figures", start=True), " of ",
            counted(42, "accounts", href="#figures"), " sample accounts need something.",
        ),
        "figures": (
            ("count", Figure("accounts", 1_234, "count", "#figures")),
            ("percent", Figure("load", 86.24, "percent", "#figures")),
            ("share", Figure("covered", 0.0421, "share", "#figures")),
            ("hours", Figure("effort", 103.96, "hours", "#figures")),
            ("money", Figure("arr", 124_050_000, "money", "#figures", currency="USD")),
            ("negative", Figure("change", -1_250_000, "money", "#figures", currency="USD")),
            ("missing", Figure("load", None, "percent", "#figures")),
            ("zero", Figure("accounts", 0, "count", "#figures")),
            ("does not open", Figure("accounts", 7, "count")),
        ),
        "tones": (("at_risk", "bad"), ("declining", "warn"), ("healthy", "good"), ("T1", "quiet")),
        "bars": ((56.0, "green"), (90.0, "green"), (108.0, "amber"), (160.0, "red"), (0.0, ""), (None, "")),
        "bands": (
            ("Needed", ((60, 70, 80), (66, 78, 92), (70, 84, 104))),
            ("There", ((80, 90, 96), (70, 84, 92), (58, 76, 90))),
        ),
        "spans": ((1.05, 1.9, 1.4, 1.2), (0.6, 0.95, 0.8, 0.9), (0.1, 9.0, 1.0, 1.0)),
        "lines": (
            ("rising", WEEKS), ("gaps", (62, 64, None, None, 74, 78, None, 83, None, 90, 96, 104, 124)),
            ("flat", (50,) * 13), ("one week", (*(None,) * 12, 70)), ("nothing", (None,) * 13),
        ),
        "deltas": ((90.0, 86.0), (86.0, 90.0), (86.0, 86.0), (None, 86.0)),
        "listing": Listing("patterns", "Accounts of the sample, by name", COLUMNS, ask, 120, FILTERS),
        "rows": (("Northwind Foods", 124.0, "red", 31_000_000), ("Kestrel Bio", 86.0, "green", 9_400_000)),
        "nothing": Listing("patterns", "No rows", COLUMNS, ask, 0, noun="account"),
    }  # fmt: skip
