"""What a run does with warnings: whom it tells, once a spell, and what it keeps for its audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.closures.owing import answers, owed, viewer
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company

from evenbook.closures.actions import _look_at
from evenbook.closures.actions.closing import close, save_draft
from evenbook.closures.models import AuditBasis, Loop, Requirement
from evenbook.closures.queries.basis import Basis, basis
from evenbook.closures.queries.report import report
from evenbook.closures.rules.report import judged, summary, written
from evenbook.decisions.models import Decision
from evenbook.messages.models import Mail
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import in_force
from evenbook.runs.actions import Keeping
from evenbook.runs.models import Run
from evenbook.runs.queries import RunInfo, Week


@pytest.fixture
def team(db: None, settings: Any) -> Company:
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"
    ensure_first(company.NOW)
    return company.build(8)


def look_at(run: Run) -> None:
    _look_at(Keeping(run.pk, run.as_of, 1, (), (), AS_OF, None))


def later(run: Run, *, weeks: int) -> Run:
    values = {
        "kind": "week",
        "policy_version": 1,
        "started_at": NOW,
        "ended_at": NOW,
        "by": "x",
        "fingerprint": "f",
    }
    return Run.objects.create(as_of=run.as_of + timedelta(weeks=weeks), **values)


def overdue(team: Company, count: int, *, name: str = "ben") -> None:
    for number in range(count):
        owed(
            team.of(name)[0],
            by=team.people[name],
            event=f"crm:{name}-{number}",
            due_on=AS_OF - timedelta(days=40),
        )


def mails() -> list[tuple[str, str]]:
    return sorted(Mail.objects.exclude(key__startswith="audit-").values_list("to", "subject"))


def test_a_warning_waits_and_tells_the_person_and_each_leader_above_once(team: Company):
    overdue(team, 21)
    look_at(team.run)

    row = Decision.objects.get()
    assert row.person == team.people["ben"] and row.waits_from_on == AS_OF
    assert row.evidence["reasons"][-1] == "21 loops are overdue, more than 20."
    assert mails() == [
        ("amara@example.com", "Early warning: one person's load is past sustainable"),
        ("ben@example.com", "Your load"),
        ("lena@example.com", "Early warning: one person's load is past sustainable"),
    ]
    text = Mail.objects.get(to="ben@example.com").text
    assert "https://evenbook.example/closing/ben" in text and "21 loops are overdue" in text

    look_at(team.run)
    look_at(later(team.run, weeks=1))
    assert len(mails()) == 3 and Decision.objects.count() == 1


def test_a_leader_gets_one_mail_of_all_who_are_new(team: Company):
    overdue(team, 21)
    overdue(team, 25, name="chidi")
    look_at(team.run)

    (of_lena,) = Mail.objects.filter(to="lena@example.com").exclude(key__startswith="audit-")
    assert "load of 2 people" in of_lena.subject and "Ben Adler" in of_lena.text and "Chidi" in of_lena.text
    assert "Chidi" not in Mail.objects.exclude(key__startswith="audit-").get(to="amara@example.com").text


def test_without_a_mail_server_or_an_address_nothing_is_posted(team: Company, settings: Any):
    overdue(team, 21)
    settings.EVENBOOK_URL = ""
    look_at(team.run)
    settings.EVENBOOK_URL, settings.EVENBOOK_MAIL_URL = "https://evenbook.example", ""
    look_at(later(team.run, weeks=1))

    assert Decision.objects.count() == 1 and not Mail.objects.exists()


def test_policy_switches_the_mails_off(db: None, settings: Any):
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"
    ensure_first(company.LONG_AGO, but={"closures": {"warning_mails": False, "audit_mails": False}})
    team = company.build(8)
    overdue(team, 21)
    look_at(team.run)

    assert Decision.objects.count() == 1 and not Mail.objects.exists()


def test_the_warning_ends_when_it_does_not_hold_any_more(team: Company):
    overdue(team, 21)
    look_at(team.run)
    Loop.objects.all().delete()
    look_at(later(team.run, weeks=1))

    assert Decision.objects.get().ended_on == AS_OF + timedelta(weeks=1)


def test_a_day_that_is_run_after_later_ones_warns_of_nothing(team: Company):
    overdue(team, 21)
    later(team.run, weeks=1)
    look_at(team.run)

    assert not Decision.objects.exists() and AuditBasis.objects.count() == 1


def test_the_audit_is_mailed_to_leaders_once_a_calendar_week(team: Company):
    look_at(team.run)
    look_at(team.run)
    sent = Mail.objects.filter(key__startswith="audit-")

    assert sorted(sent.values_list("to", flat=True)) == ["amara@example.com", "lena@example.com"]
    assert "https://evenbook.example/coverage/audit" in sent[0].text and "missing or expired" in sent[0].text
    look_at(later(team.run, weeks=1))
    assert Mail.objects.filter(key__startswith="audit-").count() == 4


def week_of(team: Company) -> Week:
    return Week(RunInfo(team.run.pk, AS_OF, 1, NOW), in_force(AS_OF).policy)


def test_what_is_kept_is_what_would_be_counted(team: Company):
    overdue(team, 3)
    fresh = replace(SYSTEM, worked_out={})
    counted = basis(fresh, week_of(team))
    look_at(team.run)

    assert Basis.of(AuditBasis.objects.get().counted) == basis(replace(SYSTEM, worked_out={}), week_of(team))
    assert counted.tallies and sum(each.overdue for each in counted.became) == 3


def test_the_report_counts_a_leaders_own_teams_and_on_request_everybodys(team: Company):
    Requirement.objects.update(status="missing")
    own = report(viewer("amara"), week_of(team))
    every = report(viewer("amara"), week_of(team), whose="all")

    assert {each.owner_key for each in own.groups} == {"ben"}
    assert {each.owner_key for each in every.groups} >= {"ben", "chidi", "pool:digital"}
    assert every.gaps == Requirement.objects.count() > own.gaps


def test_what_became_of_loops_is_counted_by_the_week_of_its_end(team: Company):
    ben, account = team.people["ben"], team.of("ben")[0]
    ends: list[dict[str, Any]] = [
        {"closed_at": NOW},
        {"closed_at": NOW, "due_on": date(2026, 3, 5)},
        {"closed_at": NOW - timedelta(days=8), "due_on": date(2026, 2, 20)},
        {"waived_at": NOW, "waiver": "overloaded", "waived_by": "Amara"},
        {"withdrawn_at": NOW},
        {"due_on": date(2026, 3, 1)},
    ]
    for number, more in enumerate(ends):
        owed(account, by=ben, event=f"crm:{number}", **more)
    became = report(viewer("amara"), week_of(team)).became

    assert (became.closed, became.late, became.waived, became.overloaded) == (2, 1, 1, 1)
    assert (became.withdrawn, became.overdue) == (1, 1)


def test_writing_is_timed_from_the_opening_of_the_form_through_its_drafts(team: Company):
    loop, ben = owed(team.of("ben")[0], by=team.people["ben"]), viewer("ben")
    opened = NOW - timedelta(minutes=4)
    save_draft(loop.key, {"summary": "x"}, by=ben, opened_at=opened, now=NOW - timedelta(minutes=3))
    save_draft(loop.key, {"summary": "y"}, by=ben, opened_at=NOW, now=NOW)
    found = close(loop.key, answers("check_in_note", today=AS_OF), by=ben, tier=1, opened_at=NOW, now=NOW)

    assert found.is_closed and Loop.objects.get().writing_seconds == 240


def test_what_is_written_elsewhere_is_not_timed(team: Company):
    loop = owed(team.of("ben")[0], by=team.people["ben"])
    close(loop.key, answers("check_in_note", today=AS_OF), by=viewer("ben"), tier=1, now=NOW)

    assert Loop.objects.get().writing_seconds is None


def test_a_form_is_at_fault_past_the_minutes_of_policy_and_of_enough_artifacts():
    assert written("note", seconds=301, artifacts=5, most_minutes=5, least=5).is_fault
    assert not written("note", seconds=300, artifacts=5, most_minutes=5, least=5).is_fault
    assert not written("note", seconds=900, artifacts=4, most_minutes=5, least=5).is_fault


def test_diagnoses_are_counted_as_they_were_suggested():
    found = judged({("a", "a"): 3, ("a", "b"): 2, ("b", "a"): 1}, ("a", "b"))

    assert [(each.confirmed, each.overruled) for each in found] == [(3, 2), (0, 1)]


def test_the_week_is_said_in_a_few_sentences(team: Company):
    said = summary(report(viewer("amara"), week_of(team)), {}, waiting=2)

    assert said.startswith(("One artifact is", "No artifact is")) or "artifacts are missing" in said
    assert "2 decisions wait for you." in said
