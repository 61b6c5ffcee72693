"""Random small companies, to hold every rule to what must always be true.

Facts come with every kind of lateness: known at once, known later, replaced by a later version.
The same seed gives the same company.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tests.tables import world

from evenbook.book.holidays import holiday_rows
from evenbook.book.numbers import BookNumbers
from evenbook.frames.session import Session
from evenbook.frames.step import Step
from evenbook.site import carry, registry

Row = dict[str, Any]
Company = dict[str, list[Row]]

FIRST = datetime(2024, 1, 1)
LAST = datetime(2025, 6, 30)
KINDS = ("meeting", "call", "strategic", "business_review", "reply", "mail", "bulk", "onboarding", "internal")
ARTIFACTS = ("check_in_note", "health_review_log", "renewal_risk_brief", "silence_record", "decision_record")
VALUES: dict[str, tuple[str, ...]] = {
    "tier": ("1", "2", "3", "4", "many"),
    "segment": ("Enterprise", "Mid-Market"),
    "stage": ("onboarding", "adoption", "value", "renewal", "odd"),
    "products": ("1", "2", "7"),
    "complexity": ("1", "3", "5", "9"),
    "regulated": ("yes", "no"),
    "strategic": ("yes", "no"),
    "seats": ("5", "40"),
    "status": ("active", "churned"),
    "integrations": ("0", "4", "7"),
    "use_cases": ("1", "3"),
}


def company(seed: int, *, accounts: int = 6, people: int = 4, usage_is_late: bool = True) -> Company:
    """Return the tables of a random company, ready for ``tests.tables.world``.

    Args:
        seed: of all chance.
        accounts: how many.
        people: how many, at least 4.
        usage_is_late: whether some weeks of usage are delivered or corrected late.
    """
    chance = Random(seed)
    made: Company = {name: [] for name in MAKERS}
    made["person"] = [_person(chance, number) for number in range(1, people + 1)]
    made["pool"] = [{"pool": 1, "key": "pool", "name": "Pool", "lead": 1}]
    made["pool_member"] = [
        {"pool": 1, "person": number, "since_on": _day(chance), "until_on": _maybe(chance, _day(chance))}
        for number in range(1, people + 1)
    ]
    made["account"] = [_account(chance, number) for number in range(1, accounts + 1)]
    for name, (make, most) in MAKERS.items():
        for account in range(1, accounts + 1):
            for _ in range(chance.randint(0, most)):
                made[name] += make(chance, account)
    made["usage"] = [row for number in range(1, accounts + 1) for row in _usage(chance, number)]
    made["feed"] = _feed(chance)
    _withdraw(Random(seed + 1), made)
    _of_tiers(Random(seed + 2), made, accounts)
    _openings(Random(seed + 3), made, accounts)
    _timesheets(Random(seed + 4), made, accounts)
    _marks(Random(seed + 5), made, accounts)
    _roles(Random(seed + 6), made, accounts)
    _handovers(Random(seed + 7), made, accounts)
    if not usage_is_late:
        on_time = timedelta(days=7)
        for name in ("usage", "feed"):
            made[name] = [row for row in made[name] if row["visible_at"] == _at(row["week_on"]) + on_time]
    return made


def as_known(tables: Company, day: date) -> Company:
    """Return the tables as they were at the end of a day: no later row, no later end of a version."""
    ends = _at(day) + timedelta(days=1)
    return {
        name: [
            {**row, "hidden_at": None} if (row.get("hidden_at") or FIRST) >= ends else row
            for row in rows
            if row.get("visible_at", FIRST) < ends
        ]
        for name, rows in tables.items()
    }


def answer(tables: Company, days: Sequence[date], *, steps: Sequence[Step] | None = None) -> Session:
    """Return a session in which every step of the weekly run has answered for ``days``, from nothing."""
    session = world([each.isoformat() for each in days], **tables)
    years = range(FIRST.year - 1, LAST.year + 2)
    session.hold("holiday", holiday_rows(BookNumbers(), years))
    carry.hold(session, None)
    session.run_all(registry.steps() if steps is None else steps)
    return session


def went_on(tables: Company, day: date, before: Session, *, from_day: date) -> Session:
    """Return a session that answered for one day, going on from what ``before`` left on ``from_day``."""
    session = world([day.isoformat()], **tables)
    session.hold("holiday", holiday_rows(BookNumbers(), range(FIRST.year - 1, LAST.year + 2)))
    carry.hold(session, carry.onward(before, from_day, zone="UTC"))
    session.run_all(registry.steps())
    return session


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _instant(chance: Random) -> datetime:
    whole = chance.random() < 0.3
    at = FIRST + timedelta(seconds=chance.randrange(int((LAST - FIRST).total_seconds())))
    return at.replace(hour=0, minute=0, second=0) if whole else at


def _day(chance: Random) -> date:
    return _instant(chance).date()


def _maybe(chance: Random, value: Any, share: float = 0.5) -> Any:
    return value if chance.random() < share else None


def _late(chance: Random) -> timedelta:
    return timedelta(days=chance.choice((0, 0, 0, 0, 1, 9, 40, 200)))


def _dated(chance: Random) -> Row:
    at = _instant(chance)
    return {"happened_at": at, "visible_at": at + _late(chance)}


def _versions(chance: Random, first: Row, change: Callable[[Row], Row]) -> list[Row]:
    """Return one version of a row, or two of which the later replaces the first, or takes it away."""
    if chance.random() < 0.75:
        return [first]
    at = first["visible_at"] + timedelta(days=chance.choice((1, 6, 30, 120)))
    old = {**first, "hidden_at": at}
    return [old] if chance.random() < 0.3 else [old, {**first, **change(first), "visible_at": at}]


def _person(chance: Random, number: int) -> Row:
    started = _maybe(chance, _day(chance))
    return {
        "person": number,
        "key": f"p{number}",
        "name": f"Person {number}",
        "role": chance.choice(("csm", "csm", "leader")),
        "team": chance.choice(("North", "South", "")),
        "is_person": chance.random() < 0.9,
        "started_on": started,
        "left_on": _maybe(chance, _day(chance), 0.2),
        "working_share": chance.choice((1.0, 0.6, 0.0)),
        "monthly_hours": _maybe(chance, 100.0, 0.2),
        "region": chance.choice(("DE", "US", "")),
    }


def _account(chance: Random, number: int) -> Row:
    seen = FIRST + timedelta(days=chance.choice((-400, 0, 0, 90, 300)))
    return {
        "account": number,
        "key": f"a{number}",
        "name": f"Account {number}",
        "parent": None,
        "started_at": _maybe(chance, seen, 0.9),
        "visible_at": seen,
    }


def _value(chance: Random, account: int) -> list[Row]:
    name = chance.choice(tuple(VALUES))
    return [
        {
            "account": account,
            "name": name,
            "value": chance.choice(VALUES[name]),
            "assumed": False,
            **_dated(chance),
        }
    ]


def _ownership(chance: Random, account: int) -> list[Row]:
    who = chance.choice(("person", "person", "person", "pool", "nobody"))
    return [
        {
            "account": account,
            "role": chance.choice(("owner", "owner", "owner", "onboarding", "adoption")),
            "person": chance.randint(1, 4) if who == "person" else None,
            "pool": 1 if who == "pool" else None,
            **_dated(chance),
        }
    ]


def _roles(chance: Random, made: Company, accounts: int) -> None:
    """Give some accounts an expansion or a renewal owner, for a while, and give these roles on."""
    for account in range(1, accounts + 1):
        for role in ("expansion", "renewal"):
            for _ in range(chance.choice((0, 0, 1, 3))):
                made["ownership"] += [{**row, "role": role} for row in _ownership(chance, account)]


def _handovers(chance: Random, made: Company, accounts: int) -> None:
    """Announce that some accounts, or roles on them, are handed over, and call some of it off."""
    made["handover"] = []
    for number in range(2 * accounts):
        at = _instant(chance)
        first = at.date() + timedelta(days=chance.choice((0, 9, 40)))
        row = {"account": chance.randint(1, accounts), "handover": number, "giver": chance.randint(1, 4)}
        row |= {"role": chance.choice(("owner", "adoption", "expansion", "renewal")), "first_on": first}
        row |= {
            "back_on": _maybe(chance, first + timedelta(days=30), 0.3),
            "asks_brief": chance.random() < 0.9,
            "alone": row["role"] != "owner" and chance.random() < 0.5,
        }
        hidden = _maybe(chance, at + timedelta(days=chance.choice((0, 5, 60))), 0.3)
        made["handover"].append({**row, "visible_at": at, "hidden_at": hidden})


def _leave(chance: Random, account: int) -> list[Row]:
    first = _day(chance)
    last = first + timedelta(days=chance.choice((0, 4, 20, 90)))
    row = {"person": chance.randint(1, 4), "first_on": first, "last_on": last, "kind": "leave"}
    seen = _at(first) + timedelta(days=chance.choice((-20, 0, 10)))
    return [{**row, "cover": _maybe(chance, chance.randint(1, 4)), "visible_at": seen}]


def _role(chance: Random, account: int) -> list[Row]:
    first = _day(chance)
    row = {"person": chance.randint(1, 4), "role": chance.choice(("csm", "leader", "operations", "user"))}
    return [
        {**row, "first_on": first, "visible_at": _at(first) + timedelta(days=chance.choice((-20, 0, 10, 60)))}
    ]


def _adjustment(chance: Random, account: int) -> list[Row]:
    first = _day(chance)
    row = {
        "person": chance.randint(1, 4),
        "first_on": first,
        "last_on": _maybe(chance, first + timedelta(days=40)),
    }
    return [{**row, "hours": chance.choice((-30.0, 12.5)), "visible_at": _instant(chance)}]


def _own_ceiling(chance: Random, account: int) -> list[Row]:
    first = _day(chance)
    row = {"person": chance.randint(1, 4), "first_on": first, "a_week": chance.choice((6.0, 30.0))}
    return [{**row, "last_on": _maybe(chance, first + timedelta(days=60)), "visible_at": _instant(chance)}]


def _withdraw(chance: Random, made: Company) -> None:
    """Let some leaves, adjustments and ceilings be withdrawn, and some leaves be told twice."""
    made["leave"] += [{**row, "cover": None} for row in made["leave"] if chance.random() < 0.2]
    for name in ("leave", "adjustment", "own_ceiling"):
        for row in made[name]:
            if chance.random() < 0.3:
                row["hidden_at"] = row["visible_at"] + timedelta(days=chance.choice((0, 3, 30, 200)))


def _of_tiers(chance: Random, made: Company, accounts: int) -> None:
    """Lock some tiers for a while, decline some moves, and let some tickets be urgent."""
    for name in ("tier_lock", "tier_decline"):
        made[name] = []
        for account in range(1, accounts + 1):
            at = _instant(chance)
            row = {"account": account, "visible_at": at}
            row["hidden_at"] = _maybe(chance, at + timedelta(days=chance.choice((0, 20, 100))))
            if name == "tier_decline":
                row |= {
                    "to_tier": chance.randint(1, 4),
                    "grounds": "arr",
                    "arr_cents": _maybe(chance, 50_000),
                }
            made[name] += [row] if chance.random() < 0.5 else []
    for row in made["ticket"]:
        row["priority"] = chance.choice(("normal", "Urgent"))


def _contact(chance: Random, account: int) -> list[Row]:
    row = {"account": account, "contact": f"c{chance.randint(1, 3)}", "name": "J. Ortega", **_dated(chance)}
    row["is_champion"] = chance.random() < 0.6
    return _versions(chance, row, lambda old: {"left_at": old["visible_at"]})


def _contract(chance: Random, account: int) -> list[Row]:
    start = _instant(chance)
    row = {
        "account": account,
        "contract": f"k{chance.randrange(10_000)}",
        "product": chance.choice(("", "Core", "Plus", "Extra")),
        "starts_on": _maybe(chance, start.date(), 0.8),
        "ends_on": _maybe(chance, (start + timedelta(days=364)).date()),
        "renews_on": _maybe(chance, (start + timedelta(days=365)).date(), 0.8),
        "arr_cents": 120_000,
        "visible_at": start + _late(chance),
    }
    return _versions(
        chance,
        row,
        lambda old: (
            {"renewed_at": old["visible_at"]} if chance.random() < 0.6 else {"lost_at": old["visible_at"]}
        ),
    )


def _movement(chance: Random, account: int) -> list[Row]:
    kind = chance.choice(("new", "expansion", "contraction", "churn", "stated"))
    sign = -1 if kind in ("contraction", "churn") else 1
    return [
        {
            "account": account,
            "kind": kind,
            "change_cents": sign * chance.choice((1_000, 50_000, 90_000)),
            **_dated(chance),
        }
    ]


def _interaction(chance: Random, account: int) -> list[Row]:
    row = {
        "account": account,
        "event": f"test:i{chance.randrange(1_000_000_000)}",
        "person": _maybe(chance, chance.randint(1, 4), 0.9),
        "contact": chance.choice(("", "c1", "c2", "c3")),
        "kind": chance.choice(KINDS),
        "status": chance.choice(("completed", "completed", "completed", "booked", "cancelled")),
        "minutes": _maybe(chance, float(chance.choice((5, 15, 45))), 0.9),
        "customer_present": chance.random() < 0.8,
        "carries_answer": chance.random() < 0.5,
        "action_items": _maybe(chance, chance.randint(0, 4)),
        "sentiment": _maybe(chance, round(chance.uniform(-1, 1), 2)),
        **_dated(chance),
    }
    row["quality"] = None if row["sentiment"] is None else 50 + 40 * row["sentiment"]
    return _versions(chance, row, lambda old: {"status": "completed", "minutes": 30.0})


def _ticket(chance: Random, account: int) -> list[Row]:
    number = chance.randrange(1_000_000_000)
    row = {
        "account": account,
        "event": f"test:t{number}",
        "ticket": f"t{number}",
        "priority": "normal",
        "kind": chance.choice(("question", "feature request")),
        **_dated(chance),
    }
    if chance.random() < 0.3:
        row["escalated_at"] = row["happened_at"] + timedelta(days=chance.choice((0, 2, 20)))
    return _versions(chance, row, lambda old: {"solved_at": old["visible_at"] + timedelta(days=2)})


def _score(chance: Random, account: int) -> list[Row]:
    kind = chance.choice(("health", "nps", "csat", "sentiment"))
    row = {"account": account, "score": f"s{chance.randrange(100_000)}", "kind": kind, "high_is_good": True}
    row |= {"value": float(chance.choice((0, 30, 55, 80, 100))), **_dated(chance)}
    return _versions(chance, row, lambda old: {"value": 90.0})


def _opportunity(chance: Random, account: int) -> list[Row]:
    row = {
        "account": account,
        "opportunity": f"o{chance.randrange(100_000)}",
        "kind": chance.choice(("", "expansion", "renewal")),
        "stage": chance.choice(("Qualification", "Proposal", "Negotiation")),
        "product": "Plus",
        "amount_cents": 10_000,
        **_dated(chance),
    }
    return _versions(chance, row, lambda old: {"won_at": old["visible_at"]})


def _openings(chance: Random, made: Company, accounts: int) -> None:
    """Let hands be raised, held, answered and closed."""
    made["opening_event"] = []
    for opening in range(1, 2 * accounts):
        account, at = chance.randint(1, accounts), _instant(chance)
        for kind in (
            "opened",
            "routed",
            *chance.choice(((), ("held", "released"), ("answered", "won"), ("dropped",))),
        ):
            row = {"account": account, "opening": opening, "kind": kind, "product": "Plus"}
            made["opening_event"].append({**row, "happened_at": at, "visible_at": at})
            at += timedelta(days=chance.choice((0, 1, 9, 60)))


def _marks(chance: Random, made: Company, accounts: int) -> None:
    """Let people say by hand how the work on some accounts stands, and take some of it back."""
    made["hot_mark"] = []
    for _ in range(3 * accounts):
        at = _instant(chance)
        row = {"account": chance.randint(1, accounts), "kind": chance.choice(("working", "false-alarm"))}
        row |= {"happened_at": at, "visible_at": at}
        made["hot_mark"].append(
            {**row, "hidden_at": _maybe(chance, at + timedelta(days=chance.choice((0, 9))))}
        )


def _timesheets(chance: Random, made: Company, accounts: int) -> None:
    """Let some people keep timesheets, of which some entries are told late or put right."""
    made["time_entry"] = []
    for _ in range(12 * accounts):
        row = {"account": chance.randint(1, accounts), "person": chance.choice((1, 2, None))}
        row |= {"minutes": float(chance.choice((0, 15, 90, 100_000))), **_dated(chance)}
        made["time_entry"] += _versions(chance, row, lambda old: {"minutes": old["minutes"] + 30})


def _artifact(chance: Random, account: int) -> list[Row]:
    row = {"account": account, "row_id": chance.randrange(1_000_000_000), "kind": chance.choice(ARTIFACTS)}
    row |= {"author": chance.randint(1, 4), **_dated(chance)}
    return _versions(chance, row, lambda old: {"kind": chance.choice(ARTIFACTS)})


def _usage(chance: Random, account: int) -> list[Row]:
    level, rows, week = chance.choice((0, 1, 12, 60)), [], FIRST.date()
    while week < LAST.date():
        if chance.random() < 0.02:
            level = level * chance.choice((0.0, 0.3, 1.4))
        if level and chance.random() < 0.95:
            over = _at(week) + timedelta(days=7)
            late = timedelta(days=chance.choice((0,) * 30 + (3, 20)))
            value = float(max(0, round(chance.gauss(level, level**0.5))))
            rows.append(
                {
                    "account": account,
                    "measure": "active_users",
                    "week_on": week,
                    "value": value,
                    "source": "usage",
                    "visible_at": over + late,
                }
            )
            if chance.random() < 0.01:
                rows.append({**rows[-1], "value": value + 5, "visible_at": over + late + timedelta(days=30)})
        week += timedelta(days=7)
    return rows


def _feed(chance: Random) -> list[Row]:
    rows, week = [], FIRST.date()
    while week < LAST.date():
        over = _at(week) + timedelta(days=7)
        if chance.random() < 0.97:
            share = chance.choice((1.0,) * 20 + (0.2,))
            row = {"source": "usage", "measure": "active_users", "week_on": week, "share": share}
            rows.append({**row, "visible_at": over + timedelta(days=chance.choice((0,) * 20 + (15,)))})
        week += timedelta(days=7)
    return rows


MAKERS: dict[str, tuple[Callable[[Random, int], list[Row]], int]] = {
    "account_value": (_value, 12),
    "ownership": (_ownership, 4),
    "leave": (_leave, 2),
    "adjustment": (_adjustment, 1),
    "contact": (_contact, 3),
    "contract": (_contract, 3),
    "movement": (_movement, 5),
    "interaction": (_interaction, 30),
    "ticket": (_ticket, 15),
    "score": (_score, 5),
    "opportunity": (_opportunity, 2),
    "artifact": (_artifact, 15),
    "person_role": (_role, 1),
    "own_ceiling": (_own_ceiling, 1),
}
