"""The glossary is in order, says each word once, and holds no word that the product does not use."""

from __future__ import annotations

import re

from evenbook.people.queries import ROLE_NAMES
from evenbook.states.queries import ORDER
from river import ROOT

ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = [
    row
    for row in ROW.findall((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    if row[0] != "word"
]


def words() -> list[str]:
    return [word.strip() for first, _ in ROWS for word in first.split(",")]


def used() -> str:
    """Return all that people read: guides, pages, and what the code says."""
    places = [path for path in (ROOT / "docs").rglob("*.md") if path.name != "glossary.md"]
    places += [path for kind in ("html", "py", "sql") for path in (ROOT / "src").rglob(f"*.{kind}")]
    return plain("\n".join(path.read_text(encoding="utf-8") for path in places))


def plain(text: str) -> str:
    """Return a text so that words are found however they are written."""
    return text.lower().replace("-", " ")


def test_words_stand_in_order_and_once():
    firsts = [first.lower() for first, _ in ROWS]
    assert firsts == sorted(firsts) and len(set(words())) == len(words())


def test_every_word_is_one_that_people_meet():
    said = used()
    assert [word for word in words() if not re.search(rf"\b{re.escape(plain(word))}", said)] == []


def test_what_people_are_and_where_accounts_stand_is_explained():
    told = "\n".join(" ".join(row) for row in ROWS).lower()
    assert [role for role in ROLE_NAMES if role not in told] == []
    assert [state for state in ORDER if state.replace("_", " ") not in told] == []
