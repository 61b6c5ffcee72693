"""Waiving a loop, taking one from a pool, and saying that a follow-up is done: who may, and what is recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.closures.owing import DAY, NOW, answers, everything, owed, viewer

from evenbook.book.models import Pool, PoolMember
from evenbook.closures.actions.closing import close
from evenbook.closures.actions.deciding import REASONS, settle_follow_up, take, waive
from evenbook.closures.actions.owed import LoopDone, LoopNotYours, NoSuchLoop, WaiverRefused
from evenbook.closures.models import FollowUp, Loop, Requirement
from evenbook.closures.queries.loops import LoopsWanted, loop_called, loops
from evenbook.people.models import AuditEntry
from evenbook.policy.queries import latest


@pytest.fixture
def of_ben(team: Any) -> Loop:
    return owed(team.of("ben")[0], by=team.people["ben"])


@pytest.fixture
def of_pool(team: Any) -> Loop:
    """Return a loop of a pool that Chidi and Ben are in."""
    PoolMember.objects.create(pool=team.pool, person=team.people["ben"], since_on=DAY - timedelta(days=900))
    return owed(team.accounts[7], by=team.pool)


@pytest.fixture
def promise(of_ben: Loop) -> FollowUp:
    """Return what Chidi is to do for an account of Ben's."""
    rows = [{"what": "Send it", "who": "Chidi Eze", "by": "2026-03-12"}]
    close(of_ben.key, answers("check_in_note", follow_ups=rows), by=viewer("ben"), tier=1, now=NOW)
    return FollowUp.objects.get()


@pytest.mark.parametrize("reason", REASONS)
def test_a_leader_waives_with_each_reason_and_it_is_recorded(of_ben: Loop, reason: str) -> None:
    covered = list(Requirement.objects.order_by("pk").values())
    waive(of_ben.key, reason, " Too\x00 much. ", by=viewer("amara"), now=NOW)

    of_ben.refresh_from_db()
    assert (of_ben.waiver, of_ben.waiver_note, of_ben.waived_by) == (reason, "Too much.", "Amara Okafor")
    assert of_ben.waived_at == NOW and of_ben.closed_at is None and of_ben.closed_by is None
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.after) == ("loop.waived", {"reason": reason, "note": "Too much."})
    assert list(Requirement.objects.order_by("pk").values()) == covered


def test_a_loop_is_waived_as_of_the_day_on_and_owed_before(of_ben: Loop) -> None:
    waive(of_ben.key, "overloaded", "", by=viewer("amara"), now=NOW)

    def state(days: int) -> str:
        (row,) = loops(
            viewer("ben"), latest().policy, DAY + timedelta(days=days), wanted=LoopsWanted(owed=False)
        )
        return row.state

    assert [state(days) for days in (-1, 0, 1)] == ["open", "waived", "waived"]


def test_what_was_waived_is_not_owed_now_and_was_as_of_the_day_before(of_ben: Loop) -> None:
    waive(of_ben.key, "overloaded", "", by=viewer("amara"), now=NOW)
    policy, ben = latest().policy, viewer("ben")

    assert loops(ben, policy, DAY, wanted=LoopsWanted(as_they_are=True)) == []
    assert len(loops(ben, policy, DAY - timedelta(days=1), wanted=LoopsWanted())) == 1
    assert loop_called(ben, policy, DAY, of_ben.key).state == "waived"


@pytest.mark.parametrize("name", ["ben", "chidi", "olu", "edda", "rea"])
def test_nobody_but_the_leader_of_whoever_owes_it_waives(of_ben: Loop, name: str) -> None:
    before = everything()
    with pytest.raises(WaiverRefused, match="by the leader of whoever owes it"):
        waive(of_ben.key, "overloaded", "", by=viewer(name), now=NOW)

    assert everything() == before


def test_a_leader_waives_nothing_of_another_team_even_for_an_account_of_their_own(team: Any) -> None:
    loop = owed(team.of("ben")[0], by=team.people["chidi"])
    with pytest.raises(WaiverRefused):
        waive(loop.key, "overloaded", "", by=viewer("amara"), now=NOW)
    waive(loop.key, "overloaded", "", by=viewer("lena"), now=NOW)

    loop.refresh_from_db()
    assert loop.waived_by == "Lena Sorel"


@pytest.mark.parametrize(
    ("reason", "note"),
    [("the customer already knows", ""), ("", ""), ("Overloaded", ""), ("a\x00" * 90, ""), ("overloaded", "x" * 501)],
)  # fmt: skip
def test_other_reasons_and_endless_notes_are_refused(of_ben: Loop, reason: str, note: str) -> None:
    before = everything()
    with pytest.raises(WaiverRefused) as refused:
        waive(of_ben.key, reason, note, by=viewer("amara"), now=NOW)

    assert everything() == before and len(refused.value.what) < 120 and "\x00" not in refused.value.what


