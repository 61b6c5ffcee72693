"""The answers of a form in plain form, whatever they came from: a page, JSON or a YAML file.

What an answer is, and how it is kept. Whether it is good enough is in ``closures.rules.standard``.
A page sends text for everything; YAML makes a day of ``2026-03-09`` and a yes of ``yes``. All of
them end as the same plain JSON.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from evenbook.closures.numbers.artifacts import Question
from evenbook.closures.rules.writing import cleaned, folded, one_line, short

PARTS = {"what": "task", "who": "person", "by": "date"}
"""What a follow-up says, and how a refusal calls it."""

CHANNELS = ("mail", "chat", "newsletter", "in product", "recording")
"""How one keeps in touch without a meeting: each is read when the customer has the time."""

_SAME_CHANNEL = {"email": "mail", "e mail": "mail", "in app": "in product"}
LARGEST = 1e15
"""Above it a number is no score and loses digits on its way through JSON."""
LONGEST_NUMBER = 40
LONGEST_SMALL = 500
"""Characters of a day, a number, an option or a channel that are looked at."""
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is to be done, by whom, and by which day."""

    what: str
    who: str
    by: date


def is_blank(value: object, *, depth: int = 2) -> bool:
    """Return whether nothing was given: no value, nothing that shows, or rows without any part."""
    if value is None:
        return True
    if isinstance(value, str):
        return not cleaned(value)
    if depth and isinstance(value, Mapping):
        return all(is_blank(each, depth=depth - 1) for each in value.values())
    if depth and isinstance(value, list | tuple):
        return all(is_blank(each, depth=depth - 1) for each in value)
    return False


def plain(question: Question, value: object) -> Any:
    """Return an answer as it is kept, in plain JSON; None where it is blank or cannot be read."""
    return None if is_blank(value) else _PLAIN[question.asks](question, value)


def settled(questions: Sequence[Question], answers: object) -> dict[str, Any]:
    """Return the answers as they are kept, in the order of the form; settling them again changes nothing.

    Meant for answers that the standard accepts. Of others, what is unknown or cannot be read is left
    out, so what was typed in a draft is kept elsewhere.

    Args:
        questions: of one artifact.
        answers: by field; anything.

    Returns:
        By field: trimmed text, an option as the policy writes it, a day as ISO text, a number, or a
        list of ``what``, ``who`` and ``by``. What was not given is left out.
    """
    given = answers if isinstance(answers, Mapping) else {}
    found = ((row.field, plain(row, given.get(row.field))) for row in questions)
    return {field: value for field, value in found if value is not None}


def summary_of(questions: Sequence[Question], kept: Mapping[str, Any]) -> str:
    """Return what lists show of an artifact, on one line: its first text, else the options chosen.

    Args:
        questions: of one artifact.
        kept: its settled answers.
    """
    answered = [row for row in questions if row.field in kept]
    for row in answered:
        if row.asks == "words":
            return one_line(kept[row.field])
    chosen = [(row.title, kept[row.field]) for row in answered if row.asks == "choice"]
    return "; ".join(
        f"{title} {value}" if title.endswith("?") else f"{title}: {value}" for title, value in chosen
    )


def follow_ups_of(questions: Sequence[Question], kept: Mapping[str, Any]) -> tuple[FollowUp, ...]:
    """Return the follow-ups that an artifact names, in its order; one that lacks a part is none.

    Args:
        questions: of one artifact.
        kept: its settled answers.
    """
    asked = [row.field for row in questions if row.asks == "follow_ups"]
    rows = [row for field in asked for row in kept.get(field, ())]
    return tuple(
        FollowUp(what=row["what"], who=row["who"], by=date.fromisoformat(row["by"]))
        for row in rows
        if all(row[part] for part in PARTS)
    )


def rows_given(value: object) -> list[tuple[int, object]]:
    """Return the follow-ups that hold something, each with its place from 1; a single one may stand alone."""
    given: Iterable[object] = value if isinstance(value, list | tuple) else [value]
    return [(place, row) for place, row in enumerate(given, start=1) if not is_blank(row)]


def day_of(value: object) -> date | None:
    """Return the day that was given; None for anything else, and for a moment: its day hangs on the zone."""
    if isinstance(value, date):
        return None if isinstance(value, datetime) else value
    text = _small(value)
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def channel_of(value: object) -> str:
    """Return the asynchronous channel that was named, as ``CHANNELS`` writes it; empty where none was."""
    said = " ".join(re.split(r"[\s_-]+", _small(value)))
    said = _SAME_CHANNEL.get(said, said)
    return said if said in CHANNELS else ""


def line_of(value: object) -> str | None:
    """Return a text on one line; None for anything else."""
    return one_line(value) if isinstance(value, str) else None


def said(value: object) -> str:
    """Return what was given as a refusal repeats it: little of it, and never the inside of a list."""
    if isinstance(value, str):
        return f"'{short(value)}'"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return "so large a number" if abs(value) > LARGEST else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return "a list"
    return "values by name" if isinstance(value, Mapping) else "something else"


def said_name(key: object) -> str:
    """Return the name of an unknown field as a refusal repeats it."""
    if isinstance(key, str) or key is None:
        return short(key or "") or "(no name)"
    return said(key)


def _small(value: object) -> str:
    """Return a short text for comparing; empty for anything else."""
    return folded(value) if isinstance(value, str) and len(value) <= LONGEST_SMALL else ""


def _words(_: Question, value: object) -> str | None:
    return cleaned(value) if isinstance(value, str) else None


def _choice(question: Question, value: object) -> str | None:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, int) and abs(value) < LARGEST:
        value = str(value)
    if value in question.answers:
        return str(value)
    said = _small(value)
    return next((each for each in question.answers if said and folded(each) == said), None)


def _day(_: Question, value: object) -> str | None:
    found = day_of(value)
    return found.isoformat() if found else None


def _number(_: Question, value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        text = _small(value).replace("\u2212", "-")
        if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
            return None
        value = float(text)
    if not abs(value) <= LARGEST:  # so that what is no number at all fails too
        return None
    return int(value) if value == int(value) else value


def _touchpoint(question: Question, value: object) -> str | None:
    return _day(question, value) or channel_of(value) or None


def _person(_: Question, value: object) -> str | None:
    return line_of(value)


def _follow_ups(question: Question, value: object) -> list[dict[str, str]] | None:
    rows = [
        {
            "what": line_of(row.get("what")) or "",
            "who": line_of(row.get("who")) or "",
            "by": _day(question, row.get("by")) or "",
        }
        for _, row in rows_given(value)
        if isinstance(row, Mapping)
    ]
    return [row for row in rows if any(row.values())] or None


_PLAIN: dict[str, Callable[[Question, object], Any]] = {
    "words": _words,
    "choice": _choice,
    "day": _day,
    "number": _number,
    "person": _person,
    "follow_ups": _follow_ups,
    "touchpoint": _touchpoint,
}
