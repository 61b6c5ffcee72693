"""`evenbook mails`: what is sent to whom, chosen by whoever acts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evenbook.people.models import MailChoice
from evenbook.site.cli import run

BEN = ("--as", "ben@example.com")


@pytest.fixture
def ends(db: None, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs a command and gives its exit code and all that it printed."""
    from tests.pages import company

    settings.EVENBOOK_HOME, settings.EVENBOOK_DEMO = tmp_path, False
    company.build(4)

    def ended(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return ended


def test_mails_are_listed_and_chosen(ends: Any) -> None:
    code, said = ends("mails", *BEN)
    assert code == 0 and "weekly_audit: sent, by policy." in said
    code, said = ends("mails", *BEN, "--off", "weekly_audit", "--on", "handoff", "--json")
    found = {each["kind"]: (each["wanted"], each["chosen"]) for each in json.loads(said)}
    assert code == 0 and found["weekly_audit"] == (False, True) and found["handoff"] == (True, True)
    code, said = ends("mails", *BEN, "--off", "new_password")
    assert code == 2 and "The mails are: own_load" in said
    assert MailChoice.objects.count() == 2
