"""What a number of the policy is: its default, its unit, its reason, its bounds.

A slice writes its numbers as a ``Section``, with one constructor per kind of field. Each field
says its unit and its reason or the class cannot be made, so a screen, a file or an answer can
always say them. A ``Policy`` holds one instance of each section.

Pure. Reading and writing documents is in ``policy.document``; versions are in ``policy.models``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import EllipsisType, UnionType
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

Scalar = str | int | float | bool | date | None
"""What a query may be given as a number of the policy."""

COLUMN_TYPES = {int: "BIGINT", float: "DOUBLE", str: "VARCHAR", bool: "BOOLEAN", date: "DATE"}
"""How a field's Python type is called by the column engine."""


ABBREVIATIONS = {"arr", "grr", "mb", "nrr"}
"""Written in capitals in the titles of fields."""


@dataclass(frozen=True)
class FieldCard:
    """All that can be said of a field without its value.

    ``kind`` is number, choice, text, flag, day, words or rows. ``longest`` is the most characters of
    a text, 0 where there is no end. ``columns`` and ``row_key`` are those of a table; ``fixed`` means
    that its rows may be changed but not added or taken away.
    """

    name: str
    title: str
    kind: str
    unit: str
    reason: str
    default: Any
    type: type
    optional: bool
    bounds: str
    longest: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple[FieldCard, ...] = ()
    row_key: tuple[str, ...] = ()
    fixed: bool = False


def number(
    default: float | EllipsisType | None = ...,
    *,
    unit: str,
    reason: str,
    title: str = "",
    at_least: float | None = None,
    at_most: float | None = None,
    above: float | None = None,
    below: float | None = None,
) -> Any:
    """Return a field for a number, whole where it is annotated ``int``."""
    limits = {"ge": at_least, "le": at_most, "gt": above, "lt": below}
    said = {"at least": at_least, "above": above, "at most": at_most, "below": below}
    bounds = ", ".join(f"{word} {value:g}" for word, value in said.items() if value is not None)
    given = {name: value for name, value in limits.items() if value is not None}
    return _field(default, "number", unit=unit, reason=reason, title=title, bounds=bounds, limits=given)


def choice(
    default: str | EllipsisType = ...,
    *,
    options: Mapping[str, str],
    reason: str,
    unit: str = "one of",
    title: str = "",
) -> Any:
    """Return a field for one of ``options``, each a value and what it means."""
    return _field(default, "choice", unit=unit, reason=reason, title=title, choices=tuple(options.items()))


def text(
    default: str | EllipsisType = ...,
    *,
    unit: str,
    reason: str,
    title: str = "",
    pattern: str | None = None,
    longest: int = 200,
) -> Any:
    """Return a field for a short text; ``pattern`` is a regular expression for all of it."""
    limits: dict[str, Any] = {"max_length": longest}
    if pattern is not None:
        limits["pattern"] = f"^(?:{pattern})$"
    return _field(
        default,
        "text",
        unit=unit,
        reason=reason,
        title=title,
        bounds=f"at most {longest} characters",
        limits=limits,
    )


def flag(default: bool | EllipsisType = ..., *, reason: str, unit: str = "yes or no", title: str = "") -> Any:
    """Return a field that is on or off."""
    return _field(default, "flag", unit=unit, reason=reason, title=title)


def day(
    default: date | EllipsisType | None = ..., *, reason: str, unit: str = "date", title: str = ""
) -> Any:
    """Return a field for a date."""
    return _field(default, "day", unit=unit, reason=reason, title=title)


def words(
    default: Sequence[str],
    *,
    unit: str,
    reason: str,
    title: str = "",
    options: Mapping[str, str] | None = None,
) -> Any:
    """Return a field for a list of words, each once; annotate it ``tuple[str, ...]``."""
    return _field(
        tuple(default), "words", unit=unit, reason=reason, title=title, choices=tuple((options or {}).items())
    )


