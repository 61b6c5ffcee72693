"""What the terminal gets: lines that fit, names that cannot command it, and the rest named, not dumped."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len

from evenbook.site.cli.told import sheet_lines, shortened, wrapped


def row(name: str, **more: Any) -> dict[str, Any]:
    reasons = [
        {"signal": "usage", "points": 34.5, "text": f"{word} users 64 → 31 in four weeks"} for word in "abcd"
    ]
    figures = {"arr": 1_240_500.0, "expected_arr_at_risk": None, "points": 45.4}
    return {"account_name": name, "owner_name": "Ben Adler", "reasons": reasons, **figures, **more}


LONG = row("A Company of a Very Long Name That Goes On and On and Never Ends, Not Even Here Ltd")
WIDE = row("東京データ株式会社東京データ株式会社東京データ株式会社東京データ株式会社")


@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_line_of_the_hot_sheet_is_wider_than_the_terminal(width: int) -> None:
    lines = list(sheet_lines([row("Kestrel Bio"), LONG, WIDE, row("x" * 300)] * 4, width=width))
    assert max(map(cell_len, lines)) <= width


def test_an_account_stands_with_its_figures_and_under_it_its_owner_and_three_reasons() -> None:
    head, first, *reasons = sheet_lines([row("Kestrel Bio")], width=120)
    assert head.split() == ["#", "Account", "ARR", "At", "risk", "Points"]
    assert first.split() == ["1", "Kestrel", "Bio", "1,240,500", "not", "known", "45"]
    assert " ".join(" ".join(reasons).split()) == "Ben Adler: " + "; ".join(
        f"{word} users 64 → 31 in four weeks" for word in "abc"
    )


def test_a_name_from_outside_moves_no_cursor_and_a_row_without_reasons_says_so() -> None:
    lines = list(sheet_lines([row("Bad\x1b[2J\x07 Co", reasons=[], owner_name=None)], width=80))
    assert not set("\x1b\x07") & set("".join(lines))
    assert lines[-1] == "   nobody: nothing stands out"


def test_a_long_line_of_a_chain_goes_on_further_in() -> None:
    lines = list(wrapped(["Score      70 of 100", "", f"           -30.0  Usage: {'fell ' * 30}"], width=60))
    assert lines[:2] == ["Score      70 of 100", ""]
    assert lines[2].startswith("           -30.0  Usage: fell") and lines[3].startswith(" " * 13 + "fell")
    assert max(map(len, lines)) <= 60


def test_what_does_not_fit_is_marked_where_it_was_cut() -> None:
    assert shortened("Kestrel Bio", 20) == "Kestrel Bio"
    assert shortened("Kestrel Bio", 9) == "Kestrel…"
    assert cell_len(shortened("東京データ株式会社", 7)) <= 7
