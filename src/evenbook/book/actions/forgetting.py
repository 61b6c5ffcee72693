"""Taking the name of somebody out of the book. What they did, had and were owed stays, under a pseudonym."""

from __future__ import annotations

from collections.abc import Iterable

from evenbook.book.actions.writing import Written
from evenbook.book.models import CapacityAdjustment, Contact, Leave, OwnCeiling, Person, PersonAlias
from evenbook.kit.dates import BEGINNING
from evenbook.people.veil import Pseudonym, Veil

AWAY = "leave"
"""What every absence of theirs is called: why they were away is nobody's business any more."""


def forget_person(person_id: int, called: Pseudonym, veil: Veil, *, written: Written) -> dict[str, int]:
    """Give a person of the team their pseudonym, and return how many rows of each table that touched.

    Team, role, hours and days stay, for loads and figures rest on them.
    """
    Person.objects.filter(pk=person_id).update(
        key=called.key,
        name=called.name,
        mail=called.mail,
        time_zone="",
        languages=[],
        industries=[],
        custom={},
    )
    leaves = Leave.objects.filter(person=person_id).exclude(kind=AWAY, external_id="")
    away = leaves.update(kind=AWAY, external_id="")
    reasons = CapacityAdjustment.objects.filter(person=person_id).exclude(reason="").update(reason="")
    ceilings = OwnCeiling.objects.filter(person=person_id).exclude(reason="").update(reason="")
    written.count(Person, 1, BEGINNING)
    written.count(Leave, away, BEGINNING)
    return {
        Person._meta.db_table: 1,
        Leave._meta.db_table: away,
        CapacityAdjustment._meta.db_table: reasons,
        OwnCeiling._meta.db_table: ceilings,
        PersonAlias._meta.db_table: _veil_aliases(person_id, veil),
    }


def forget_contacts(contacts: Iterable[int], called: Pseudonym, *, written: Written) -> dict[str, int]:
    """Give every version of a contact their pseudonym, and return how many rows of each table that touched.

    Whether they are a champion and when they left stays: signals rest on it.
    """
    rows = Contact.objects.filter(pk__in=list(contacts))
    without = rows.filter(mail="").update(name=called.name, title="")
    count = without + rows.exclude(mail="").update(name=called.name, mail=called.mail, title="")
    written.count(Contact, count, BEGINNING)
    return {Contact._meta.db_table: count}


def _veil_aliases(person_id: int, veil: Veil) -> int:
    """Veil the names among the ids by which sources call a person; two that become one are one."""
    changed = 0
    for row in PersonAlias.objects.filter(person=person_id):
        said = veil.text(row.external_id)
        if said == row.external_id:
            continue
        changed += 1
        if PersonAlias.objects.filter(source=row.source, external_id=said).exists():
            row.delete()
        else:
            row.external_id = said
            row.save(update_fields=["external_id"])
    return changed
