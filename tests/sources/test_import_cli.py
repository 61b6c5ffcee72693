"""``evenbook import``: what it prints, what it exits with, who may."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.sources.actions.importing import ImportRefused
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
    assert result.output.rstrip().endswith("1 row read: 1 created.")


def test_it_exits_with_1_and_says_where_when_rows_are_rejected(instance: Instance):
    result = run(instance, instance.write("accounts.csv", "account_id,account_name,arr", "A-1,Fern,-5"))

    assert result.return_value == 1
    assert "accounts.csv, row 2: arr: " in result.output
    assert "Each row with its reason: " in result.output


def test_questions_are_printed_with_their_choices_and_the_next_command(instance: Instance):
    result = run(instance, instance.write("accounts.csv", "account_id,account_name,tier", "A-1,Fern,Gold"))

    assert "? Which tier is 'Gold'?" in result.output
    assert "1 | 2 | 3 | 4 | custom" in result.output
    assert "Then: evenbook import --answers " in result.output


def test_a_dry_run_says_would(instance: Instance):
    result = run(instance, instance.write("accounts.csv", "account_id,account_name", "A-1,Fern"), "--dry-run")

    assert "A dry run: nothing was loaded. 1 row would be read: 1 created." in result.output


def test_a_dry_run_writes_its_rejects_where_it_is_told(instance: Instance):
    path = instance.write("accounts.csv", "account_id,account_name,arr", "A-1,Fern,-5")
    asked = instance.folder / "out.csv"

    assert json.loads(run(instance, path, "--dry-run", "--json").output)["rejects_file"] is None
    found = json.loads(run(instance, path, "--dry-run", "--rejects", asked, "--json").output)
    assert found["rejects_file"] == str(asked) and "A-1" in asked.read_text(encoding="utf-8")
    assert isinstance(run(instance, path, "--rejects", asked).exception, ImportRefused)


def test_a_dry_run_says_how_to_answer_beforehand(instance: Instance):
    path = instance.write("accounts.csv", "account_id,account_name,tier", "A-1,Fern,Gold")
    dry = run(instance, path, "--dry-run")
    question = json.loads(run(instance, path, "--dry-run", "--json").output)["questions"][0]["id"]
    assert "write a line 'id: choice'" in dry.output or "write a file with a line 'id: choice'" in dry.output

    answers = instance.folder / "answers.yaml"
    answers.write_text(f"{question}: 1\n", encoding="utf-8")
    found = json.loads(run(instance, path, "--answers", answers, "--json").output)
    assert found["files"][0]["created"] == 1 and not found["questions"]


def test_a_file_that_nobody_knows_comes_with_where_its_mapping_is(instance: Instance):
    result = run(instance, instance.write("things.csv", "color,shape", "red,round", "blue,square"))

    assert f"column by column in {instance.home / 'mappings' / 'things.yaml'}" in result.output


def test_the_answers_it_wrote_load_what_waited(instance: Instance):
    path = instance.write("accounts.csv", "account_id,account_name,tier", "A-1,Fern,Gold")
    run(instance, path)
    answers = next((instance.home / "rejects").glob("*-answers.yaml"))
    answers.write_text(answers.read_text().replace("answer: null", "answer: '1'"))
    result = run(instance, "--answers", answers, "--json")

    assert json.loads(result.output)["files"][0]["created"] == 1 and result.return_value == 0
