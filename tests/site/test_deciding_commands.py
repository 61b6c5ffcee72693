"""`evenbook decisions`, `diagnose` and `audit --report`: what they print, how they end, whom they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.pages import company
from tests.pages.test_warnings import warned
from tests.throughput.many import kept, many

from evenbook.closures.models import Diagnosis, Requirement
from evenbook.decisions.models import Decision
from evenbook.site.cli import run

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


def test_decisions_are_listed_decided_and_taken_back(team: Any, ends: Ends) -> None:
    assert ends(*AMARA, "decisions", "list") == (0, "decisions: 0 decisions wait.\n")
    row = warned(team)

    code, said = ends(*AMARA, "decisions", "list")
    assert code == 1 and "Ben Adler" in said and "redistribute or hire" in " ".join(said.split())
    assert ends(*AMARA, "decisions", "decide", row.pk, "redistribute", "--note", "Two move.")[0] == 0
    (told,) = json.loads(ends(*AMARA, "decisions", "list", "--json")[1])
    assert (told["state"], told["decided"], told["note"]) == ("accepted", "redistribute", "Two move.")
    assert ends(*AMARA, "decisions", "done", row.pk) == (0, "decisions: it is done.\n")
    assert json.loads(ends(*AMARA, "decisions", "list", "--state", "done", "--json")[1])[0]["done_at"]
    assert ends(*AMARA, "decisions", "take-back", row.pk)[0] == 0
    assert Decision.objects.get().choice == ""


def test_what_can_not_be_decided_is_said_in_a_sentence(team: Any, ends: Ends) -> None:
    row = warned(team)
    for words in (
        (*AMARA, row.pk, "lazy"),
        (*AMARA, row.pk, "wait"),
        (*AMARA, 987654, "hire"),
        (*BEN, row.pk, "hire"),
    ):
        code, said = ends(*words[:2], "decisions", "decide", *words[2:])
        assert code == 2 and "Fix:" in said
    assert Decision.objects.get().choice == ""


def test_a_diagnosis_is_kept_and_says_what_was_suggested(team: Any, ends: Ends) -> None:
    need = Requirement.objects.filter(account__in=team.of("ben")).first()
    assert need is not None
    Requirement.objects.filter(pk=need.pk).update(status="missing")
    code, said = ends(
        *AMARA, "diagnose", need.account.key, need.kind, "requirement_wrong", "--note", "Nobody reads it."
    )

    assert code == 0 and "requirement wrong is kept" in said
    assert Diagnosis.objects.get().note == "Nobody reads it."
    assert ends(*BEN, "diagnose", need.account.key, need.kind, "not_clear")[0] == 2
    assert ends(*AMARA, "diagnose", need.account.key, need.kind, "lazy")[0] == 2


def test_the_audit_is_written_as_a_document(team: Any, ends: Ends, tmp_path: Path) -> None:
    file = tmp_path / "audit.pdf"
    assert ends(*AMARA, "audit", "--as-of", company.AS_OF, "--report", file)[0] in {0, 1}
    assert file.read_bytes().startswith(b"%PDF")
    code, said = ends(*AMARA, "audit", "--as-of", company.AS_OF, "--report", tmp_path / "none" / "audit.pdf")
    assert code == 2 and "can't be written" in said


def test_what_came_of_interventions_is_printed(team: Any, ends: Ends) -> None:
    assert ends(*AMARA, "outcomes") == (0, "outcomes: 0 kinds of interventions looked at.\n")
    many(team, effect=-0.2)
    kept()

    code, said = ends(*AMARA, "outcomes")
    assert code == 0 and "Accounts given away" in said and "1 kind of intervention looked at." in said
    assert "Net revenue retention, 0 weeks after load" in said
    told = json.loads(ends(*AMARA, "outcomes", "--json")[1])
    assert {each["event"] for each in told["effects"]} == {"moved"} and told["bonds"]
