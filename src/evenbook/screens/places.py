"""The places of the product, in the order of the navigation.

A place is shown once some slice has an address by its name: nothing is announced that is not
built, and a slice adds its page by naming its address as here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

EVERYBODY = frozenset({"executive", "leader", "csm", "operations", "reader"})
KEEPERS = frozenset({"operations"})


@dataclass(frozen=True)
class Place:
    """One line of the navigation.

    Args:
        label: what the line says.
        address: name of the address; the line is left out until it exists.
        group: the heading it stands under, empty for the first group.
        key: pressed after ``g`` to go there.
        roles: who sees the line. It opens no doors: each page checks for itself.
    """

    label: str
    address: str
    group: str = ""
    key: str = ""
    roles: frozenset[str] = EVERYBODY


PLACES = (
    Place("My week", "my-week", key="w"),
    Place("Team week", "team-week", key="t"),
    Place("Weeks ahead", "weeks-ahead", key="x"),
    Place("Accounts", "accounts", key="a"),
    Place("Coverage", "coverage", key="c"),
    Place("Book", "book", key="b"),
    Place("Tiers", "tiers", key="s"),
    Place("Hot sheet", "hot-sheet", key="h"),
    Place("Expansion", "expansion", "Work", key="e"),
    Place("Handoffs", "handoffs", "Work", key="o"),
    Place("Reviews", "reviews", "Work"),
    Place("Playbooks", "playbooks", "Work"),
    Place("Conversations", "conversations", "Work"),
    Place("Decisions", "decisions", "Decide", key="d", roles=EVERYBODY - {"executive"}),
    Place("What came of it", "outcomes", "Decide", roles=EVERYBODY - {"csm"}),
    Place("Sizing", "sizing", "Decide", roles=EVERYBODY - {"csm"}),
    Place("Executive", "executive", "Decide"),
    Place("Metrics", "metric-tiers", "Decide"),
    Place("Calibration", "calibration", "Decide"),
    Place("Reports", "reports", "Decide", roles=EVERYBODY - {"csm"}),
    Place("Monthly", "monthly", "Decide", roles=EVERYBODY - {"csm"}),
    Place("First weeks", "first-weeks", "Set up"),
    Place("Import", "import", "Set up", key="i", roles=KEEPERS),
    Place("Policy", "policy", "Set up", key="p"),
    Place("Runs", "runs", "Set up"),
    Place("Connections", "connections", "Set up", roles=KEEPERS),
    Place("People", "people", "Set up", roles=KEEPERS),
    Place("Audit trail", "audit", "Set up", roles=KEEPERS),
    Place("Records", "admin:index", "Set up", roles=KEEPERS),
    Place("Tokens", "tokens", "Set up", roles=KEEPERS),
)


@dataclass(frozen=True)
class Link:
    """A place with its address found."""

    label: str
    href: str
    group: str
    key: str
    is_here: bool


def links_for(role: str, path: str = "") -> tuple[Link, ...]:
    """Return the places that ``role`` is shown and that exist, in order.

    The one that holds ``path`` is marked as here.
    """
    found = []
    for place in PLACES:
        href = address(place.address)
        if href and role in place.roles:
            is_here = path == href or path.startswith(href.rstrip("/") + "/")
            found.append(Link(place.label, href, place.group, place.key, is_here))
    return tuple(found)


def figure_address(measure: str, kind: str, subject: str, *, as_of: date) -> str:
    """Return where a measure's value for a subject on a day opens into its rows."""
    asked = urlencode({"kind": kind, "subject": subject, "as_of": as_of.isoformat()})
    return f"{address('figure', measure)}?{asked}"


def address(name: str, *args: object) -> str:
    """Return the address of this name, empty where no slice has it yet."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
