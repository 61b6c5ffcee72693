"""`evenbook executive` and `evenbook metrics`: what they print, how they end, whom they refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.site.test_deciding_commands import Ends, ends, team  # noqa: F401

EDDA, AMARA, BEN = (("--as", f"{name}@example.com") for name in ("edda", "amara", "ben"))


def test_retention_is_printed_with_what_moved_it(team: Any, ends: Ends) -> None:  # noqa: F811
    code, said = ends(*EDDA, "executive")

    assert code == 0 and said.startswith("Retention of all customers as of 2026-03-09")
    assert "+ expansion" in said, said
    assert "End of the cohort" in said
    assert "Cohort of 2024 Q1:" in said and said.endswith("executive: NRR 107%, GRR 91%.\n")


def test_metrics_are_printed_and_what_is_missing_is_named(team: Any, ends: Ends) -> None:  # noqa: F811
    code, said = ends(*AMARA, "metrics")

    assert code == 0 and "not recorded" in said and "under GRR" in said
    assert "Renewal forecast accuracy: No record says" in said


def test_as_json_each_is_one_document(team: Any, ends: Ends) -> None:  # noqa: F811
    own = json.loads(ends(*BEN, "executive", "--json")[1])
    tiers = json.loads(ends(*BEN, "metrics", "--json")[1])

    assert (own["subject_kind"], own["subject"]) == ("csm", "ben")
    assert [each["id"] for each in tiers["people"]] == ["ben"]


@pytest.mark.parametrize("command", ["executive", "metrics"])
def test_a_team_that_is_not_theirs_is_refused(team: Any, ends: Ends, command: str) -> None:  # noqa: F811
    code, said = ends(*AMARA, command, "--team", "South")

    assert code == 2 and "There is no team 'South' whose figures you may see." in said


def test_reports_are_listed_shown_and_written(team: Any, ends: Ends, tmp_path: Any) -> None:  # noqa: F811
    code, said = ends(*AMARA, "reports")
    assert (
        code == 0
        and "Daily alerts" in said
        and said.endswith("reports: 0 reports are proposed for removal.\n")
    )
    code, said = ends(*AMARA, "reports", "weekly", "--pdf", tmp_path / "week.pdf")
    assert code == 0 and "Stand-up: " in said and (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF")
    told = json.loads(ends(*AMARA, "reports", "quarterly", "--json")[1])
    assert told["period"] == "2026-Q1" and told["parts"][0]["part"] == "retention"
    assert json.loads(ends(*AMARA, "reports", "--json")[1])["reports"][0]["report"] == "daily"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((*BEN, "reports", "weekly"), "There is no such report for you."),
        ((*AMARA, "reports", "hourly"), "There is no such report for you."),
        ((*AMARA, "reports", "--pdf", "x.pdf"), "A PDF is of one report."),
        ((*AMARA, "reports", "weekly", "--pdf", "/none/there/x.pdf"), "can't be written"),
    ],
)
def test_what_reports_refuse(team: Any, ends: Ends, words: tuple[str, ...], why: str) -> None:  # noqa: F811
    code, said = ends(*words)

    assert code == 2 and why in said
