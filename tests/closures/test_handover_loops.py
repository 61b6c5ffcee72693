"""Loops of a handover that was announced: one an account, due before the giver is gone, gone when it is called off."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.tables import day, world

from evenbook.signals.rules.usage_carry import stored
from evenbook.site.registry import steps_for

AMARA, BEN, CHIDI = 1, 2, 3
ACCOUNT = {"account": 1, "key": "acme", "name": "Acme", "started_at": day("2024-01-01"), "visible_at": day("2024-01-01")}  # fmt: skip
PEOPLE = [{"person": number, "key": name, "name": name, "is_person": True, "working_share": 1.0}
          for number, name in ((AMARA, "amara"), (BEN, "ben"), (CHIDI, "chidi"))]  # fmt: skip
FIRST_OWNER = {"account": 1, "person": AMARA, "happened_at": day("2024-01-01"), "row_id": 1}


def handover(announced: str = "2025-03-03", first_on: str = "2025-04-01", **more: Any) -> dict[str, Any]:
    usual = {"account": 1, "handover": 7, "giver": AMARA, "asks_brief": True, "visible_at": day(announced)}
    return {**usual, "first_on": date.fromisoformat(first_on), **more}


def owned(by: int, since: str, row_id: int = 2) -> dict[str, Any]:
    return {"account": 1, "person": by, "happened_at": day(since), "row_id": row_id}


def loops(days: list[str], **tables: Any) -> list[dict[str, Any]]:
    """Return the loops of a change of owner, as they stand at the end of the last day."""
    tables["ownership"] = [FIRST_OWNER, *tables.get("ownership", ())]
    tables.setdefault("account_value", [{"account": 1, "name": "tier", "value": "1", "happened_at": day("2024-01-01")}])  # fmt: skip
    with world(days, account=[ACCOUNT], person=PEOPLE, **tables) as session:
        session.hold("usage_carry", stored([]))
        session.run_all(steps_for("loop_held"))
        return session.rows(
            "select * from loop_held where loop = 'change_of_owner' order by opened_at"
        ).to_pylist()


def told(days: list[str], **tables: Any) -> list[tuple[str, str, bool]]:
    return [
        (each["key"], each["due_on"].isoformat(), each["withdrawn_at"] is not None)
        for each in loops(days, **tables)
    ]


def test_an_announced_handover_opens_a_loop_due_on_the_last_working_day_before():
    # 1 April 2025 is a Tuesday
    assert told(["2025-03-03"], handover=[handover()]) == [
        ("change_of_owner:acme:2025-04-01:7", "2025-03-31", False)
    ]
    assert told(["2025-03-03"], handover=[handover(first_on="2025-03-31")])[0][1] == "2025-03-28"


def test_a_handover_announced_late_leaves_five_working_days():
    assert told(["2025-03-31"], handover=[handover("2025-03-31")])[0][1] == "2025-04-07"


def test_a_handover_that_nobody_knows_of_yet_opens_none():
    assert told(["2025-03-02"], handover=[handover()]) == []


def test_a_cover_note_asks_for_no_transfer_brief():
    assert told(["2025-03-10"], handover=[handover(asks_brief=False)]) == []


def test_the_change_that_was_announced_opens_no_second_loop_whoever_receives_the_account():
    for receiver in (BEN, CHIDI):
        found = told(["2025-04-10"], handover=[handover()], ownership=[owned(receiver, "2025-04-02")])
        assert [key for key, _, _ in found] == ["change_of_owner:acme:2025-04-01:7"]


def test_the_change_after_it_opens_its_own():
    moves = [owned(BEN, "2025-04-02"), owned(AMARA, "2025-05-01", 3), owned(CHIDI, "2025-06-02", 4)]
    found = [key for key, _, _ in told(["2025-06-10"], handover=[handover()], ownership=moves)]
    assert found == ["change_of_owner:acme:2025-04-01:7", "change_of_owner:acme:2025-05-01", "change_of_owner:acme:2025-06-02"]  # fmt: skip


def test_a_change_after_the_giver_is_back_was_not_announced():
    away = handover(back_on=date(2025, 5, 1))
    found = told(["2025-06-10"], handover=[away], ownership=[owned(BEN, "2025-06-02")])
    assert [key for key, _, _ in found] == [
        "change_of_owner:acme:2025-04-01:7",
        "change_of_owner:acme:2025-06-02",
    ]


def test_a_handover_that_is_called_off_withdraws_its_loop_and_a_change_then_opens_one():
    gone = handover(hidden_at=day("2025-03-10"))
    assert told(["2025-03-09"], handover=[gone])[0][2] is False
    assert told(["2025-03-10"], handover=[gone])[0][2] is True
    found = told(["2025-04-10"], handover=[gone], ownership=[owned(BEN, "2025-04-02")])
    assert [(key, gone) for key, _, gone in found] == [
        ("change_of_owner:acme:2025-04-01:7", True), ("change_of_owner:acme:2025-04-02", False),
    ]  # fmt: skip


def test_a_brief_written_before_the_change_closes_the_loop():
    brief = {"account": 1, "kind": "transfer_brief", "happened_at": day("2025-03-20"), "row_id": 5}
    named = {**brief, "closes": "change_of_owner:acme:2025-04-01:7"}
    for each in (brief, named):
        (found,) = loops(["2025-04-10"], handover=[handover()], artifact=[each])
        assert found["closed_at"] == day("2025-03-20") and found["closed_by"] == 5


def leave(known: str, first: str = "2025-04-01", last: str = "2025-06-30") -> dict[str, Any]:
    return {
        "person": AMARA,
        "first_on": date.fromisoformat(first),
        "last_on": date.fromisoformat(last),
        "kind": "leave",
        "visible_at": day(known),
    }


def test_one_absence_opens_one_loop_whichever_tells_of_it_first():
    away = handover(back_on=date(2025, 7, 1))
    keys = {
        known: [key for key, _, _ in told(["2025-03-20"], handover=[away], leave=[leave(known)])]
        for known in ("2025-02-03", "2025-03-03", "2025-03-10")
    }
    assert keys == {
        "2025-02-03": ["change_of_owner:acme:2025-04-01"],
        "2025-03-03": ["change_of_owner:acme:2025-04-01:7"],
        "2025-03-10": ["change_of_owner:acme:2025-04-01:7"],
    }


def test_an_absence_that_stands_after_its_handover_was_called_off_opens_its_own():
    gone = handover(back_on=date(2025, 7, 1), hidden_at=day("2025-03-17"))
    found = told(["2025-03-20"], handover=[gone], leave=[leave("2025-03-10")])
    assert [(key, is_gone) for key, _, is_gone in found] == [
        ("change_of_owner:acme:2025-04-01:7", True),
        ("change_of_owner:acme:2025-04-01", False),
    ]


def role(name: str, known: str, first: str = "2025-04-01") -> dict[str, Any]:
    return {
        "person": AMARA,
        "role": name,
        "first_on": date.fromisoformat(first),
        "visible_at": day(known),
        "row_id": {"csm": 1, "leader": 2, "user": 3}[name],
    }


def test_a_change_of_role_opens_a_loop_due_on_the_last_working_day_before_it():
    roles = [role("csm", "2024-01-01"), role("leader", "2025-03-03")]
    assert told(["2025-03-02"], person_role=roles) == []
    assert told(["2025-03-03"], person_role=roles) == [
        ("change_of_owner:acme:2025-04-01", "2025-03-31", False)
    ]
    late = [role("csm", "2024-01-01"), role("leader", "2025-03-31")]
    assert told(["2025-03-31"], person_role=late)[0][1] == "2025-04-07"


def test_what_is_no_change_of_role_opens_none():
    for first, second in (("user", "leader"), ("csm", "user"), ("leader", "csm"), ("csm", "csm")):
        roles = [role(first, "2024-01-01"), role(second, "2025-03-03")]
        assert told(["2025-03-10"], person_role=roles) == [], (first, second)


def test_the_handover_or_move_that_follows_from_a_change_of_role_opens_no_second_loop():
    roles = [role("csm", "2024-01-01"), role("leader", "2025-03-03")]
    moved = told(["2025-04-10"], person_role=roles, ownership=[owned(BEN, "2025-04-02")])
    assert [key for key, _, _ in moved] == ["change_of_owner:acme:2025-04-01"]
    announced = told(["2025-04-10"], person_role=roles, handover=[handover("2025-03-10")])
    assert [key for key, _, _ in announced] == ["change_of_owner:acme:2025-04-01"]
    before = told(["2025-04-10"], person_role=roles, handover=[handover("2025-03-02")])
    assert [key for key, _, _ in before] == ["change_of_owner:acme:2025-04-01:7"]


def test_an_account_that_goes_into_a_pool_and_out_of_it_opens_a_loop_each_time():
    pool = [{"pool": 7, "key": "queue", "name": "Queue"}]
    into = {"account": 1, "person": None, "pool": 7, "happened_at": day("2025-04-02"), "row_id": 2}
    found = loops(["2025-06-10"], pool=pool, ownership=[into, owned(BEN, "2025-05-05", 3)])

    assert [each["key"] for each in found] == [
        "change_of_owner:acme:2025-04-02",
        "change_of_owner:acme:2025-05-05",
    ]
    with world(["2025-04-10"], account=[ACCOUNT], person=PEOPLE, pool=pool, ownership=[FIRST_OWNER, into],
               account_value=[{"account": 1, "name": "tier", "value": "1", "happened_at": day("2024-01-01")}]) as session:  # fmt: skip
        session.hold("usage_carry", stored([]))
        session.run_all(steps_for("loop_open"))
        rows = session.rows("select person, pool from loop_open where loop = 'change_of_owner'").to_pylist()
    assert rows == [{"person": None, "pool": 7}]