def test_a_loop_is_waived_once_and_no_closed_one(of_ben: Loop) -> None:
    waive(of_ben.key, "overloaded", "", by=viewer("amara"), now=NOW)
    with pytest.raises(LoopDone, match="waived on 09 March 2026 by Amara Okafor"):
        waive(of_ben.key, "requirement", "", by=viewer("amara"), now=NOW)
    with pytest.raises(NoSuchLoop):
        waive("check_in:nothing", "requirement", "", by=viewer("amara"), now=NOW)

    of_ben.refresh_from_db()
    assert of_ben.waiver == "overloaded"


def test_what_one_takes_from_a_pool_nobody_else_can(team: Any, of_pool: Loop) -> None:
    take(of_pool.key, by=viewer("chidi"), now=NOW)
    before = everything()
    with pytest.raises(LoopNotYours, match="Chidi Eze has taken this loop"):
        take(of_pool.key, by=viewer("ben"), now=NOW)
    with pytest.raises(LoopNotYours, match="owed by Chidi Eze"):
        close(of_pool.key, answers("check_in_note"), by=viewer("ben"), tier=4, now=NOW)

    assert everything() == before
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.after) == ("loop.taken", {"by": "chidi"})
    assert close(of_pool.key, answers("check_in_note"), by=viewer("chidi"), tier=4, now=NOW).is_closed


def test_whoever_is_in_the_pool_may_close_what_nobody_took(of_pool: Loop) -> None:
    assert close(of_pool.key, answers("check_in_note"), by=viewer("ben"), tier=4, now=NOW).is_closed


@pytest.mark.parametrize("name", ["amara", "olu", "rea"])
def test_whoever_is_in_no_pool_takes_nothing(of_pool: Loop, name: str) -> None:
    with pytest.raises(LoopNotYours, match="not owed by a pool that you are in"):
        take(of_pool.key, by=viewer(name), now=NOW)


def test_what_a_person_owes_is_not_taken(team: Any, of_ben: Loop) -> None:
    PoolMember.objects.update(person=team.people["ben"])
    with pytest.raises(LoopNotYours):
        take(of_ben.key, by=viewer("ben"), now=NOW)


def test_whoever_left_the_pool_neither_takes_nor_closes(team: Any, of_pool: Loop) -> None:
    PoolMember.objects.filter(person=team.people["ben"]).update(until_on=DAY - timedelta(days=30))
    for does in (
        lambda: take(of_pool.key, by=viewer("ben"), now=NOW),
        lambda: close(of_pool.key, answers("check_in_note"), by=viewer("ben"), tier=4, now=NOW),
    ):
        with pytest.raises(LoopNotYours):
            does()


def test_a_pool_is_led_by_its_leader_alone(team: Any, of_pool: Loop) -> None:
    pool = Pool.objects.create(key="other", name="Other", lead=team.people["chidi"])
    loop = owed(team.of("ben")[0], by=pool)
    with pytest.raises(WaiverRefused):
        waive(loop.key, "overloaded", "", by=viewer("amara"), now=NOW)
    waive(of_pool.key, "overloaded", "", by=viewer("amara"), now=NOW)  # Ben, whom she leads, is in it


@pytest.mark.parametrize("name", ["chidi", "ben", "amara", "olu"])
def test_a_follow_up_is_settled_by_who_does_it_who_keeps_the_account_and_who_leads_them(
    promise: FollowUp, name: str
) -> None:
    settle_follow_up(promise.pk, is_done=True, by=viewer(name), now=NOW)
    promise.refresh_from_db()
    assert promise.done_at == NOW and promise.done_by == viewer(name).name

    settle_follow_up(promise.pk, is_done=False, by=viewer(name), now=NOW)
    promise.refresh_from_db()
    assert promise.done_at is None and promise.done_by == ""
    said = AuditEntry.objects.filter(thing_kind="follow_up").order_by("pk").values_list("what", "thing_name")
    assert list(said) == [("follow_up.done", "Send it"), ("follow_up.reopened", "Send it")]


@pytest.mark.parametrize("name", ["rea", "edda"])
def test_a_follow_up_is_settled_by_nobody_else(promise: FollowUp, name: str) -> None:
    before = everything()
    with pytest.raises(LoopNotYours, match="not yours"):
        settle_follow_up(promise.pk, is_done=True, by=viewer(name), now=NOW)
    with pytest.raises(NoSuchLoop):
        settle_follow_up(promise.pk + 1, is_done=True, by=viewer(name), now=NOW)

    assert everything() == before


def test_a_csm_settles_no_follow_up_between_others(team: Any, promise: FollowUp) -> None:
    FollowUp.objects.update(person=team.people["amara"])
    with pytest.raises(LoopNotYours):
        settle_follow_up(promise.pk, is_done=True, by=viewer("chidi"), now=NOW)


def test_settling_a_follow_up_again_changes_and_records_nothing(promise: FollowUp) -> None:
    settle_follow_up(promise.pk, is_done=True, by=viewer("chidi"), now=NOW)
    before = everything()
    settle_follow_up(promise.pk, is_done=True, by=viewer("ben"), now=NOW + timedelta(days=1))

    assert everything() == before
