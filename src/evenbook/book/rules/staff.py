"""Who of the team a name, address or id means, and which names are no person at all.

Queues, integration users and system accounts own records in every CRM. They are told by the words
in their names; what they really stand for, a person says. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

NO_PERSON = re.compile(
    r"\b(queue|pool|pooled|team|group|unassigned|unowned|no owner|none|nobody|tbd|house account|integration"
    r"|api|bot|system|admin|administrator|automation|automated|sync|service account|support|sales ?ops"
    r"|cs ?ops|operations|do not use|inactive user|former|vacant|open position|digital|scaled|round ?robin"
    r"|noreply|no-reply|helpdesk|help desk|customer success|marketing|zapier|workato|fivetran|default"
    r"|web ?site|test user)\b",
    re.IGNORECASE,
)
SHARED_MAILBOX = re.compile(
    r"^(info|support|sales|success|customersuccess|cs|csm|team|admin|help|hello|contact|noreply|no-reply|api"
    r"|integration|integrations|system|service|ops|operations|salesops|billing|accounts|queue|pool)"
    r"([._+-].*)?@",
    re.IGNORECASE,
)
NOBODY = re.compile(
    r"^(unassigned|unowned|no owner|none|nobody|n/?a|tbd|-+|\(none\)|not assigned|vacant)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Known:
    """A person as far as finding them needs to know."""

    person: int
    key: str
    name: str
    mail: str


@dataclass(slots=True)
class Staff:
    """The people to match against; grows while records land."""

    by_id: dict[tuple[str, str], int] = field(default_factory=dict)
    by_mail: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, set[int]] = field(default_factory=dict)
    by_key: dict[str, int] = field(default_factory=dict)
    known: dict[int, Known] = field(default_factory=dict)
    sources: dict[int, set[str]] = field(default_factory=dict)

    def add(self, person: Known, aliases: Iterable[tuple[str, str]] = ()) -> None:
        """Take a person in, or take over what is now known of them."""
        self.known[person.person] = person
        self.by_key[person.key] = person.person
        if person.mail:
            self.by_mail[person.mail.lower()] = person.person
        self.by_name.setdefault(plain(person.name), set()).add(person.person)
        for source, external_id in aliases:
            self.alias(person.person, source, external_id)

    def alias(self, person: int, source: str, external_id: str) -> None:
        """Note that ``source`` calls the person by this id."""
        self.by_id[source, external_id] = person
        self.sources.setdefault(person, set()).add(source)

    def find(self, *, source: str = "", external_id: str = "", mail: str = "", name: str = "") -> int | None:
        """Return the person of an id, else of a mail address, else of a name that only one has.

        Somebody of the same name is somebody else if the source knows them under another id, or if
        they have another address.
        """
        if external_id and (source, external_id) in self.by_id:
            return self.by_id[source, external_id]
        if mail and mail.lower() in self.by_mail:
            return self.by_mail[mail.lower()]
        named = {each for each in self.named(name) if self._may_be(each, source, external_id, mail=mail)}
        return next(iter(named)) if len(named) == 1 else None

    def named(self, name: str) -> set[int]:
        """Return everybody of this name."""
        return self.by_name.get(plain(name), set()) if name else set()

    def _may_be(self, person: int, source: str, external_id: str, *, mail: str) -> bool:
        known = self.known[person].mail
        has_other_id = bool(external_id) and source in self.sources.get(person, ())
        return not has_other_id and not (mail and known and mail.lower() != known.lower())


def plain(name: str) -> str:
    """Return a person's name for comparison; "Doe, Jane" is "jane doe"."""
    last, comma, first = name.partition(",")
    ordered = f"{first} {last}" if comma and first.strip() and "," not in first else name
    return " ".join(ordered.replace(".", " ").casefold().split())


def is_nobody(name: str) -> bool:
    """Return whether an owner's name says that there is none."""
    return bool(NOBODY.match(name.strip()))


def looks_like_no_person(name: str, mail: str = "") -> bool:
    """Return whether an owner is more likely a queue, a robot or a shared mailbox than a person."""
    return bool(NO_PERSON.search(name.replace("_", " "))) or bool(mail and SHARED_MAILBOX.match(mail))


def name_from_mail(mail: str) -> str:
    """Return a name to show for somebody of whom only the address is known."""
    words = re.split(r"[._+-]+", mail.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word and not word.isdigit()) or mail
