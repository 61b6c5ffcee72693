"""What waits for a leader: spells, what is decided of them, who may, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company

from evenbook.decisions.actions import (
    DecisionOver,
    DecisionRefused,
    NoSuchDecision,
    decide,
    finish,
    keep_causes,
    take_back,
)
from evenbook.decisions.models import Decision
from evenbook.decisions.queries import DecisionsWanted, decision, decisions, open_about
from evenbook.decisions.rules import (
    ACCEPTED,
    DECLINED,
    DONE,
    EARLY_WARNING,
    LAPSED,
    NOTICED,
    OPEN,
    Cause,
    Evidence,
    is_same_spell,
    state_of,
)
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer

WEEK = timedelta(weeks=1)


@pytest.fixture
def team(db: None) -> Company:
    return company.build(8)


def viewer(team: Company, name: str) -> Viewer:
    return viewer_of(team.users[name], surface="page")


def cause(
    team: Company, name: str = "ben", *, waits: bool = True, said: str = "9 of 23 are not closed."
) -> Cause:
    share = Evidence("Missing share", 0.39, "share", 0.1, "own base")
    return Cause("Load past sustainable.", (said,), (share,), person_id=team.people[name].pk, waits=waits)


def run(*causes: Cause, on: date = AS_OF) -> Any:
    return keep_causes(EARLY_WARNING, causes, as_of=on)


def only() -> Decision:
    return Decision.objects.get()


def test_how_a_decision_stands():
    day = date(2026, 3, 9)

    def state(**given: Any) -> str:
        return state_of(**{"waits_from_on": day, "ended_on": None, "choice": "", "is_done": False} | given)

    assert state(waits_from_on=None) == NOTICED and state() == OPEN and state(ended_on=day) == LAPSED
    assert state(ended_on=day, choice="hire") == state(choice="hire") == ACCEPTED
    assert state(choice="wait") == DECLINED and state(choice="hire", is_done=True) == DONE


def test_a_spell_goes_on_where_its_cause_is_found_again_within_a_week():
    day = date(2026, 3, 9)

    assert is_same_spell(None, day)
    assert is_same_spell(day, day) and is_same_spell(day, day + timedelta(days=6))
    assert not is_same_spell(day, day + WEEK)


def test_a_cause_is_one_decision_as_long_as_it_holds(team: Company):
    first = run(cause(team))
    again = run(cause(team, said="11 of 24 are not closed."), on=AS_OF + WEEK)

    assert list(first.noticed) == list(first.waiting) == [only().pk]
    assert not again.noticed and not again.waiting
    assert only().noticed_on == AS_OF and only().as_of == AS_OF + WEEK
    assert only().evidence["reasons"] == ["11 of 24 are not closed."]


def test_a_cause_that_is_not_found_any_more_lapses_and_a_later_one_is_a_new_decision(team: Company):
    run(cause(team))
    run(on=AS_OF + WEEK)
    assert decisions(viewer(team, "amara"), wanted=DecisionsWanted())[0].state == LAPSED

    run(cause(team), on=AS_OF + 2 * WEEK)

    assert [row.ended_on for row in Decision.objects.order_by("pk")] == [AS_OF + WEEK, None]


def test_a_day_that_is_run_again_asks_nobody_twice(team: Company):
    run(cause(team))
    decide(only().pk, "hire", by=viewer(team, "amara"), now=NOW)
    run()
    found = run(cause(team))

    assert not found.noticed and not found.waiting
    assert only().choice == "hire" and only().ended_on is None


def test_what_a_leader_decided_is_not_asked_again_in_the_same_spell_and_keeps_what_they_saw(team: Company):
    run(cause(team))
    decide(only().pk, "redistribute", "Two accounts go to Chidi.", by=viewer(team, "amara"), now=NOW)
    run(cause(team, said="20 of 24 are not closed."), on=AS_OF + WEEK)

    row = decision(viewer(team, "amara"), only().pk)
    assert row is not None and (row.state, row.decided) == (ACCEPTED, "Redistribute")
    assert row.reasons == ("9 of 23 are not closed.",)
    assert row.effect == "It still holds."
    run(on=AS_OF + 2 * WEEK)
    row = decision(viewer(team, "amara"), only().pk)
    assert row is not None and row.effect == "It ended 14 days after it was decided."


def test_the_person_sees_theirs_first(team: Company):
    run(cause(team, waits=False))

    assert [row.state for row in decisions(viewer(team, "ben"), wanted=DecisionsWanted())] == [NOTICED]
    for name in ("amara", "lena", "olu", "chidi", "edda", "rea"):
        assert decisions(viewer(team, name), wanted=DecisionsWanted()) == ()

    found = run(cause(team), on=AS_OF + timedelta(days=3))

    assert list(found.waiting) == [only().pk] and not found.noticed
    assert len(decisions(viewer(team, "amara"), wanted=DecisionsWanted(state=OPEN))) == 1


def test_a_warning_that_weakens_to_a_first_week_lapses(team: Company):
    run(cause(team))
    found = run(cause(team, waits=False), on=AS_OF + WEEK)

    assert not found.noticed and only().ended_on == AS_OF + WEEK


@pytest.mark.parametrize(
    ("name", "sees", "may"),
    [
        ("ben", True, False), ("amara", True, True), ("lena", True, True), ("olu", True, False),
        ("rea", True, False), ("chidi", False, False), ("edda", False, False),
    ],
)  # fmt: skip
def test_whoever_may_see_the_load_sees_it_and_a_leader_above_decides(
    team: Company, name: str, sees: bool, may: bool
):
    run(cause(team))
    row = open_about(viewer(team, name), EARLY_WARNING, team.people["ben"].pk)

    assert (row is not None) == sees
    assert (row.may_decide if row else False) == may
    if not may:
        with pytest.raises(DecisionRefused if sees else NoSuchDecision):
            decide(only().pk, "hire", by=viewer(team, name), now=NOW)
        assert only().choice == ""


def test_a_leader_does_not_decide_of_their_own_load(team: Company):
    run(cause(team, "amara"))

    with pytest.raises(DecisionRefused):
        decide(only().pk, "hire", by=viewer(team, "amara"), now=NOW)
    decide(only().pk, "hire", by=viewer(team, "lena"), now=NOW)
    assert only().decided_by == "Lena Sorel"


def test_what_is_about_an_account_is_for_those_who_open_it(team: Company):
    of_ben = team.of("ben")[0]
    keep_causes(EARLY_WARNING, [Cause("It moves.", (), (), account_id=of_ben.pk)], as_of=AS_OF)

    assert [row.account_key for row in decisions(viewer(team, "amara"), wanted=DecisionsWanted())] == [
        of_ben.key
    ]
    assert decisions(viewer(team, "chidi"), wanted=DecisionsWanted()) == ()
    decide(only().pk, "hire", by=viewer(team, "amara"), now=NOW)
    assert only().choice == "hire"


def test_deciding_is_recorded_once_may_be_changed_and_taken_back(team: Company):
    run(cause(team))
    amara = viewer(team, "amara")
    for choice in ("hire", "hire", "redistribute"):
        decide(only().pk, choice, by=amara, now=NOW)
    for _ in range(2):
        take_back(only().pk, by=amara, now=NOW)

    said = AuditEntry.objects.filter(thing_kind="decision").order_by("pk").values_list("what", flat=True)
    assert list(said) == ["decision.taken", "decision.taken", "decision.taken_back"]
    assert (only().choice, only().decided_at) == ("", None)


@pytest.mark.parametrize(
    ("choice", "note"),
    [("", ""), ("lazy", ""), ("wait", ""), ("wait", " … "), ("wait", "\x00"), ("hire", "x" * 501)],
)
def test_what_is_no_choice_or_lacks_its_reason_is_refused_and_changes_nothing(
    team: Company, choice: str, note: str
):
    run(cause(team))

    with pytest.raises(DecisionRefused) as refused:
        decide(only().pk, choice, note, by=viewer(team, "amara"), now=NOW)
    assert refused.value.what.endswith(".") and only().choice == ""


def test_what_does_not_hold_any_more_is_neither_decided_nor_taken_back(team: Company):
    run(cause(team))
    run(on=AS_OF + WEEK)

    with pytest.raises(DecisionOver):
        decide(only().pk, "hire", by=viewer(team, "amara"), now=NOW)
    with pytest.raises(NoSuchDecision):
        decide(987654, "hire", by=viewer(team, "amara"), now=datetime(2026, 3, 10, tzinfo=NOW.tzinfo))
    assert only().choice == ""


def test_a_note_keeps_no_character_that_no_database_keeps(team: Company):
    run(cause(team))
    decide(only().pk, "wait", " Until\x00 \ud800March.\n ", by=viewer(team, "amara"), now=NOW)

    assert only().note == "Until March."


def test_what_was_accepted_is_said_to_be_done_once_even_after_its_cause_ended(team: Company):
    run(cause(team))
    amara = viewer(team, "amara")
    decide(only().pk, "hire", by=amara, now=NOW)
    run(on=AS_OF + WEEK)
    for later in range(2):
        finish(only().pk, by=amara, now=NOW + later * WEEK)

    assert (only().done_at, only().done_by) == (NOW, "Amara Okafor")
    row = decision(amara, only().pk)
    assert row is not None and (row.state, row.may_finish) == (DONE, False)
    assert [each.id for each in decisions(amara, wanted=DecisionsWanted(state=DONE))] == [only().pk]
    said = AuditEntry.objects.filter(thing_kind="decision").order_by("pk").values_list("what", flat=True)
    assert list(said) == ["decision.taken", "decision.done"]


@pytest.mark.parametrize("choice", ["", "wait"])
def test_what_nobody_accepted_can_not_be_done(team: Company, choice: str):
    run(cause(team))
    if choice:
        decide(only().pk, choice, "Not before June.", by=viewer(team, "amara"), now=NOW)

    with pytest.raises(DecisionRefused):
        finish(only().pk, by=viewer(team, "amara"), now=NOW)
    assert only().done_at is None


def test_deciding_anew_or_taking_it_back_opens_what_was_done(team: Company):
    run(cause(team))
    amara = viewer(team, "amara")
    decide(only().pk, "hire", by=amara, now=NOW)
    finish(only().pk, by=amara, now=NOW)
    decide(only().pk, "redistribute", by=amara, now=NOW)
    assert only().done_at is None
    finish(only().pk, by=amara, now=NOW)
    take_back(only().pk, by=amara, now=NOW)

    row = decision(amara, only().pk)
    assert row is not None and row.state == OPEN and only().done_at is None


def test_a_decision_waits_for_the_leaders_nearest_above(team: Company):
    run(cause(team), cause(team, "amara"))
    rows = {row.person_key: row for row in decisions(viewer(team, "lena"), wanted=DecisionsWanted())}

    assert rows["ben"].owners == ("Amara Okafor",) and rows["ben"].waits_for == "Amara Okafor"
    assert "Amara Okafor" not in rows["amara"].owners and "Lena Sorel" in rows["amara"].owners
