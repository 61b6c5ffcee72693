"""The reports: what each says, for whom, who is told once, what becomes of them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
from tests.pages import company
from tests.pages.company import AS_OF, NOW
from tests.throughput.many import shown

from evenbook.desk.actions import tell_of_reports, tell_of_run
from evenbook.desk.models import ReportTouch
from evenbook.desk.queries.reports import reports
from evenbook.desk.rules.reports import is_left_unused, period_of
from evenbook.messages.models import Mail
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of
from evenbook.policy.actions import adopt, ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.document import to_document
from evenbook.runs.models import Run


def said(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("daily", ("Alerts that wait for a decision", "Escalations", "since the day before")),
        ("weekly", ("Stand-up", "Customers most at risk", "Loops that are owed", "Ben Adler")),
        ("quarterly", ("What moved retention", "Metrics against their targets", "Cohorts", "2024 Q1")),
        ("yearly", ("What changed in the policy", "Revenue kept")),
    ],
)
def test_each_report_says_what_it_is_for_and_opens_with_its_sentence(as_user: Any, kind: str, words: Any):
    page = said(as_user("amara"), f"/reports/{kind}")

    assert "It answers: " in page and "It decides: " in page
    assert all(word in page for word in words)
    assert "Chidi" not in page


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("ben", "/reports", 404),
        ("ben", "/reports/weekly", 404),
        ("ben", "/reports/weekly/pdf", 404),
        ("edda", "/reports/yearly", 200),
        ("rea", "/reports", 200),
        ("olu", "/reports/daily", 200),
        ("amara", "/reports/nonsense", 404),
        ("amara", "/reports/monthly", 302),
        ("amara", "/reports/monthly/pdf", 404),
        ("amara", "/reports/weekly/decided", 405),
    ],
)
def test_who_gets_which_report(as_user: Any, name: str, address: str, status: int):
    assert as_user(name).get(address).status_code == status


def test_a_report_of_a_past_week_leaves_out_what_is_as_of_now(as_user: Any):
    page = said(as_user("amara"), f"/reports/weekly?as_of={AS_OF}")

    assert "Loops that are owed" not in page and "Customers most at risk" in page


def test_the_file_holds_the_parts_and_is_recorded(as_user: Any):
    answer = as_user("edda").get("/reports/quarterly/pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)

    assert "Quarterly deep dive" in text and "2026-Q1" in text and "What moved retention" in text
    assert AuditEntry.objects.filter(thing_id__contains="quarterly-2026-Q1").exists()
    assert ReportTouch.objects.filter(report="quarterly", what="opened").count() == 1


def test_an_opening_counts_once_a_person_and_period(as_user: Any):
    for name in ("amara", "amara", "edda"):
        said(as_user(name), "/reports/weekly")
    as_user("amara").get("/reports/monthly")

    assert ReportTouch.objects.filter(report="weekly", period="2026-W11").count() == 2
    page = said(as_user("amara"), "/reports")
    assert "Monthly operations" in page and "Daily alerts" in page
    assert ReportTouch.objects.filter(report="monthly").count() == 1


def test_what_was_decided_is_kept_with_who_and_when(as_user: Any):
    client = as_user("amara")
    for _ in range(2):
        assert (
            client.post("/reports/weekly/decided", {"words": "Ben takes <b>Kestrel</b> first."}).status_code
            == 302
        )

    row = ReportTouch.objects.get(what="decided")
    assert (row.user.name, row.period, row.words) == (
        "Amara Okafor",
        "2026-W11",
        "Ben takes <b>Kestrel</b> first.",
    )
    assert "Ben takes &lt;b&gt;Kestrel" in said(as_user("edda"), "/reports/weekly")
    assert AuditEntry.objects.filter(what="report.decided").count() == 1


@pytest.mark.parametrize("words", ["", "   ", "x" * 301])
def test_a_decision_without_words_or_with_too_many_is_refused_and_kept_as_typed(as_user: Any, words: str):
    answer = as_user("amara").post("/reports/weekly/decided", {"words": words})

    assert answer.status_code == 422 and "What was decided is one line" in answer.content.decode()
    assert not ReportTouch.objects.filter(what="decided").exists()


@pytest.mark.parametrize(("name", "status"), [("ben", 404), ("rea", 404)])
def test_who_may_not_read_or_write_decides_nothing(as_user: Any, name: str, status: int):
    assert as_user(name).post("/reports/weekly/decided", {"words": "No."}).status_code in {status, 403}
    assert not ReportTouch.objects.filter(what="decided").exists()


def test_periods_are_days_weeks_months_quarters_and_years():
    day = date(2027, 1, 1)

    assert [period_of(kind, day) for kind in ("daily", "weekly", "monthly", "quarterly", "yearly")] == [
        "2027-01-01", "2026-W53", "2027-01", "2027-Q1", "2027",
    ]  # fmt: skip


def test_a_report_is_unused_only_after_as_many_made_periods_without_a_decision():
    mondays = [date(2026, 3, 2) - timedelta(weeks=count) for count in range(3)]
    today = date(2026, 3, 9)

    def unused(made: list[date], acted: set[str], periods: int = 3) -> bool:
        return is_left_unused("weekly", today, made_on=made, acted=acted, periods=periods)

    assert unused(mondays, set())
    assert not unused(mondays[:2], set()) and not unused([*mondays[:2], today], set())
    assert not unused(mondays, {"2026-W09"}) and unused(mondays, {"2026-W01"})
    assert not unused([], set(), 2)


@pytest.fixture
def team(db: None) -> company.Company:
    return company.build(8)


def stored(day: date) -> None:
    Run.objects.create(
        kind="week", as_of=day, policy_version=1, started_at=NOW, ended_at=NOW, by="sample", fingerprint=str(day)
    )  # fmt: skip


def test_nobody_deciding_for_long_proposes_a_report_for_removal(team: company.Company):
    for count in range(1, 9):
        stored(AS_OF - timedelta(weeks=count))
    viewer = viewer_of(team.users["amara"])
    lines = {each.report.kind: each for each in reports(viewer, shown(), today=AS_OF)}

    assert lines["weekly"].is_unused and lines["daily"].is_unused
    assert not lines["quarterly"].is_unused and not lines["monthly"].is_unused
    ReportTouch.objects.create(
        user=team.users["amara"], report="weekly", period="2026-W10", what="decided", words="Yes.", at=NOW
    )
    lines = {each.report.kind: each for each in reports(viewer, shown(), today=AS_OF)}
    assert not lines["weekly"].is_unused and lines["weekly"].decided == 1


def test_readers_are_told_once_a_period_of_what_is_due(team: company.Company, settings: Any):
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"
    for _ in range(2):
        tell_of_reports(shown())

    subjects = set(Mail.objects.values_list("to", "subject"))
    assert ("amara@example.com", "Weekly stand-up and at-risk review: 2026-W11") in subjects
    assert not any("Daily" in subject or "Quarterly" in subject for _, subject in subjects)
    assert Mail.objects.count() == len(subjects)
    assert not any(to == "ben@example.com" for to, _ in subjects)
    stored(date(2025, 12, 29))
    tell_of_reports(shown())
    assert Mail.objects.filter(to="edda@example.com", subject="Yearly assessment: 2026").count() == 1
    assert (
        "https://evenbook.example/reports/yearly"
        in Mail.objects.get(to="edda@example.com", subject="Yearly assessment: 2026").text
    )


def test_a_run_of_the_newest_week_tells_and_one_of_a_past_day_does_not(team: company.Company, settings: Any):
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"
    newest = Run.objects.get()
    stored(AS_OF - timedelta(weeks=1))
    past = Run.objects.exclude(pk=newest.pk).get()
    tell_of_run(past.as_of, run=past.pk)
    assert not Mail.objects.exists()
    tell_of_run(AS_OF, run=newest.pk)
    assert Mail.objects.filter(key__startswith="report-weekly-2026-W11-").exists()


def test_a_report_that_policy_makes_no_more_is_refused_and_listed_as_such(team: company.Company, client: Any):
    ensure_first(now=NOW - timedelta(days=30))
    document = to_document(latest().policy)
    document["reports"]["weekly"] = False
    adopt(
        document,
        by=viewer_of(team.users["olu"]),
        note="Nobody read it.",
        now=datetime(2026, 3, 5, tzinfo=UTC),
    )
    client.force_login(team.users["amara"])

    assert client.get("/reports/weekly").status_code == 404
    assert "not made" in said(client, "/reports") and "report_weekly" not in said(client, "/me/mails")
