"""Deciding of moves: who may, what is written, what is refused, what is taken back; plans and marks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company
from tests.pages.tiering import DOWN_OF_BEN, DOWN_OF_CHIDI, HELD_OF_BEN, UP_OF_BEN, UP_OF_POOL

from evenbook.book.models import AccountValue
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer
from evenbook.records.models import Ticket
from evenbook.runs.models import Happening, Run
from evenbook.runs.queries import Week, week
from evenbook.tiers.actions.deciding import (
    MoveOver,
    MoveRefused,
    NoSuchMove,
    approve,
    approve_several,
    decline,
    finish_step,
    take_back,
)
from evenbook.tiers.actions.marks import MarkRefused, NoSuchMark, set_mark, withdraw_mark
from evenbook.tiers.models import Mark, Move, Ruling, Step
from evenbook.tiers.queries import (
    APPROVED,
    DECLINED,
    WAITING,
    MovesWanted,
    how_many_moves,
    move,
    move_counts,
    moves,
)
from evenbook.tiers.queries.plans import marks, plans

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def team(db: None) -> Company:
    return company.build(8)


def viewer(team: Company, name: str) -> Viewer:
    return viewer_of(team.users[name], surface="page")


def newest(team: Company) -> Week:
    found = week(viewer(team, "olu"))
    assert found is not None
    return found


def number(team: Company, place: int) -> int:
    return Move.objects.get(account=team.accounts[place]).pk


def tier_rows(team: Company, place: int) -> list[tuple[str, str, datetime]]:
    rows = AccountValue.objects.filter(account=team.accounts[place], name="tier", source="person")
    return list(rows.values_list("value", "source", "happened_at"))


def test_an_approved_move_writes_the_tier_from_a_day_on_and_begins_a_plan(team: Company):
    amara = viewer(team, "amara")
    approve(number(team, DOWN_OF_BEN), shown=newest(team), by=amara, now=NOW, note="Agreed.")

    assert tier_rows(team, DOWN_OF_BEN) == [("2", "person", datetime(2026, 3, 23, tzinfo=UTC))]
    (plan,) = plans(amara)
    assert (plan.effective_on, plan.from_tier, plan.to_tier) == (date(2026, 3, 23), 1, 2)
    assert [(step.owner, step.due_on) for step in plan.steps] == [
        ("Ben Adler", date(2026, 3, 13)),
        ("Ben Adler", date(2026, 3, 16)),
        ("", date(2026, 3, 23)),
        ("Amara Okafor", date(2026, 4, 22)),
    ]
    entry = AuditEntry.objects.get(what="tier.approved")
    assert (entry.before, entry.after["tier"], entry.by_name) == ({"tier": 1}, 2, "Amara Okafor")
    assert not Happening.objects.exists()


def test_approving_the_same_again_changes_nothing(team: Company):
    for _ in range(2):
        approve(number(team, UP_OF_BEN), shown=newest(team), by=viewer(team, "olu"), now=NOW)

    assert len(tier_rows(team, UP_OF_BEN)) == Ruling.objects.count() == 1
    assert AuditEntry.objects.filter(what="tier.approved").count() == 1


def test_another_day_replaces_an_approval_that_has_no_effect_yet(team: Company):
    olu, shown = viewer(team, "olu"), newest(team)
    approve(number(team, UP_OF_BEN), shown=shown, by=olu, now=NOW)
    approve(number(team, UP_OF_BEN), shown=shown, by=olu, now=LATER, effective_on=date(2026, 4, 1))

    assert [at for _, _, at in tier_rows(team, UP_OF_BEN)] == [datetime(2026, 4, 1, tzinfo=UTC)]
    assert [plan.effective_on for plan in plans(olu)] == [date(2026, 4, 1)]


def test_what_is_taken_back_waits_again_and_leaves_no_tier(team: Company):
    olu, shown = viewer(team, "olu"), newest(team)
    approve(number(team, UP_OF_BEN), shown=shown, by=olu, now=NOW)
    take_back(number(team, UP_OF_BEN), shown=shown, by=olu, now=LATER)
    take_back(number(team, UP_OF_BEN), shown=shown, by=olu, now=LATER)

    assert tier_rows(team, UP_OF_BEN) == [] and plans(olu) == ()
    assert move(olu, shown, number(team, UP_OF_BEN)).state == WAITING
    assert AuditEntry.objects.filter(what="tier.taken_back").count() == 1


def test_what_has_taken_effect_is_not_taken_back(team: Company):
    olu, shown = viewer(team, "olu"), newest(team)
    approve(number(team, UP_OF_BEN), shown=shown, by=olu, now=NOW, effective_on=AS_OF)

    with pytest.raises(MoveOver):
        take_back(number(team, UP_OF_BEN), shown=shown, by=olu, now=LATER)
    assert len(tier_rows(team, UP_OF_BEN)) == 1
    assert Happening.objects.get().kind == "tier.moved"


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2028, 1, 1)])
def test_a_day_in_the_past_or_far_away_is_refused(team: Company, day: date):
    with pytest.raises(MoveRefused):
        approve(
            number(team, UP_OF_BEN), shown=newest(team), by=viewer(team, "olu"), now=NOW, effective_on=day
        )
    assert Ruling.objects.count() == 0


def test_a_hindered_move_is_refused_with_what_hinders_it(team: Company):
    with pytest.raises(MoveRefused) as refused:
        approve(number(team, HELD_OF_BEN), shown=newest(team), by=viewer(team, "olu"), now=NOW)
    assert "Its revenue was cut." in refused.value.what


def test_an_escalation_opened_since_the_run_keeps_an_account_from_moving_down_but_not_up(team: Company):
    olu, shown = viewer(team, "olu"), newest(team)
    for place in (UP_OF_BEN, DOWN_OF_BEN):
        Ticket.objects.create(
            account=team.accounts[place], escalated_at=NOW, **company.version(f"new-{place}", NOW)
        )
    with pytest.raises(MoveRefused) as refused:
        approve(number(team, DOWN_OF_BEN), shown=shown, by=olu, now=LATER)
    assert "an escalation was opened since" in refused.value.what
    approve(number(team, UP_OF_BEN), shown=shown, by=olu, now=LATER)


@pytest.mark.parametrize("name", ["ben", "edda", "rea"])
def test_csms_executives_and_readers_decide_nothing(team: Company, name: str):
    for does in (approve, take_back):
        with pytest.raises(MoveRefused):
            does(number(team, UP_OF_BEN), shown=newest(team), by=viewer(team, name), now=NOW)
    with pytest.raises(MoveRefused):
        decline(number(team, UP_OF_BEN), "No.", shown=newest(team), by=viewer(team, name), now=NOW)


def test_a_leader_sees_and_decides_the_moves_of_their_team_alone(team: Company):
    amara, shown = viewer(team, "amara"), newest(team)
    with pytest.raises(NoSuchMove):
        approve(number(team, DOWN_OF_CHIDI), shown=shown, by=amara, now=NOW)
    assert {row.account_id for row in moves(amara, shown, wanted=MovesWanted())} == {
        team.accounts[place].pk for place in (UP_OF_BEN, DOWN_OF_BEN, HELD_OF_BEN)
    }
    assert how_many_moves(viewer(team, "ben"), shown, wanted=MovesWanted()) == 3
    assert how_many_moves(viewer(team, "edda"), shown, wanted=MovesWanted()) == 6


def test_a_move_of_an_older_week_is_not_decided(team: Company):
    shown = newest(team)
    Run.objects.create(
        kind="week", as_of=AS_OF + timedelta(days=7), policy_version=1, started_at=NOW, ended_at=NOW,
        by="sample", fingerprint="g",
    )  # fmt: skip
    with pytest.raises(MoveOver):
        approve(number(team, UP_OF_BEN), shown=shown, by=viewer(team, "olu"), now=NOW)


def test_declining_needs_a_reason_and_is_kept_with_its_grounds(team: Company):
    olu, shown = viewer(team, "olu"), newest(team)
    for reason in ("", " … "):
        with pytest.raises(MoveRefused):
            decline(number(team, UP_OF_POOL), reason, shown=shown, by=olu, now=NOW)
    for _ in range(2):
        decline(number(team, UP_OF_POOL), "They  leave\x00 soon.", shown=shown, by=olu, now=NOW)

    row = Ruling.objects.get()
    assert (row.choice, row.note, row.grounds, row.to_tier) == (DECLINED, "They leave soon.", "expansion", 3)
    assert AuditEntry.objects.filter(what="tier.declined").count() == 1
    assert move_counts(olu, shown).up == 1


def test_the_last_word_stands(team: Company):
    olu, shown = viewer(team, "olu"), newest(team)
    decline(number(team, UP_OF_BEN), "Too early.", shown=shown, by=olu, now=NOW)
    approve(number(team, UP_OF_BEN), shown=shown, by=olu, now=LATER)
    assert move(olu, shown, number(team, UP_OF_BEN)).state == APPROVED
    decline(number(team, UP_OF_BEN), "After all not.", shown=shown, by=olu, now=LATER)

    assert move(olu, shown, number(team, UP_OF_BEN)).state == DECLINED
    assert tier_rows(team, UP_OF_BEN) == []


def test_several_are_approved_each_by_itself_and_refused_each_by_itself(team: Company):
    wanted = [number(team, place) for place in (UP_OF_BEN, HELD_OF_BEN, DOWN_OF_BEN, UP_OF_BEN)]
    came = approve_several(wanted, shown=newest(team), by=viewer(team, "amara"), now=NOW)

    assert came.done == 2 and [name for name, _ in came.refused] == [team.accounts[HELD_OF_BEN].name]
    assert AuditEntry.objects.filter(what="tier.approved").count() == 2


def test_an_approval_that_has_no_effect_yet_still_stands_in_the_next_week(team: Company):
    olu = viewer(team, "olu")
    approve(number(team, UP_OF_BEN), shown=newest(team), by=olu, now=NOW)
    run = Run.objects.create(
        kind="week", as_of=AS_OF + timedelta(days=7), policy_version=1, started_at=NOW, ended_at=NOW,
        by="sample", fingerprint="g",
    )  # fmt: skip
    again = Move.objects.get(account=team.accounts[UP_OF_BEN])
    again.pk, again.run = None, run
    again.save()

    (row,) = moves(olu, newest(team), wanted=MovesWanted())
    assert row.state == APPROVED and row.as_of == run.as_of


def test_who_answers_for_the_account_says_that_a_step_is_done(team: Company):
    approve(number(team, UP_OF_BEN), shown=newest(team), by=viewer(team, "olu"), now=NOW)
    step = Step.objects.order_by("number").first()
    assert step is not None
    with pytest.raises(NoSuchMove):
        finish_step(step.pk, by=viewer(team, "chidi"), now=NOW)
    with pytest.raises(MoveRefused):
        finish_step(step.pk, by=viewer(team, "rea"), now=NOW)
    for _ in range(2):
        finish_step(step.pk, by=viewer(team, "ben"), now=LATER)

    assert plans(viewer(team, "ben"))[0].done == 1
    assert AuditEntry.objects.filter(what="tier_step.done").count() == 1


def test_a_plan_whose_steps_are_all_done_is_no_longer_under_way(team: Company):
    olu = viewer(team, "olu")
    approve(number(team, UP_OF_BEN), shown=newest(team), by=olu, now=NOW)
    for pk in Step.objects.values_list("pk", flat=True):
        finish_step(pk, by=olu, now=NOW)
    assert plans(olu) == () and len(plans(olu, every=True)) == 1


def test_strategic_value_is_a_value_of_the_account_until_it_is_taken_away(team: Company):
    olu = viewer(team, "olu")
    account = team.accounts[2]
    for _ in range(2):
        set_mark(account.key, "strategic", "Opens a market.", by=olu, now=NOW)
    (mark,) = marks(olu)
    assert (mark.kind, mark.reason) == ("strategic", "Opens a market.")
    for _ in range(2):
        withdraw_mark(mark.id, "The market is open.", by=olu, now=LATER)

    said = AccountValue.objects.filter(account=account, name="strategic").order_by("pk")
    assert list(said.values_list("value", flat=True)) == ["yes", "no"] and marks(olu) == ()
    assert Mark.objects.get().withdrawn_reason == "The market is open."
    what = AuditEntry.objects.filter(what__startswith="tier_strategic").values_list("what", flat=True)
    assert sorted(what) == ["tier_strategic.set", "tier_strategic.withdrawn"]


def test_a_mark_without_a_reason_of_no_kind_or_of_others_is_refused(team: Company):
    amara = viewer(team, "amara")
    for kind, reason in (("lock", ""), ("lock", "x" * 301), ("moon", "Because.")):
        with pytest.raises(MarkRefused):
            set_mark("a-00002", kind, reason, by=amara, now=NOW)
    for key in ("a-00005", "nothing", ""):
        with pytest.raises(NoSuchMark):
            set_mark(key, "lock", "Because.", by=amara, now=NOW)
    with pytest.raises(MarkRefused):
        set_mark("a-00002", "lock", "Because.", by=viewer(team, "ben"), now=NOW)
    number = set_mark("a-00002", "lock", "Because.", by=amara, now=NOW)
    with pytest.raises(MarkRefused):
        withdraw_mark(number, "Because.", by=viewer(team, "ben"), now=NOW)
    assert Mark.objects.count() == 1
