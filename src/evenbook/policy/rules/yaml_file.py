"""A policy as a YAML file that explains itself, and back.

Each number has its reason, unit, default and bounds above it, so the file can be read and
discussed without the product. Reading is strict: no anchors, no key twice, no odd tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import yaml

from evenbook.policy.rules.document import Document, PolicyRefused, Problem, to_document
from evenbook.policy.schema import FieldCard, Policy, Section

LARGEST_FILE = 1_000_000
"""Characters; the whole policy is a fiftieth of it."""


class _Reader(yaml.SafeLoader):
    """The safe reader without anchors and without a key twice in one place."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise PolicyRefused([Problem(f"line {mark.line + 1}", "uses an alias; write the value out")])
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            line = f"line {key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                raise PolicyRefused([Problem(line, "has a name that is not a word")])
            if key.value in seen:
                raise PolicyRefused([Problem(line, f"names '{key.value}' a second time")])
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(text: str) -> object:
    """Return what a YAML text holds.

    Raises:
        PolicyRefused: it is too long, not YAML, or uses anchors or a key twice.
    """
    if len(text) > LARGEST_FILE:
        raise PolicyRefused([Problem("", f"The file has more than {LARGEST_FILE:,} characters.")])
    try:
        return yaml.load(text, _Reader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise PolicyRefused([Problem(place, f"is not YAML: {error.problem}")]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PolicyRefused([Problem("", "The file is not YAML.")]) from error


def text_of(data: bytes) -> str:
    """Return the text of a file.

    Raises:
        PolicyRefused: it is too large or not UTF-8.
    """
    if len(data) > 4 * LARGEST_FILE:
        raise PolicyRefused([Problem("", f"The file has more than {LARGEST_FILE:,} characters.")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyRefused([Problem("", "The file is not text in UTF-8.")]) from error


def file_heading(number: int, adopted_at: datetime, author_name: str) -> str:
    """Return the lines that open a file of the policy."""
    when = f"{adopted_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return (
        f"Evenbook policy, version {number}, adopted {when} by {author_name}.\n"
        "Change a value and load the file again; what a file leaves out stays as it is."
    )


def write_yaml(policy: Policy, *, heading: str = "") -> str:
    """Return the policy as YAML; ``heading`` is put above it as a comment."""
    document = to_document(policy)
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    for section in policy.sections:
        lines += ["", f"# {section.title}", f"{section.name}:"]
        lines += _section_lines(section, document)
    return "\n".join(lines).lstrip("\n") + "\n"


def _section_lines(section: Section, document: Document) -> Iterator[str]:
    for card in section.cards():
        yield f"  # {card.reason}"
        yield f"  # {about(card)}"
        yield from _value_lines(card, document[section.name][card.name])


def _value_lines(card: FieldCard, value: Any) -> Iterator[str]:
    if card.kind not in {"rows", "words"} or not value:
        yield f"  {card.name}: {_flow(value)}"
        return
    yield f"  {card.name}:"
    for item in value:
        yield f"    - {_flow(item)}"


def about(card: FieldCard) -> str:
    """Return a field's unit, default, bounds and options in one line."""
    parts = [f"Unit: {card.unit}."]
    if card.kind not in {"rows", "words"}:
        parts.append(f"Default: {_flow(_plain(card.default))}.")
    if card.bounds and card.kind == "number":
        parts.append(f"Must be {card.bounds}.")
    if card.choices:
        parts.append("One of " + "; ".join(f"{value} ({words})" for value, words in card.choices) + ".")
    if card.columns:
        parts.append(
            "Columns: " + "; ".join(f"{column.name} ({column.unit})" for column in card.columns) + "."
        )
    return " ".join(parts)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10**9, sort_keys=False, allow_unicode=True)
    return text.removesuffix("...\n").strip()
