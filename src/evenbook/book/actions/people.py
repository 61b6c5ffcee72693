"""Adding the people of the team, their absences and their pools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from evenbook.book.actions.accounts import free_key
from evenbook.book.actions.writing import Written, insert
from evenbook.book.models import Leave, Person, PersonAlias, PersonRole, Pool, PoolMember
from evenbook.kit.dates import BEGINNING, start_of
from evenbook.kit.keys import slug


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """What a source says of a person; ``fields`` are the model's, only those that it gives.

    ``role_since`` is the day from which their role is theirs; None: from when it is said.
    """

    name: str
    mail: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    aliases: tuple[tuple[str, str], ...] = ()
    role_since: date | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which a person is away."""

    person: int
    first_on: date
    last_on: date
    kind: str
    cover: int | None
    known_at: datetime | None = None


def add_person(said: PersonSaid, *, taken: set[str], written: Written) -> Person:
    """Add a person and return them."""
    key = free_key(slug(said.name), said.name, taken)
    person = Person.objects.create(key=key, name=said.name[:200], mail=said.mail, **said.fields)
    _alias(person.pk, said.aliases)
    written.add(Person, [BEGINNING])
    return person


def change_person(person: int, said: PersonSaid, *, now: datetime, written: Written) -> bool:
    """Bring a person up to date with what a source says; return whether anything changed.

    A role that is another than before is kept with its day. One that is told again with another day is
    no change, and neither is one that another source had told first.
    """
    row = Person.objects.get(pk=person)
    wanted = dict(said.fields)
    if said.mail and not row.mail:
        wanted["mail"] = said.mail
    if said.name and said.name != row.name:
        wanted["name"] = said.name[:200]
    if "custom" in wanted:
        wanted["custom"] = {**row.custom, **wanted["custom"]}
    differing = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if "role" in differing:
        _keep_role(row, differing["role"], since_on=said.role_since, now=now, written=written)
    for name, value in differing.items():
        setattr(row, name, value)
    if differing:
        row.save(update_fields=list(differing))
        written.add(Person, [BEGINNING])
    has_new_alias = _alias(person, said.aliases)
    return bool(differing) or has_new_alias


def _keep_role(row: Person, role: str, *, since_on: date | None, now: datetime, written: Written) -> None:
    """Keep that a person has another role from a day on; before the first change also the one they had."""
    rows = [(role, since_on or now.date(), now)]
    if not row.roles.exists():
        rows.insert(0, (row.role, row.started_on or BEGINNING.date(), BEGINNING))
    for name, first_on, known_at in rows:
        happened_at = start_of(first_on)
        PersonRole.objects.create(
            person=row, role=name, first_on=first_on, happened_at=happened_at, known_at=known_at,
            assumed=name != role or since_on is None,
        )  # fmt: skip
    written.add(PersonRole, [known_at for _, _, known_at in rows])


def _alias(person: int, aliases: Sequence[tuple[str, str]]) -> bool:
    made = [
        PersonAlias.objects.get_or_create(
            source=source, external_id=external_id, defaults={"person_id": person}
        )[1]
        for source, external_id in aliases
    ]
    return any(made)


def give_role(people: Sequence[int], *, old: str, new: str, written: Written) -> None:
    """Turn a role that was wrong into another for those of the people who have it; nobody changed theirs."""
    count = Person.objects.filter(pk__in=list(people), role=old).update(role=new)
    written.count(Person, count, BEGINNING)


def add_pool(name: str, *, lead: int | None, written: Written) -> tuple[int, bool]:
    """Return the pool of this name, added if it is new, and whether anything changed."""
    pool, made = Pool.objects.get_or_create(key=slug(name), defaults={"name": name[:200], "lead_id": lead})
    changed = made
    if lead and pool.lead_id != lead:
        pool.lead_id = lead
        pool.save(update_fields=["lead"])
        changed = True
    if changed:
        written.add(Pool, [BEGINNING])
    return pool.pk, changed


