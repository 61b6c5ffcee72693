"""Which mails go out: what policy says, unless whoever it is for chose otherwise; pools tell their lead."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.closures.owing import owed, viewer
from tests.closures.test_warning_kept import later, look_at, overdue
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company

from evenbook.desk.actions import choose
from evenbook.desk.queries.mails import chosen_mails
from evenbook.messages.models import Mail
from evenbook.people.mail_choices import MailsRefused
from evenbook.people.models import AuditEntry, MailChoice
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first

OFF = {"closures": {"warning_mails": False, "audit_mails": False, "pool_mails": False}}


@pytest.fixture
def policy() -> dict[str, Any]:
    return {}


@pytest.fixture
def team(db: None, settings: Any, policy: dict[str, Any]) -> Company:
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"
    ensure_first(company.LONG_AGO, but=policy)
    return company.build(8)


def sent() -> set[tuple[str, str]]:
    return {(to, key.rstrip("0123456789-")) for to, key in Mail.objects.values_list("to", "key")}


def test_who_chose_otherwise_gets_no_mail_and_the_others_do(team: Company) -> None:
    choose(viewer("ben"), {"own_load": False}, now=NOW)
    choose(viewer("amara"), {"weekly_audit": False, "early_warnings": True}, now=NOW)
    overdue(team, 21)
    look_at(team.run)

    assert sent() == {
        ("amara@example.com", "early-warnings"),
        ("lena@example.com", "early-warnings"),
        ("lena@example.com", "audit"),
    }


@pytest.mark.parametrize("policy", [OFF])
def test_who_chose_a_mail_gets_it_where_policy_sends_none(team: Company) -> None:
    choose(viewer("lena"), {"weekly_audit": True}, now=NOW)
    overdue(team, 21)
    look_at(team.run)

    assert sent() == {("lena@example.com", "audit")}


def of_pool(team: Company, count: int, due_on: date, **more: Any) -> None:
    for number in range(count):
        event = f"crm:{due_on}-{number}-{len(more)}"
        owed(team.accounts[number], by=team.pool, event=event, due_on=due_on, **more)


def test_the_lead_of_a_pool_is_told_once_a_week_in_which_some_of_it_is_newly_overdue(team: Company) -> None:
    of_pool(team, 2, AS_OF - timedelta(days=40))
    look_at(team.run)
    assert not Mail.objects.filter(key__startswith="pool-").exists()
    of_pool(team, 3, AS_OF - timedelta(days=1))
    of_pool(team, 3, AS_OF - timedelta(days=2), kind="silent_account", cohort_on=date(2026, 2, 23))
    of_pool(team, 1, AS_OF)
    look_at(team.run)
    look_at(team.run)

    mail = Mail.objects.get(key__startswith="pool-")
    assert (mail.to, mail.subject) == ("chidi@example.com", "6 loops of Digital overdue")
    assert "6 loops of the pool Digital are overdue, 4 of them since last week" in mail.text
    assert "https://evenbook.example/my-week" in mail.text
    choose(viewer("chidi"), {"pool_overdue": False}, now=NOW)
    of_pool(team, 1, AS_OF + timedelta(days=6))
    look_at(later(team.run, weeks=1))
    assert Mail.objects.filter(key__startswith="pool-").count() == 1


def test_choices_are_kept_recorded_and_shown(team: Company) -> None:
    assert not any(each.is_chosen for each in chosen_mails(viewer("ben")))
    left_off = {each.of.kind for each in chosen_mails(viewer("ben")) if not each.is_wanted}
    assert left_off == {"report_daily"}
    assert choose(viewer("ben"), {"handoff": False}, now=NOW)
    assert not choose(viewer("ben"), {"handoff": False}, now=NOW)
    found = {each.of.kind: (each.is_wanted, each.is_chosen) for each in chosen_mails(viewer("ben"))}
    assert found["handoff"] == (False, True) and found["own_load"] == (True, False)
    assert list(AuditEntry.objects.filter(what="mails.chosen").values_list("after", flat=True)) == [
        {"handoff": False}
    ]


def test_a_mail_that_there_is_not_and_a_choice_of_nobody_are_refused(team: Company) -> None:
    for by, wanted in ((viewer("ben"), {"new_password": False}), (SYSTEM, {"handoff": False})):
        with pytest.raises(MailsRefused):
            choose(by, wanted, now=NOW)
    assert not MailChoice.objects.exists()


def test_the_page_shows_and_keeps_them(team: Company, client: Any) -> None:
    client.force_login(team.users["rea"])
    page = client.get("/me/mails").content.decode()
    assert (
        page.count(" checked") == 13
        and "always sent" in page
        and "/me/mails" in client.get("/me").content.decode()
    )
    answer = client.post("/me/mails", {"mail": ["own_load", "weekly_audit", "nonsense"]}, follow=True)
    assert "Your choice is kept." in answer.content.decode()
    assert dict(MailChoice.objects.values_list("kind", "is_wanted")) == {
        "early_warnings": False, "pool_overdue": False, "decisions": False, "handoff": False,
        "hot_sheet": False, "openings": False, "raised_hands": False,
        "monthly_pack": False, "report_weekly": False, "report_quarterly": False, "report_yearly": False,
    }  # fmt: skip
    again = client.post("/me/mails", {"mail": ["own_load", "weekly_audit"]}, follow=True)
    assert "Nothing was other than before." in again.content.decode()
