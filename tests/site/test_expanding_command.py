"""``evenbook expansion``: what it prints and keeps, and for whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from evenbook.site.cli import run

pytestmark = pytest.mark.django_db(transaction=True)
AS_OLU = ("--as", "olu@example.com")


@pytest.fixture
def says(tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    from tests.pages import company

    settings.EVENBOOK_HOME, settings.EVENBOOK_DEMO = tmp_path, False
    company.build(8)

    def said(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = run(list(words))
        return code, capsys.readouterr().out

    return said


def test_an_opening_is_opened_answered_and_won(says):
    code, out = says("expansion", "open", "a-00007", "--product", "Insights", "--key", "k", "--json", *AS_OLU)
    assert code == 0 and json.loads(out)["is_new"] is True
    assert (
        json.loads(says("expansion", "open", "a-00007", "--key", "k", "--json", *AS_OLU)[1])["is_new"]
        is False
    )

    number = str(json.loads(out)["opening"])
    assert says("expansion", "answer", number, *AS_OLU)[0] == 0
    assert says("expansion", "close", number, "won", *AS_OLU)[0] == 2
    assert says("expansion", "close", number, "won", "--amount", "900", "--currency", "USD", *AS_OLU)[0] == 0

    (row,) = json.loads(says("expansion", "openings", "--state", "won", "--json", *AS_OLU)[1])
    assert (row["state"], row["amount"]) == ("won", 900)


def test_a_trial_is_recorded_shown_as_over_and_ended_once(says):
    words = ("expansion", "try", "a-00007", "Insights")
    assert says(*words, "--from", "2026-03-02", "--to", "2026-03-01", *AS_OLU)[0] == 2
    first, last = (date.today() - timedelta(days=back) for back in (40, 10))
    days = ("--from", first.isoformat(), "--to", last.isoformat())
    number = json.loads(says(*words, *days, "--json", *AS_OLU)[1])["trial"]

    code, out = says("expansion", "trials", "--json", *AS_OLU)
    (row,) = json.loads(out)
    assert code == 1 and row["is_over"] and row["outcome"] is None and row["product"] == "Insights"
    assert "1 trial is over" in says("expansion", "trials", *AS_OLU)[1]
    end = ("expansion", "end-trial", str(number))
    assert says(*end, "opted_out", "--note", "No time for it.", *AS_OLU)[0] == 0
    assert "already opted out" in says(*end, "opted_out", *AS_OLU)[1]
    assert says(*end, "kept", *AS_OLU)[0] == 2, "an outcome is final"
    code, out = says("expansion", "trials", "--json", *AS_OLU)
    assert code == 0 and (json.loads(out)[0]["outcome"], json.loads(out)[0]["note"]) == (
        "opted_out",
        "No time for it.",
    )


def test_lists_and_boards_are_documents(says):
    assert json.loads(says("expansion", "list", "--json", *AS_OLU)[1])["expansion_list"] == []
    boards = json.loads(says("expansion", "scoreboards", "--json", *AS_OLU)[1])
    assert {"first_on", "retention", "expansion", "customers_helped"} <= set(boards)


def test_a_key_is_shown_once_and_ended(says):
    made = json.loads(says("expansion", "key", "Shop", "--json", *AS_OLU)[1])
    listed = says("expansion", "keys", "--json", *AS_OLU)[1]
    assert made["secret"] not in listed and json.loads(listed)[0]["ended_at"] is None

    ended = json.loads(says("expansion", "keys", "--end", made["key"], "--json", *AS_OLU)[1])

    assert ended[0]["ended_at"] is not None
    assert says("expansion", "key", "Shop", "--as", "ben@example.com")[0] == 2


def test_somebody_is_staffed(says):
    assert says("expansion", "machine", "ben", "expansion", "--kind", "staffed", *AS_OLU) == (
        0,
        "expansion: it is kept.\n",
    )
    assert (
        "it was so already"
        in says("expansion", "machine", "ben", "expansion", "--kind", "staffed", *AS_OLU)[1]
    )
