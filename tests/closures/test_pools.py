"""A pool's loop is owed by the pool, and once it is overdue by the pool's lead, unless somebody took it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.closures.owing import DAY, NOW, answers, owed, viewer

from evenbook.book.models import Pool
from evenbook.closures.actions.closing import close
from evenbook.closures.actions.deciding import take
from evenbook.closures.actions.owed import LoopNotYours
from evenbook.closures.models import Loop
from evenbook.closures.queries.loops import LoopsWanted, loops
from evenbook.policy.queries import latest

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def loop(team: Any) -> Loop:
    """Return a loop of a pool that Ben leads and is not in."""
    pool = Pool.objects.create(key="quiet", name="Quiet", lead=team.people["ben"])
    return owed(team.accounts[7], by=pool)


def listed(day: date, **wanted: Any) -> list[tuple[str, str]]:
    found = loops(viewer("lena"), latest().policy, day, wanted=LoopsWanted(**wanted))
    return [(each.owner_key, each.owner_name) for each in found]


def test_until_it_is_overdue_the_pool_owes_it_then_its_lead(team: Any, loop: Loop) -> None:
    ben = team.people["ben"].pk
    assert listed(DAY) == [("pool:quiet", "Quiet")] and listed(DAY, person_id=ben) == []
    assert listed(TOMORROW) == [("ben", "Ben Adler")]
    assert listed(TOMORROW, person_id=ben) == listed(TOMORROW, owner="ben") == [("ben", "Ben Adler")]
    assert listed(DAY, owner="ben") == [] and len(listed(TOMORROW, owner="pool:quiet")) == 1


def test_whoever_took_it_owes_it_on(team: Any, loop: Loop) -> None:
    Loop.objects.filter(pk=loop.pk).update(taken_by=team.people["chidi"])
    assert listed(TOMORROW) == [("chidi", "Chidi Eze")]
    assert listed(TOMORROW, person_id=team.people["ben"].pk) == []


def test_a_pool_without_a_lead_or_whose_lead_has_left_owes_it_itself(team: Any, loop: Loop) -> None:
    team.people["ben"].left_on = DAY
    team.people["ben"].save()
    assert listed(TOMORROW) == [("pool:quiet", "Quiet")] and listed(TOMORROW, owner="ben") == []
    Pool.objects.update(lead=None)
    assert listed(TOMORROW) == [("pool:quiet", "Quiet")]


def test_the_lead_closes_it_and_sees_it_on_their_week(team: Any, loop: Loop, client: Any) -> None:
    client.force_login(team.users["ben"])
    assert f'href="/loops/{loop.pk}"' in client.get("/my-week").content.decode()
    with pytest.raises(LoopNotYours):
        close(loop.key, answers("check_in_note"), by=viewer("chidi"), tier=4, now=NOW)
    assert close(loop.key, answers("check_in_note"), by=viewer("ben"), tier=4, now=NOW).is_closed


def test_the_lead_takes_it_without_being_a_member_and_nobody_else_outside_the_pool_does(
    team: Any, loop: Loop, client: Any
) -> None:
    with pytest.raises(LoopNotYours):
        take(loop.key, by=viewer("chidi"), now=NOW)
    client.force_login(team.users["ben"])
    assert f"/loops/{loop.pk}/take" in client.get(f"/loops/{loop.pk}").content.decode()
    take(loop.key, by=viewer("ben"), now=NOW)
    assert listed(DAY, person_id=team.people["ben"].pk) == [("ben", "Ben Adler")]
    assert f"/loops/{loop.pk}/take" not in client.get(f"/loops/{loop.pk}").content.decode()
