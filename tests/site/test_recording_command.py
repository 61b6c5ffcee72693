"""`evenbook record-cohort`: what waits, one record for all of it, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.closures.owing import answers, owed

from evenbook.capacity.models import AccountWeek
from evenbook.closures.models import Loop
from evenbook.site.cli import run

TODAY = datetime.now(UTC).date()
KEY = "silent_account:pool:digital:2026-03-02"
CHIDI = ("--as", "chidi@example.com")
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
def loops(db: None) -> list[Loop]:
    """Return the loops of three accounts of Chidi's pool that fell silent in one week."""
    from tests.pages import company

    team = company.build(4)
    AccountWeek.objects.update(tier=4)
    return [
        owed(each, by=team.pool, kind="silent_account", due_on=TODAY, cohort_on=date(2026, 3, 2))
        for each in team.accounts[:3]
    ]


def test_it_lists_records_and_says_what_is_left(ends: Ends, loops: list[Loop], tmp_path: Path) -> None:
    file = tmp_path / "record.yaml"
    code, said = ends("record-cohort", *CHIDI)
    assert code == 1 and KEY in said and "3 silent accounts of Digital" in said
    code, said = ends("record-cohort", KEY, *CHIDI)
    assert code == 2 and "--file" in said

    file.write_text("verdict: closed out\n")
    code, said = ends("record-cohort", KEY, "--file", file, *CHIDI)
    assert code == 1 and "nothing was changed" in said and "tried" in said
    file.write_text(yaml.safe_dump(answers("silence_record", today=TODAY)))
    code, said = ends("record-cohort", KEY, "--file", file, "--without", loops[0].key, *CHIDI, "--json")
    assert code == 0 and [each["closed"] for each in json.loads(said)["loops"]] == [True, True]
    assert ends("record-cohort", *CHIDI) == (0, "record-cohort: 0 cohorts wait for you.\n")
    assert json.loads(ends("record-cohort", *CHIDI, "--json")[1]) == []
    assert ends("record-cohort", "no such", "--file", file, *CHIDI)[0] == 2
    ids = [each.pk for each in loops]
    assert list(Loop.objects.filter(pk__in=ids, closed_at=None)) == [loops[0]]
