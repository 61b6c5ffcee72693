"""Closing a loop: each of the seven artifacts closes its own, and a refusal changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.closures.owing import CLOSES, DAY, NOW, answers, everything, owed, viewer

from evenbook.book.models import Ownership
from evenbook.closures.actions.closing import MOST_DRAFT, close, save_draft
from evenbook.closures.actions.owed import LoopDone, LoopNotYours, NoSuchLoop
from evenbook.closures.models import Draft, FollowUp, Loop
from evenbook.people.models import AuditEntry
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Artifact
from evenbook.runs.models import Happening

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} '; drop table x; -- \u202eevil and four more words"
NOTE = "check_in_note"


@pytest.fixture
def of_ben(team: Any) -> Loop:
    return owed(team.of("ben")[0], by=team.people["ben"])


def refused(loop: Loop, given: Any, *, tier: int | None = 1) -> list[tuple[str, str]]:
    """Return the refusals by field; fail where anything was changed."""
    before = everything()
    found = close(loop.key, given, by=viewer("ben"), tier=tier, now=NOW)
    assert not found.is_closed and everything() == before
    return [(each.field, each.reason) for each in found.refusals]


@pytest.mark.parametrize(("kind", "artifact"), CLOSES.items())
def test_each_artifact_closes_its_loop(team: Any, kind: str, artifact: str) -> None:
    ensure_first(NOW, but={"closures": {"chain_artifacts": ""}})
    account = team.of("ben")[0]
    loop, other = (owed(account, by=team.people["ben"], kind=kind, event=event) for event in ("x:1", "x:2"))
    given = answers(artifact)
    assert close(loop.key, given, by=viewer("ben"), tier=1, now=NOW).is_closed

    loop.refresh_from_db()
    other.refresh_from_db()
    written = loop.closed_by
    assert written is not None and other.closed_at is None
    assert (loop.closed_at, written.happened_at, written.known_at) == (NOW, NOW, NOW)
    assert (written.kind, written.closes, written.author) == (artifact, loop.key, team.people["ben"])
    assert written.fields == given and written.summary
    named = [each for each in given.get("follow_ups", [])]
    kept = written.follow_ups.values_list("what", "who", "due_on")
    assert list(kept) == [(each["what"], each["who"], date.fromisoformat(each["by"])) for each in named]


def test_closing_is_recorded_and_told(of_ben: Loop) -> None:
    close(of_ben.key, answers(NOTE), by=viewer("ben"), tier=1, now=NOW)

    entry, told = AuditEntry.objects.get(), Happening.objects.get()
    assert (entry.what, entry.thing_id, entry.thing_name) == ("loop.closed", str(of_ben.pk), of_ben.key)
    assert entry.after == {"artifact": Artifact.objects.latest("pk").pk, "kind": NOTE}
    assert (told.kind, told.accounts, told.by, told.at) == (
        "loop.closed",
        [of_ben.account_id],
        "Ben Adler",
        NOW,
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "summary"),
        (None, "summary"),
        ("a sentence of five words", "summary"),
        (["summary"], "summary"),
        (7, "summary"),
        (answers(NOTE, summary=" \n\t\u00a0\u200b"), "summary"),
        (answers(NOTE, summary="\x00\x00"), "summary"),
        (answers(NOTE, summary="N/A"), "summary"),
        (answers(NOTE, summary="one two " * 12_500), "summary"),
        (answers(NOTE, follow_ups=[]), "follow_ups"),
        (answers(NOTE, follow_ups=[{"what": "Send it", "who": "Ben Adler"}]), "follow_ups"),
        (answers(NOTE, follow_ups=[{"what": "Send it", "who": "Ben Adler", "by": "2026-03-08"}]), "follow_ups"),
        (answers(NOTE, follow_ups=[{"what": "word " * 61 + "x", "who": "Ben", "by": "2026-03-12"}]), "follow_ups"),
        (answers(NOTE, next_touchpoint="2026-03-08"), "next_touchpoint"),
        (answers(NOTE, next_touchpoint="mail"), "next_touchpoint"),
        (answers(NOTE, more="what nobody asked"), "more"),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_leaves_everything_and_the_draft(of_ben: Loop, given: Any, field: str) -> None:
    save_draft(of_ben.key, {"summary": "half a sen"}, by=viewer("ben"), now=NOW)
    found = refused(of_ben, given)

    assert field in [named for named, _ in found]
    assert all(0 < len(reason) < 300 and reason.endswith((".", "?")) for _, reason in found)
    assert Draft.objects.get().answers == {"summary": "half a sen"}


def test_a_channel_may_stand_for_the_next_date_where_the_tier_allows_it(of_ben: Loop) -> None:
    given = answers(NOTE, next_touchpoint="mail")

    assert refused(of_ben, given, tier=None)
    assert close(of_ben.key, given, by=viewer("ben"), tier=4, now=NOW).is_closed


def test_hostile_text_is_kept_as_text_without_what_nobody_sees(of_ben: Loop) -> None:
    close(of_ben.key, answers(NOTE, summary=f"a\x00b {HOSTILE}"), by=viewer("ben"), tier=1, now=NOW)

    kept = Artifact.objects.latest("pk").fields["summary"]
    assert kept == f"ab {HOSTILE}".replace("\u202e", "")


@pytest.mark.parametrize("name", ["Chidi Eze", " chidi eze ", "chidi"])
def test_a_follow_up_of_somebody_who_has_left_is_refused(team: Any, of_ben: Loop, name: str) -> None:
    team.people["chidi"].left_on = DAY - timedelta(days=1)
    team.people["chidi"].save()
    found = refused(of_ben, answers(NOTE, follow_ups=[{"what": "Send it", "who": name, "by": "2026-03-12"}]))

    assert found == [("follow_ups", f"{name.strip()} has left; name somebody who is here.")]


def test_nobody_who_has_left_receives_an_account(team: Any) -> None:
    loop = owed(team.of("ben")[0], by=team.people["ben"], kind="change_of_owner")
    team.people["chidi"].left_on = DAY - timedelta(days=1)
    team.people["chidi"].save()

    assert refused(loop, answers("transfer_brief", receiver="Chidi Eze"))[0][0] == "receiver"
    assert close(loop.key, answers("transfer_brief"), by=viewer("ben"), tier=1, now=NOW).is_closed


def test_a_follow_up_is_on_the_week_of_the_one_person_of_its_name(team: Any, of_ben: Loop) -> None:
    rows = [{"what": "Send it", "who": who, "by": "2026-03-12"} for who in ("chidi EZE", "Dana of theirs")]
    close(of_ben.key, answers(NOTE, follow_ups=rows), by=viewer("ben"), tier=1, now=NOW)

    assert list(FollowUp.objects.order_by("pk").values_list("person", flat=True)) == [
        team.people["chidi"].pk, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        ({"closed_at": NOW}, "This loop was closed on 09 March 2026 by its artifact."),
        ({"withdrawn_at": NOW}, "This loop was withdrawn on 09 March 2026 with its event."),
        (
            {"waived_at": NOW, "waiver": "overloaded", "waived_by": "Amara Okafor"},
            "This loop was waived on 09 March 2026 by Amara Okafor.",
        ),
    ],
)
def test_a_loop_that_is_done_is_not_closed_again(of_ben: Loop, ended: dict[str, Any], said: str) -> None:
    Loop.objects.filter(pk=of_ben.pk).update(**ended)
    before = everything()
    with pytest.raises(LoopDone) as refusal:
        close(of_ben.key, answers(NOTE), by=viewer("ben"), tier=1, now=NOW)
    with pytest.raises(LoopDone):
        save_draft(of_ben.key, {"summary": "x"}, by=viewer("ben"), now=NOW)

    assert refusal.value.what == said and everything() == before


@pytest.mark.parametrize("name", ["chidi", "edda", "rea"])
def test_a_loop_of_somebody_else_is_not_closed(of_ben: Loop, name: str) -> None:
    before = everything()
    with pytest.raises(LoopNotYours, match="owed by Ben Adler, not by you"):
        close(of_ben.key, answers(NOTE), by=viewer(name), tier=1, now=NOW)
    with pytest.raises(LoopNotYours):
        save_draft(of_ben.key, {"summary": "x"}, by=viewer(name), now=NOW)

    assert everything() == before


@pytest.mark.parametrize("name", ["amara", "lena", "olu"])
def test_whoever_leads_the_owner_or_keeps_the_records_may_close(of_ben: Loop, name: str) -> None:
    assert close(of_ben.key, answers(NOTE), by=viewer(name), tier=1, now=NOW).is_closed


def test_a_leader_closes_nothing_of_another_team(team: Any) -> None:
    loop = owed(team.of("chidi")[0], by=team.people["chidi"])
    with pytest.raises(LoopNotYours):
        close(loop.key, answers(NOTE), by=viewer("amara"), tier=1, now=NOW)


@pytest.mark.parametrize("key", ["", "check_in:nothing", "x" * 1000])
def test_a_loop_that_is_not_there_is_said_not_to_be(team: Any, key: str) -> None:
    with pytest.raises(NoSuchLoop):
        close(key, answers(NOTE), by=viewer("ben"), tier=1, now=NOW)


def test_what_others_owe_is_not_there_where_policy_closes_it(team: Any, of_ben: Loop) -> None:
    ensure_first(NOW, but={"book": {"others_accounts_open": False}})
    with pytest.raises(NoSuchLoop):
        close(of_ben.key, answers(NOTE), by=viewer("chidi"), tier=1, now=NOW)

    assert close(of_ben.key, answers(NOTE), by=viewer("ben"), tier=1, now=NOW).is_closed


def test_what_an_owner_who_left_owes_is_closed_by_their_leader(team: Any, of_ben: Loop) -> None:
    team.people["ben"].left_on = DAY - timedelta(days=9)
    team.people["ben"].save()
    with pytest.raises(LoopNotYours):
        close(of_ben.key, answers(NOTE), by=viewer("chidi"), tier=1, now=NOW)

    assert close(of_ben.key, answers(NOTE), by=viewer("amara"), tier=1, now=NOW).is_closed


def test_what_nobody_owes_is_closed_by_a_leader_and_by_no_csm(team: Any) -> None:
    account = team.of("ben")[0]
    Ownership.objects.filter(account=account).delete()
    loop = owed(account, by=None)
    with pytest.raises(LoopNotYours, match="Nobody owes this loop yet"):
        close(loop.key, answers(NOTE), by=viewer("ben"), tier=1, now=NOW)

    assert close(loop.key, answers(NOTE), by=viewer("amara"), tier=1, now=NOW).is_closed


def test_the_loop_of_a_merged_account_is_closed_by_whoever_owes_it(team: Any, of_ben: Loop) -> None:
    account, heir = team.of("ben")[:2]
    account.merged_into = heir
    account.save()
    assert close(of_ben.key, answers(NOTE), by=viewer("ben"), tier=1, now=NOW).is_closed


def test_a_clock_set_back_closes_no_loop_before_it_opened(of_ben: Loop) -> None:
    before = of_ben.opened_at - timedelta(days=2)
    close(of_ben.key, answers(NOTE), by=viewer("ben"), tier=1, now=before)

    of_ben.refresh_from_db()
    assert of_ben.closed_at == of_ben.opened_at
    assert of_ben.closed_by is not None and of_ben.closed_by.happened_at == before


def test_drafts_of_two_people_are_kept_apart_and_go_when_the_loop_is_closed(of_ben: Loop) -> None:
    for name, text in (("ben", "mine"), ("amara", "hers"), ("ben", "mine again")):
        assert save_draft(of_ben.key, {"summary": text}, by=viewer(name), now=NOW)
    assert list(Draft.objects.order_by("pk").values_list("answers__summary", flat=True)) == [
        "mine again",
        "hers",
    ]

    close(of_ben.key, answers(NOTE), by=viewer("ben"), tier=1, now=NOW)
    assert not Draft.objects.exists()


def test_a_draft_may_be_long_and_no_longer(of_ben: Loop) -> None:
    assert save_draft(of_ben.key, {"summary": "x" * 100_000}, by=viewer("ben"), now=NOW)
    assert not save_draft(of_ben.key, {"summary": "x" * MOST_DRAFT}, by=viewer("ben"), now=NOW)
    assert len(Draft.objects.get().answers["summary"]) == 100_000


def test_a_draft_keeps_text_that_a_database_refuses(of_ben: Loop) -> None:
    given = {"summary": "a\x00b\ud800", "follow_ups": [{"what": "c\x00", "who": "", "by": ""}]}
    assert save_draft(of_ben.key, given, by=viewer("ben"), now=NOW)

    assert Draft.objects.get().answers == {
        "summary": "ab",
        "follow_ups": [{"what": "c", "who": "", "by": ""}],
    }
