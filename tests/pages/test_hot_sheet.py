"""The page of the hot sheet: the work on its rows, what does not fit, what came of it; and of its replay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.hotsheet.kept import LEARNED, begun, found, replay
from tests.pages.company import AS_OF, NOW
from tests.pages.test_speed import queries

from evenbook.frames.models import Write
from evenbook.hotsheet.actions.replays import keep
from evenbook.hotsheet.models import HotCase, HotMark, HotRow, Replay, ReplayLoss
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.people.models import AuditEntry
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import adopt as adopt_policy
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.document import to_document
from evenbook.runs.models import Job

AsUser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def policy(team: Any) -> None:
    ensure_first(NOW - timedelta(days=90))


def said(client: Client, page: str = "/hot-sheet") -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def marked(client: Client, key: str, mark: str, note: str = "") -> str:
    answer = client.post(f"/hot-sheet/accounts/{key}/mark", {"mark": mark, "note": note}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def mine(team: Any, name: str = "ben") -> HotRow:
    row = HotRow.objects.filter(account__in=team.of(name)).order_by("rank").first()
    assert row is not None
    return row


def test_rows_say_where_their_work_stands_and_how_many_wait(as_user: AsUser):
    begun()
    rows = HotRow.objects.count()
    page = said(as_user("lena"))

    assert f"{rows} of {rows} rows wait for a first action, {rows} of them past their day." in page
    assert "First action by 3 Mar 2026" in page


def test_a_sheet_whose_rows_have_all_been_acted_on_is_done(as_user: AsUser):
    begun(acted_on=AS_OF - timedelta(days=2), acted_known_on=AS_OF - timedelta(days=2), act="business_review")
    page = said(as_user("lena"))

    assert "Every row has had its first action: the sheet is worked for this week." in page
    assert "Business review, 7 Mar 2026, due 3 Mar 2026" in page


def test_what_people_say_of_their_rows_is_kept_once_and_recorded(as_user: AsUser, team: Any):
    begun()
    row, ben = mine(team), as_user("ben")
    assert "you are on it" in marked(ben, row.account.key, "working", "Called the champion.")
    marked(ben, row.account.key, "working", "Again.")
    case = HotCase.objects.get(account=row.account)

    assert (case.act, case.acted_on) == ("Called the champion.", timezone.localdate())
    assert AuditEntry.objects.filter(what="hotsheet.working").count() == 1
    assert "shown as claimed" in marked(ben, row.account.key, "saved")
    assert "Claimed saved" in said(ben) and "Ben Adler holds it saved" in said(ben)
    assert "is taken back" in marked(ben, row.account.key, "take-back")
    assert HotCase.objects.get(account=row.account).claimed_on is None


def test_a_false_alarm_needs_a_word_ends_the_work_and_can_be_taken_back_that_day(as_user: AsUser, team: Any):
    begun()
    row, ben = mine(team), as_user("ben")
    assert "needs a word of why" in marked(ben, row.account.key, "false-alarm", "  ")
    marked(ben, row.account.key, "false-alarm", "They moved to our other tool <b>")
    page = said(ben)
    assert "False alarm" in page and "They moved to our other tool &lt;b&gt;" in page
    assert "1 false alarm." in page
    assert "No work is open on" in marked(ben, row.account.key, "working")

    marked(ben, row.account.key, "take-back")
    assert HotCase.objects.get(account=row.account).ended_on is None


def test_what_was_said_is_kept_with_its_time_and_stays_when_it_is_taken_back(as_user: AsUser, team: Any):
    begun()
    row, ben = mine(team), as_user("ben")
    written = Write.objects.filter(table="hotsheet_hotmark")
    for _ in range(2):
        marked(ben, row.account.key, "working", "Called the champion.")
    marked(ben, row.account.key, "false-alarm", "They moved to our other tool")
    assert [(mark.kind, mark.by) for mark in HotMark.objects.order_by("pk")] == [
        ("working", "Ben Adler"),
        ("false-alarm", "Ben Adler"),
    ]
    assert written.count() == 2

    marked(ben, row.account.key, "take-back")
    assert [mark.taken_back_at is None for mark in HotMark.objects.order_by("pk")] == [True, False]
    assert written.count() == 3


def test_an_end_of_another_day_stays(as_user: AsUser, team: Any):
    yesterday = timezone.localdate() - timedelta(days=1)
    begun(ended_on=yesterday, ended_known_on=yesterday, ending="false_alarm", why="Calm.")
    assert "No work is open on" in marked(as_user("ben"), mine(team).account.key, "take-back")


@pytest.mark.parametrize("name", ["chidi", "edda", "rea"])
def test_only_who_answers_for_the_account_says_how_it_stands(as_user: AsUser, team: Any, name: str):
    begun()
    row = mine(team)
    page = marked(as_user(name), row.account.key, "working")

    assert "Only its owner" in page
    assert not HotCase.objects.filter(acted_on__isnull=False).exists()
    assert 'value="working"' not in said(as_user("edda"))


def test_nonsense_is_not_found(as_user: AsUser, team: Any):
    begun()
    ben, key = as_user("ben"), mine(team).account.key
    assert ben.post(f"/hot-sheet/accounts/{key}/mark", {"mark": "dance"}).status_code == 404
    assert ben.post("/hot-sheet/accounts/nobody/mark", {"mark": "working"}).status_code == 404
    off = next(each for each in team.of("ben") if not HotRow.objects.filter(account=each).exists())
    assert "No work is open on" in marked(ben, off.key, "working")


def test_what_does_not_fit_is_said_filtered_and_led_on_to_a_proposal(as_user: AsUser, team: Any):
    begun()
    row = mine(team)
    HotRow.objects.filter(pk=row.pk).update(overflow="hours")
    page = said(as_user("lena"))

    assert "1 does not fit into the hours that are free this week" in page
    assert "No hours left this week." in page and 'href="/book?person=ben#propose"' in page
    filtered = said(as_user("lena"), "/hot-sheet?fits=overflow")
    assert row.account.name in filtered and filtered.count("data-row") == 1
    assert "#propose" not in said(as_user("ben")), "whoever moves no accounts is not led there"


def test_a_past_sheet_tells_the_work_as_it_stood_then(as_user: AsUser):
    begun(acted_on=AS_OF + timedelta(days=1), acted_known_on=AS_OF + timedelta(days=1), act="call")
    HotRow.objects.first().run.__class__.objects.filter(kind="week").update(is_current=True)
    assert "Call, 10 Mar 2026" in said(as_user("lena"))


def test_the_file_has_the_work(as_user: AsUser):
    begun()
    text = said(as_user("lena"), "/hot-sheet?export=csv")
    assert "work,first_action_by,first_action,overflow" in text.splitlines()[0]
    assert ",New,2026-03-03," in text


# ------------------------------------------------------------------ the replay


def test_before_the_first_replay_the_page_says_what_will_appear(as_user: AsUser):
    lena, olu = said(as_user("lena"), "/hot-sheet/replay"), said(as_user("olu"), "/hot-sheet/replay")
    assert "No replay was made yet." in lena and "evenbook replay" in lena
    assert "Run the replay now" in olu and "Run the replay now" not in lena


def test_a_replay_says_how_the_sheets_did_and_shows_whose_losses_you_may_see(as_user: AsUser, team: Any):
    replay(team)
    page = said(as_user("lena"), "/hot-sheet/replay")

    assert "Of 2 losses, 1 stood on the sheet before, 9 weeks before at the median." in page
    assert "Of 100 rows 15 were followed by a loss, of 100 drawn by chance 9;" in page
    assert "By last contact" in page and "not on it" in page
    ben, chidi = team.of("ben")[0].name, team.of("chidi")[0].name
    assert ben in page and chidi in page
    assert chidi not in said(as_user("ben"), "/hot-sheet/replay")
    assert "1 stood on the sheet before" in said(as_user("ben"))


def test_the_losses_are_a_file_too(as_user: AsUser, team: Any):
    replay(team)
    lines = said(as_user("lena"), "/hot-sheet/replay?export=csv").removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("account,account_name,happened_on,is_churn,lost_arr") and len(lines) == 3
    assert len(said(as_user("ben"), "/hot-sheet/replay?export=csv").splitlines()) == 2


def test_the_same_replay_again_is_kept_once_and_a_newer_one_takes_its_place(team: Any):
    first = replay(team)
    assert replay(team) == first and Replay.objects.count() == 1
    second = keep(found([team.of("ben")[0].pk]), by=SYSTEM, now=NOW)
    states = dict(Replay.objects.values_list("pk", "state"))

    assert states == {first: "superseded", second: "proposed"}
    assert set(ReplayLoss.objects.values_list("replay", flat=True)) == {second}


def test_operations_adopt_what_was_learned_once(as_user: AsUser, team: Any):
    number = replay(team)
    olu = as_user("olu")
    assert "Adopt as policy version 2" in said(olu, "/hot-sheet/replay")
    for _ in range(2):
        olu.post(f"/hot-sheet/replay/{number}/adopt", {"note": "Sounds right."})
    numbers = latest().policy.of(HotsheetNumbers)

    assert latest().number == 2
    assert {term.term: term.max_points for term in numbers.terms} == LEARNED
    assert [(row.points, row.share) for row in numbers.risk] == [(0, 0.04), (50, 0.2), (100, 0.6)]
    assert AuditEntry.objects.filter(what="replay.adopted").count() == 1
    assert "Adopted as" in said(olu, "/hot-sheet/replay")


@pytest.mark.parametrize("name", ["lena", "ben", "edda", "rea"])
def test_nobody_else_adopts(as_user: AsUser, team: Any, name: str):
    number = replay(team)
    assert as_user(name).post(f"/hot-sheet/replay/{number}/adopt").status_code in {403, 404}
    assert latest().number == 1


def test_what_can_not_be_adopted_says_why(as_user: AsUser, team: Any):
    nothing = replay(team, proposes=False)
    olu = as_user("olu")
    assert olu.post("/hot-sheet/replay/987654/adopt").status_code == 404
    answer = olu.post(f"/hot-sheet/replay/{nothing}/adopt")
    assert answer.status_code == 409 and "proposes nothing" in answer.content.decode()

    waits = replay(team)
    document = to_document(latest().policy)
    document["hotsheet"]["share"] = 0.1
    adopt_policy(document, by=SYSTEM, note="Shorter.", now=NOW)
    answer = olu.post(f"/hot-sheet/replay/{waits}/adopt")
    assert answer.status_code == 409 and "The policy has changed since" in answer.content.decode()


def test_operations_ask_for_a_replay_once(as_user: AsUser):
    for _ in range(2):
        as_user("olu").post("/hot-sheet/replay/run")
    assert Job.objects.filter(work="replay").count() == 1
    assert as_user("lena").post("/hot-sheet/replay/run").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_rows(as_user: AsUser):
    begun()
    client = as_user("amara")
    client.get("/hot-sheet")
    many = queries(client, "/hot-sheet")
    assert HotRow.objects.count() > 2
    HotRow.objects.filter(rank__gt=2).delete()
    assert queries(client, "/hot-sheet") == many
