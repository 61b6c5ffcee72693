"""``evenbook import``: what it prints, what it exits with, who may."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.sources.cli import COMMANDS
from sources.importing import NOW, Instance

COUNTS = ["file", "recognised_as", "rows", "created", "changed", "unchanged", "rejected", "held"]
ASKED = ["id", "file", "column", "asks", "choices", "rows_held"]


@dataclass
class Acting:
    home: Path
    viewer: Viewer = SYSTEM
    now: datetime = NOW

    def writer(self) -> Viewer:
        return self.viewer

    def ready(self) -> None:
        pass


def run(instance: Instance, *arguments: Any) -> Result:
    given = [str(each) for each in arguments]
    return CliRunner().invoke(COMMANDS[0], given, obj=Acting(instance.home), standalone_mode=False)


def test_json_is_what_others_build_on(instance: Instance):
    path = instance.write(
        "accounts.csv", "account_id,account_name,tier", "A-1,Fern,Gold", "A-2,Moss,2", "A-3,,"
    )
    result = run(instance, path, "--json")
    found = json.loads(result.output)

    assert list(found) == ["files", "questions", "rejects_file"]
    assert [list(each) for each in found["files"]] == [COUNTS]
    assert [list(each) for each in found["questions"]] == [ASKED]
    assert found["files"][0] | {"file": ""} == {
        "file": "", "recognised_as": "accounts", "rows": 3, "created": 2, "changed": 0, "unchanged": 0,
        "rejected": 0, "held": 1,
    }  # fmt: skip
    assert result.return_value == 1


def test_it_exits_with_0_when_all_is_done(instance: Instance):
    result = run(instance, instance.write("accounts.csv", "account_id,account_name", "A-1,Fern"))

    assert result.return_value == 0
    assert result.output.rstrip().endswith(
        "Loaded 1 rows: 1 created, 0 changed, 0 unchanged, 0 rejected, 0 held."
    )


def test_it_exits_with_1_and_says_where_when_rows_are_rejected(instance: Instance):
    result = run(instance, instance.write("accounts.csv", "account_id,account_name,arr", "A-1,Fern,-5"))

    assert result.return_value == 1
    assert "Rejected rows, each with its reason: " in result.output


def test_questions_are_printed_with_their_choices_and_the_next_command(instance: Instance):
    result = run(instance, instance.write("accounts.csv", "account_id,account_name,tier", "A-1,Fern,Gold"))

    assert "? Which tier is 'Gold'?" in result.output
    assert "1 | 2 | 3 | 4 | custom" in result.output
    assert "Then: evenbook import --answers " in result.output


def test_a_dry_run_says_would(instance: Instance):
    result = run(instance, instance.write("accounts.csv", "account_id,account_name", "A-1,Fern"), "--dry-run")

    assert "Would load 1 rows" in result.output


def test_the_answers_it_wrote_load_what_waited(instance: Instance):
    path = instance.write("accounts.csv", "account_id,account_name,tier", "A-1,Fern,Gold")
    run(instance, path)
    answers = next((instance.home / "rejects").glob("*-answers.yaml"))
    answers.write_text(answers.read_text().replace("answer: null", "answer: '1'"))
    result = run(instance, "--answers", answers, "--json")

    assert json.loads(result.output)["files"][0]["created"] == 1 and result.return_value == 0
