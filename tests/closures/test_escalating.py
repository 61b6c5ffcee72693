"""Opening an escalation and recording that it was resolved: who may, what is refused, what is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.closures.owing import NOW, everything, viewer

from evenbook.book.lookup import NoSuchAccount
from evenbook.book.models import Account, AccountValue, Leave, Ownership, RevenueMovement
from evenbook.closures.actions.escalating import (
    EscalationRefused,
    IssueOpen,
    IssueResolved,
    NoSuchIssue,
    NotTheirAccount,
    escalate,
    resolve,
)
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.issues import account_with_issues, issues_at
from evenbook.closures.rules.escalation import severities
from evenbook.frames.models import Write
from evenbook.people.models import AuditEntry
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Ticket
from evenbook.runs.models import Happening

LATER = NOW + timedelta(days=2)
CAUSE = "Exports have failed since Monday"


@pytest.fixture
def account(team: Any) -> Account:
    """Return an account of Ben's."""
    return team.of("ben")[0]


def opened(account: Account, by: str = "ben", cause: str = CAUSE, **more: Any) -> Any:
    return escalate(account.key, cause, more.pop("severity", "urgent"), by=viewer(by), now=NOW, **more)


def all_of_it() -> list[Any]:
    return [*everything(), list(Ticket.objects.order_by("pk").values()), Write.objects.count()]


def test_it_is_written_as_an_escalated_ticket_that_says_who_opened_it(account: Account) -> None:
    issue = opened(account, note="They cannot close\x00 their books.")
    row = Ticket.objects.get(source="evenbook")

    assert issue.event == f"evenbook:hand-{account.pk}-1" and issue.is_by_hand
    assert (row.happened_at, row.known_at, row.escalated_at, row.solved_at) == (NOW, NOW, NOW, None)
    assert (row.account, row.subject, row.priority, row.kind) == (account, CAUSE, "urgent", "")
    assert row.custom == {"opened_by": "Ben Adler", "note": "They cannot close their books."}
    entry = AuditEntry.objects.get(what="escalation.opened")
    assert entry.after == {"cause": CAUSE, "severity": "urgent"} and entry.by_name == "Ben Adler"
    assert Happening.objects.get().kind == "escalation.opened"
    assert Happening.objects.get().accounts == [account.pk]
    assert Write.objects.filter(table="records_ticket", earliest_at=NOW).exists()


def test_its_resolution_is_a_later_version_and_the_first_one_stays(account: Account) -> None:
    issue = opened(account)
    resolve(issue.event, " Fixed in 4.2. ", by=viewer("amara"), now=LATER)
    first, second = Ticket.objects.filter(source="evenbook").order_by("pk")

    assert (first.known_until, first.solved_at) == (LATER, None)
    assert (second.known_at, second.solved_at, second.escalated_at) == (LATER, LATER, NOW)
    assert second.custom == {
        "opened_by": "Ben Adler", "note": "", "resolved_by": "Amara Okafor", "resolution": "Fixed in 4.2.",
    }  # fmt: skip
    assert [each.kind for each in Happening.objects.order_by("pk")] == [
        "escalation.opened",
        "escalation.resolved",
    ]
    entry = AuditEntry.objects.get(what="escalation.resolved")
    assert entry.by_name == "Amara Okafor" and entry.thing_name.endswith(CAUSE)
    assert issues_at(viewer("ben"), None, account.pk, now=LATER).open == ()


@pytest.mark.parametrize("name", ["ben", "amara", "lena", "olu"])
def test_the_owner_their_leaders_and_operations_open_and_resolve(account: Account, name: str) -> None:
    resolve(opened(account, by=name).event, by=viewer(name), now=LATER)

    assert Ticket.objects.filter(source="evenbook", solved_at=LATER).count() == 1


@pytest.mark.parametrize("name", ["chidi", "edda", "rea"])
def test_nobody_else_opens_or_resolves(account: Account, name: str) -> None:
    event = opened(account, cause="Another one that stands").event
    before = all_of_it()
    with pytest.raises(NotTheirAccount, match="Somebody else answers for Northwind Foods"):
        opened(account, by=name)
    with pytest.raises(NotTheirAccount):
        resolve(event, by=viewer(name), now=LATER)

    assert all_of_it() == before


def test_a_member_of_the_pool_that_owns_the_account_opens_and_a_leader_of_another_team_does_not(
    team: Any,
) -> None:
    account = team.accounts[7]
    with pytest.raises(NotTheirAccount):
        opened(account, by="amara")

    assert opened(account, by="chidi").account_key == account.key


