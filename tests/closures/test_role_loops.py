"""A role on an account that somebody had opens a loop when it passes on, as a change of owner does; theirs who have it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.tables import day, world

from evenbook.frames.session import Session
from evenbook.signals.rules.usage_carry import stored
from evenbook.site.registry import steps_for

AMARA, BEN, CHIDI, POOL = 1, 2, 3, 5
ACCOUNT = {"account": 1, "key": "acme", "name": "Acme", "started_at": day("2024-01-01"), "visible_at": day("2024-01-01")}  # fmt: skip
REGIONS = {AMARA: "US", BEN: "DE", CHIDI: ""}
PEOPLE = [{"person": number, "key": name, "name": name, "is_person": True, "working_share": 1.0, "region": REGIONS[number]}
          for number, name in ((AMARA, "amara"), (BEN, "ben"), (CHIDI, "chidi"))]  # fmt: skip
SAID = [{"account": 1, "name": "tier", "value": "1", "happened_at": day("2024-01-01")},
        {"account": 1, "name": "stage", "value": "value", "happened_at": day("2024-01-01")}]  # fmt: skip
OWNED = {"account": 1, "person": AMARA, "happened_at": day("2024-01-01"), "row_id": 1}
BENS = {"account": 1, "role": "expansion", "person": BEN, "happened_at": day("2024-02-01"), "row_id": 2}


def role(name: str, since: str, row_id: int, **who: int) -> dict[str, Any]:
    return {"account": 1, "role": name, "happened_at": day(since), "row_id": row_id, **who}


def handover(role: str, giver: int, announced: str = "2025-03-03", **more: Any) -> dict[str, Any]:
    usual = {"account": 1, "handover": 7, "role": role, "giver": giver, "asks_brief": True}
    return {**usual, "visible_at": day(announced), "first_on": date(2025, 4, 1), **more}


def leave(person: int, known: str = "2025-03-10") -> dict[str, Any]:
    days = {"first_on": date(2025, 4, 1), "last_on": date(2025, 6, 30)}
    return {"person": person, **days, "kind": "leave", "visible_at": day(known)}


def told(last: str, *held: dict[str, Any], **tables: Any) -> Session:
    tables["ownership"] = [OWNED, *held]
    session = world([last], account=[ACCOUNT], person=PEOPLE, account_value=SAID, **tables)
    session.hold("usage_carry", stored([]))
    session.run_all(steps_for("loop", "loop_open"))
    return session


def keys(last: str, *held: dict[str, Any], **tables: Any) -> list[str]:
    with told(last, *held, **tables) as session:
        rows = session.rows("select key from loop_held where role <> '' order by opened_at, key").to_pylist()
    return [row["key"].removeprefix("change_of_owner:acme:") for row in rows]


def owes(last: str, *held: dict[str, Any], **tables: Any) -> dict[str, tuple[int | None, int | None]]:
    """Return who owes each open loop of a role, by the role; the run and what it keeps say the same."""
    with told(last, *held, **tables) as session:
        found = [
            {
                row["role"]: (row["person"], row["pool"])
                for row in session.rows(f"select * from {table} where role <> ''").to_pylist()
            }
            for table in ("loop", "loop_open")
        ]
    assert found[0] == found[1]
    return found[0]


def test_a_role_given_for_the_first_time_or_to_nobody_opens_nothing():
    assert keys("2025-03-10", role("expansion", "2025-03-03", 2, person=BEN)) == []
    assert keys("2025-03-10", BENS, role("expansion", "2025-03-03", 3)) == []


@pytest.mark.parametrize("receiver", [{"person": CHIDI}, {"pool": POOL}])
def test_a_role_that_passes_on_opens_one_loop_and_is_theirs_who_receive_it(receiver: dict[str, int]):
    passed = role("expansion", "2025-03-05", 3, **receiver)
    assert keys("2025-03-04", BENS, passed) == []
    assert keys("2025-03-10", BENS, passed) == ["expansion:2025-03-05"]
    assert owes("2025-03-10", BENS, passed) == {"expansion": (receiver.get("person"), receiver.get("pool"))}


def test_until_an_announced_day_whoever_has_the_role_owes_it_then_the_receiver():
    passed, planned = role("expansion", "2025-04-01", 3, person=CHIDI), handover("expansion", BEN)
    for last, holder in (("2025-03-10", BEN), ("2025-04-07", CHIDI)):
        assert owes(last, BENS, passed, handover=[planned]) == {"expansion": (holder, None)}
        assert keys(last, BENS, passed, handover=[planned]) == ["expansion:2025-04-01:7"]


def test_the_loop_of_an_owner_is_the_owner_s_whoever_works_the_stage():
    works = role("adoption", "2024-02-01", 3, person=CHIDI)
    assert owes("2025-03-10", works, handover=[handover("owner", AMARA)]) == {"owner": (AMARA, None)}


def test_a_role_that_nobody_has_any_more_leaves_its_loop_to_who_works_the_account():
    gone = role("expansion", "2025-03-12", 3)
    assert owes("2025-03-20", BENS, gone, handover=[handover("expansion", BEN)]) == {
        "expansion": (AMARA, None)
    }


def test_who_is_away_for_long_owes_one_brief_of_all_that_they_have_on_an_account():
    assert keys("2025-03-20", BENS, leave=[leave(BEN)]) == ["expansion:2025-04-01"]
    other = role("renewal", "2024-02-01", 3, person=BEN)
    assert keys("2025-03-20", BENS, other, leave=[leave(BEN)]) == ["expansion:2025-04-01"]
    hers = role("renewal", "2024-02-01", 3, person=AMARA)
    assert keys("2025-03-20", BENS, hers, leave=[leave(AMARA)]) == ["2025-04-01"]


def test_the_cover_owes_it_while_whoever_has_the_role_is_away():
    away = {**leave(BEN), "cover": CHIDI}
    assert owes("2025-04-07", BENS, leave=[away]) == {"expansion": (CHIDI, None)}


def test_what_was_foreseen_opens_no_second_loop_and_what_was_not_does():
    passed = role("expansion", "2025-04-02", 3, person=CHIDI)
    for foretold in ({"handover": [handover("expansion", BEN)]}, {"leave": [leave(BEN)]}):
        assert len(keys("2025-04-10", BENS, passed, **foretold)) == 1
    theirs = {"account": 1, "person": BEN, "happened_at": day("2024-03-01"), "row_id": 3}
    owner_goes = {"account": 1, "person": CHIDI, "happened_at": day("2025-04-02"), "row_id": 4}
    also_goes = role("expansion", "2025-04-02", 5, person=CHIDI)
    of_owner = handover("owner", BEN)
    assert keys("2025-04-10", BENS, theirs, owner_goes, also_goes, handover=[of_owner]) == [
        "2024-03-01",
        "2025-04-01:7",
    ]
    of_role = handover("expansion", BEN)
    assert "2025-04-02" in keys("2025-04-10", BENS, theirs, owner_goes, handover=[of_role])


def test_a_role_that_passes_on_alone_explains_no_other():
    more = role("renewal", "2024-02-01", 3, person=BEN)
    gone = role("renewal", "2025-04-03", 4, person=CHIDI)
    for alone, opened in (
        (False, ["expansion:2025-04-01:7"]),
        (True, ["expansion:2025-04-01:7", "renewal:2025-04-03"]),
    ):
        assert (
            keys("2025-04-10", BENS, more, gone, handover=[handover("expansion", BEN, alone=alone)]) == opened
        )
    off = {**leave(BEN), "visible_at": day("2025-03-12")}
    for alone, opened in ((False, 1), (True, 2)):
        planned = handover("expansion", BEN, alone=alone)
        assert len(keys("2025-03-20", BENS, more, handover=[planned], leave=[off])) == opened


def test_several_roles_that_pass_on_from_one_at_once_open_one_loop():
    both = (BENS, role("renewal", "2024-02-01", 3, person=BEN))
    gone = [
        role(name, "2025-03-05", 4 + place, person=CHIDI)
        for place, name in enumerate(("expansion", "renewal"))
    ]
    assert keys("2025-03-10", *both, *gone) == ["expansion:2025-03-05"]


def test_a_handover_that_is_called_off_withdraws_its_loop():
    off = handover("expansion", BEN, hidden_at=day("2025-03-10"))
    with told("2025-03-10", BENS, handover=[off]) as session:
        (row,) = session.rows("select * from loop_held where role = 'expansion'").to_pylist()
    assert row["withdrawn_at"] == day("2025-03-10")


def holiday(region: str, on: str) -> dict[str, Any]:
    return {"region": region, "day": date.fromisoformat(on)}


@pytest.mark.parametrize(
    ("holidays_of", "due"), [("DE", "2025-03-11"), ("US", "2025-03-10"), ("", "2025-03-10")]
)
def test_days_are_those_of_the_region_of_who_has_the_role_that_passes_on(holidays_of: str, due: str):
    # the receiver works in Germany, the owner in the United States; 3 March 2025 is a Monday
    chidis = {**BENS, "person": CHIDI}
    passed = role("expansion", "2025-03-03", 3, person=BEN)
    tables = {"ownership": [OWNED, chidis, passed], "account_value": SAID}
    with world(["2025-03-10"], account=[ACCOUNT], person=PEOPLE, **tables) as session:
        from evenbook.frames.session import from_rows

        session.hold(
            "holiday", from_rows([holiday(holidays_of, "2025-03-05")], {"region": "VARCHAR", "day": "DATE"})
        )
        session.hold("usage_carry", stored([]))
        session.run_all(steps_for("loop_held"))
        (row,) = session.rows("select due_on from loop_held where role = 'expansion'").to_pylist()
    assert row["due_on"].isoformat() == due


@pytest.mark.parametrize(("stage", "due"), [("value", "2025-03-07"), ("renewal", "2025-03-06")])
def test_days_of_any_other_loop_are_those_of_the_region_of_who_works_the_stage(stage: str, due: str):
    # Ben has the adoption: he works the stage of value, in Germany; the renewal is the owner's
    call = {
        "account": 1, "kind": "strategic", "status": "completed", "minutes": 45.0, "customer_present": True,
        "person": BEN, "happened_at": day("2025-03-04"), "visible_at": day("2025-03-04"), "event": "call:1",
    }  # fmt: skip
    values = [SAID[0], {**SAID[1], "value": stage}]
    bens = role("adoption", "2024-02-01", 2, person=BEN)
    tables = {"ownership": [OWNED, bens], "account_value": values, "interaction": [call]}
    with world(["2025-03-10"], account=[ACCOUNT], person=PEOPLE, **tables) as session:
        from evenbook.frames.session import from_rows

        session.hold(
            "holiday", from_rows([holiday("DE", "2025-03-05")], {"region": "VARCHAR", "day": "DATE"})
        )
        session.hold("usage_carry", stored([]))
        session.run_all(steps_for("loop_held"))
        (row,) = session.rows("select due_on from loop_held where loop = 'check_in'").to_pylist()
    assert row["due_on"].isoformat() == due
