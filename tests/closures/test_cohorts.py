"""Silent accounts of one pool or owner are recorded together: written once, each checked and kept by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.closures.owing import DAY, NOW, answers, everything, owed, viewer

from evenbook.capacity.models import AccountWeek
from evenbook.closures.actions.batches import BatchRefused
from evenbook.closures.actions.cohorts import NoSuchCohort, Recorded, record_cohort
from evenbook.closures.models import Batch, Loop, Requirement
from evenbook.closures.queries.cohorts import cohort_called, cohorts_owed
from evenbook.closures.queries.loops import LoopsWanted
from evenbook.desk.queries.my_week import MyWeek, my_week, whose
from evenbook.people.models import AuditEntry
from evenbook.runs.queries import Week, week

MONDAY = date(2026, 3, 2)
OF_POOL = "silent_account:pool:digital:2026-03-02"


def this_week(name: str = "chidi") -> Week:
    found = week(viewer(name))
    assert found is not None
    return found


def silent(account: Any, by: Any, **more: Any) -> Loop:
    """Return the loop of an account of tier 4 that fell silent."""
    AccountWeek.objects.filter(account=account).update(tier=4)
    return owed(account, by=by, kind="silent_account", **{"cohort_on": MONDAY, **more})


@pytest.fixture
def loops(team: Any) -> list[Loop]:
    """Return the loops of three accounts of Chidi's pool that fell silent in one week, due on three days."""
    return [
        silent(account, team.pool, due_on=DAY + timedelta(days=place))
        for place, account in enumerate(team.accounts[:3])
    ]


def recorded(by: str = "chidi", key: str = OF_POOL, given: Any = None, **more: Any) -> Recorded:
    told = answers("silence_record", verdict="closed out") if given is None else given
    return record_cohort(key, told, by=viewer(by), week=this_week(by), today=DAY, now=NOW, **more)


def weeks(name: str) -> MyWeek:
    by = viewer(name)
    person = whose(by, "")
    assert person is not None
    return my_week(by, this_week(name), person, now=NOW)


def test_accounts_of_one_pool_and_week_are_a_cohort_and_others_are_not(team: Any, loops: list[Loop]) -> None:
    silent(team.accounts[3], team.people["chidi"])
    silent(team.accounts[4], team.pool, cohort_on=MONDAY - timedelta(weeks=1))
    silent(team.accounts[5], team.pool, cohort_on=None)
    silent(team.accounts[6], team.pool, taken_by=team.people["ben"])
    wanted = LoopsWanted(as_they_are=True)
    (found,) = cohorts_owed(viewer("lena"), this_week("lena"), wanted=wanted, today=DAY)

    assert (found.key, found.said, found.due_on) == (OF_POOL, "3 silent accounts of Digital", DAY)
    assert [row.key for row in found.silent] == [each.key for each in loops]


def test_one_record_closes_them_all_and_each_has_it(team: Any, loops: list[Loop]) -> None:
    assert (recorded().closed, recorded_log().loops) == (3, 3)
    log = recorded_log()
    assert (log.kind, log.pool, log.person, log.first_on) == ("silence_record", team.pool, None, MONDAY)
    for each in loops:
        each.refresh_from_db()
        assert each.closed_at == NOW and each.closed_by is not None
        assert each.closed_by.account_id == each.account_id
        assert (each.closed_by.fields["verdict"], each.closed_by.fields["batch"]) == ("closed out", log.pk)
    assert AuditEntry.objects.filter(what="loop.closed").count() == 3
    assert list(AuditEntry.objects.filter(what="cohort.recorded").values_list("rows", flat=True)) == [3]
    with pytest.raises(NoSuchCohort):
        recorded()


def recorded_log() -> Batch:
    return Batch.objects.get()


def test_what_stands_out_is_taken_out_and_stays_open(team: Any, loops: list[Loop]) -> None:
    assert recorded(without=[loops[0].key]).closed == 2
    assert list(Loop.objects.filter(closed_at=None)) == [loops[0]]
    left = cohort_called(viewer("chidi"), this_week(), OF_POOL, today=DAY)
    assert left is not None and [row.key for row in left.silent] == [loops[0].key]


