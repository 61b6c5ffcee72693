"""`evenbook size`: what it prints, how it ends, whom it refuses, and that it needs no instance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.site.test_commands import evenbook
from tests.site.test_deciding_commands import Ends, ends, team  # noqa: F401

from evenbook.sizing.models import Scenario

OLU, LENA, AMARA, BEN, REA = (
    ("--as", f"{name}@example.com") for name in ("olu", "lena", "amara", "ben", "rea")
)
EXAMPLE = (
    "--accounts", "600", "--csms", "3", "--completed-rate", "33%", "--acv", "3,000", "--csm-cost", "150000",
    "--meetings-per-quarter", "1",
)  # fmt: skip
KEYS = (
    "accounts_per_csm", "meetings_per_day", "hours_share", "cost_share_of_arr", "cost_per_account", "verdict",
    "reasons", "nearest_boundary",
)  # fmt: skip


def test_the_worked_example_is_one_document(team: Any, ends: Ends) -> None:  # noqa: F811
    code, printed = ends(*LENA, "size", *EXAMPLE, "--json")
    said = json.loads(printed)

    assert code == 0 and set(KEYS) <= set(said)
    assert said["accounts_per_csm"] == 200 and said["cost_per_account"] == 750
    assert said["meetings_per_day"] == {"planned": pytest.approx(10 / 3, abs=1e-6), "reachable": 1.1}
    assert said["hours_share"] == {"planned": pytest.approx(5 / 6, abs=1e-6), "reachable": 0.275}
    assert (said["cost_share_of_arr"], said["verdict"], len(said["reasons"])) == (0.25, "split_machine", 3)
    assert said["nearest_boundary"]["verdict"] == "pooled_leverage"


def test_with_everything_typed_no_instance_is_needed_and_none_is_made(tmp_path: Path) -> None:
    home = tmp_path / "nothing"
    done = evenbook(home, "size", *EXAMPLE, "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "split_machine"
    assert not (home / "evenbook.sqlite3").exists()
    done = evenbook(home, "size", "--accounts", "600")
    assert done.returncode == 2 and "There is no instance" in done.stderr


def test_an_instance_without_a_week_has_policys_numbers(db: None, ends: Ends) -> None:  # noqa: F811
    said = json.loads(ends("size", "--json")[1])

    assert said["as_of"] is None and {row["provenance"] for row in said["inputs"]} == {"assumed"}
    assert ends("size", "plan")[0] == 2


def test_what_is_not_typed_is_measured_and_told(team: Any, ends: Ends) -> None:  # noqa: F811
    code, said = ends(*LENA, "size")

    assert code == 0 and "measured" in said and "assumed default" in said
    assert "Enterprise: " in said and said.splitlines()[-1].startswith("size: ")
    assert "Mid-Market" in ends(*LENA, "size", "--segment", "Mid-Market")[1]
    assert "CSM is needed" in ends(*LENA, "size", "--csms", "0")[1]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--completed-rate", "33"), "over 100%"),
        (("--accounts", "0"), "without an account"),
        (("--acv", "-3"), "below zero"),
        (("--acv", "nan"), "no number"),
        (("--csm-cost", "many"), "no number"),
        (("--meetings-per-quarter", "1e9"), "more than makes sense"),
        (("--segment", "Space"), "No account is of the segment 'Space'"),
        (("--segment", "x", "--tier", "1"), "two questions"),
        (("--as-of", "1999-01-01"), "No week is stored"),
    ],
)
def test_what_can_not_be_is_refused_in_words(team: Any, ends: Ends, words: tuple[str, ...], why: str) -> None:  # noqa: F811
    code, said = ends(*LENA, "size", *words)

    assert code == 2 and why in said, said


def test_a_csm_sizes_nothing_and_a_leader_their_team(team: Any, ends: Ends) -> None:  # noqa: F811
    assert ends(*BEN, "size")[0] == ends(*BEN, "size", "plan")[0] == 2
    own = json.loads(ends(*AMARA, "size", "--json")[1])
    whole = json.loads(ends(*LENA, "size", "--json")[1])
    assert own["inputs"][0]["value"] < whole["inputs"][0]["value"] == 8


def test_a_plan_is_printed_kept_and_the_same_again(team: Any, ends: Ends) -> None:  # noqa: F811
    code, said = ends(*LENA, "size", "plan", "--seed", "3")
    assert code == 0 and "What if: " in said and said.splitlines()[-1].startswith("size: ")
    one, other = (json.loads(ends(*LENA, "size", "plan", "--json")[1]) for _ in range(2))
    assert one == other and len(one["months"]) == 12
    assert json.loads(ends(*LENA, "size", "plan", "--keep", "--json")[1])["id"] > 0
    for words in (("--leaver", "nobody"), ("--hired-in", "15")):
        assert ends(*LENA, "size", "plan", *words)[0] == 2
    assert ends(*REA, "size", "plan", "--keep")[0] == 2


def test_scenarios_are_saved_listed_and_dropped(team: Any, ends: Ends) -> None:  # noqa: F811
    assert ends(*LENA, "size", "save", "Five", "--csms", "5")[0] == 0
    assert ends(*LENA, "size", "save", "Five", "--csms", "6")[0] == 2
    assert ends(*BEN, "size", "save", "Mine")[0] == ends("size", "save", "Nobody's")[0] == 2
    (row,) = json.loads(ends(*OLU, "size", "scenarios", "--json")[1])
    assert row["name"] == "Five" and row["inputs"]["csms"] == 5
    assert "Five" in ends(*OLU, "size", "scenarios")[1]
    assert ends(*OLU, "size", "drop", row["id"])[0] == 0 and ends(*OLU, "size", "drop", 987654)[0] == 2
    assert Scenario.objects.get().dropped_by == "Olu Danjuma"


def test_steps_are_shown_marked_and_taken_back(team: Any, ends: Ends) -> None:  # noqa: F811
    assert "size: 0 of 7 steps are done." in ends(*LENA, "size", "steps")[1]
    assert ends(*OLU, "size", "steps", "--done", "pick", "--choice", "white_glove")[0] == 0
    rows = json.loads(ends(*LENA, "size", "steps", "--json")[1])
    assert [row["is_done"] for row in rows] == [False, True, *[False] * 5]
    assert (
        ends(*OLU, "size", "steps", "--done", "pick")[0]
        == ends(*AMARA, "size", "steps", "--undo", "pick")[0]
        == 2
    )
    assert "size: 0 of 7" in ends(*OLU, "size", "steps", "--undo", "pick")[1]
