"""A loop's page and the week that lists it: without a script, as a part, for each role, whatever was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.closures.owing import answers, owed

from evenbook.book.models import Account, PoolMember
from evenbook.closures.models import Draft, FollowUp, Loop
from evenbook.records.models import Artifact

TODAY = datetime.now(UTC).date()
DONE = "Everything due today is closed."
PART = {"X-Evenbook-Part": "form"}
MOST_QUERIES = 60
EVIL = '<img src=x onerror="hit()"><script>hit()</script>\'"`{{7*7}}'


@pytest.fixture
def loop(team: Any) -> Loop:
    return owed(team.of("ben")[0], by=team.people["ben"], due_on=TODAY)


def form(**more: str) -> dict[str, str]:
    """Return a complete check-in note as the page posts it."""
    given = answers("check_in_note", today=TODAY)
    (row,) = given.pop("follow_ups")
    return {**given, **{f"follow_ups-0-{part}": value for part, value in row.items()}, **more}


def h1(client: Client, path: str = "/my-week") -> str:
    text = client.get(path).content.decode()
    return text.partition("<h1>")[2].partition("</h1>")[0]


def test_without_a_script_a_loop_is_closed_and_the_page_goes_back(
    as_user: Callable[[str], Client], loop: Loop
) -> None:
    client = as_user("ben")
    assert "thing is owed today" in h1(client) and DONE not in h1(client)
    answer = client.post(f"/loops/{loop.pk}", form(back="/accounts?tier=1"))

    assert (answer.status_code, answer["Location"]) == (302, "/accounts?tier=1")
    loop.refresh_from_db()
    assert loop.closed_by is not None and h1(client) == DONE
    page = client.get(f"/loops/{loop.pk}").content.decode()
    assert "Rollout is on plan; the new admin starts Monday." in page and "Send the offer" in page
    assert 'name="summary"' not in page


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_a_page_goes_back_to_this_site_alone(as_user: Callable[[str], Client], loop: Loop, back: str) -> None:
    assert as_user("ben").post(f"/loops/{loop.pk}", form(back=back))["Location"] == "/my-week"


@pytest.mark.parametrize("headers", [{}, PART])
def test_a_refusal_keeps_all_that_was_typed(
    as_user: Callable[[str], Client], loop: Loop, headers: dict[str, str]
) -> None:
    typed = form(summary="Half a sen <b>& more", next_touchpoint="some day")
    typed |= {f"follow_ups-{number}-what": f"Task number {number}" for number in range(1, 30)}
    answer = as_user("ben").post(f"/loops/{loop.pk}", typed, headers=headers)

    text = answer.content.decode()
    assert answer.status_code == 422 and not Artifact.objects.filter(closes=loop.key).exists()
    assert "Half a sen &lt;b&gt;&amp; more</textarea>" in text and 'value="some day"' in text
    assert all(f'value="Task number {number}"' in text for number in range(1, 30))
    assert "has 30 follow-ups; at most 20 can be kept" in text and 'aria-invalid="true"' in text
    assert answer.headers.get("X-Evenbook-Part", "") == headers.get("X-Evenbook-Part", "")
    assert ("<html" in text) == (not headers)


def test_what_was_typed_for_a_loop_that_is_done_is_not_lost(
    as_user: Callable[[str], Client], loop: Loop
) -> None:
    client = as_user("ben")
    client.post(f"/loops/{loop.pk}", form())
    for headers, status in (({}, 409), (PART, 409)):
        answer = client.post(f"/loops/{loop.pk}", form(summary="Typed in vain today."), headers=headers)
        text = answer.content.decode()
        assert answer.status_code == status and "Nothing is owed any more" in text
        assert "Typed in vain today." in text and "Send the offer, Ben Okafor, 20" in text
    assert Artifact.objects.filter(closes=loop.key).count() == 1


def test_a_part_is_a_form_alone_and_closing_it_says_so(as_user: Callable[[str], Client], loop: Loop) -> None:
    client = as_user("ben")
    part = client.get(f"/loops/{loop.pk}", headers=PART)
    text = part.content.decode()

    assert part["X-Evenbook-Part"] == "form" and "<html" not in text and "<form" in text
    assert client.post(f"/loops/{loop.pk}", form(), headers=PART).json() == {"closed": True, "waits": False}


def test_a_draft_comes_back_to_who_typed_it_alone(as_user: Callable[[str], Client], loop: Loop) -> None:
    ben, amara = as_user("ben"), as_user("amara")
    typed = {"summary": "a\x00 half", "follow_ups-3-what": "Call them", "follow_ups-x-what": "no row"}
    assert ben.post(f"/loops/{loop.pk}/draft", typed).json() == {"kept": True}

    assert Draft.objects.get().answers == {
        "summary": "a half", "follow_ups": [{"what": "Call them", "who": "", "by": ""}],
    }  # fmt: skip
    assert "a half</textarea>" in ben.get(f"/loops/{loop.pk}").content.decode()
    assert "a half</textarea>" not in amara.get(f"/loops/{loop.pk}").content.decode()
    too_much = {"summary": "x" * 250_000}
    assert ben.post(f"/loops/{loop.pk}/draft", too_much).json()["kept"] is False


ROLES = {
    # opens the loop's page, finds the form there, closes it, keeps a draft
    "ben": (200, True, 302, 200),
    "amara": (200, True, 302, 200),
    "lena": (200, True, 302, 200),
    "olu": (200, True, 302, 200),
    "chidi": (200, False, 403, 403),
    "edda": (200, False, 403, 403),
    "rea": (200, False, 403, 403),
}


@pytest.mark.parametrize(("name", "gets"), ROLES.items())
def test_each_role_gets_of_a_loop_what_is_theirs(
    as_user: Callable[[str], Client], loop: Loop, name: str, gets: tuple[Any, ...]
) -> None:
    client = as_user(name)
    page = client.get(f"/loops/{loop.pk}")
    draft = client.post(f"/loops/{loop.pk}/draft", {"summary": "x"})

    has_form = 'name="summary"' in page.content.decode()
    closed = client.post(f"/loops/{loop.pk}", form())
    assert (page.status_code, has_form, closed.status_code, draft.status_code) == gets
    loop.refresh_from_db()
    assert (loop.closed_at is not None) == (gets[2] == 302)


def test_a_stranger_is_asked_to_sign_in(team: Any, loop: Loop) -> None:
    for path in (f"/loops/{loop.pk}", "/my-week"):
        assert Client().get(path)["Location"].startswith("/sign-in?next=")
    assert Client().post(f"/loops/{loop.pk}", form()).status_code in {302, 403}
    loop.refresh_from_db()
    assert loop.closed_at is None


@pytest.mark.parametrize("number", ["0", "987654", "99999999999999999999999"])
@pytest.mark.parametrize("after", ["", "/draft", "/waive", "/take"])
def test_a_loop_that_is_not_there_is_not_found(
    as_user: Callable[[str], Client], number: str, after: str
) -> None:
    client = as_user("ben")
    assert client.post(f"/loops/{number}{after}", {"reason": "overloaded"}).status_code == 404
    assert client.get(f"/loops/{number}").status_code == 404


def test_a_leader_waives_on_the_page_and_others_find_no_way_to(
    as_user: Callable[[str], Client], loop: Loop
) -> None:
    amara, ben = as_user("amara"), as_user("ben")
    assert "Waive it" not in ben.get(f"/loops/{loop.pk}").content.decode()
    assert "Waive it" in amara.get(f"/loops/{loop.pk}").content.decode()
    ben.post(f"/loops/{loop.pk}/waive", {"reason": "overloaded"})
    loop.refresh_from_db()
    assert loop.waived_at is None
    amara.post(f"/loops/{loop.pk}/waive", {"reason": "overloaded", "note": "Two\x00 books"})

    loop.refresh_from_db()
    assert (loop.waiver, loop.waiver_note, h1(ben)) == ("overloaded", "Two books", DONE)
    page = amara.get(f"/loops/{loop.pk}").content.decode()
    assert "is waived" in page and "Waive it" not in page


def test_a_pool_s_loop_is_taken_on_its_page(as_user: Callable[[str], Client], team: Any) -> None:
    loop = owed(team.accounts[7], by=team.pool, due_on=TODAY)
    PoolMember.objects.create(pool=team.pool, person=team.people["ben"], since_on=TODAY - timedelta(days=9))
    ben, chidi = as_user("ben"), as_user("chidi")
    assert "Take it" in ben.get(f"/loops/{loop.pk}").content.decode()
    assert "Take it" not in as_user("olu").get(f"/loops/{loop.pk}").content.decode()
    chidi.post(f"/loops/{loop.pk}/take")

    loop.refresh_from_db()
    assert loop.taken_by == team.people["chidi"] and h1(ben) == DONE and h1(chidi) != DONE
    page = ben.get(f"/loops/{loop.pk}").content.decode()
    assert "Take it" not in page and "Chidi Eze owes this loop" in page


def test_a_follow_up_that_is_due_keeps_the_day_open_until_it_is_done(
    as_user: Callable[[str], Client], loop: Loop
) -> None:
    client = as_user("ben")
    given = {"follow_ups-0-who": "Ben Adler", "follow_ups-0-by": TODAY.isoformat()}
    client.post(f"/loops/{loop.pk}", form(**given))
    text = client.get("/my-week").content.decode()
    assert "thing is owed today" in text and '<p class="done" data-when-done tabindex="-1" hidden>' in text

    client.post(f"/follow-ups/{FollowUp.objects.get().pk}")
    assert h1(client) == DONE
    client.post(f"/follow-ups/{FollowUp.objects.get().pk}", {"done": "no"})
    assert h1(client) != DONE


@pytest.mark.parametrize("path", ["/my-week", "/my-week?person=ben"])
@pytest.mark.parametrize("name", ["ben", "amara", "lena", "olu", "rea", "edda", "chidi"])
def test_my_week_shows_loops_to_whom_it_shows_the_person(
    as_user: Callable[[str], Client], loop: Loop, name: str, path: str
) -> None:
    sees = name == "ben" or (path.endswith("ben") and name in {"amara", "lena", "olu", "rea"})
    answer = as_user(name).get(path)

    assert answer.status_code == (404 if path.endswith("ben") and name in {"edda", "chidi"} else 200)
    assert (f"/loops/{loop.pk}" in answer.content.decode()) == sees


def test_names_from_files_are_text_on_a_loop(as_user: Callable[[str], Client], loop: Loop) -> None:
    Account.objects.update(name=EVIL)
    Loop.objects.filter(pk=loop.pk).update(
        key=f"check_in:crm:{EVIL}", kind="gone_kind", artifact_kind="check_in_note"
    )
    client = as_user("ben")
    for path, headers in ((f"/loops/{loop.pk}", {}), (f"/loops/{loop.pk}", PART), ("/my-week", {})):
        text = client.get(path, headers=headers).content.decode()
        assert "<img" not in text and "<script>hit" not in text and "&lt;img src=x" in text


@pytest.mark.parametrize("key", ["check_in:crm:7", "renewal_risk", "renewal_risk:a:b:c"])
def test_a_loop_from_before_its_kind_was_opened_by_renewals_is_shown(
    as_user: Callable[[str], Client], loop: Loop, key: str
) -> None:
    Loop.objects.filter(pk=loop.pk).update(key=key, kind="renewal_risk")
    client = as_user("ben")

    assert client.get("/my-week").status_code == client.get(f"/loops/{loop.pk}").status_code == 200


def test_a_form_that_holds_no_form_changes_nothing(as_user: Callable[[str], Client], loop: Loop) -> None:
    client = as_user("ben")
    body = urlencode({"summary": "a\x00", "follow_ups-99999999999-what": "x", "follow_ups--what": "y"})
    answer = client.post(f"/loops/{loop.pk}", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert client.post(f"/loops/{loop.pk}", "{", content_type="application/json").status_code == 422


def test_my_week_takes_no_more_queries_for_200_loops(as_user: Callable[[str], Client], team: Any) -> None:
    client, accounts = as_user("ben"), team.of("ben")

    def taken() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/my-week").status_code == 200
        return len(queries)

    kinds = ("check_in", "escalation", "health_review")
    for number, kind in enumerate(kinds):
        owed(accounts[0], by=team.people["ben"], kind=kind, due_on=TODAY + timedelta(days=number))
    few = taken()
    for number in range(197):
        kind = kinds[number % 3]
        day = TODAY + timedelta(days=number % 40 - 20)
        owed(
            accounts[number % len(accounts)],
            by=team.people["ben"],
            kind=kind,
            due_on=day,
            event=f"crm:{number}",
        )

    assert client.get("/my-week").content.decode().count("data-loop=") == 120  # the first of each
    assert few <= taken() <= few + 2 and few < MOST_QUERIES