def test_who_covers_for_the_owner_today_opens_sees_and_resolves(account: Account, team: Any) -> None:
    ben, chidi, today = team.people["ben"], team.people["chidi"], datetime.now(UTC).date()
    days = {"first_on": today - timedelta(days=3), "last_on": today + timedelta(days=3)}
    leave = Leave.objects.create(person=ben, cover=chidi, happened_at=NOW, known_at=NOW, **days)
    issue = opened(account, by="chidi")

    assert account_with_issues(viewer("chidi"), account.key) is not None
    (shown,) = issues_at(viewer("chidi"), None, account.pk, now=NOW).open
    assert shown.issue == issue
    Leave.objects.filter(pk=leave.pk).update(last_on=today - timedelta(days=1))
    with pytest.raises(NotTheirAccount):
        resolve(issue.event, by=viewer("chidi"), now=LATER)
    assert account_with_issues(viewer("chidi"), account.key) is None


def test_where_policy_closes_others_accounts_they_are_not_even_named(account: Account) -> None:
    event = opened(account).event
    ensure_first(NOW, but={"book": {"others_accounts_open": False}})
    with pytest.raises(NoSuchAccount):
        opened(account, by="chidi")
    with pytest.raises(NoSuchIssue):
        resolve(event, by=viewer("chidi"), now=LATER)


@pytest.mark.parametrize("key", ["", "nobody", "x" * 100_000, "a\x00b", "\ud800", "' or 1=1"])
def test_an_account_that_is_not_there_is_said_not_to_be(team: Any, key: str) -> None:
    before = all_of_it()
    with pytest.raises(NoSuchAccount) as refused:
        escalate(key, CAUSE, "urgent", by=viewer("olu"), now=NOW)

    assert len(refused.value.what) < 120 and all_of_it() == before


BAD = [
    ("", "urgent", "", "The cause is empty."),
    (" \n\t\u200b", "urgent", "", "The cause is empty."),
    ("N/A", "urgent", "", "'N/A' says no cause."),
    ("x" * 100_000, "urgent", "", "The cause has 100,000 characters."),
    ("x" * 201, "urgent", "", "The cause has 201 characters."),
    (CAUSE, "", "", "The severity is not given."),
    (CAUSE, "dreadful", "", "'dreadful' is no severity."),
    (CAUSE, "URGENT", "", "'URGENT' is no severity."),
    (CAUSE, "y" * 100_000, "", f"'{'y' * 39}…' is no severity."),
    (CAUSE, "urgent", "n" * 2_001, "The note has 2,001 characters."),
]


@pytest.mark.parametrize(("cause", "severity", "note", "said"), BAD, ids=range(len(BAD)))
def test_what_will_not_do_is_refused_in_a_sentence(
    account: Account, cause: str, severity: str, note: str, said: str
) -> None:
    before = all_of_it()
    with pytest.raises(EscalationRefused) as refused:
        escalate(account.key, cause, severity, note, by=viewer("ben"), now=NOW)

    assert refused.value.what == said and refused.value.fix
    assert all_of_it() == before


@pytest.mark.parametrize("again", [CAUSE, f"  {CAUSE.upper()} ", CAUSE.replace(" ", "\u00a0")])
def test_a_second_one_of_the_same_cause_is_refused_and_names_the_one_that_is_open(
    account: Account, again: str
) -> None:
    opened(account)
    before = all_of_it()
    with pytest.raises(IssueOpen) as refused:
        opened(account, by="amara", cause=again, severity="normal")

    assert refused.value.what == f"This is open at Northwind Foods since 09 March 2026: '{CAUSE}'."
    assert all_of_it() == before
    assert opened(account, cause="Their invoices are wrong").event.endswith("-2")


def test_an_escalated_ticket_of_the_help_desk_with_that_subject_is_the_same_issue(account: Account) -> None:
    Ticket.objects.filter(account=account).update(escalated_at=NOW, subject=CAUSE)
    with pytest.raises(IssueOpen):
        opened(account)
    Ticket.objects.filter(account=account).update(solved_at=NOW)

    assert opened(account)


def test_after_its_resolution_the_same_cause_opens_a_new_one(account: Account) -> None:
    first = opened(account)
    resolve(first.event, by=viewer("ben"), now=LATER)
    again = escalate(account.key, CAUSE, "high", by=viewer("ben"), now=LATER)

    assert again.event != first.event
    with pytest.raises(IssueResolved) as refused:
        resolve(first.event, by=viewer("ben"), now=LATER)
    assert refused.value.what == "This issue was resolved on 11 March 2026 by Ben Adler."


def test_what_another_system_keeps_is_resolved_there(account: Account) -> None:
    Ticket.objects.filter(account=account).update(escalated_at=NOW, source="zendesk", external_id="7")
    before = all_of_it()
    with pytest.raises(EscalationRefused, match="a ticket of zendesk, and is resolved there"):
        resolve("zendesk:7", by=viewer("ben"), now=LATER)
    for event in ("zendesk:8", "evenbook:hand-1-1", "", "a\x00b", "\ud800:" + "x" * 100_000):
        with pytest.raises(NoSuchIssue):
            resolve(event, by=viewer("ben"), now=LATER)
    assert all_of_it() == before


