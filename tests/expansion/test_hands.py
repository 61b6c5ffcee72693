"""The signed door: what is signed is taken once, all else is refused, as slowly whatever is wrong with it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.test import Client
from tests.expansion.test_opening import calm, staff_to_expansion
from tests.pages.company import NOW

from evenbook.book.models import AccountAlias
from evenbook.expansion.actions.hands import end_key, make_key
from evenbook.expansion.models import Opening, SeenHand
from evenbook.expansion.rules.signing import is_in_time, is_signed, secret_of, signature_of
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of
from evenbook.rest import rates

ADDRESS = "/api/v1/expansion/hands"
KEY = "hand_shop"


@pytest.fixture(autouse=True)
def fresh_process() -> None:
    rates._mine.clear()


@pytest.fixture
def secret(team: Any) -> str:
    staff_to_expansion(team)
    return make_key("Shop", key=KEY, salt="salt", by=viewer_of(team.users["olu"], surface="page"), now=NOW)


def sent(
    secret: str, body: dict[str, Any], *, key: str = KEY, at: int | None = None, signature: str = ""
) -> Any:
    text = json.dumps(body)
    when = str(int(time.time()) if at is None else at)
    signed = signature or signature_of(secret, when, text.encode())
    headers = {"Evenbook-Key": key, "Evenbook-Timestamp": when, "Evenbook-Signature": signed}
    return Client(headers=headers).post(ADDRESS, text, content_type="application/json")


def hand(team: Any, **said: Any) -> dict[str, Any]:
    return {"id": "h-1", "account": calm(team).key, "product": "Insights", "contact": "Ines Pohl"} | said


def test_a_signed_hand_is_an_opening_at_once(team, secret):
    answer = sent(secret, hand(team))

    assert answer.status_code == 200, answer.content
    assert answer.json()["owner_name"] == "Chidi Eze" and answer.json()["is_new"] is True
    row = Opening.objects.get()
    assert (row.role, row.source, row.key, row.opened_by) == ("prompt", "product", f"{KEY}:h-1", "Evenbook")


def test_the_very_same_request_is_refused_and_a_retry_signed_anew_is_the_same_hand(team, secret):
    now = int(time.time())
    sent(secret, hand(team), at=now)

    again = sent(secret, hand(team), at=now)
    retried = sent(secret, hand(team), at=now + 1)

    assert (again.status_code, again.json()["type"]) == (409, "/errors/hand-replayed")
    assert retried.status_code == 200 and retried.json()["is_new"] is False
    assert Opening.objects.count() == 1


@pytest.mark.parametrize("late", [-301, 301, 10**9])
def test_a_hand_out_of_its_time_is_refused(team, secret, late):
    assert sent(secret, hand(team), at=int(time.time()) + late).status_code == 401
    assert not Opening.objects.exists()


def test_what_is_not_signed_right_gets_one_and_the_same_answer(team, secret):
    wrong = [
        sent("another secret", hand(team)),
        sent(secret, hand(team), key="hand_nobody"),
        sent(secret, hand(team), signature="v1=00"),
        sent(secret, hand(team), signature="x" * 190),
        Client().post(ADDRESS, "{}", content_type="application/json"),
    ]

    said = {(each.status_code, each.content) for each in wrong}
    assert (
        len(said) == 1 and wrong[0].status_code == 401 and wrong[0].json()["type"] == "/errors/hand-unsigned"
    )


def test_a_changed_body_is_not_what_was_signed():
    secret = secret_of("root", "salt")
    signed = signature_of(secret, "1", b'{"id": "1"}')

    assert is_signed(secret, "1", b'{"id": "1"}', signed)
    assert not is_signed(secret, "1", b'{"id": "2"}', signed) and not is_signed(
        secret, "2", b'{"id": "1"}', signed
    )
    assert not is_signed(secret_of("root", "other"), "1", b'{"id": "1"}', signed)
    assert [is_in_time(text, 100.0, seconds=5) for text in ("100", "95", "94", "٣", "", "1e2", "-100")] == [
        True, True, False, False, False, False, False,
    ]  # fmt: skip


def test_an_ended_key_opens_nothing_any_more(team, secret):
    by = viewer_of(team.users["olu"], surface="page")

    assert end_key(KEY, by=by, now=NOW) and not end_key(KEY, by=by, now=NOW)

    assert sent(secret, hand(team)).status_code == 401
    assert AuditEntry.objects.filter(what="signing_key.ended").count() == 1


def test_only_operations_make_keys_and_no_secret_is_kept(team, secret):
    from evenbook.expansion.models import SigningKey
    from evenbook.kit.errors import EvenbookError

    with pytest.raises(EvenbookError):
        make_key("Shop", key="k", salt="s", by=viewer_of(team.users["ben"], surface="page"), now=NOW)

    assert secret not in repr([vars(each) for each in (*SigningKey.objects.all(), *AuditEntry.objects.all())])


def test_an_account_goes_by_the_id_of_its_source_and_an_unknown_one_is_refused(team, secret):
    AccountAlias.objects.create(account=calm(team), source="crm", external_id="0015-XYZ")

    assert sent(secret, hand(team, account="0015-XYZ")).status_code == 200
    unknown = sent(secret, hand(team, account="nobody", id="h-2"))
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/errors/no-such-opening")
    assert SeenHand.objects.count() == 1


@pytest.mark.parametrize("said", [{"wants": "all"}, {"note": "n" * 501}, {"id": ""}, {"more": 1}])
def test_bad_input_is_refused_with_where_it_lies(team, secret, said):
    answer = sent(secret, hand(team, **said))

    assert answer.status_code == 422 and answer.json()["errors"]


def test_too_many_wrong_ones_in_a_minute_are_asked_to_wait(team, secret):
    answers = [sent("wrong", hand(team)).status_code for _ in range(260)]

    assert answers[0] == 401 and answers[-1] == 429
