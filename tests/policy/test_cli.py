"""``evenbook policy`` prints, compares, writes and refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evenbook.people.viewer import Viewer
from evenbook.policy.actions import NoteMissing, PolicyMovedOn, PolicyNotYours, ensure_first
from evenbook.policy.cli import policy
from evenbook.policy.queries import NoSuchVersion, latest
from evenbook.policy.rules.document import PolicyRefused

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """The person at the command line, with a clock that moves an hour a command."""

    viewer: Viewer
    now: datetime = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)

    def writer(self) -> Viewer:
        return self.viewer

    def ready(self) -> None:
        ensure_first(self.now)
        self.now += timedelta(hours=1)


@pytest.fixture
def desk(operations: Viewer) -> Desk:
    return Desk(operations)


def run(desk: Desk, *words: str) -> Result:
    return CliRunner().invoke(policy, list(words), obj=desk, standalone_mode=False)


def answer(desk: Desk, *words: str) -> Any:
    result = run(desk, *words, "--json")
    assert result.exception is None, result.exception
    assert result.return_value == 0
    return json.loads(result.output)


def test_one_number_is_shown_with_its_unit_and_reason(desk):
    result = run(desk, "show", "capacity.monthly_hours")

    assert "capacity.monthly_hours = 120  (customer-facing hours a month)" in result.output
    assert "published calibrations" in result.output


def test_all_numbers_are_shown_by_section(desk):
    output = run(desk, "show").output

    assert "Policy version 1" in output and "hotsheet.share" in output and "Effort and capacity" in output


def test_a_table_is_shown_with_its_columns(desk):
    output = run(desk, "show", "capacity.base_hours").output

    assert "tier" in output and "2.4" in output


def test_the_json_of_a_section_is_its_document(desk):
    document = answer(desk, "show", "hotsheet")

    assert document["version"] == 1
    assert list(document["policy"]) == ["hotsheet"]
    assert document["policy"]["hotsheet"]["share"] == 0.12


def test_a_value_is_set_as_a_new_version_and_then_shown_with_who_changed_it(desk):
    changed = answer(desk, "set", "capacity.base_hours[1].hours", "9", "--note", "Measured.")

    assert changed == {
        "version": 2,
        "changes": [
            {"path": "capacity.base_hours[1].hours", "old": 8.0, "new": 9.0, "unit": "hours a month"}
        ],
    }
    assert (
        "Changed from 8 with version 2 by Operations."
        in run(desk, "show", "capacity.base_hours[1].hours").output
    )
    assert answer(desk, "show", "capacity.base_hours[1].hours")["changed"]["version"] == 2


def test_a_past_day_shows_the_numbers_it_had(desk):
    run(desk, "set", "hotsheet.share", "0.2", "--note", "More time.")

    assert answer(desk, "show", "hotsheet.share", "--as-of", "2020-01-01")["value"] == 0.12


def test_a_value_that_cannot_stand_is_refused_and_nothing_is_written(desk):
    result = run(desk, "set", "hotsheet.share", "2", "--note", "All of them.")

    assert isinstance(result.exception, PolicyRefused)
    assert str(result.exception).startswith("hotsheet.share must be at most 1, not '2'.")
    assert latest().number == 1


def test_a_change_without_a_note_is_refused(desk):
    assert isinstance(run(desk, "set", "hotsheet.share", "0.2").exception, NoteMissing)


def test_a_leader_may_read_but_not_set(leader):
    desk = Desk(leader)

    assert run(desk, "show", "hotsheet.share").exception is None
    assert isinstance(run(desk, "set", "hotsheet.share", "0.2", "--note", "x").exception, PolicyNotYours)


def test_a_change_from_a_version_that_has_moved_on_is_refused(desk):
    run(desk, "set", "hotsheet.share", "0.2", "--note", "First.")

    result = run(desk, "set", "hotsheet.share", "0.3", "--note", "Second.", "--expect", "1")

    assert isinstance(result.exception, PolicyMovedOn)


def test_an_exported_file_is_edited_and_imported_and_a_repeat_changes_nothing(desk, tmp_path):
    file = tmp_path / "policy.yaml"
    run(desk, "export", str(file))
    file.write_text(
        file.read_text(encoding="utf-8").replace("  share: 0.12", "  share: 0.15"), encoding="utf-8"
    )

    dry = answer(desk, "import", str(file), "--dry-run")
    assert [change["path"] for change in dry["changes"]] == ["hotsheet.share"]
    assert latest().number == 1

    assert answer(desk, "import", str(file), "--note", "More time.")["version"] == 2
    assert answer(desk, "import", str(file)) == {"version": 2, "changes": []}
    assert "Nothing differs from version 2" in run(desk, "import", str(file)).output


def test_an_export_says_its_version_and_any_version_can_be_had(desk):
    run(desk, "set", "hotsheet.share", "0.2", "--note", "More time.")

    assert run(desk, "export").output.startswith(
        "# Evenbook policy, version 2, adopted 2026-03-09 10:00 UTC by"
    )
    assert "\n  share: 0.12" in run(desk, "export", "--version", "1").output
    assert isinstance(run(desk, "export", "--version", "7").exception, NoSuchVersion)


def test_versions_and_files_are_compared(desk, tmp_path):
    run(desk, "set", "hotsheet.share", "0.2", "--note", "More time.")
    run(desk, "set", "hotsheet.least_rows", "2", "--note", "Two.")
    file = tmp_path / "policy.yaml"
    file.write_text("hotsheet: {share: 0.3}", encoding="utf-8")

    assert "hotsheet.least_rows: 1 -> 2" in run(desk, "diff").output
    assert [each["path"] for each in answer(desk, "diff", "1", "3")["changes"]] == [
        "hotsheet.share",
        "hotsheet.least_rows",
    ]
    assert answer(desk, "diff", "--file", str(file))["changes"][0]["new"] == 0.3
    assert "Nothing differs." in run(desk, "diff", "2", "2").output


def test_the_history_lists_the_newest_first_with_notes_and_changes(desk):
    run(desk, "set", "hotsheet.share", "0.2", "--note", "More time.")

    versions = answer(desk, "history")["versions"]

    assert [each["version"] for each in versions] == [2, 1]
    assert versions[0]["note"] == "More time."
    assert "hotsheet.share: 0.12 -> 0.2" in run(desk, "history").output


@pytest.mark.parametrize(
    ("data", "words"), [(b"\xff\xfe\x00", "not text in UTF-8"), (b"hotsheet: [", "is not YAML")]
)
def test_a_file_that_cannot_be_read_is_refused_in_words(data, words, desk, tmp_path):
    file = tmp_path / "policy.yaml"
    file.write_bytes(data)

    assert words in str(run(desk, "import", str(file), "--note", "x").exception)


def test_a_file_that_is_not_there_is_said(desk, tmp_path):
    assert "There is no file" in str(run(desk, "import", str(tmp_path / "none.yaml")).exception)
    assert "is a folder" in str(run(desk, "import", str(tmp_path)).exception)
