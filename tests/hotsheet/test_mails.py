"""The Monday mail of the hot sheet: to owners their rows, to leaders what does not fit."""

from __future__ import annotations

from typing import Any

import pytest
from tests.hotsheet.kept import begun
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company

from evenbook.desk.actions import choose
from evenbook.hotsheet.actions.mails import tell_of_the_sheet
from evenbook.hotsheet.models import HotRow
from evenbook.hotsheet.rules.letters import Line, of_rows, of_what_does_not_fit
from evenbook.messages.models import Mail
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.runs.queries import Week, week


@pytest.fixture
def team(db: None, settings: Any) -> Company:
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"
    ensure_first(company.LONG_AGO)
    return company.build(24)


def shown() -> Week:
    found = week(SYSTEM)
    assert found is not None
    return found


def test_owners_get_their_rows_once_a_week(team: Company) -> None:
    begun()
    tell_of_the_sheet(shown())
    tell_of_the_sheet(shown())
    mails = {mail.to: mail for mail in Mail.objects.all()}
    owners = {row.person.user.mail for row in HotRow.objects.filter(person__isnull=False) if row.person.user}

    assert owners <= set(mails) and Mail.objects.count() == len(mails)
    ben = mails["ben@example.com"].text
    for row in HotRow.objects.all():
        assert (row.account.name in ben) == (row.person == team.people["ben"])
    assert "Weekly users 64 → 31 in four weeks." in ben and "First: Call the champion." in ben
    assert "By 3 Mar 2026" in ben and "https://evenbook.example/hot-sheet" in ben


def test_work_that_has_begun_has_no_day_any_more(team: Company) -> None:
    begun(acted_on=AS_OF, acted_known_on=AS_OF, act="call")
    tell_of_the_sheet(shown())
    assert "By 3 Mar" not in Mail.objects.get(to="ben@example.com").text


def test_leaders_get_what_does_not_fit_and_nothing_where_all_does(team: Company) -> None:
    tell_of_the_sheet(shown())
    assert not Mail.objects.filter(to__in=["lena@example.com", "amara@example.com"]).exists()
    row = HotRow.objects.filter(person=team.people["ben"]).first()
    assert row is not None
    HotRow.objects.filter(pk=row.pk).update(overflow="hours")
    tell_of_the_sheet(shown())
    mail = Mail.objects.get(to="lena@example.com")

    assert f"1 of {HotRow.objects.count()} rows does" in mail.text
    assert f"{row.account.name} (Ben Adler): no hours left this week" in mail.text
    assert "/hot-sheet?fits=overflow" in mail.text


def test_who_chose_otherwise_gets_none(team: Company) -> None:
    choose(viewer_of(team.users["ben"]), {"hot_sheet": False}, now=NOW)
    tell_of_the_sheet(shown())
    assert not Mail.objects.filter(to="ben@example.com").exists()


def test_without_a_mail_server_nothing_is_posted(team: Company, settings: Any) -> None:
    settings.EVENBOOK_MAIL_URL = ""
    tell_of_the_sheet(shown())
    assert not Mail.objects.exists()


def test_a_long_sheet_is_cut_and_hostile_names_stay_on_their_line() -> None:
    line = Line("Evil\r\nBcc: all", ("One\nreason",), "", "new on the sheet", "3 Mar 2026")
    letter = of_rows("Ben\nX", [line] * 10, total=14, day="9 Mar 2026", link="x")

    assert letter.subject == "Hot sheet: 14 accounts of yours are on it"
    assert "\r" not in letter.text and "Evil Bcc: all (new on the sheet): One reason" in letter.text
    assert "… and 4 more." in letter.text
    one = of_what_does_not_fit("A", [("B", "", "nobody owns it")], total=1, of_rows=9, day="d", link="x")
    assert "B (nobody): nobody owns it" in one.text and one.subject == "Hot sheet: 1 of 9 rows does not fit"