def join_pool(pool: int, person: int, *, since_on: date, until_on: date | None, written: Written) -> bool:
    """Put a person into a pool from a day on; return whether anything changed."""
    row, made = PoolMember.objects.get_or_create(
        pool_id=pool, person_id=person, since_on=since_on, defaults={"until_on": until_on}
    )
    if not made and row.until_on == until_on:
        return False
    row.until_on = until_on
    row.save(update_fields=["until_on"])
    written.add(PoolMember, [BEGINNING])
    return True


def add_absences(absences: Sequence[Absence], *, now: datetime, written: Written) -> list[bool]:
    """Land absences and return which of them were new or changed.

    Planned leave counts as known from the load, past leave from its first day. One that has another last
    day or cover than before is a new version; what a person withdrew stays withdrawn while the source
    says the same.
    """
    stored, withdrawn = _stored(absences)
    new: list[Leave] = []
    changed: list[bool] = []
    for each in absences:
        key = (each.person, each.first_on, each.kind[:40])
        old = stored.get(key)
        is_same = old is not None and (old.last_on, old.cover_id) == (each.last_on, each.cover)
        if is_same or (old is None and (*key, each.last_on) in withdrawn):
            changed.append(False)
            continue
        changed.append(True)
        if old is not None and not old.pk:
            old.last_on, old.cover_id = each.last_on, each.cover
            continue
        row = _leave(each, now)
        if old is not None:
            replace_leave(old, row, now=now)
        stored[key] = row
        new.append(row)
    insert(new)
    written.add(Leave, [row.known_at for row in new])
    return changed


def keep_leave(
    absence: Absence, *, now: datetime, written: Written, external_id: str = "", revision: int = 0
) -> Leave:
    """Write down one leave and return it."""
    row = _leave(absence, now)
    row.external_id, row.revision = external_id, revision
    row.save()
    written.add(Leave, [row.known_at])
    return row


def end_leave(row: Leave, *, today: date, now: datetime, written: Written) -> None:
    """Withdraw a leave; of one that has begun the days up to yesterday stay, as another version."""
    if row.first_on < today <= row.last_on:
        taken = Absence(row.person_id, row.first_on, today - timedelta(days=1), row.kind, row.cover_id, now)
        keep_leave(taken, now=now, written=written, external_id=row.external_id, revision=row.revision)
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    written.add(Leave, [now])


def replace_leave(old: Leave, row: Leave, *, now: datetime) -> None:
    """Withdraw a leave for another version of it, which is known from now on; the caller stores that."""
    old.withdrawn_at, row.known_at, row.assumed = now, now, False
    old.save(update_fields=["withdrawn_at"])


def _stored(
    absences: Sequence[Absence],
) -> tuple[dict[tuple[int, date, str], Leave], set[tuple[int, date, str, date]]]:
    """Return the leaves of these people that came from no calendar, and the days of those withdrawn."""
    found: dict[tuple[int, date, str], Leave] = {}
    withdrawn = set()
    rows = Leave.objects.filter(person_id__in={each.person for each in absences}, external_id="")
    for row in rows:
        key = (row.person_id, row.first_on, row.kind)
        if row.withdrawn_at is None:
            found[key] = row
        else:
            withdrawn.add((*key, row.last_on))
    return found, withdrawn


def _leave(absence: Absence, now: datetime) -> Leave:
    began_at = datetime(
        absence.first_on.year, absence.first_on.month, absence.first_on.day, tzinfo=now.tzinfo
    )
    return Leave(
        person_id=absence.person,
        first_on=absence.first_on,
        last_on=absence.last_on,
        kind=absence.kind[:40],
        cover_id=absence.cover,
        happened_at=began_at,
        known_at=absence.known_at or min(began_at, now),
        assumed=absence.known_at is None and began_at <= now,
    )
