"""Mails through the API: listed for everybody, chosen by people alone."""

from __future__ import annotations

from typing import Any

from evenbook.people.models import MailChoice

JSON = "application/json"


def test_a_token_lists_mails_and_chooses_none(program: Any) -> None:
    client = program("operations", "read", "write")
    items = client.get("/api/v1/mails").json()["items"]
    assert [each["kind"] for each in items] == [
        "own_load", "early_warnings", "weekly_audit", "pool_overdue", "hot_sheet", "decisions", "monthly_pack",
        "openings", "handoff", "raised_hands", "report_daily", "report_weekly", "report_quarterly", "report_yearly",
    ]  # fmt: skip
    assert not any(each["chosen"] for each in items)
    assert [each["kind"] for each in items if not each["wanted"]] == ["report_daily"]
    answer = client.put("/api/v1/mails", {"mails": {"handoff": False}}, content_type=JSON)
    assert answer.status_code == 422 and answer.json()["type"].endswith("mails-refused")
    assert not MailChoice.objects.exists()


def test_a_person_reads_what_they_chose(team: Any, client: Any) -> None:
    client.force_login(team.users["ben"])
    client.post("/me/mails", {"mail": ["own_load"]})
    items = client.get("/api/v1/mails").json()["items"]
    assert {each["kind"]: (each["wanted"], each["chosen"]) for each in items}["handoff"] == (False, True)
