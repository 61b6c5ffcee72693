"""How each command ends: 0 done, 1 something waits for a person, 2 could not run; refusals are sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evenbook.kit.findings import Finding
from evenbook.site.cli import COMMANDS, run

pytestmark = pytest.mark.django_db(transaction=True)

AS_OLU = ("--as", "olu@example.com")
"""Operations."""
Ends = Callable[..., tuple[int, str]]


@pytest.fixture
def ends(tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> Ends:
    """Return a function that runs a command and gives its exit code and all that it printed."""
    settings.EVENBOOK_HOME = tmp_path
    settings.EVENBOOK_DEMO = False

    def ended(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return ended


@pytest.fixture
def team() -> Any:
    from tests.pages import company

    return company.build()


def test_what_a_command_is_for_is_no_finding(ends: Ends, team: Any) -> None:
    assert ends("hotsheet")[0] == ends("hotsheet", "--json")[0] == 0
    assert ends("why", "a-00001")[0] == ends("why", "a-00001", "--json")[0] == 0
    assert ends("measures")[0] == ends("measures", "nrr")[0] == ends("user", "list")[0] == 0
    assert ends("policy", "show")[0] == ends("policy", "history")[0] == ends("policy", "diff")[0] == 0


def test_what_waits_for_a_person_ends_with_1(ends: Ends, team: Any, tmp_path: Path) -> None:
    code, said = ends("audit")
    assert code == 1 and "are missing." in said
    assert ends("audit", "--requires", "health_review_log")[0] == 0
    assert ends("why", "kestrel")[0] == 1
    rows = tmp_path / "accounts.csv"
    rows.write_text(
        "account name,owner,arr,start date\nOne Ltd,Ben,100,03/04/2025\nTwo Ltd,Ben,100,05/06/2025\n"
    )
    code, said = ends("import", rows, "--json", *AS_OLU)
    assert (code == 1) == bool(json.loads(said)["questions"] or json.loads(said)["rejects_file"])


def test_an_opening_that_waits_past_its_day_ends_with_1(ends: Ends, team: Any) -> None:
    from datetime import timedelta

    from tests.pages.company import NOW

    from evenbook.expansion.actions import raise_hand

    assert ends("expansion", "openings")[0] == ends("expansion", "list")[0] == 0
    raise_hand(team.accounts[7].pk, source="product", key="k", now=NOW - timedelta(days=30))
    code, said = ends("expansion", "openings")
    assert code == 1 and "1 opening waits past the day." in said


def test_a_week_that_nobody_may_store_waits_for_somebody_who_may(ends: Ends, team: Any) -> None:
    code, said = ends("week")
    assert code == 1 and "Nothing was stored: nobody who may write was named" in said
    assert ends("week", "--as-of", "2026-02-02")[0] == 0
    code, said = ends("week", *AS_OLU)
    assert code == 0 and said.endswith("is stored.\n")


def test_a_week_says_that_usage_is_missing(ends: Ends, team: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = Finding("1 usage feed has stopped: product.", "Find out why.")
    monkeypatch.setattr("evenbook.site.cli.week.usage_feeds", lambda now: stopped)
    alarm = "Data: 1 usage feed has stopped: product. See `evenbook doctor`."
    assert alarm in ends("week", *AS_OLU)[1]
    assert "Data:" not in ends("week", "--as-of", "2026-03-02")[1]


def test_a_week_is_told_in_lines_that_fit_and_names_what_it_leaves_out(
    ends: Ends, team: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenbook.site.cli.week.SHOWN", 1)
    said = ends("week", "--as-of", "2026-03-09")[1]
    assert re.search(r"… and \d more: --json lists all.", said)
    assert "Retention: NRR" in said and "Covered: " in said
    assert said.endswith("Nothing was stored: a past day is only looked at.\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["why", "zzz nobody"], "No account that you may open is called 'zzz nobody'"),
        (["why"], "Missing argument 'ACCOUNT'"),
        (["audit", "--as-of", "2026-13-01"], "'2026-13-01' is not a day"),
        (["audit", "--as-of", "2999-01-01"], "has not come yet"),
        (["audit", "--tier", "9"], "9 is not in the range"),
        (["audit", "--requires", "poem"], "There is no artifact 'poem'"),
        (["audit", "--owner", "nobodyatall"], "Nobody who owns accounts is called"),
        (["hotsheet", "--as-of", "monday"], "'monday' is not a day"),
        (["hotsheet", "--top", "0"], "0 is not in the range"),
        (["hotsheet", "--colour"], "No such option '--colour'"),
        (["week", "--as-of", "2999-01-01"], "has not come yet"),
        (["week", "--as-of", "2026-02-02", "--restate"], "nobody who may write was named"),
        (["week", "--as", "stranger@evenbook.example"], "Nobody here has the address"),
        (["measures", "poem"], "There is no measure 'poem'"),
        (["import", "/nowhere/at/all.csv", *AS_OLU], "/nowhere/at/all.csv"),
        (["import", "x.csv"], "nobody who may write was named"),
        (["policy", "show", "poem"], "poem"),
        (["policy", "set", "hotsheet.share", "12", *AS_OLU], "hotsheet.share must be"),
        (["policy", "set", "hotsheet.share", "0.2", "--as", "ben@example.com"], "Only operations may change"),
        (["policy", "set", "hotsheet.share", "0.2"], "nobody who may write was named"),
        (["policy", "import", "/nowhere.yaml", *AS_OLU], "There is no file /nowhere.yaml"),
        (["policy", "diff", "1", "99"], "The policy has no version 99"),
        (["user", "add", "no-address", "--name", "N", "--role", "csm"], "is not a mail address"),
        (["serve", "--port", "99999"], "99999 is not in the range"),
        (["demo", "--accounts", "0"], "0 is not in the range"),
        (["bench", "week", "--accounts", "many"], "give whole numbers"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_run_ends_with_2_and_says_why(ends: Ends, team: Any, words: list[str], says: str) -> None:
    code, said = ends(*words)
    assert code == 2 and says in said
    assert "Traceback" not in said


@pytest.mark.parametrize("words", [["why", "zzz nobody"], ["audit", "--tier", "9"], ["measures", "poem"]])
def test_for_programs_a_refusal_is_one_document(ends: Ends, team: Any, words: list[str]) -> None:
    code, said = ends(*words, "--json")
    assert code == 2 and {"error", "what", "fix"} <= set(json.loads(said))


def test_a_policy_file_with_errors_is_refused_with_each_of_them_and_changes_nothing(
    ends: Ends, team: Any, tmp_path: Path
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("hotsheet:\n  share: 12\n  poem: 1\ncapacity:\n  monthly_hours: many\n")
    code, said = ends("policy", "import", file, "--note", "x", *AS_OLU)
    assert code == 2
    assert all(path in said for path in ("hotsheet.share", "hotsheet.poem", "capacity.monthly_hours"))
    assert "Version 2" not in ends("policy", "history")[1]
    file.write_text("hotsheet: [")
    assert ends("policy", "import", file, *AS_OLU)[0] == 2


def test_commands_that_never_leave_anything_waiting_say_so() -> None:
    assert [name for name, known in COMMANDS.items() if known.waits] == [
        "acknowledge",
        "acknowledge-reviews",
        "audit",
        "book",
        "calibrate",
        "close",
        "decisions",
        "doctor",
        "expansion",
        "import",
        "record-cohort",
        "replay",
        "reviews",
        "runs",
        "tiers",
        "week",
        "why",
    ]
