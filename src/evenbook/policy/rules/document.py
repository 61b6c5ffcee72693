"""A policy as a plain document, and back, with every refusal in words beside its path.

A path names a value the way files, pages and commands do: ``capacity.monthly_hours``,
``capacity.base_hours[1].hours``, ``capacity.multipliers[stage,onboarding].multiplier``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from evenbook.kit.errors import EvenbookError
from evenbook.policy.rules.words import words_of
from evenbook.policy.schema import FieldCard, Policy, Row, Section, key_text

Document = dict[str, dict[str, Any]]
"""Section name to field name to plain value: what the database and files hold."""


@dataclass(frozen=True)
class Problem:
    """Why one value cannot stand. ``path`` is empty where the whole document is meant."""

    path: str
    words: str

    def __str__(self) -> str:
        return f"{self.path} {self.words}" if self.path else self.words


class PolicyRefused(EvenbookError):
    """Numbers that cannot be a policy; ``problems`` says why, one by one."""

    kind = "policy-refused"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_what(self.problems), fix="Mend it and try again; nothing was changed.")

    def as_json(self) -> dict[str, object]:
        """Return the error with its problems as rows."""
        rows = [{"path": problem.path, "words": problem.words} for problem in self.problems]
        return {**super().as_json(), "problems": rows}


def _what(problems: tuple[Problem, ...]) -> str:
    if len(problems) == 1:
        text = str(problems[0])
        return text if text.endswith(".") else f"{text}."
    lines = "\n".join(f"  {problem}" for problem in problems)
    return f"{len(problems)} values cannot stand:\n{lines}"


def to_document(policy: Policy) -> Document:
    """Return the policy as plain values."""
    return {section.name: section.model_dump(mode="json") for section in policy.sections}


def from_document(document: object, kinds: Iterable[type[Section]]) -> Policy:
    """Return the policy that a document describes; what it leaves out is at its default.

    Raises:
        PolicyRefused: something in it is unknown or cannot stand.
    """
    kinds = tuple(kinds)
    given = _sections_given(document, kinds)
    problems: list[Problem] = list(_unknown_sections(given, kinds))
    sections = []
    for kind in kinds:
        try:
            sections.append(kind.model_validate(given.get(kind.name, {})))
        except ValidationError as error:
            problems.extend(_problems(kind, given[kind.name], error))
    if problems:
        raise PolicyRefused(problems)
    return Policy(tuple(sections))


def from_stored(document: Mapping[str, Mapping[str, Any]], kinds: Iterable[type[Section]]) -> Policy:
    """Return the policy of a version that was adopted under this or an earlier release.

    A number or a column that this release no longer has is left out: nothing reads it any more. One
    that it has besides is at its default; so is a row that every organization has.
    """
    kinds = tuple(kinds)
    known = {
        kind.name: {
            card.name: _grown(document[kind.name][card.name], card)
            for card in kind.cards()
            if card.name in document.get(kind.name, {})
        }
        for kind in kinds
    }
    return from_document(known, kinds)


def _grown(value: Any, card: FieldCard) -> Any:
    """Return a stored value in the shape that its field has now; only tables can have another."""
    if card.kind != "rows" or not isinstance(value, list):
        return value
    usual = {row.key_text(): row.model_dump(mode="json") for row in card.default}
    held = {row_name(value, at, card): row for at, row in enumerate(value)}
    if card.fixed:
        held = {key: row for key, row in held.items() if key in usual} | {
            key: {} for key in usual if key not in held
        }
    names = [column.name for column in card.columns]
    first: dict[str, Any] = next(iter(usual.values()), {})
    return [
        {
            name: each[name]
            for each in [{**first, **usual.get(key, {}), **row}]
            for name in names
            if name in each
        }
        for key, row in held.items()
    ]


def merged(current: Document, given: object, kinds: Iterable[type[Section]]) -> Document:
    """Return ``current`` with the fields that ``given`` names put in; a table is replaced whole.

    Raises:
        PolicyRefused: ``given`` is not made of sections.
    """
    sections = _sections_given(given, tuple(kinds))
    names = [*current, *(name for name in sections if name not in current)]
    return {name: {**current.get(name, {}), **sections.get(name, {})} for name in names}


def _sections_given(document: object, kinds: tuple[type[Section], ...]) -> Document:
    if document is None:
        return {}
    if not isinstance(document, Mapping):
        names = ", ".join(kind.name for kind in kinds)
        raise PolicyRefused([Problem("", f"The policy must be made of sections: {names}.")])
    wrong = [
        Problem(str(name), "must hold numbers by name, as in 'name: value'")
        for name, values in document.items()
        if values is not None and not isinstance(values, Mapping)
    ]
    if wrong:
        raise PolicyRefused(wrong)
    return {
        str(name): {str(key): value for key, value in (values or {}).items()}
        for name, values in document.items()
    }


def _unknown_sections(given: Document, kinds: tuple[type[Section], ...]) -> Iterable[Problem]:
    names = [kind.name for kind in kinds]
    for name in given:
        if name not in names:
            yield Problem(name, f"is not a section of the policy{_meant(name, names)}")


def _problems(kind: type[Section], given: Mapping[str, Any], error: ValidationError) -> Iterable[Problem]:
    for one in error.errors(include_url=False):
        location = one["loc"]
        if one["type"] == "extra_forbidden":
            known = _names_at(kind, location)
            words = f"is not a number of the policy{_meant(str(location[-1]), known)}"
        else:
            words = words_of(one, _card_at(kind, location))
        yield Problem(_path(kind, given, location), words)


def _meant(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _names_at(kind: type[Section], location: tuple[int | str, ...]) -> list[str]:
    if len(location) == 1:
        return list(kind.model_fields)
    return [column.name for column in kind.card(str(location[0])).columns]


def _card_at(kind: type[Section], location: tuple[int | str, ...]) -> FieldCard | None:
    if not location:
        return None
    card = kind.card(str(location[0]))
    columns = {column.name: column for column in card.columns}
    return columns.get(str(location[2])) if len(location) > 2 else card


def _path(kind: type[Section], given: Mapping[str, Any], location: tuple[int | str, ...]) -> str:
    if not location:
        return kind.name
    field = str(location[0])
    path = f"{kind.name}.{field}"
    if len(location) == 1:
        return path
    card = kind.card(field) if field in kind.model_fields else None
    path += f"[{row_name(given.get(field), location[1], card)}]"
    return f"{path}.{location[2]}" if len(location) > 2 else path


def row_name(values: Any, at: int | str, card: FieldCard | None) -> str:
    """Return what tells the row apart where it says so itself, else its place."""
    place = f"row {int(at) + 1}"
    row = values[at] if isinstance(values, list | tuple) and isinstance(at, int) else None
    if card is None or not card.row_key:
        return place
    if isinstance(row, Row):
        return row.key_text()
    if isinstance(row, Mapping) and all(str(row.get(name, "")).strip() for name in card.row_key):
        return key_text(row[name] for name in card.row_key)
    return place
