"""Finding the rows that name somebody in their texts, and taking the name out of them.

The database narrows them by a part of a name that it can compare; which rows really name somebody is
decided word by word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import JSONField, Q, QuerySet, TextField
from django.db.models.functions import Cast

from evenbook.people.veil import MAIL, NAME, Spelling, Veil
from evenbook.site.personal.declared import Kept

PLAIN = re.compile(r"[A-Za-z0-9]{2,}")
PIECE = 500
PREFIX = "text_of_"


def parts(spellings: Iterable[Spelling]) -> tuple[str, ...]:
    """Return what every text contains that holds one of the spellings, in the letters of any database.

    The longest plain word of a name; a name without one, as it may be written; addresses and keys whole.
    """
    found: dict[str, None] = {}
    for each in spellings:
        words = PLAIN.findall(each.text)
        if each.stands_for != NAME and each.text.isascii():
            found[each.text] = None
        elif words and each.stands_for != MAIL:
            found[max(words, key=len)] = None
        else:
            longest = max(each.text.split() or [each.text], key=len)
            forms = (longest, longest.lower(), longest.upper(), longest.title())
            found |= {form: None for form in forms}
            found |= {json.dumps(form)[1:-1]: None for form in forms}
    return tuple(part for part in found if part)


def may_name(kept: Kept, columns: Sequence[str], wanted: Sequence[str]) -> QuerySet[Any]:
    """Return the rows of a table whose text columns contain one of the parts."""
    values = {name: kept.model._meta.get_field(name) for name in columns}
    as_text = {
        f"{PREFIX}{name}": Cast(name, TextField())
        for name, field in values.items()
        if isinstance(field, JSONField)
    }
    holds = Q(pk__in=())
    for name in columns:
        path = f"{PREFIX}{name}" if f"{PREFIX}{name}" in as_text else name
        for part in wanted:
            holds |= Q(**{f"{path}__icontains": part})
    rows: QuerySet[Any] = kept.model._default_manager.annotate(**as_text).filter(holds)
    return rows


def naming(
    kept: Kept, columns: Sequence[str], wanted: Sequence[str], veil: Veil
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row that names somebody: its id, and the columns that do, as they are without the name."""
    if not columns or not wanted:
        return
    lengths = {name: kept.model._meta.get_field(name).max_length for name in columns}  # type: ignore[union-attr]
    rows = may_name(kept, columns, wanted).values_list("pk", *columns)
    for pk, *said in list(rows):
        without = {
            name: _cut(new, lengths[name])
            for name, value in zip(columns, said, strict=True)
            if (new := veil.values(value)) != value
        }
        if without:
            yield pk, without


def without_names(kept: Kept, wanted: Sequence[str], veil: Veil) -> int:
    """Take names out of a table's texts, and return how many rows that changed."""
    changed = 0
    for pk, new in naming(kept, kept.having("text"), wanted, veil):
        kept.model._default_manager.filter(pk=pk).update(**new)
        changed += 1
    return changed


def _cut(value: Any, longest: int | None) -> Any:
    return value[:longest] if isinstance(value, str) and longest else value
