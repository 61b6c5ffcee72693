"""Who says they are an operator or a seller, and who is staffed to which of the two machines, as of a day.

It is no secret within the team: whoever opens something wants to know who closes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from evenbook.book.models import PersonMachine
from evenbook.people.viewer import Viewer

STATED, STAFFED = "stated", "staffed"
OPERATOR, SELLER = "operator", "seller"
RETENTION, EXPANSION = "retention", "expansion"
CHOICES = {STATED: (OPERATOR, SELLER), STAFFED: (RETENTION, EXPANSION)}
SAID = {
    OPERATOR: "Operator",
    SELLER: "Seller",
    RETENTION: "Retention",
    EXPANSION: "Expansion",
    "": "Not said",
}
SUITS = {OPERATOR: RETENTION, SELLER: EXPANSION}
"""Which machine suits whom."""


@dataclass(frozen=True)
class OfMachine:
    """What somebody says of themselves, and what they are staffed to; empty where nothing is said."""

    person_id: int
    stated: str = ""
    stated_on: date | None = None
    staffed: str = ""
    staffed_on: date | None = None

    @property
    def suits(self) -> str:
        """The machine that suits what they say of themselves; empty where they have not said."""
        return SUITS.get(self.stated, "")

    @property
    def fits(self) -> bool:
        """Whether what they are staffed to suits what they say; true where one of the two is not said."""
        return not self.staffed or not self.suits or self.staffed == self.suits


def machines(viewer: Viewer, day: date, *, before: datetime | None = None) -> dict[int, OfMachine]:
    """Return by person what holds on a day, known before an instant; who said nothing is not there."""
    rows = PersonMachine.objects.filter(first_on__lte=day, person__is_person=True)
    if before is not None:
        rows = rows.filter(known_at__lt=before)
    found: dict[int, dict[str, tuple[str, date]]] = {}
    for person, kind, value, on in rows.order_by("first_on", "known_at", "pk").values_list(
        "person_id", "kind", "value", "first_on"
    ):
        earlier = found.setdefault(person, {}).get(kind)
        if earlier is None or earlier[0] != value:
            found[person][kind] = (value, on)
    return {person: _of(person, said) for person, said in found.items()}


def _of(person: int, said: dict[str, tuple[str, date]]) -> OfMachine:
    stated, staffed = said.get(STATED, ("", None)), said.get(STAFFED, ("", None))
    return OfMachine(
        person,
        stated=stated[0],
        stated_on=stated[1] if stated[0] else None,
        staffed=staffed[0],
        staffed_on=staffed[1] if staffed[0] else None,
    )
