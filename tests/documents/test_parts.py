"""A document that no file could show is refused where it is made."""

from __future__ import annotations

from datetime import datetime

import pytest

from evenbook.documents.parts import Column, Document, Fact, Heading, Table


@pytest.mark.parametrize(
    "made",
    [
        lambda: Heading("x", 4),
        lambda: Column("x", "float"),
        lambda: Fact("x", 1, "hours"),
        lambda: Table((), ()),
        lambda: Table((Column("a"), Column("b")), (("1", "2"), ("1",))),
        lambda: Document("x", made_at=datetime(2026, 3, 9)),
    ],
    ids=["level", "column", "fact", "no columns", "short row", "no zone"],
)
def test_what_no_file_could_show_is_refused(made):
    with pytest.raises(ValueError, match=r"\w"):
        made()


def test_numbers_stand_at_the_right_and_words_and_days_at_the_left():
    right = [
        kind for kind in ("text", "whole", "number", "share", "money", "day") if Column("", kind).is_right
    ]

    assert right == ["whole", "number", "share", "money"]
