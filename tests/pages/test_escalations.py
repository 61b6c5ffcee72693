"""Escalations on the account's page: the form in place, what is open, who sees which, bad input that is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.pages import company

from evenbook.closures.models import Loop
from evenbook.records.models import Ticket

CAUSE = "Exports fail <b>since</b> Monday & Tuesday"
Signed = Callable[[str], Client]


@pytest.fixture
def key(team: Any) -> str:
    """Return the key of an account of Ben's."""
    return team.of("ben")[0].key


def form(key: str, **more: str) -> dict[str, str]:
    return {"account": key, "cause": CAUSE, "severity": "urgent", "note": "", **more}


def page(client: Client, key: str) -> str:
    answer = client.get(f"/accounts/{key}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_escalation_is_opened_and_resolved_where_one_reads(as_user: Signed, key: str) -> None:
    ben = as_user("ben")
    assert "No issue is open." in page(ben, key) and "Urgent: handed over within 1 working day" in page(
        ben, key
    )

    answer = ben.post("/escalations", form(key, note="They cannot close their books."))
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/{key}#issues")
    shown = page(ben, key)
    assert "Exports fail &lt;b&gt;since&lt;/b&gt; Monday &amp; Tuesday" in shown and CAUSE not in shown
    assert "They cannot close their books." in shown and "opened by Ben Adler" in shown
    assert "opens with the next refresh" in shown and "The escalation is open." in shown
    assert "Escalation opened by Ben Adler" in shown, "the timeline tells of it"

    event = f"evenbook:{Ticket.objects.get(source='evenbook').external_id}"
    sent = {"account": key, "event": event, "resolution": "Fixed in 4.2."}
    answer = ben.post("/escalations/resolved", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/{key}#issues")
    assert "No issue is open." in page(ben, key)
    again = ben.post("/escalations/resolved", sent)
    assert again.status_code == 409 and "This issue was resolved on" in again.content.decode()


def test_its_loop_is_linked_once_a_run_has_opened_it(as_user: Signed, team: Any, key: str) -> None:
    ben = as_user("ben")
    ben.post("/escalations", form(key))
    event = f"evenbook:{Ticket.objects.get(source='evenbook').external_id}"
    loop = Loop.objects.create(
        key=f"escalation:{event}", kind="escalation", account=team.of("ben")[0], due_on=company.AS_OF,
        artifact_kind="escalation_handoff", event_at=company.NOW, opened_at=company.NOW,
        person=team.people["ben"],
    )  # fmt: skip

    assert f'<a href="/loops/{loop.pk}">Escalation handoff</a>' in page(ben, key)
    told = ben.get(f"/loops/{loop.pk}").content.decode()
    assert "Escalation opened by Ben Adler on" in told and "Exports fail &lt;b&gt;" in told


def test_a_ticket_of_the_help_desk_is_listed_and_has_no_button(as_user: Signed, team: Any, key: str) -> None:
    Ticket.objects.filter(account__key=key).update(escalated_at=company.NOW, source="zendesk")
    shown = page(as_user("ben"), key)

    assert "Export is slow" in shown and "comes from zendesk" in shown and "Resolved outside" not in shown


BAD = [
    ({"cause": ""}, 400, "The cause is empty."),
    ({"cause": " \n\t"}, 400, "The cause is empty."),
    ({"cause": "tbd"}, 400, "says no cause"),
    ({"cause": "x" * 100_000}, 400, "The cause has 100,000 characters."),
    ({"severity": ""}, 400, "The severity is not given."),
    ({"severity": "<script>"}, 400, "&#x27;&lt;script&gt;&#x27; is no severity."),
    ({"note": "n" * 100_000}, 400, "The note has 100,000 characters."),
]


@pytest.mark.parametrize(("given", "status", "said"), BAD, ids=range(len(BAD)))
def test_what_will_not_do_is_said_and_what_was_typed_stays(
    as_user: Signed, key: str, given: dict[str, str], status: int, said: str
) -> None:
    sent = form(key, **{"note": "What I typed & meant", **given})
    answer = as_user("ben").post("/escalations", sent)
    shown = answer.content.decode()

    assert answer.status_code == status and said in shown and "Nothing was changed." in shown
    assert '<details class="more" open>' in shown
    kept = sent["note"].replace("&", "&amp;")
    assert f">{kept}</textarea>" in shown
    assert not Ticket.objects.filter(source="evenbook").exists()


def test_a_second_one_names_the_first_and_keeps_what_was_typed(as_user: Signed, key: str) -> None:
    ben = as_user("ben")
    ben.post("/escalations", form(key))
    answer = ben.post("/escalations", form(key, note="Again"))

    assert answer.status_code == 409 and "This is open at Northwind Foods since" in answer.content.decode()
    assert ">Again</textarea>" in answer.content.decode()
    assert Ticket.objects.filter(source="evenbook").count() == 1


def test_a_resolution_that_is_refused_keeps_what_was_typed(as_user: Signed, key: str) -> None:
    ben = as_user("ben")
    ben.post("/escalations", form(key))
    event = f"evenbook:{Ticket.objects.get(source='evenbook').external_id}"
    long = "y" * 3_000
    answer = ben.post("/escalations/resolved", {"account": key, "event": event, "resolution": long})

    assert answer.status_code == 400 and f'value="{long}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("amara", 302), ("lena", 302), ("olu", 302), ("chidi", 404), ("rea", 403), ("edda", 403)],
)
def test_who_may_open_one_and_who_finds_no_form(as_user: Signed, key: str, name: str, status: int) -> None:
    client = as_user(name)
    assert client.post("/escalations", form(key)).status_code == status
    assert Ticket.objects.filter(source="evenbook").exists() == (status == 302)
    alone = client.get(f"/escalations?account={key}")
    assert alone.status_code == (404 if status == 404 else 200)
    assert ("Open an escalation" in alone.content.decode()) == (status == 302)
    assert ("Resolved outside" in alone.content.decode()) == (status == 302)


@pytest.mark.parametrize("given", ["", "nobody", "a%00b", "x" * 3_000])
def test_an_account_that_is_not_there_has_no_issues(as_user: Signed, given: str) -> None:
    ben = as_user("ben")
    assert ben.get(f"/escalations?account={given}").status_code == 404
    assert ben.post("/escalations", form(given)).status_code == 404
    assert ben.post("/escalations/resolved", {"account": given}).status_code == 404
    assert ben.get("/escalations/resolved").status_code == 405


def test_nobody_who_is_not_signed_in_opens_one(team: Any, key: str) -> None:
    assert Client().post("/escalations", form(key))["Location"].startswith("/sign-in")
    checked = Client(enforce_csrf_checks=True)
    checked.force_login(team.users["ben"])

    assert checked.post("/escalations", form(key)).status_code == 403
    assert not Ticket.objects.filter(source="evenbook").exists()


def test_the_page_takes_no_more_queries_for_many_issues(as_user: Signed, key: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ben, counts = as_user("ben"), []
    for numbers in (range(1), range(1, 30)):
        for number in numbers:
            ben.post("/escalations", form(key, cause=f"Something else is wrong, case {number}"))
        page(ben, key)  # the messages of what was done are read
        with CaptureQueriesContext(connection) as caught:
            page(ben, key)
        counts.append(len(caught))

    assert Ticket.objects.filter(source="evenbook").count() == 30 and counts[0] == counts[1]
