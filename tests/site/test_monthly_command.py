"""`evenbook monthly`: what it prints and writes, how it ends, whom it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.pages import company
from tests.site.test_deciding_commands import Ends, ends, team  # noqa: F401

AMARA, BEN = ("--as", "amara@example.com"), ("--as", "ben@example.com")


def test_it_prints_the_sentences_and_the_figures(team: Any, ends: Ends) -> None:  # noqa: F811
    code, said = ends(*AMARA, "monthly")

    assert code == 0 and said.startswith("March 2026: load is ")
    assert "The weekly seven:" in said and "Days to detect a risk" in said
    assert said.endswith("monthly: 1 thing is asked of you.\n")


def test_as_json_it_is_one_document(team: Any, ends: Ends) -> None:  # noqa: F811
    told = json.loads(ends(*AMARA, "monthly", "--month", "2026-03", "--json")[1])

    assert told["month"] == "2026-03" and told["as_of"] == company.AS_OF.isoformat()
    assert [each["id"] for each in told["people"]] == ["ben"]


def test_it_writes_the_files(team: Any, ends: Ends, tmp_path: Path) -> None:  # noqa: F811
    pdf, pptx = tmp_path / "month.pdf", tmp_path / "month.pptx"

    assert ends(*AMARA, "monthly", "--pdf", pdf, "--pptx", pptx)[0] == 0
    assert pdf.read_bytes().startswith(b"%PDF") and pptx.read_bytes().startswith(b"PK")
    code, said = ends(*AMARA, "monthly", "--pptx", tmp_path / "none" / "month.pptx")
    assert code == 2 and "can't be written" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((*AMARA, "monthly", "--month", "2026-01"), "No week was stored in January 2026."),
        ((*AMARA, "monthly", "--month", "soon"), "'soon' is not a month."),
        ((*AMARA, "monthly", "--team", "South"), "There is no team 'South' whose pack you may see."),
        ((*BEN, "monthly"), "The monthly pack is for leaders."),
    ],
)
def test_what_it_refuses(team: Any, ends: Ends, words: tuple[str, ...], why: str) -> None:  # noqa: F811
    code, said = ends(*words)

    assert code == 2 and why in said
