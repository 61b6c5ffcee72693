"""Health reviews of accounts that have not moved are signed together, each checked and recorded by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.closures.owing import DAY, NOW, everything, owed, viewer

from evenbook.closures.actions.batches import BatchRefused, acknowledge_reviews
from evenbook.closures.models import Batch, Loop
from evenbook.closures.queries.batches import batch_log, batch_logs
from evenbook.closures.queries.loops import LoopsWanted
from evenbook.closures.queries.stable import reviews_owed
from evenbook.closures.rules.stability import why_moved
from evenbook.people.models import AuditEntry
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Artifact
from evenbook.runs.queries import Week, week
from evenbook.states.models import Standing

BEFORE = NOW - timedelta(days=30)


def this_week(name: str = "ben") -> Week:
    found = week(viewer(name))
    assert found is not None
    return found


def reviewed(account: Any, *, at: datetime = BEFORE, **fields: Any) -> Artifact:
    dated = {"happened_at": at, "known_at": at, "source": "crm", "external_id": f"r{account.pk}"}
    return Artifact.objects.create(
        account=account, kind="health_review_log", fields=fields, fingerprint="x", **dated
    )


def stands(account: Any) -> Standing:
    return Standing.objects.get(account=account)


@pytest.fixture
def loops(team: Any) -> list[Loop]:
    """Return four health reviews of Ben's, of accounts that stand as they did."""
    made = []
    for account in team.of("ben"):
        now = stands(account)
        reviewed(account, band=now.color, score=now.score)
        made.append(owed(account, by=team.people["ben"], kind="health_review"))
    return made


def signed(keys: Any, by: str = "ben") -> list[tuple[bool, str]]:
    found = acknowledge_reviews(keys, by=viewer(by), week=this_week(by), today=DAY, now=NOW)
    return [(each.is_closed, each.why_not) for each in found]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, ""),
        ({"score": 71.9}, ""),
        ({"score": 72.0}, "Its score went from 62 to 72 since the review of 7 Feb 2026."),
        ({"score": 52.0}, "Its score went from 62 to 52 since the review of 7 Feb 2026."),
        ({"score": None}, ""),
        ({"band": "green"}, "Its band went from yellow to green since the review of 7 Feb 2026."),
        ({"reviewed_on": None}, "It has no earlier review to compare with."),
        ({"last": {}, "since_on": DAY - timedelta(days=90)}, ""),
        ({"last": {}}, "Its state changed since the review of 7 Feb 2026, which tells no band."),
        (
            {"last": {}, "since_on": None},
            "Its state changed since the review of 7 Feb 2026, which tells no band.",
        ),
        ({"last": {"band": "yellow", "score": "a lot"}}, ""),
    ],
)
def test_an_account_has_moved_where_its_band_or_a_step_of_its_score_has(more: Any, why: str) -> None:
    usual = {"band": "yellow", "score": 62.0, "since_on": DAY, "reviewed_on": BEFORE.date(), "step": 10.0}
    assert why_moved(**{**usual, "last": {"band": "yellow", "score": 62}, **more}) == why


def test_what_has_not_moved_is_signed_as_one_log(team: Any, loops: list[Loop]) -> None:
    assert signed([each.key for each in loops]) == [(True, "")] * 4

    log = Batch.objects.get()
    assert (log.loops, log.signed_by, log.person, log.pool) == (4, "Ben Adler", team.people["ben"], None)
    assert log.first_on.isoformat() == "2026-01-01"
    for each in loops:
        each.refresh_from_db()
        assert each.closed_at == NOW and each.closed_by is not None
        now = stands(each.account)
        assert each.closed_by.fields == {
            "score": round(now.score), "band": now.color, "moved": "no",
            "outcome": "acknowledged stable", "batch": log.pk,
        }  # fmt: skip
    said = AuditEntry.objects.filter(what="reviews.signed").values_list("rows", "by_name")
    assert list(said) == [(4, "Ben Adler")]
    assert AuditEntry.objects.filter(what="loop.closed").count() == 4


