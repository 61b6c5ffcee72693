"""`evenbook tiers`: what it lists, how it ends, whom it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.pages import company

from evenbook.site.cli import run
from evenbook.tiers.models import Mark, Ruling

AMARA, BEN = ("--as", "amara@example.com"), ("--as", "ben@example.com")
Ends = Callable[..., tuple[int, str]]


@pytest.fixture
def ends(db: None, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> Ends:
    """Return a function that runs a command and gives its exit code and all that it printed."""
    settings.EVENBOOK_HOME, settings.EVENBOOK_DEMO = tmp_path, False

    def ended(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return ended


@pytest.fixture
def team(db: None) -> Any:
    return company.build(8)


def test_moves_are_listed_and_ends_with_1_where_one_waits(team: Any, ends: Ends) -> None:
    code, said = ends(*AMARA, "tiers")
    assert code == 1 and "Harbor Freight Lines" in said and "Mirabel Clinics" not in said
    assert said.endswith("tiers: 1 account should move up, 1 down; 1 may not move yet.\n")
    assert "Its revenue was cut." in ends(*AMARA, "tiers", "--state", "hindered")[1]


def test_the_document_has_moves_tiers_tail_and_ratio(team: Any, ends: Ends) -> None:
    code, said = ends(*AMARA, "tiers", "--json")
    told = json.loads(said)
    assert code == 1 and len(told["moves"]) == 3 and told["tail"]["from_tier"] == 3
    assert sum(row["accounts"] for row in told["tiers"]) == 4
    assert {row["owner"] for row in told["owners"]} == {"ben"}
    assert told["segments"][0]["accounts"]["state"] == "below"


def test_moves_are_approved_declined_and_taken_back_by_the_accounts_key(team: Any, ends: Ends) -> None:
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    code, said = ends(*AMARA, "tiers", "approve", "a-00002", "--from", day, "--note", "Agreed.")
    assert (code, said) == (0, "tiers: Harbor Freight Lines moves from tier 3 to 2.\n")
    assert Ruling.objects.get().effective_on.isoformat() == day
    assert ends(*AMARA, "tiers", "take-back", "a-00002")[0] == 0
    assert ends(*AMARA, "tiers", "decline", "a-00004", "--reason", "They grow.")[0] == 0
    assert ends(*AMARA, "tiers")[1].endswith("1 account should move up, 0 down; 1 may not move yet.\n")


def test_of_several_each_is_approved_or_refused_by_itself(team: Any, ends: Ends) -> None:
    code, said = ends(*AMARA, "tiers", "approve", "a-00002", "a-00000", "a-00005", "a-00004")
    assert code == 1 and Ruling.objects.count() == 2
    assert "a-00000: Northwind Foods may not move yet." in said and "a-00005: No move of" in said


def test_a_tier_is_locked_and_unlocked(team: Any, ends: Ends) -> None:
    assert ends(*AMARA, "tiers", "mark", "a-00002", "lock", "--reason", "As agreed.")[0] == 0
    assert ends(*AMARA, "tiers", "unmark", Mark.objects.get().pk, "--reason", "It is over.")[0] == 0
    assert Mark.objects.get().withdrawn_at is not None


@pytest.mark.parametrize(
    "words",
    [
        (*BEN, "tiers", "approve", "a-00002"),
        (*AMARA, "tiers", "approve", "a-00000"),
        (*AMARA, "tiers", "approve", "nobody"),
        (*AMARA, "tiers", "approve", "a-00002", "--from", "soon"),
        (*AMARA, "tiers", "approve", "a-00002", "--from", "1999-01-01"),
        (*AMARA, "tiers", "approve"),
        (*AMARA, "tiers", "decline", "a-00002"),
        (*AMARA, "tiers", "decline", "a-00002", "--reason", " "),
        (*AMARA, "tiers", "mark", "a-00002", "moon", "--reason", "Because."),
        (*AMARA, "tiers", "mark", "a-00005", "lock", "--reason", "Because."),
        (*AMARA, "tiers", "unmark", "0", "--reason", "Because."),
        (*AMARA, "tiers", "--state", "moon"),
    ],
)
def test_what_can_not_be_is_said_and_changes_nothing(team: Any, ends: Ends, words: tuple[str, ...]) -> None:
    code, said = ends(*words)
    assert code == 2 and said.strip() and "Traceback" not in said
    assert not Ruling.objects.exists() and not Mark.objects.exists()
