"""One value of a policy by its path: found, said and changed."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any

from evenbook.policy.rules.document import Document, PolicyRefused, Problem, to_document
from evenbook.policy.schema import FieldCard, Policy, Section, key_text

PATH = re.compile(r"(?P<section>\w+)\.(?P<field>\w+)(?:\[(?P<row>.*)\]\.(?P<column>\w+))?", re.DOTALL)
HOW = "Write a path such as capacity.monthly_hours or capacity.base_hours[1].hours."


def card_at(path: str, kinds: Iterable[type[Section]]) -> FieldCard:
    """Return the card of the value that a path names.

    Raises:
        PolicyRefused: there is no such value.
    """
    found = PATH.fullmatch(path.strip())
    if found is None:
        raise PolicyRefused([Problem(path, f"is not a path. {HOW}")])
    section = next((kind for kind in kinds if kind.name == found["section"]), None)
    if section is None or found["field"] not in section.model_fields:
        raise PolicyRefused([Problem(path, "is not a number of the policy")])
    card = section.card(found["field"])
    if found["column"] is None:
        return card
    column = next((each for each in card.columns if each.name == found["column"]), None)
    if column is None:
        names = ", ".join(each.name for each in card.columns) or "none"
        raise PolicyRefused([Problem(path, f"names no column; the columns are: {names}")])
    return column


def value_at(policy: Policy, path: str) -> Any:
    """Return the value at a path, as plain data.

    Raises:
        PolicyRefused: there is no such value.
    """
    card_at(path, policy.kinds)
    holder, name = _holder(to_document(policy), path, policy.kinds)
    return holder[name]


def with_value(policy: Policy, path: str, text: str) -> Document:
    """Return the document of ``policy`` with the value at ``path`` as typed in ``text``.

    A list of words is typed with commas. Whether the value can stand is for ``from_document`` to say.

    Raises:
        PolicyRefused: there is no such value, or it is a table, whose rows have paths of their own.
    """
    card = card_at(path, policy.kinds)
    if card.kind == "rows":
        raise PolicyRefused([Problem(path, f"is a table; name one of its values. {HOW}")])
    document = copy.deepcopy(to_document(policy))
    holder, name = _holder(document, path, policy.kinds)
    holder[name] = (
        [word.strip() for word in text.split(",") if word.strip()] if card.kind == "words" else text
    )
    return document


def _holder(document: Document, path: str, kinds: Iterable[type[Section]]) -> tuple[dict[str, Any], str]:
    """Return the mapping that holds the value at ``path``, and its name there."""
    found = PATH.fullmatch(path.strip())
    assert found is not None
    fields = document[found["section"]]
    if found["column"] is None:
        return fields, found["field"]
    section = next(kind for kind in kinds if kind.name == found["section"])
    key_names = section.card(found["field"]).row_key
    rows = {key_text(row[name] for name in key_names): row for row in fields[found["field"]]}
    wanted = ",".join(part.strip() for part in found["row"].split(","))
    if wanted not in rows:
        raise PolicyRefused([Problem(path, f"names no row; the rows are: {'; '.join(rows) or 'none'}")])
    return rows[wanted], found["column"]
