"""What bodies, parameters and answers are made of.

Answers: ids with a ``…_name`` beside, shares 0 to 1, no value is null, money in major units, dates
ISO. What is asked is read strictly: a number is a number, a day is ``2026-03-09``, a field that the
description does not name is refused.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

NO_NULL = r"^[^\x00]*$"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DIGITS = re.compile(r"-?(0|[1-9]\d{0,8})")


class Shape(BaseModel):
    """A thing as the API gives it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Body(BaseModel):
    """What a write takes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Asked(BaseModel):
    """What a request asks for in its address."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def day_of(value: Any) -> Any:
    """Return a day that was given as text, if it is written as one."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, str) and not DAY.fullmatch(value):
        raise ValueError("write it like 2026-03-09")
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, str) and not DIGITS.fullmatch(value):
        raise ValueError("write a whole number")
    return value


Day = Annotated[date, BeforeValidator(day_of)]
"""A day in an address: ``2026-03-09`` and nothing else."""

Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number in an address."""

Line = Annotated[str, StringConstraints(max_length=200, pattern=NO_NULL)]
"""A line of text."""

Text = Annotated[str, StringConstraints(max_length=20_000, pattern=NO_NULL)]
"""A text of several lines."""

AnyJson = Annotated[Any, WithJsonSchema({"description": "Any JSON value."})]
"""A value whose form the policy or a source decides."""


class AsOf(Asked):
    """The day that an answer is as of."""

    as_of: Day | None = Field(None, description="The last week stored by this day; else the newest.")


class Said(Shape):
    """Where a problem lies, and what it is."""

    where: str
    what: str


class Problem(Shape):
    """A refusal (RFC 9457): what happened and how to mend it."""

    type: str = Field(description="A reference that names the kind of error, such as /errors/not-found.")
    title: str
    status: int
    detail: str = Field(description="What happened.")
    fix: str = Field(description="How to mend it.")
    retry: bool = Field(description="Whether the same request may go through later.")
    instance: str
    errors: list[Said]


def major(cents: int | None) -> float | None:
    """Return money in major units."""
    return None if cents is None else cents / 100


def said_or_none(text: str) -> str | None:
    """Return a text, or None where there is none."""
    return text or None


def instant(at: datetime | None) -> datetime | None:
    """Return an instant in UTC."""
    return at.astimezone(UTC) if at else None