def rows(default: Sequence[Row], *, unit: str, reason: str, title: str = "", fixed: bool = False) -> Any:
    """Return a field for a small table; annotate it ``tuple[SomeRow, ...]``."""
    return _field(tuple(default), "rows", unit=unit, reason=reason, title=title, fixed=fixed)


def _field(
    default: Any,
    kind: str,
    *,
    unit: str,
    reason: str,
    title: str,
    bounds: str = "",
    choices: tuple[tuple[str, str], ...] = (),
    fixed: bool = False,
    limits: Mapping[str, Any] | None = None,
) -> Any:
    if not unit.strip() or not reason.strip():
        raise TypeError("a field of the policy says its unit and its reason")
    said: Any = {"kind": kind, "unit": unit, "bounds": bounds, "choices": choices, "fixed": fixed}
    said["longest"] = (limits or {}).get("max_length", 0)
    return Field(
        default, title=title or None, description=reason, json_schema_extra={"policy": said}, **(limits or {})
    )


class Fields(BaseModel):
    """What sections and rows share: frozen, nothing unknown, no field without unit and reason."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True, validate_default=True
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        for name, info in cls.model_fields.items():
            if not isinstance(info.json_schema_extra, dict) or "policy" not in info.json_schema_extra:
                raise TypeError(f"{cls.__name__}.{name} is not made by a constructor of policy.schema")

    @classmethod
    def cards(cls) -> tuple[FieldCard, ...]:
        """Return the card of each field, in the order of the class."""
        return tuple(_cards(cls).values())

    @classmethod
    def card(cls, name: str) -> FieldCard:
        """Return the card of one field.

        Raises:
            KeyError: the section has no such field.
        """
        return _cards(cls)[name]

    @field_validator("*", mode="before")
    @classmethod
    def _is_of_its_kind(cls, value: Any, info: ValidationInfo) -> Any:
        card = cls.card(str(info.field_name))
        if card.optional and value == "":
            return None
        if card.kind == "number" and isinstance(value, bool):
            raise ValueError("must be a number, not yes or no")
        if card.kind in {"text", "choice"} and isinstance(value, bool):
            raise ValueError("must be text; in YAML, put words such as no and on in quotes")
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _fits_its_card(cls, value: Any, info: ValidationInfo) -> Any:
        card = cls.card(str(info.field_name))
        if card.choices:
            _check_choices(value if card.kind == "words" else (value,), card)
        if card.kind == "words":
            _check_once(value, "word")
        if card.kind == "rows":
            _check_rows(value, card)
        return value


class Row(Fields):
    """One row of a small table in the policy; ``key`` names the columns that tell rows apart."""

    key: ClassVar[tuple[str, ...]]

    def key_text(self) -> str:
        """Return what tells this row apart, as paths write it: ``stage,onboarding``."""
        return key_text([getattr(self, name) for name in self.key])


class Section(Fields):
    """The numbers of one slice. Each has a default, so a new organization starts with all of them."""

    name: ClassVar[str]
    title: ClassVar[str]

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        if "name" not in vars(cls) or "title" not in vars(cls):
            raise TypeError(f"{cls.__name__} has no name and title")
        cls()


AnySection = TypeVar("AnySection", bound=Section)


@cache
def default_section(kind: type[Section]) -> Section:
    """Return a section with all its defaults: always the same one, for nobody can change it."""
    return kind()


@dataclass(frozen=True)
class Policy:
    """One instance of each section: all the numbers of an organization at one time."""

    sections: tuple[Section, ...]

    @classmethod
    def defaults(cls, kinds: Iterable[type[Section]]) -> Policy:
        """Return the policy that a new organization starts with."""
        return cls(tuple(default_section(kind) for kind in kinds))

    @property
    def kinds(self) -> tuple[type[Section], ...]:
        """Return the section classes, in order."""
        return tuple(type(section) for section in self.sections)

    def of(self, kind: type[AnySection]) -> AnySection:
        """Return the section of this class.

        Raises:
            KeyError: the section is not part of the policy.
        """
        for section in self.sections:
            if isinstance(section, kind):
                return section
        raise KeyError(kind.__name__)

    def params(self) -> dict[str, Scalar]:
        """Return every single value as ``section_field``, for queries that ask for ``$section_field``."""
        return {
            f"{section.name}_{card.name}": getattr(section, card.name)
            for section in self.sections
            for card in section.cards()
            if card.kind not in {"rows", "words"}
        }

    def tables(self) -> dict[str, list[dict[str, Scalar]]]:
        """Return every table and list as rows, named ``policy_section_field``.

        A list of words has one column, ``value``.
        """
        return {
            f"policy_{section.name}_{card.name}": _plain_rows(getattr(section, card.name), card)
            for section in self.sections
            for card in section.cards()
            if card.kind in {"rows", "words"}
        }

    def table_columns(self) -> dict[str, dict[str, str]]:
        """Return the column types of every table, as the column engine calls them."""
        return {
            f"policy_{section.name}_{card.name}": _column_types(card)
            for section in self.sections
            for card in section.cards()
            if card.kind in {"rows", "words"}
        }


def key_text(values: Iterable[Any]) -> str:
    """Return the values of a row's key as paths write them: ``use_cases,4``."""
    return ",".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)


