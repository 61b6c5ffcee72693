"""A corrected artifact has a new version; its loop stays closed, and nothing known earlier changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from tests.closures.owing import DAY, NOW, answers, everything, owed, viewer

from evenbook.closures.actions.closing import close
from evenbook.closures.actions.correcting import (
    Corrected,
    CorrectedMeanwhile,
    NothingToCorrect,
    correct,
)
from evenbook.closures.actions.deciding import settle_follow_up
from evenbook.closures.actions.owed import LoopNotYours, NoSuchLoop
from evenbook.closures.models import FollowUp, Loop
from evenbook.closures.queries.loops import loop_called
from evenbook.closures.queries.written import Written, follow_ups_owed, written
from evenbook.kit.dates import day_ends_at
from evenbook.people.models import AuditEntry
from evenbook.policy.queries import latest
from evenbook.records.models import Artifact

NOTE = "check_in_note"
LATER = NOW + timedelta(days=10)
OTHER = "The rollout slipped by two weeks, and the new admin starts in April."


@pytest.fixture
def loop(team: Any) -> Loop:
    """Return a loop of Ben's that he closed on 9 March."""
    made = owed(team.of("ben")[0], by=team.people["ben"])
    assert close(made.key, answers(NOTE), by=viewer("ben"), tier=1, now=NOW).is_closed
    return made


def corrected(
    loop: Loop, *, by: str = "ben", version: int = 1, now: datetime = LATER, **more: Any
) -> Corrected:
    return correct(loop.key, answers(NOTE, **more), version=version, by=viewer(by), tier=1, now=now)


def told(loop: Loop, name: str = "ben") -> Written:
    row = loop_called(viewer(name), latest().policy, DAY, loop.key)
    found = written(viewer(name), row) if row else None
    assert found is not None
    return found


def test_a_correction_is_a_version_of_its_own_and_the_loop_stays_closed(loop: Loop) -> None:
    assert corrected(loop, summary=OTHER) == Corrected(2, True)

    loop.refresh_from_db()
    assert loop.closed_at == NOW
    found = told(loop)
    assert found.at == NOW and found.answers["summary"] == OTHER
    assert [each.known_at for each in found.versions] == [NOW, LATER]
    assert found.earlier[0].answers["summary"].startswith("Rollout is on plan")
    said = AuditEntry.objects.get(what="artifact.corrected")
    assert (said.by_name, said.after) == ("Ben Adler", {"version": 2})


def test_a_day_that_has_passed_since_may_stay_and_a_new_one_may_not(loop: Loop) -> None:
    passed = [{"what": "Send the offer", "who": "Ben Okafor", "by": "2026-03-12"}]
    late = [*passed, {"what": "Call the sponsor", "who": "Ben Okafor", "by": "2026-03-13"}]
    found = corrected(loop, summary=OTHER, follow_ups=late)
    assert [each.reason for each in found.refusals] == [
        "The date of the follow-up must be today or later, not 2026-03-13."
    ]
    assert corrected(loop, summary=OTHER, follow_ups=passed).is_new


@pytest.mark.parametrize(
    "given", [{"summary": "N/A"}, {"summary": "  "}, {"summary": "x" * 100_000}, {"odd": 1}]
)
def test_the_standard_is_checked_again_and_a_refusal_changes_nothing(loop: Loop, given: Any) -> None:
    before = everything()
    found = corrected(loop, **given)
    assert found.refusals and not found.is_new and everything() == before


def test_the_same_answers_again_make_no_version(loop: Loop) -> None:
    before = everything()
    assert corrected(loop) == Corrected(1, False)
    assert everything() == before


def test_the_second_of_two_who_correct_at_once_is_told(loop: Loop) -> None:
    corrected(loop, summary=OTHER)
    before = everything()
    with pytest.raises(CorrectedMeanwhile, match="Ben Adler has corrected it meanwhile: version 2 holds"):
        corrected(loop, by="amara", summary="Amara has heard that it did not slip after all.")
    assert everything() == before


