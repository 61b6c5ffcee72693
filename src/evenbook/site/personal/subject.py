"""Whom a key or an address means: somebody of the team, or a contact of a customer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q

from evenbook.kit.errors import EvenbookError
from evenbook.people.actions import require_operations
from evenbook.people.veil import CONTACT, KEY, MAIL, PERSON, Spelling
from evenbook.people.viewer import Viewer

FORMER = re.compile(r"former (person|contact) \d+")


class NobodyCalled(EvenbookError):
    """Nobody here, or more than one, is meant by a key or an address."""

    kind = "nobody-called"
    status = 404


@dataclass(frozen=True)
class Subject:
    """One person, and every row that is theirs.

    Args:
        kind: person, of the team, or contact, of a customer.
        name: what screens call them.
        spellings: their names, mail addresses and key, as other rows may write them.
        ids: by which sources call them: source and id.
        user: as whom they sign in.
        person: who they are in the team.
        contacts: every version of the contact, of every source.
        is_shared: somebody else here is called the same, so that a name alone does not mean them.
    """

    kind: str
    name: str
    spellings: tuple[Spelling, ...]
    ids: frozenset[tuple[str, str]] = frozenset()
    user: int | None = None
    person: int | None = None
    contacts: tuple[int, ...] = ()
    is_shared: bool = False

    @property
    def mails(self) -> tuple[str, ...]:
        """Their mail addresses."""
        return tuple(each.text for each in self.spellings if each.stands_for == MAIL)

    @property
    def place(self) -> tuple[str, str]:
        """What an address of a page calls them: kind and who."""
        if self.contacts:
            return CONTACT, str(self.contacts[0])
        if self.user is not None:
            return "user", str(self.user)
        return PERSON, next(each.text for each in self.spellings if each.stands_for == KEY)

    @property
    def told(self) -> tuple[Spelling, ...]:
        """The spellings that mean them and nobody else."""
        return tuple(each for each in self.spellings if not (self.is_shared and each.stands_for == "name"))


def subject(viewer: Viewer, called: str, *, kind: str) -> Subject:
    """Return whom ``called`` means.

    Args:
        viewer: who asks; operations alone may.
        called: a key or a mail address; of a contact the mail address, or the id that a source gives them.
        kind: person or contact.

    Raises:
        NotOperations: who asks is not operations.
        NobodyCalled: nobody is meant, more than one is, or they were forgotten already.
    """
    require_operations(viewer)
    called = called.replace("\x00", "").strip()
    return _known(_contact_called(called) if kind == CONTACT else _person(called), called, kind)


def _known(found: Subject | None, called: str, kind: str) -> Subject:
    if found is None:
        where = "the contacts of customers" if kind == CONTACT else "the team"
        raise NobodyCalled(
            f"Nobody of {where} is called '{called[:80]}'.",
            fix="Give their mail address, or their key as addresses of pages have it.",
        )
    if FORMER.fullmatch(found.name):
        raise NobodyCalled(f"{found.name} was forgotten already.", fix="Nothing is left to do.")
    return found


def subject_at(viewer: Viewer, kind: str, who: str) -> Subject:
    """Return whom an address means: ``user`` and ``contact`` by the number of their row, ``person`` by key.

    Raises:
        NotOperations, NobodyCalled: as ``subject``.
    """
    require_operations(viewer)
    number = int(who) if who.isascii() and who.isdigit() and len(who) < 18 else 0
    if kind == "user":
        row = _model("people", "User").objects.filter(pk=number).first()
        return subject(viewer, row.mail if row else "", kind=PERSON)
    if kind == CONTACT:
        row = _model("book", "Contact").objects.filter(pk=number).first()
        return _known(_contact([row]) if row else None, who, CONTACT)
    return subject(viewer, who, kind=PERSON)


def _person(called: str) -> Subject | None:
    people, users = _model("book", "Person"), _model("people", "User")
    user = users.objects.filter(mail__iexact=called).first() if called else None
    own = Q(user=user) | Q(user=None, mail__iexact=user.mail) if user else Q(key=called)
    by_mail = Q(mail__iexact=called) if "@" in called else Q(pk__in=())
    person = people.objects.filter(own | by_mail, is_person=True).order_by("pk").first() if called else None
    if person is not None and user is None:
        user = person.user or users.objects.filter(mail__iexact=person.mail or "-").first()
    rows = [row for row in (user, person) if row is not None]
    if not rows:
        return None
    spellings = [*_named(rows), *([Spelling(person.key, KEY)] if person else ())]
    aliases = person.aliases.values_list("source", "external_id") if person else ()
    name = rows[0].name
    names = {row.name for row in rows}
    others = _named_so(users, names, {user.pk} if user else set())
    others += _named_so(people, names, {person.pk} if person else set())
    return Subject(
        PERSON, name, tuple(spellings), frozenset(aliases), user and user.pk, person and person.pk,
        is_shared=bool(others),
    )  # fmt: skip


def _contact_called(called: str) -> Subject | None:
    """Return the contact of a mail address, else of an id that only one has."""
    contacts = _model("book", "Contact").objects
    rows = list(contacts.filter(mail__iexact=called)) if called else []
    rows = rows or (list(contacts.filter(external_id=called)) if called else [])
    if not rows:
        return None
    mails, ids = {row.mail.lower() for row in rows}, {(row.source, row.external_id) for row in rows}
    if len(ids) > 1 and (len(mails) > 1 or "" in mails):
        raise NobodyCalled(
            f"More than one contact is called '{called[:80]}'.",
            fix="Give the mail address of the one meant, or open them from the page of their account.",
        )
    return _contact(rows)


def _contact(known: Sequence[Any]) -> Subject:
    """Return the contact of some rows, with every version of them and whoever has their addresses."""
    contacts = _model("book", "Contact")
    ids = {(row.source, row.external_id) for row in known}
    versions = contacts.objects.filter(_among(ids))
    for mail in {row.mail.lower() for row in versions if row.mail}:
        ids |= set(contacts.objects.filter(mail__iexact=mail).values_list("source", "external_id"))
    rows = list(contacts.objects.filter(_among(ids)).order_by("pk"))
    names = {row.name for row in rows}
    shared = _named_so(contacts, names, {row.pk for row in rows})
    shared += _named_so(_model("book", "Person"), names, set())
    current = next((row for row in rows if row.known_until is None), rows[-1])
    return Subject(
        CONTACT, current.name, tuple(_named(rows)), frozenset(ids),
        contacts=tuple(row.pk for row in rows), is_shared=bool(shared),
    )  # fmt: skip


def hold(whom: Subject) -> None:
    """Hold the rows of somebody until the transaction ends.

    Raises:
        NobodyCalled: they were forgotten meanwhile.
    """
    names = {each.text for each in whom.spellings}
    own = {
        ("people", "User"): [whom.user],
        ("book", "Person"): [whom.person],
        ("book", "Contact"): whom.contacts,
    }
    for (app, model), ids in own.items():
        rows = _model(app, model).objects.select_for_update().filter(pk__in=[pk for pk in ids if pk])
        if {row.name for row in rows} - names:
            raise NobodyCalled(f"{whom.name} is called otherwise by now.", fix="Look them up again.")


def _among(ids: Iterable[tuple[str, str]]) -> Q:
    found = Q(pk__in=())
    for source, external_id in ids:
        found |= Q(source=source, external_id=external_id)
    return found


def _named(rows: Iterable[Any]) -> list[Spelling]:
    found = {Spelling(row.name): None for row in rows}
    found |= {Spelling(row.mail, MAIL): None for row in rows if row.mail}
    return list(found)


def _named_so(model: Any, names: Iterable[str], but: set[int]) -> int:
    """Return how many others have one of these names."""
    called = Q(pk__in=())
    for name in names:
        called |= Q(name__iexact=name)
    return int(model.objects.filter(called).exclude(pk__in=but).count())


def _model(app: str, name: str) -> Any:
    return apps.get_model(app, name)