def test_an_account_that_is_used_again_or_served_otherwise_has_a_record_of_its_own(
    team: Any, loops: list[Loop]
) -> None:
    used, moved, still = loops
    Requirement.objects.update_or_create(
        run=team.run, account=used.account, kind="silence_record", defaults={"status": "current"}
    )
    AccountWeek.objects.filter(account=moved.account).update(tier=2)
    found = recorded()

    assert {each.key: each.why_not for each in found.others} == {
        used.key: "It was used again. It needs a record of its own.",
        moved.key: "It is served in tier 2 now. It needs a record of its own.",
    }
    assert list(Loop.objects.exclude(closed_at=None)) == [still]


@pytest.mark.parametrize(
    "given",
    [{}, {"tried": "N/A", "verdict": "closed out", "next_look": "2026-04-01"}, {"next_look": "2020-01-01"}],
)
def test_a_record_below_the_standard_changes_nothing(loops: list[Loop], given: Any) -> None:
    before = everything()
    found = recorded(given=given)
    assert found.refusals and not found.signed
    assert everything() == before and not Batch.objects.exists()


def test_who_neither_owes_nor_leads_it_records_nothing(loops: list[Loop]) -> None:
    for name in ("ben", "rea"):
        before = everything()
        assert recorded(name).closed == 0 and everything() == before
        assert not Batch.objects.exists()


@pytest.mark.parametrize(
    "key", ["", "a\x00b", "silent_account", "silent_account:pool:digital:2026-03-09", "x:y:z"]
)
def test_a_cohort_that_is_not_there_is_said(loops: list[Loop], key: str) -> None:
    with pytest.raises(NoSuchCohort):
        recorded(key=key)


def test_none_chosen_is_refused(loops: list[Loop]) -> None:
    with pytest.raises(BatchRefused):
        recorded(chosen=[])
    with pytest.raises(BatchRefused):
        recorded(without=[each.key for each in loops])
    assert recorded(chosen=["<b>none</b>", loops[0].key]).closed == 1


def test_my_week_counts_a_cohort_as_one_thing(team: Any, loops: list[Loop]) -> None:
    owes = weeks("chidi").owes
    assert [each.key for each in owes.cohorts_due] == [OF_POOL] and owes.due == owes.later == ()
    assert (owes.owed, owes.overdue, owes.open_later) == (1, 0, 0)
    Loop.objects.filter(pk=loops[0].pk).update(due_on=DAY - timedelta(days=1))
    assert weeks("chidi").owes.overdue == 1
    Loop.objects.exclude(pk=loops[2].pk).update(closed_at=NOW)
    owes = weeks("chidi").owes
    assert owes.cohorts == () and [row.key for row in owes.later] == [loops[2].key], "one alone is a loop"


def test_the_page_lists_records_and_says_refusals(team: Any, loops: list[Loop], client: Any) -> None:
    client.force_login(team.users["chidi"])
    assert "3 silent accounts of Digital" in client.get("/my-week").content.decode()
    at = f"/silent/{OF_POOL}"
    page = client.get(at).content.decode()
    assert page.count('name="loop"') == 3 and "Record them together" in page
    refused = client.post(at, {"loop": [loops[0].key], "tried": "N/A <b>"})
    told = refused.content.decode()
    assert refused.status_code == 422 and "Not recorded yet" in told and "N/A &lt;b&gt;" in told
    assert told.count(" checked aria-label") == 1, "what was ticked stays so"
    far = (NOW.today() + timedelta(days=60)).date().isoformat()
    given = {"tried": "Mails to all users on two channels", "verdict": "moved to digital", "next_look": far}
    assert client.post(at, given).status_code == 422
    answer = client.post(at, {**given, "loop": [loops[0].key, loops[1].key], "back": "/reviews/logs"})
    assert (answer.status_code, answer["Location"]) == (302, "/reviews/logs")
    assert "2 silent accounts are recorded and closed." in client.get("/reviews/logs").content.decode()
    log = client.get(f"/reviews/logs/{recorded_log().pk}").content.decode()
    assert "recorded 2 silent accounts of Digital together" in log and "moved to digital" in log
    assert client.get("/silent/nothing").status_code == 404
    assert "its cohort of Digital" in client.get(f"/loops/{loops[2].pk}").content.decode()