@pytest.mark.parametrize(
    ("name", "error"), [("chidi", LoopNotYours), ("rea", LoopNotYours), ("edda", LoopNotYours)]
)
def test_who_neither_wrote_nor_owes_it_corrects_nothing(
    loop: Loop, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        corrected(loop, by=name, summary=OTHER)
    assert Artifact.objects.filter(closes=loop.key).count() == 1


def test_its_writer_may_correct_it_after_the_account_went_to_another(team: Any, loop: Loop) -> None:
    Loop.objects.filter(pk=loop.pk).update(person=team.people["chidi"])
    assert corrected(loop, summary=OTHER).is_new


def test_an_open_loop_and_what_came_from_elsewhere_have_nothing_to_correct(team: Any, loop: Loop) -> None:
    fresh = owed(team.of("ben")[1], by=team.people["ben"])
    with pytest.raises(NothingToCorrect):
        corrected(fresh, summary=OTHER)
    Artifact.objects.filter(closes=loop.key).update(source="crm")
    with pytest.raises(NothingToCorrect):
        corrected(loop, summary=OTHER)
    with pytest.raises(NoSuchLoop):
        correct("none", {}, version=1, by=viewer("ben"), tier=1, now=NOW)


def test_follow_ups_stay_come_and_are_dropped(team: Any, loop: Loop) -> None:
    (first,) = FollowUp.objects.all()
    new = {"what": "Call the sponsor", "who": "Ben Adler", "by": "2026-04-02"}
    corrected(loop, follow_ups=[{"what": "Send the offer", "who": "Ben Okafor", "by": "2026-03-12"}, new])
    assert [each.what for each in told(loop).follow_ups] == ["Send the offer", "Call the sponsor"]

    corrected(loop, version=2, follow_ups=[new], now=LATER + timedelta(days=1))
    assert [each.what for each in told(loop).follow_ups] == ["Call the sponsor"]
    first.refresh_from_db()
    assert first.is_dropped and first.done_at == LATER + timedelta(days=1)
    assert [each.what for each in follow_ups_owed(viewer("ben"), team.people["ben"].pk)] == [
        "Call the sponsor"
    ]
    with pytest.raises(NoSuchLoop):
        settle_follow_up(first.pk, is_done=False, by=viewer("ben"), now=LATER)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gaps=some.lists(some.integers(0, 20), min_size=1, max_size=6))
def test_what_was_known_on_a_day_is_told_the_same_for_ever(loop: Loop, gaps: list[int]) -> None:
    from django.db import transaction

    with transaction.atomic():
        at, known = NOW, {}
        for number, gap in enumerate(gaps, start=1):
            at += timedelta(days=gap, minutes=1)
            corrected(loop, summary=f"{OTHER} This is correction number {number}.", version=number, now=at)
            for back in range(12):
                day = at.date() - timedelta(days=back)
                if day_ends_at(day) <= at:
                    found = told(loop).known_on(day_ends_at(day))
                    assert known.setdefault(day, found) == found
        assert [each.known_at for each in told(loop).versions] == sorted(
            each.known_at for each in told(loop).versions
        )
        transaction.set_rollback(True)


def test_pages_show_versions_and_keep_what_was_typed(team: Any, loop: Loop, client: Any) -> None:
    client.force_login(team.users["ben"])
    assert f"/loops/{loop.pk}/correct" in client.get(f"/loops/{loop.pk}").content.decode()
    form = client.get(f"/loops/{loop.pk}/correct").content.decode()
    assert "Rollout is on plan" in form and 'name="version" value="1"' in form
    far = (date.today() + timedelta(days=40)).isoformat()
    posted = {
        "version": "1", "summary": "N/A", "next_touchpoint": far,
        "follow_ups-0-what": "Send <b>it</b>", "follow_ups-0-who": "Ben Adler", "follow_ups-0-by": far,
    }  # fmt: skip
    refused = client.post(f"/loops/{loop.pk}/correct", posted)
    assert refused.status_code == 422 and "Send &lt;b&gt;it" in refused.content.decode()
    assert (
        client.post(f"/loops/{loop.pk}/correct", {**posted, "version": "x" * 9, "summary": OTHER}).status_code
        == 409
    )
    assert client.post(f"/loops/{loop.pk}/correct", {**posted, "summary": OTHER}).status_code == 302
    page = client.get(f"/loops/{loop.pk}").content.decode()
    assert "Earlier versions" in page and OTHER in page and "Rollout is on plan" in page

    client.force_login(team.users["chidi"])
    assert client.get(f"/loops/{loop.pk}/correct").status_code == 404
    assert "Earlier versions" in client.get(f"/loops/{loop.pk}").content.decode()