def test_a_long_note_of_a_resolution_is_refused_and_the_issue_stays_open(account: Account) -> None:
    event = opened(account).event
    with pytest.raises(EscalationRefused, match="The note has 100,000 characters"):
        resolve(event, "x" * 100_000, by=viewer("ben"), now=LATER)

    assert len(issues_at(viewer("ben"), None, account.pk, now=LATER).open) == 1


def test_nothing_is_opened_for_an_account_that_has_churned(account: Account) -> None:
    at = {"happened_at": NOW - timedelta(days=9), "known_at": NOW - timedelta(days=9), "source": "crm"}
    AccountValue.objects.create(account=account, name="status", value="churned", **at)
    with pytest.raises(EscalationRefused, match="has churned, and nothing new is opened"):
        opened(account)

    gained = {**at, "happened_at": NOW - timedelta(days=1), "known_at": NOW - timedelta(days=1)}
    RevenueMovement.objects.create(account=account, kind="new", change_cents=100, currency="USD", **gained)
    assert opened(account), "revenue that came after says that it is a customer again"


def test_nor_for_one_whose_revenue_is_gone(account: Account) -> None:
    every = RevenueMovement.objects.filter(account=account).values_list("change_cents", flat=True)
    at = {"happened_at": NOW - timedelta(days=1), "known_at": NOW - timedelta(days=1), "source": "crm"}
    RevenueMovement.objects.create(
        account=account, kind="churn", change_cents=-sum(every), currency="USD", **at
    )
    with pytest.raises(EscalationRefused, match="has churned"):
        opened(account)


def test_what_was_open_before_the_churn_may_still_be_resolved(account: Account) -> None:
    event = opened(account).event
    AccountValue.objects.create(
        account=account, name="status", value="churned", source="crm", happened_at=NOW, known_at=NOW
    )
    resolve(event, by=viewer("ben"), now=LATER)

    assert Ticket.objects.filter(source="evenbook", solved_at=LATER).exists()


def test_an_account_that_was_merged_stands_for_the_one_it_became(team: Any, account: Account) -> None:
    heir, issue = team.of("ben")[1], opened(account)
    Account.objects.filter(pk=account.pk).update(merged_into=heir)

    assert [each.issue.event for each in issues_at(viewer("ben"), None, heir.pk, now=NOW).open] == [
        issue.event
    ]
    with pytest.raises(IssueOpen):
        opened(account)
    other = opened(account, cause="Their invoices are wrong")
    assert (other.account_key, other.event) == (heir.key, f"evenbook:hand-{heir.pk}-1")


def test_a_clock_set_back_resolves_nothing_before_it_was_opened(account: Account) -> None:
    event = opened(account).event
    resolve(event, by=viewer("ben"), now=NOW - timedelta(days=2))
    row = Ticket.objects.get(source="evenbook", known_until=None)

    assert (row.solved_at, row.known_at) == (NOW, NOW)


def test_an_account_that_nobody_owns_is_for_leaders(account: Account) -> None:
    Ownership.objects.filter(account=account).delete()
    with pytest.raises(NotTheirAccount):
        opened(account)

    assert opened(account, by="amara")


def test_severities_are_those_of_the_policy_one_for_each_number_of_days() -> None:
    usual = [(each.value, each.days, each.title) for each in severities(ClosuresNumbers())]
    without = severities(ClosuresNumbers(severities=()))

    assert usual == [
        ("urgent", 1, "Urgent: handed over within 1 working day"),
        ("high", 3, "High: handed over within 3 working days"),
        ("normal", 5, "Normal: handed over within 5 working days"),
    ]
    assert [(each.value, each.days) for each in without] == [("normal", 5)]


def test_a_policy_whose_loops_no_ticket_opens_refuses_it(account: Account) -> None:
    kept = [row.model_dump() for row in ClosuresNumbers().loops if row.opened_by != "ticket"]
    ensure_first(NOW, but={"closures": {"loops": kept}})
    with pytest.raises(EscalationRefused, match="No loop of the policy is opened by an escalated ticket"):
        opened(account)


def test_where_only_tickets_of_a_kind_open_a_loop_it_is_of_that_kind(account: Account) -> None:
    kept = [row.model_dump() for row in ClosuresNumbers().loops]
    named = [{**row, "named": "incident"} if row["opened_by"] == "ticket" else row for row in kept]
    ensure_first(NOW, but={"closures": {"loops": named}})
    opened(account)

    assert Ticket.objects.get(source="evenbook").kind == "incident"
