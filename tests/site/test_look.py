"""``hotsheet``, ``audit`` and ``why``: what they answer, to whom, and that looking changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from evenbook.book.models import Account, AccountAlias
from evenbook.capacity.models import RoleWeek
from evenbook.closures.models import Requirement
from evenbook.closures.rules.diagnosis import DIAGNOSES
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer
from evenbook.policy.actions import ensure_first
from evenbook.runs.models import Run
from evenbook.site.chain import NoSuchAccount
from evenbook.site.cli.days import NotYet
from evenbook.site.cli.look import NotKnown, audit, hotsheet, why
from evenbook.site.document import week_document
from evenbook.site.weekly import compute
from evenbook.states.models import Standing

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """The person at the command line."""

    viewer: Viewer
    home: Path
    now: datetime = NOON

    def ready(self) -> None:
        ensure_first(self.now)


Ask = Callable[..., Result]


@pytest.fixture
def team() -> Any:
    from tests.pages import company

    return company.build()


@pytest.fixture
def ask(team: Any, tmp_path: Path) -> Ask:
    def asked(command: click.Command, *words: str, by: str = "lena") -> Result:
        desk = Desk(viewer_of(team.users[by]), tmp_path)
        return CliRunner().invoke(command, list(words), obj=desk, standalone_mode=False)

    return asked


def told(result: Result) -> Any:
    assert result.exception is None, result.exception
    return json.loads(result.output)


def test_the_hot_sheet_is_that_of_the_newest_week_in_order(ask: Ask) -> None:
    result = ask(hotsheet, "--json")
    document = told(result)
    rows = document["hotsheet"]
    assert result.return_value == 0
    assert (document["as_of"], document["policy_version"], document["currency"]) == ("2026-03-09", 1, "USD")
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    assert rows[0]["expected_arr_at_risk"] == pytest.approx(rows[0]["arr"] * 0.465)
    assert rows[0]["owner"] in {"ben", "chidi"} and rows[0]["owner_name"]
    assert rows[0]["reasons"][0] == {
        "signal": "usage",
        "points": 34.5,
        "text": "Weekly users 64 → 31 in four weeks.",
    }


def test_the_top_of_the_sheet_is_its_beginning(ask: Ask) -> None:
    whole, top = told(ask(hotsheet, "--json")), told(ask(hotsheet, "--json", "--top", "2"))
    assert top["hotsheet"] == whole["hotsheet"][:2]


def test_the_sheet_reads_as_a_table_with_one_clear_line_at_the_end(ask: Ask) -> None:
    lines = ask(hotsheet).output.splitlines()
    assert lines[0] == "Hot sheet as of 2026-03-09, policy version 1, money in USD."
    assert lines[-1] == "hotsheet: 3 accounts are on it."


def test_a_long_sheet_is_cut_and_the_rest_is_counted(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenbook.site.cli.look.SHOWN", 2)
    output = ask(hotsheet).output
    assert "… and 1 more; --top 3 or --json lists all." in output
    assert "… and" not in ask(hotsheet, "--top", "3").output
    assert ask(hotsheet, "--top", "1").output.endswith("hotsheet: 3 accounts are on it.\n")


def test_a_csm_sees_their_own_book_alone(ask: Ask, team: Any) -> None:
    own = {account.key for account in team.of("ben")}
    rows = told(ask(hotsheet, "--json", by="ben"))["hotsheet"]
    missing = told(ask(audit, "--json", by="ben"))["missing"]
    assert {row["account"] for row in rows} | {row["account"] for row in missing} <= own
    assert ask(hotsheet, by="chidi").return_value == 0
    assert told(ask(audit, "--json", by="ben"))["accounts"] == len(own)


@pytest.mark.parametrize("kind", ["check_in_note", "renewal_risk_brief", "health_review_log"])
def test_the_three_counts_of_one_artifact_add_up(ask: Ask, kind: str) -> None:
    found = told(ask(audit, "--json", "--requires", kind))
    assert found["accounts"] == Requirement.objects.filter(kind=kind).count()
    assert found["accounts"] == found["required"] + found["not_yet_due"]
    assert found["required"] == found["current"] + len(found["missing"])
    assert found["covered"] == found["current"]
    if found["required"]:
        assert found["share_by_count"] == pytest.approx(found["current"] / found["required"], abs=1e-6)


def test_what_is_missing_stands_in_order_of_revenue_with_its_owner_and_since_when(ask: Ask) -> None:
    result = ask(audit, "--json", "--requires", "check_in_note")
    missing = told(result)["missing"]
    arr = [row["arr"] for row in missing if row["arr"] is not None]
    assert result.return_value == 1
    assert arr == sorted(arr, reverse=True) and [row["arr"] for row in missing][: len(arr)] == arr
    assert set(missing[0]) == {
        "account", "account_name", "arr", "currency", "owner", "owner_name", "requirement", "since",
        "diagnosis", "decided", "evidence",
    }  # fmt: skip
    assert missing[0]["since"] == "2026-03-02" and missing[0]["diagnosis"] == "not_clear"


def test_of_all_artifacts_an_account_without_a_gap_is_covered(ask: Ask) -> None:
    found = told(ask(audit, "--json"))
    gaps = Requirement.objects.filter(status__in=["missing", "expired"])
    assert found["covered"] == Account.objects.exclude(pk__in=gaps.values("account")).count()
    assert len(found["missing"]) == gaps.count()
    assert found["share_by_count"] == pytest.approx(found["covered"] / found["accounts"], abs=1e-6)


def test_tier_and_owner_narrow_the_audit_by_key_or_by_name(ask: Ask) -> None:
    by_key, by_name = (told(ask(audit, "--json", "--owner", who)) for who in ("ben", "ben adler"))
    assert by_key == by_name and {row["owner"] for row in by_key["missing"]} == {"ben"}
    tiers = [told(ask(audit, "--json", "--tier", str(tier)))["accounts"] for tier in (1, 2, 3, 4)]
    assert sum(tiers) == told(ask(audit, "--json"))["accounts"]
    assert told(ask(audit, "--json", "--owner", "pool:digital"))["accounts"] == 3


def test_an_audit_without_gaps_ends_with_0(ask: Ask) -> None:
    result = ask(audit, "--requires", "health_review_log")
    assert result.return_value == 0
    assert result.output.splitlines()[-1] == "audit: nothing is missing."


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        (["--requires", "poem"], NotKnown, "There is no artifact 'poem'"),
        (["--owner", "benn"], NotKnown, "ben (Ben Adler)"),
        (["--as-of", "2026-03-11"], NotYet, "11 March 2026 has not come yet"),
        (["--as-of", "yesterday"], click.BadParameter, "'yesterday' is not a day"),
        (["--tier", "5"], click.BadParameter, "5 is not in the range"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    ask: Ask, words: list[str], kind: type[Exception], said: str
) -> None:
    error = ask(audit, *words).exception
    assert isinstance(error, kind)
    assert said in (error.format_message() if isinstance(error, click.ClickException) else str(error))


def test_an_account_is_found_by_key_id_domain_and_exact_name(ask: Ask) -> None:
    AccountAlias.objects.create(
        account=Account.objects.get(key="a-00001"), source="crm", external_id="0015g00000Ab1"
    )
    for name in ("a-00001", "0015g00000Ab1", "https://www.account1.example/", "KESTREL  bio"):
        assert told(ask(why, name, "--json"))["account"] == "a-00001", name


def test_a_merged_account_is_found_as_the_one_it_became(ask: Ask) -> None:
    Account.objects.filter(key="a-00003").update(merged_into=Account.objects.get(key="a-00001"))
    assert told(ask(why, "a-00003", "--json"))["account"] == "a-00001"


@pytest.mark.parametrize("text", ["kestrel", "account1.ex", "kestrel bioo"])
def test_a_doubtful_name_lists_candidates_and_ends_with_1(ask: Ask, text: str) -> None:
    result = ask(why, text, "--json")
    assert result.return_value == 1
    assert "a-00001" in [row["account"] for row in told(result)["candidates"]]
    assert "why: say which" in ask(why, text).output


def test_a_name_of_nothing_is_refused(ask: Ask) -> None:
    error = ask(why, "zzz nobody").exception
    assert isinstance(error, NoSuchAccount) and "'zzz nobody'" in str(error)


def test_a_csm_may_not_ask_why_of_a_colleagues_account(ask: Ask, team: Any) -> None:
    assert isinstance(ask(why, team.of("chidi")[0].key, by="ben").exception, NoSuchAccount)
    assert told(ask(why, team.of("ben")[0].key, "--json", by="ben"))["owner"] == "ben"


def test_the_chain_goes_from_the_owner_to_the_last_facts_and_its_parts_add_up(ask: Ask) -> None:
    chain = told(ask(why, "a-00002", "--json"))
    assert (chain["as_of"], chain["policy_version"], chain["owner_name"]) == ("2026-03-09", 1, "Ben Adler")
    assert chain["state"]["state"] == "at_risk"
    assert chain["state"]["transitions"][0]["from_state"] == "healthy"
    assert chain["score"]["value"] == 100 + sum(term["points"] for term in chain["score"]["terms"])
    effort = chain["effort"]["base_hours"]
    for factor in chain["effort"]["factors"]:
        effort *= factor["multiplier"]
    assert effort * chain["effort"]["cap_and_centering"] == pytest.approx(chain["effort"]["hours"], abs=0.01)
    assert [need["requirement"] for need in chain["coverage"]]
    assert chain["hotsheet"]["rank"] == 1 and chain["hotsheet"]["of"] == 3
    assert chain["signals"][0]["signal_name"] == "Usage fell"
    days = [fact["on"] for fact in chain["facts"]]
    assert days == sorted(days, reverse=True) and len(days) == 8


def test_the_chain_says_whose_the_hours_are(ask: Ask, team: Any) -> None:
    assert told(ask(why, "a-00002", "--json"))["effort"]["roles"] == []
    given = {"run": team.run, "account": team.accounts[2], "works": False, "hours": 0.36}
    RoleWeek.objects.create(role="expansion", person=team.people["chidi"], **given)
    RoleWeek.objects.create(role="onboarding", pool=team.pool, **{**given, "works": True})

    first, second = told(ask(why, "a-00002", "--json"))["effort"]["roles"]
    assert (first["role"], first["holder"], first["works"]) == ("onboarding", "pool:digital", True)
    assert (second["role_name"], second["holder_name"], second["hours"]) == (
        "Expansion owner",
        "Chidi Eze",
        0.36,
    )
    text = ask(why, "a-00002").output
    assert "0.36 of them: onboarding owner Digital, works it now" in text
    assert "0.36 of them: expansion owner Chidi Eze" in text


def test_the_chain_reads_on_a_terminal(ask: Ask) -> None:
    text = ask(why, "a-00002").output
    for line in (
        "Harbor Freight Lines (a-00002)",
        "Owner      Ben Adler",
        "Hot sheet  1 of 3",
        "Last facts ",
    ):
        assert line in text


def test_names_from_outside_cannot_command_the_terminal(ask: Ask) -> None:
    Account.objects.filter(key="a-00002").update(name="[red]Bad\x1b[2J\x07 Co[/red]")
    for result in (ask(why, "a-00002"), ask(hotsheet), ask(audit)):
        assert result.exception is None
        assert "\x1b" not in result.output and "\x07" not in result.output
    assert "[red]Bad [2J  Co[/red]" in ask(hotsheet).output


def test_a_day_that_was_not_run_is_worked_out_and_nothing_is_kept(ask: Ask, team: Any) -> None:
    before = (list(Run.objects.values_list("pk", "as_of", "is_current")), Standing.objects.count())
    chain = told(ask(why, "a-00000", "--json", "--as-of", "2026-02-01"))
    assert chain["as_of"] == "2026-02-01" and chain["owner_name"] == "Ben Adler"
    assert chain["facts"] and all(fact["on"] <= "2026-02-01" for fact in chain["facts"])
    assert all(change["on"] <= "2026-02-01" for change in chain["state"]["transitions"])
    found = told(ask(audit, "--json", "--as-of", "2026-02-01", "--requires", "check_in_note"))
    assert found["as_of"] == "2026-02-01" and found["accounts"] > 0
    assert (list(Run.objects.values_list("pk", "as_of", "is_current")), Standing.objects.count()) == before


def test_coverage_of_a_day_that_was_not_run_is_that_of_its_whole_week(
    ask: Ask, team: Any, tmp_path: Path
) -> None:
    day = date(2026, 2, 1)
    found = told(ask(audit, "--json", "--as-of", day.isoformat()))
    computed = compute(day, home=tmp_path)
    with computed.session as session:
        whole = week_document(session, day, policy_version=computed.policy_version)["coverage"]
    assert (found["accounts"], found["covered"]) == (whole["accounts"], whole["covered"])
    assert found["missing"]


def test_without_any_run_today_is_worked_out(ask: Ask, team: Any) -> None:
    Run.objects.all().delete()
    found = told(ask(audit, "--json"))
    assert date.fromisoformat(found["as_of"]) == NOON.date() and found["accounts"] == 24
    assert not Run.objects.exists()


def test_an_audit_says_of_each_gap_what_is_suggested_and_on_what_evidence(ask: Ask) -> None:
    missing = told(ask(audit, "--json", by="ben"))["missing"]

    assert {each["diagnosis"] for each in missing} <= set(DIAGNOSES)
    assert all(each["evidence"].endswith(".") for each in missing)
    assert {each["decided"] for each in missing} == {None}
    assert "Suggested" in ask(audit, by="ben").output
