"""Work on rows of the invented team's sheet, and a replay of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.pages.company import AS_OF, NOW

from evenbook.hotsheet.actions.replays import Found, keep
from evenbook.hotsheet.models import HotCase, HotRow
from evenbook.hotsheet.rules.learned import Learned, TermFound
from evenbook.hotsheet.rules.replayed import LISTS, Fared, Loss, Replayed
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import latest

POINTS = {"usage": 40.0, "seats": 10.0, "support": 15.0, "contact": 10.0, "sentiment": 10.0, "renewal": 15.0}
LEARNED = {**POINTS, "usage": 30.0, "renewal": 25.0}


def begun(**more: Any) -> list[HotCase]:
    """Begin the work on every row of the sheet, a week before its day."""
    begun_on = AS_OF - timedelta(weeks=1)
    usual = {"began_on": begun_on, "due_on": begun_on + timedelta(days=1), **more}
    return [
        HotCase.objects.create(account_id=row.account_id, **usual) for row in HotRow.objects.order_by("rank")
    ]


def found(accounts: list[int], *, proposes: bool = True) -> Found:
    """Return a replay with a loss of each account, the first one seen nine weeks before."""
    losses = tuple(
        Loss(who, AS_OF - timedelta(days=20 + place), 1_200_00, place % 2 == 0, _seen(place))
        for place, who in enumerate(accounts)
    )
    fared = tuple(
        Fared(
            name,
            200,
            30 if name == "sheet" else 18,
            len(losses),
            1,
            400,
            90,
            4_000_00,
            1_600_00,
            (7.0, 9.0, 12.0),
        )
        for name in LISTS
    )
    learned = Learned(
        outcomes=70,
        days=4,
        rows=900,
        terms=tuple(TermFound(term, POINTS[term], LEARNED[term], 12) for term in POINTS),
        risk=((0.0, 0.04), (50.0, 0.2), (100.0, 0.6)),
        error_in_force=0.2473,
        error_learned=0.2422,
        why=""
        if proposes
        else "70 losses followed; of fewer than 600 the points in force are the better guess.",
    )
    said = Replayed(date(2024, 3, 11), AS_OF, 104, 3, fared, losses)
    return Found(AS_OF, latest().number, said, learned)


def _seen(place: int) -> date | None:
    return AS_OF - timedelta(days=20, weeks=9) if place == 0 else None


def replay(team: Any, **more: Any) -> int:
    """Keep a replay with a loss at Ben's and one at Chidi's; return its number."""
    accounts = [team.of("ben")[0].pk, team.of("chidi")[0].pk]
    return keep(found(accounts, **more), by=SYSTEM, now=NOW)