def test_refusals_are_said_and_the_others_go_through(team: Any, loops: list[Loop]) -> None:
    moved, gone, theirs = (
        loops[0],
        loops[1],
        owed(team.of("chidi")[0], by=team.people["chidi"], kind="health_review"),
    )
    Artifact.objects.filter(account=moved.account, kind="health_review_log").update(fields={"band": "red"})
    Loop.objects.filter(pk=gone.pk).update(withdrawn_at=NOW)
    reviewed(theirs.account, band=stands(theirs.account).color)
    found = signed([moved.key, gone.key, theirs.key, "no such", loops[2].key, loops[2].key, loops[3].key])

    assert [closed for closed, _ in found] == [False] * 4 + [True] * 2
    assert found[0][1].startswith("Its band went from red to")
    assert "is owed that you may see" in found[1][1] and "is owed that you may see" in found[3][1]
    assert found[2][1] in {
        "Nothing is known yet of how it stands. It needs a review of its own.",
        "This loop is owed by Chidi Eze, not by you. Ask whoever owes it, or their leader.",
    }
    assert Batch.objects.get().loops == 2


def test_where_all_are_refused_nothing_is_changed(loops: list[Loop]) -> None:
    before = everything()
    assert signed(["a\x00b", "x" * 400])[0][0] is False
    for wanted in ([], [str(number) for number in range(501)]):
        with pytest.raises(BatchRefused):
            signed(wanted)
    assert everything() == before and not Batch.objects.exists()


def test_a_reader_signs_nothing(loops: list[Loop]) -> None:
    assert signed([loops[0].key], by="rea")[0][0] is False
    assert not Batch.objects.exists()


def test_signing_twice_closes_nothing_twice(loops: list[Loop]) -> None:
    signed([loops[0].key])
    before = everything()
    assert signed([loops[0].key])[0][0] is False and everything() == before


def test_a_pool_s_log_is_apart_from_a_person_s(team: Any, loops: list[Loop]) -> None:
    account = team.accounts[7]
    reviewed(account, band=stands(account).color)
    pooled = owed(account, by=team.pool, kind="health_review")
    found = signed([loops[0].key, pooled.key], by="lena")
    assert found == [(True, ""), (True, "")]

    logs = batch_logs(viewer("lena"))
    assert sorted((each.whose, each.period, each.loops) for each in logs) == [
        ("Ben Adler", "Q1 2026", 1),
        ("Digital", "Q1 2026", 1),
    ]
    log = batch_log(viewer("lena"), next(each.id for each in logs if each.whose == "Digital"))
    assert log is not None and [each.account_name for each in log.listed] == [account.name]


def test_policy_closes_others_logs(team: Any, loops: list[Loop]) -> None:
    ensure_first(NOW, but={"book": {"others_accounts_open": False}})
    signed([loops[0].key])
    number = Batch.objects.get().pk
    assert batch_log(viewer("chidi"), number) is None and batch_logs(viewer("chidi")) == ()
    assert batch_log(viewer("ben"), number) is not None and len(batch_logs(viewer("ben"))) == 1


def test_the_page_lists_signs_and_says_refusals(team: Any, loops: list[Loop], client: Any) -> None:
    client.force_login(team.users["ben"])
    assert "4 health reviews" in client.get("/my-week").content.decode()
    page = client.get("/reviews/stable").content.decode()
    assert page.count('name="loop"') == 4 and "Sign them as stable" in page
    nothing = client.post("/reviews/stable", {})
    assert nothing.status_code == 422 and "No review was chosen." in nothing.content.decode()
    keys = [loops[0].key, loops[1].key, "<b>none</b>"]
    answer = client.post("/reviews/stable", {"loop": keys}).content.decode()
    assert (
        "2 reviews are signed and closed." in answer and "&lt;b&gt;none" in answer and "<b>none" not in answer
    )
    assert client.post("/reviews/stable", {"loop": [loops[2].key]})["Location"] == "/my-week"
    log = Batch.objects.order_by("pk")[0]
    assert "Ben Adler signed 2 reviews" in client.get(f"/reviews/logs/{log.pk}").content.decode()
    assert (
        "2 logs of stable reviews and silent accounts are signed"
        in client.get("/reviews/logs").content.decode()
    )
    assert client.get("/reviews/logs/987654").status_code == 404
    assert client.get("/reviews/stable?person=chidi").status_code == 404


def test_reviews_are_listed_with_why_not(team: Any, loops: list[Loop]) -> None:
    Artifact.objects.filter(account=loops[0].account, kind="health_review_log").delete()
    wanted = LoopsWanted(person_id=team.people["ben"].pk, as_they_are=True)
    found = reviews_owed(viewer("ben"), this_week(), wanted=wanted, today=DAY)
    assert {each.loop.key: each.why_not for each in found}[
        loops[0].key
    ] == "It has no earlier review to compare with."
    assert sum(each.is_stable for each in found) == 3