def _plain_rows(value: Sequence[Any], card: FieldCard) -> list[dict[str, Scalar]]:
    if card.kind == "words":
        return [{"value": word} for word in value]
    return [row.model_dump() for row in value]


def _column_types(card: FieldCard) -> dict[str, str]:
    if card.kind == "words":
        return {"value": "VARCHAR"}
    return {column.name: COLUMN_TYPES[column.type] for column in card.columns}


def _check_choices(values: Iterable[str], card: FieldCard) -> None:
    allowed = [value for value, _ in card.choices]
    for value in values:
        if value not in allowed:
            raise ValueError(f"'{value}' is not one of {', '.join(allowed)}")


def _check_once(values: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"the {what} '{value}' stands twice")
        seen.add(value)


def _check_rows(value: tuple[Row, ...], card: FieldCard) -> None:
    keys = [row.key_text() for row in value]
    _check_once(keys, "row")
    if not card.fixed:
        return
    expected = [row.key_text() for row in card.default]
    missing = [key for key in expected if key not in keys]
    extra = [key for key in keys if key not in expected]
    if missing:
        raise ValueError(f"the row '{missing[0]}' is missing")
    if extra:
        raise ValueError(f"the row '{extra[0]}' is not one of {'; '.join(expected)}")


@cache
def _cards(kind: type[Fields]) -> dict[str, FieldCard]:
    return {name: _card(name, info) for name, info in kind.model_fields.items()}


def _card(name: str, info: FieldInfo) -> FieldCard:
    assert isinstance(info.json_schema_extra, dict)
    said: Any = info.json_schema_extra["policy"]
    kind, optional = _plain_type(info.annotation)
    row = kind if isinstance(kind, type) and issubclass(kind, Row) else None
    return FieldCard(
        name=name,
        title=info.title or _title(name),
        kind=said["kind"],
        unit=said["unit"],
        reason=info.description or "",
        default=None if info.default is PydanticUndefined else info.default,
        type=kind,
        optional=optional,
        bounds=said["bounds"],
        longest=said["longest"],
        choices=tuple(tuple(pair) for pair in said["choices"]),
        columns=row.cards() if row else (),
        row_key=row.key if row else (),
        fixed=said["fixed"],
    )


def _title(name: str) -> str:
    """Return a name as words: ``nrr_target`` is NRR target."""
    words_of_name = name.split("_")
    said = [word.upper() if word in ABBREVIATIONS else word for word in words_of_name]
    return " ".join([said[0] if said[0].isupper() else said[0].capitalize(), *said[1:]])


def _plain_type(annotation: Any) -> tuple[type, bool]:
    """Return the type inside ``X | None`` or ``tuple[X, ...]``, and whether None is allowed."""
    if get_origin(annotation) in {Union, UnionType}:
        inner = [kind for kind in get_args(annotation) if kind is not type(None)]
        return inner[0], True
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0], False
    return annotation, False
