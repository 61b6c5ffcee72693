"""Fields of tables, and how the headers of generic files name them.

A header is matched by its plain form (see ``headers``): generous in words, strict in values, for
what a cell must hold follows from the field's type. Order matters: the first field that fits
wins. The lists stand in ``generic``; this is how they are written and read. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

Type = Literal[
    "id", "name", "text", "mail", "mails", "domain", "past", "plan", "booked", "week", "money", "rate",
    "number", "integer", "boolean", "share", "minutes", "score", "word", "currency", "json",
]  # fmt: skip
"""How a cell is read. ``past`` is an instant that can't lie ahead, ``plan`` a day that may, ``booked``
the time of a meeting; ``rate`` is an amount of money a month; ``word`` a category."""

_OPENING = re.compile(rf"\w+ ({'|'.join(get_args(Type))}) [\d.]+ ")

WORDS = {
    "A": r"(customer|client|company|account|acct|org|organi[sz]ation|tenant|cust|acc|workspace|business)",
    "CSM": r"""(csm|owner|(account|customer|company|cs|csm|success|record|primary|current|assigned|client|new)
        _(owner|manager)|account_executive|ae|am|cam|kam|customer_success_(manager|owner|rep)|cs_rep|csm_owner
        |csm_assigned|assigned_csm|assigned_to|assignee|managed_by|owned_by|rep|account_rep|named_csm|lead_csm
        |customer_success|success_lead)""",
    "ROLES": "(onboarding|implementation|adoption|renewal|expansion|support|technical)",
    "AT": "(at|on|date|time|timestamp|datetime|utc|ts|day)",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a table.

    Args:
        name: what landing calls it.
        type: how its cells are read.
        weight: how much a header that fits speaks for the table.
        pattern: the plain headers it is known by.
    """

    name: str
    type: Type
    weight: float
    pattern: str

    def fits(self, plain: str) -> bool:
        """Return whether a plain header names this field."""
        return _compiled(self.pattern).fullmatch(plain) is not None


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of table.

    Args:
        name: as mappings and questions call it.
        label: as people read it.
        files: what a file's name says, as a pattern.
        fields: in the order in which headers are tried.
        needs: fields of which each group must have one, or the file is no such table.
        is_unique_by_account: whether an account stands in one row only.
        is_identity: whether its first need tells whom each row is about.
        rests: what happens to other number columns: ``custom`` or ``measure``.
    """

    name: str
    label: str
    files: str
    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]
    is_unique_by_account: bool = False
    is_identity: bool = False
    rests: Literal["custom", "measure"] = "custom"

    @property
    def must(self) -> tuple[tuple[str, ...], ...]:
        """Return the groups of fields of which every row must fill one."""
        single = tuple(group for group in self.needs if len(group) == 1)
        return (self.needs[0], *single) if self.is_identity else single

    def field(self, name: str) -> Field | None:
        """Return the field of this name."""
        return next((each for each in self.fields if each.name == name), None)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE)


def fields(text: str) -> tuple[Field, ...]:
    """Return the fields that a block of lines describes.

    A line is ``name type weight pattern``; any other line goes on with the pattern before it.
    ``{A}`` and ``{CSM}`` stand for the words for a customer and for its owner.
    """
    lines: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if _OPENING.match(line):
            lines.append(line)
        else:
            lines[-1] += line
    return tuple(map(_field, lines))


def _field(line: str) -> Field:
    name, kind, weight, pattern = line.split(None, 3)
    for word, stands_for in WORDS.items():
        pattern = pattern.replace("{" + word + "}", stands_for)
    return Field(name, cast(Type, kind), float(weight), pattern)
