"""What a run does with openings: it holds and releases, finds closers, and raises the alarm over what waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.expansion.test_opening import calm, hand, hot, staff_to_expansion
from tests.pages.company import AS_OF, NOW

from evenbook.decisions.models import Decision
from evenbook.expansion.actions.keeping import hold_and_release, keep_unanswered
from evenbook.expansion.actions.opening import route_again
from evenbook.expansion.actions.working import release
from evenbook.expansion.models import Opening
from evenbook.expansion.queries.scoreboards import scoreboards
from evenbook.hotsheet.models import HotCase, HotRow
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import SYSTEM
from evenbook.runs.queries import week

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


def kinds(number: int) -> list[str]:
    return list(Opening.objects.get(pk=number).events.order_by("at", "pk").values_list("kind", flat=True))


def test_a_run_holds_what_came_onto_the_sheet_and_releases_what_left_it(team):
    account = calm(team)
    number = hand(account).id
    row = HotRow.objects.order_by("rank")[0]
    row.account_id, kept = account.pk, row.account_id
    row.save()

    assert hold_and_release(NOW) == 1
    assert hold_and_release(NOW) == 0
    row.account_id = kept
    row.save()
    assert hold_and_release(NOW + WEEK) == 1

    assert kinds(number) == ["opened", "routed", "held", "released"]


def test_what_a_leader_released_stays_free_while_its_account_stays_on_the_sheet(team):
    number = hand(hot(team)).id
    release(number, "They asked us.", by=viewer_of(team.users["lena"], surface="page"), now=NOW)

    assert hold_and_release(NOW + WEEK) == 0


def test_what_a_run_released_is_held_again_when_its_account_comes_back(team):
    number = hand(hot(team)).id
    Opening.objects.update(released_at=NOW)
    Opening.objects.get().events.create(kind="released", at=NOW, by="Evenbook")

    assert hold_and_release(NOW + WEEK) == 1

    assert kinds(number)[-1] == "held" and Opening.objects.get().released_at is None


def test_what_nobody_closes_finds_its_closer_later(team):
    number = hand(calm(team)).id
    assert route_again(NOW) == 0

    staff_to_expansion(team)

    assert route_again(NOW) == 1 and route_again(NOW) == 0
    assert Opening.objects.get(pk=number).owner_id == team.people["chidi"].pk


def test_an_opening_that_waits_too_long_is_one_alarm_an_account_and_ends_with_its_answer(team):
    account = calm(team)
    for key in ("one", "two"):
        hand(account, key=key, now=NOW - timedelta(days=12))
    hand(team.accounts[-1], key="fresh", now=NOW)

    assert keep_unanswered(week(SYSTEM)) == 1 and keep_unanswered(week(SYSTEM)) == 0

    alarm = Decision.objects.get(kind="opening_unanswered")
    assert alarm.account_id == account.pk and "8 working days" in alarm.sentence
    Opening.objects.update(state="answered", answered_at=NOW)
    keep_unanswered(week(SYSTEM))
    alarm.refresh_from_db()
    assert alarm.ended_on is not None


def test_what_is_held_raises_no_alarm(team):
    hand(hot(team), now=NOW - timedelta(days=30))

    assert keep_unanswered(week(SYSTEM)) == 0


def test_a_closer_is_mailed_at_once_and_on_monday_and_each_leader_of_an_alarm(team, settings: Any):
    from evenbook.messages.models import Mail

    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:1", "https://evenbook.example"
    staff_to_expansion(team)
    hand(calm(team), now=NOW - timedelta(days=12))

    keep_unanswered(week(SYSTEM))
    keep_unanswered(week(SYSTEM))

    told = sorted(Mail.objects.values_list("to", "subject"))
    subjects = [subject for _, subject in told]
    assert sum(subject.startswith("Opened for you") for subject in subjects) == 1
    assert (
        sum("waits for your answer" in subject or "for your answer" in subject for subject in subjects) == 1
    )
    assert any("without a first answer" in subject for subject in subjects)


def test_an_account_off_the_sheet_is_held_until_its_save_is_closed(team):
    account = calm(team)
    case = HotCase.objects.create(account=account, began_on=AS_OF - WEEK, due_on=AS_OF)

    number = hand(account).id

    assert kinds(number) == ["opened", "routed", "held"] and hold_and_release(NOW) == 0
    case.ended_on, case.ended_known_on, case.ending = AS_OF, AS_OF, "saved"
    case.save()
    assert hold_and_release(NOW) == 1 and kinds(number)[-1] == "released"


def test_a_save_that_the_sheet_confirmed_this_quarter_stands_on_its_owners_row(team):
    account = team.of("ben")[0]
    for began, ended, ending in ((9, 0, "saved"), (30, 20, "saved"), (60, 40, "lost")):
        HotCase.objects.create(
            account=account, began_on=AS_OF - began * DAY, due_on=AS_OF, ended_on=AS_OF - ended * DAY,
            ended_known_on=AS_OF - ended * DAY, ending=ending,
        )  # fmt: skip
    HotCase.objects.create(
        account=team.of("chidi")[0], began_on=AS_OF - 200 * DAY, due_on=AS_OF, ended_on=AS_OF - 100 * DAY,
        ended_known_on=AS_OF - 100 * DAY, ending="saved",
    )  # fmt: skip

    boards = scoreboards(viewer_of(team.users["lena"], surface="page"), week(SYSTEM), today=AS_OF)

    saves = {
        each.person.name: [account.key for account in each.saves] for each in boards.retention if each.saves
    }
    assert saves == {"Ben Adler": [account.key]}
