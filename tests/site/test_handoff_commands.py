"""`evenbook handoff`: what it lists, announces, confirms and writes, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.briefings.handing import announced, short_leave, write_briefs

from evenbook.book.models import Handover
from evenbook.briefings.models import Handoff
from evenbook.people.models import AuditEntry
from evenbook.site.cli import run

NOW = datetime.now(UTC)
FIRST = (NOW + timedelta(days=20)).date()
BEN, CHIDI = ("--as", "ben@example.com"), ("--as", "chidi@example.com")
Ends = Callable[..., tuple[int, str]]


@pytest.fixture
def ends(
    db: None,
    tmp_path: Path,
    settings: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Ends:
    """Return a function that runs a command and gives its exit code and all that it printed."""
    settings.EVENBOOK_HOME, settings.EVENBOOK_DEMO = tmp_path, False
    monkeypatch.setattr("evenbook.site.work.follow_up", lambda now: ())

    def ended(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = run(["handoff", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return ended


@pytest.fixture
def team(db: None) -> Any:
    from tests.pages import company

    return company.build(8)


def test_a_handoff_is_started_listed_and_called_off(team: Any, ends: Ends) -> None:
    begun = (
        "start",
        "ben",
        "--reason",
        "departure",
        "--from",
        FIRST,
        "--receiver",
        "chidi",
        "--account",
        "a-00002=amara",
    )
    code, said = ends(*begun, *BEN)
    handoff = Handoff.objects.get()
    assert code == 0 and f"{handoff.pk} of Ben Adler, under way: 0 of 4 accounts confirmed" in said
    assert Handover.objects.get(account__key="a-00002").receiver.key == "amara"
    code, said = ends("list", *CHIDI)
    assert code == 0 and "Ben Adler" in said and "0 of 4" in said and "1 handoff." in said
    (row,) = json.loads(ends("list", "--json", *CHIDI)[1])
    assert (row["giver"], row["state"], row["first_on"]) == ("ben", "under_way", FIRST.isoformat())
    code, said = ends("call-off", handoff.pk, "--json", *BEN)
    assert code == 0 and json.loads(said)["state"] == "called_off"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reason", "departure", "--from", "2020-01-01"), "is past"),
        (("--reason", "departure", "--from", "soon"), "is not a day"),
        (("--reason", "leave", "--from", FIRST), "A leave needs the day back"),
        (("--reason", "departure", "--from", FIRST, "--account", "x"), "names no account and person"),
        (("--reason", "departure", "--from", FIRST, "--account", "x=amara"), "does not own the account"),
    ],
)
def test_a_handoff_that_can_not_be_ends_with_two(
    team: Any, ends: Ends, words: tuple[Any, ...], said: str
) -> None:
    code, told = ends("start", "ben", "--receiver", "chidi", *words, *BEN)
    assert code == 2 and said in told and not Handoff.objects.exists()


def test_nothing_is_started_for_nobody(team: Any, ends: Ends) -> None:
    code, said = ends("start", "ben", "--reason", "departure", "--from", FIRST, "--receiver", "chidi")
    assert code == 2 and "nobody who may write was named" in said and not Handoff.objects.exists()


def test_accounts_are_confirmed_and_taken_back(team: Any, ends: Ends) -> None:
    handoff = announced(now=NOW, first_on=FIRST)
    code, said = ends("confirm", handoff.pk, "--account", "a-00000", *CHIDI)
    assert code == 2 and "is not written yet" in said
    write_briefs(handoff, now=NOW)
    assert "1 of 4 accounts confirmed" in ends("confirm", handoff.pk, "--account", "a-00000", *CHIDI)[1]
    assert "0 of 4" in ends("confirm", handoff.pk, "--account", "a-00000", "--undo", *CHIDI)[1]
    assert ends("confirm", handoff.pk, "--undo", *CHIDI)[0] == 2
    assert "account by account" in ends("confirm", handoff.pk, *CHIDI)[1]
    assert ends("confirm", 987654, "--account", "a-00000", *CHIDI)[0] == 2


def test_a_cover_note_is_confirmed_at_once(team: Any, ends: Ends) -> None:
    handoff = short_leave(now=NOW, first_on=FIRST)
    Handoff.objects.update(note="Chidi covers.", noted_at=NOW)
    code, said = ends("confirm", handoff.pk, *CHIDI)
    assert code == 0 and "done: 4 of 4 accounts confirmed; it asks for one cover note" in said


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_a_pack_is_written_into_a_file_and_recorded(team: Any, ends: Ends, tmp_path: Path, kind: str) -> None:
    handoff, out = announced(now=NOW, first_on=FIRST), tmp_path / f"pack.{kind}"
    code, said = ends("pack", handoff.pk, "--format", kind, "--out", out, *CHIDI)
    assert code == 0 and "4 accounts written into" in said and out.stat().st_size > 1_000
    assert AuditEntry.objects.get(what="export.taken").rows == 4
    code, said = ends("pack", handoff.pk, "--account", "a-00000", "--out", out, "--json", *CHIDI)
    assert code == 0 and json.loads(said)["accounts"] == 1


def test_a_pack_that_can_not_be_written_says_why(team: Any, ends: Ends, tmp_path: Path) -> None:
    handoff = announced(now=NOW, first_on=FIRST)
    code, said = ends("pack", handoff.pk, "--out", tmp_path / "nowhere" / "pack.pdf", *CHIDI)
    assert (
        code == 2
        and "can't be written" in said
        and not AuditEntry.objects.filter(what="export.taken").exists()
    )
    assert ends("pack", 987654, "--out", tmp_path / "pack.pdf", *CHIDI)[0] == 2
