"""The weeks ahead: what accounts will take, what people can sustain, and that the later runs agree."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from tests.tables import world

from evenbook.book.numbers import BookNumbers
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.rules.sustained import Away, More, Person, Sustained, Team
from evenbook.frames.session import Session, from_rows
from evenbook.policy.registry import sections
from evenbook.policy.schema import Policy
from evenbook.site import carry, registry
from evenbook.throughput.rules.ahead import (
    Cell,
    Weeks,
    absences,
    renewal_clusters,
    runs_over,
    weeks_ahead,
)
from evenbook.throughput.rules.ahead_carried import Carrying, Handed, Member
from evenbook.throughput.rules.ahead_effort import Ahead, Book, Horizon, Stages, ahead, parted

SUNDAY = date(2025, 3, 9)
WEEKS = 6
DAYS = tuple(SUNDAY + timedelta(weeks=place) for place in range(1, WEEKS + 1))
WORKS = frozenset({"mon", "tue", "wed", "thu", "fri"})
RAMP = [(0, 0.25), (31, 0.5), (61, 0.75), (91, 1.0)]
STAGES = Stages(
    window_days=90,
    onboarding_days=90,
    adoption_days=270,
    multipliers={"onboarding": 1.6, "adoption": 1.1, "value": 0.9, "renewal": 1.3},
    roles={"onboarding": "onboarding", "adoption": "adoption", "value": "adoption", "renewal": "owner"},
    base_hours={1: 8.0, 2: 2.4, 3: 0.6, 4: 0.05},
    most=3.0,
    shares={(each.stage, each.role): each.share for each in BookNumbers().role_shares},
)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


HORIZON = Horizon(at(SUNDAY) + timedelta(days=1), DAYS, tuple(at(day) + timedelta(days=1) for day in DAYS))


def book(**more: Any) -> Book:
    usual = {
        "account": 1,
        "worker": ("person", 1),
        "tier": 1,
        "stage": "value",
        "hours": 7.2,
        "told": "value",
    }
    return Book(**{**usual, **more})


def person(number: int = 1, **more: Any) -> Person:
    usual = {"started_on": None, "left_on": None, "working_share": 1.0, "monthly_hours": None, "region": "DE"}
    return Person(number, **{**usual, **more})


def team(*people: Person, away: Any = (), more: Any = (), holidays: Any = ()) -> Team:
    return Team(
        people or (person(),),
        away,
        more,
        holidays={"DE": frozenset(holidays)},
        works=WORKS,
        monthly_hours=120.0,
        ramp=RAMP,
    )


def on(place: int, day: int = 0) -> date:
    """Return a day of a week ahead: the first week is 0, its Monday 0."""
    return SUNDAY + timedelta(days=1 + 7 * place + day)


def hours(found: Ahead) -> tuple[float, ...]:
    return found.hours


def test_an_account_that_changes_no_stage_takes_what_it_takes():
    assert hours(ahead(book(), HORIZON, STAGES)) == (7.2,) * WEEKS


def test_the_renewal_window_is_switched_on_in_the_week_in_which_an_account_enters_it():
    found = ahead(book(renews_on=DAYS[2] + timedelta(days=90)), HORIZON, STAGES)

    assert found.stages == ("value", "value", *("renewal",) * 4)
    assert hours(found) == (7.2, 7.2, *(pytest.approx(10.4),) * 4)


def test_a_renewal_that_passes_is_worked_on_for_thirty_days_more():
    found = ahead(book(stage="renewal", hours=10.4, renews_on=DAYS[0] - timedelta(days=16)), HORIZON, STAGES)

    assert found.stages == (*("renewal",) * 3, "value", "value", "value")
    assert hours(found)[-1] == pytest.approx(7.2)


def test_an_onboarding_ends_after_the_days_of_policy_and_one_that_is_late_goes_on():
    soon = book(stage="onboarding", told="onboarding", started_at=at(DAYS[1]) - timedelta(days=90))
    late = book(stage="onboarding", told="onboarding", started_at=at(SUNDAY) - timedelta(days=200))

    assert ahead(soon, HORIZON, STAGES).stages == ("onboarding", *("adoption",) * 5)
    assert ahead(late, HORIZON, STAGES).stages == ("onboarding",) * WEEKS


def test_a_stage_that_nobody_told_follows_the_days_since_the_start():
    found = ahead(
        book(stage="adoption", told="", started_at=at(DAYS[3]) - timedelta(days=270)), HORIZON, STAGES
    )
    assert found.stages == (*("adoption",) * 3, *("value",) * 3)


def test_who_works_an_account_follows_its_stage():
    given = book(
        stage="onboarding",
        told="",
        started_at=at(DAYS[1]) - timedelta(days=90),
        roles={"adoption": ("person", 2)},
    )
    assert ahead(given, HORIZON, STAGES).workers == (("person", 1), *(("person", 2),) * 5)


def test_other_roles_take_their_part_of_the_stages_that_they_work_in_and_the_rest_stays():
    started = at(DAYS[1]) - timedelta(days=90)
    roles = {"expansion": ("person", 2), "adoption": ("pool", 9)}
    given = book(stage="onboarding", told="", started_at=started, hours=10.0, roles=roles)
    whole = ahead(given, HORIZON, STAGES)
    main, (part,) = parted(given, HORIZON, STAGES)

    assert part.is_part and part.workers == (("person", 2),) * WEEKS and not main.is_part
    assert part.hours == (0.0, *(pytest.approx(0.15 * each) for each in whole.hours[1:]))
    assert main.workers[1:] == (("pool", 9),) * 5
    sums = [one + other for one, other in zip(main.hours, part.hours, strict=True)]
    assert sums == pytest.approx(whole.hours)
    assert parted(book(), HORIZON, STAGES) == (ahead(book(), HORIZON, STAGES), ())


def test_a_part_is_not_handed_over_with_its_account():
    given = book(hours=10.0, worker=("person", 1), roles={"expansion": ("person", 1)})
    main, parts = parted(given, HORIZON, STAGES)
    handed = [Handed(1, 1, 2, on(0), None)]
    weeks = weeks_ahead([main, *parts], Carrying(team(person(1), person(2)), DAYS, handed), (1, 2))

    assert [cell.effort for cell in weeks.cells[1]] == pytest.approx([1.5] * WEEKS)
    assert [cell.handed for cell in weeks.cells[2]] == pytest.approx([8.5] * WEEKS)


def test_the_cap_holds_in_another_stage_and_a_capped_product_comes_back_as_it_is():
    into = ahead(book(hours=20.0, renews_on=DAYS[0] + timedelta(days=90)), HORIZON, STAGES)
    out = book(stage="renewal", hours=24.0, product=3.9, renews_on=DAYS[0] - timedelta(days=31))

    assert hours(into)[0] == 24.0
    assert hours(ahead(out, HORIZON, STAGES))[0] == pytest.approx(8 * 3.9 * 0.9 / 1.3)


def test_a_week_away_takes_its_capacity_and_overlapping_leave_takes_each_day_once():
    away = [
        Away(1, on(0, 0), on(0, 2), None),
        Away(1, on(0, 1), on(0, 3), None),
        Away(1, on(2), on(2, 6), None),
    ]
    found = team(away=away, holidays=[on(0, 3), on(0, 4), on(0, 5)])

    assert found.sustained(1, DAYS[0]) == Sustained(0.0, 1.0, 0.0, 0.0, 5, 4, 1)
    assert found.sustained(1, DAYS[1]).hours == 120
    assert found.sustained(1, DAYS[2]).hours == 0


def test_ramp_departure_and_adjustments_come_in_their_weeks():
    found = team(
        person(started_on=on(0) - timedelta(days=28)),
        person(2, left_on=on(1, 2)),
        person(3, started_on=on(3)),
        more=[More(1, on(1), on(1, 6), -10.0), More(1, on(1, 6), None, -5.0)],
    )
    assert [found.sustained(1, day).hours for day in DAYS[:3]] == [60, 45, 55]
    assert [found.sustained(2, day).hours for day in DAYS[:3]] == [120, pytest.approx(72), None]
    assert [found.sustained(3, day).hours for day in DAYS[2:4]] == [None, 30]


def weeks(accounts: Any, of: Team, **more: Any) -> Weeks:
    return weeks_ahead(
        [ahead(each, HORIZON, STAGES) for each in accounts], Carrying(of, DAYS, **more), of.people
    )


def test_the_named_cover_carries_the_days_away_and_nobody_where_there_is_none():
    away = [Away(1, on(0, 3), on(1, 6), 2), Away(2, on(1, 4), on(1, 4), None)]
    found = weeks([book(hours=10.0)], team(person(), person(2), away=away))

    assert [each.own for each in found.cells[1][:3]] == [pytest.approx(6), 0, 10]
    assert [each.cover for each in found.cells[2][:3]] == [pytest.approx(4), pytest.approx(8), 0]
    assert [each.uncovered for each in found.cells[1][:3]] == [0, pytest.approx(2), 0]
    assert found.uncovered == {"away": (0, pytest.approx(2), 0, 0, 0, 0)}
    assert found.cells[1][1].load is None and found.cells[1][1].is_away
    assert found.cells[1][0].load == pytest.approx(10 / 120)


def test_a_public_holiday_leaves_the_book_where_it_is():
    found = weeks([book(hours=10.0)], team(holidays=[on(0, day) for day in range(5)]))
    assert (found.cells[1][0].own, found.cells[1][0].load) == (10, None)


def test_what_is_handed_over_counts_for_the_receiver_from_its_day_until_it_goes_back():
    handed = [Handed(1, 1, 2, on(0, 2), on(2, 0))]
    found = weeks([book(hours=10.0), book(account=2, hours=3.0)], team(person(), person(2)), handed=handed)

    assert [each.own for each in found.cells[1][:3]] == [pytest.approx(7), 3, 13]
    assert [each.handed for each in found.cells[2][:3]] == [pytest.approx(6), pytest.approx(10), 0]


def test_a_handover_of_somebody_who_owns_the_account_no_more_changes_nothing():
    found = weeks([book(hours=10.0)], team(person(), person(2)), handed=[Handed(1, 3, 2, on(0), None)])
    assert found.cells[1][0].own == 10 and found.cells[2][0].handed == 0


def test_a_pool_is_shared_by_who_is_in_it_as_each_can_sustain():
    members = [Member(5, 1, SUNDAY, None), Member(5, 2, SUNDAY, on(1, 6)), Member(5, 3, SUNDAY, None)]
    of = team(person(), person(2, working_share=0.5), person(3), away=[Away(3, on(0), on(2, 6), None)])
    found = weeks(
        [book(worker=("pool", 5), hours=9.0), book(account=2, worker=("", 0), hours=1.0)], of, members=members
    )

    assert [each.pool for each in found.cells[1][:4]] == [pytest.approx(6), 9, 9, pytest.approx(4.5)]
    assert found.uncovered["nobody"] == (1.0,) * WEEKS


def test_every_hour_is_carried_once_or_by_nobody():
    chance = Random(7)
    people = [person(n, left_on=on(3, 2) if n == 4 else None) for n in range(1, 6)]
    away = [
        Away(
            chance.randint(1, 5),
            on(chance.randint(0, 5), 0),
            on(chance.randint(0, 5), 6),
            chance.randint(1, 5),
        )
        for _ in range(12)
    ]
    away = [each for each in away if each.last_on >= each.first_on]
    books = [book(account=n, worker=("person", 1 + n % 7), hours=1.0 + n) for n in range(20)]
    handed = [Handed(n, 1 + n % 7, 2, on(1, n % 5), None) for n in range(4)]
    found = weeks(books, team(*people, away=away), handed=handed)

    for place in range(WEEKS):
        carried = sum(cells[place].effort for cells in found.cells.values())
        lost = sum(hours[place] for hours in found.uncovered.values())
        assert carried + lost == pytest.approx(sum(each.hours for each in books))


def test_several_absences_of_a_team_stand_out_by_people_and_by_share():
    def cell(away: int) -> Cell:
        return Cell(Sustained(1.0, 1.0, 1.0, 0.0, 5, away, 0))

    cells = {1: [cell(5), cell(5), cell(1)], 2: [cell(0), cell(3), cell(1)], 3: [cell(0), cell(0), cell(0)]}
    (found,) = absences(cells, least=2, share=0.3)
    assert (found.week, found.people, found.share) == (1, (1, 2), pytest.approx(8 / 15))


def test_renewals_cluster_where_they_are_many_and_a_share_of_the_book():
    days = [on(0, n) for n in range(5)]
    assert renewal_clusters(days, 20, within=28, least=4, share=0.25)[0].count == 5
    assert renewal_clusters(days, 21, within=28, least=4, share=0.25) == ()
    assert renewal_clusters(days[:3], 4, within=28, least=4, share=0.25) == ()


@pytest.mark.parametrize(
    ("loads", "found"),
    [
        ([1.2, 1.2, 1.0], ((0, 1),)),
        ([1.2, 1.1, 1.2], ()),
        ([1.2, None, 1.2], ((0, 2),)),
        ([None, None], ()),
        ([1.0, 1.2, 1.3, 1.4], ((1, 3),)),
    ],
)
def test_weeks_over_are_told_where_they_last_and_a_week_away_breaks_no_stretch(loads, found):
    assert runs_over(loads, above=1.1, weeks=2) == found


# ------------------------------------------------------------- what the later runs find


LONG_AGO = datetime(2023, 1, 1)
SEEN = {"happened_at": LONG_AGO, "visible_at": LONG_AGO}
Tables = dict[str, list[dict[str, Any]]]


def company(seed: int) -> Tables:
    """Return a random team whose weeks ahead are all known: leave by whole weeks, no other news.

    No source says onboarding: when that ends is assumed, not known.
    """
    chance = Random(seed)
    given = [
        {"person": n, "first_on": on(n), "last_on": None, "hours": -7.5, "visible_at": LONG_AGO}
        for n in (1, 2)
    ]
    pool = [{"pool": 1, "person": n, "since_on": date(2023, 1, 1), "until_on": None} for n in (1, 2)]
    found: Tables = {
        "person": [_person(chance, n) for n in range(1, 6)],
        "leave": [_leave(chance) for _ in range(6)],
        "adjustment": given,
        "pool_member": pool,
        "pool": [{"pool": 1, "key": "pool", "name": "Pool", "lead": None}],
        **{name: [] for name in ("account", "account_value", "ownership", "contract")},
    }
    for number in range(1, 16):
        _account(chance, number, found)
    return found


def _person(chance: Random, n: int) -> dict[str, Any]:
    return {
        "person": n, "key": f"p{n}", "name": f"P{n}", "role": "csm", "team": "North", "is_person": True,
        "working_share": chance.choice((1.0, 0.6)), "monthly_hours": chance.choice((None, 100.0)),
        "region": "", "started_on": chance.choice((None, on(chance.randint(-16, 3)))),
        "left_on": chance.choice((None, None, on(chance.randint(0, 5), 6))),
    }  # fmt: skip


def _leave(chance: Random) -> dict[str, Any]:
    first = chance.randint(0, 5)
    row = {
        "person": chance.randint(1, 5), "first_on": on(first), "last_on": on(first + chance.randint(0, 2), 6),
    }  # fmt: skip
    cover = chance.choice((None, chance.randint(1, 5)))
    return {**row, "kind": "leave", "cover": cover, "visible_at": LONG_AGO}


def _account(chance: Random, n: int, into: Tables) -> None:
    started = at(on(chance.choice((-60, -38, -13, -12, -10))))
    into["account"].append(
        {"account": n, "key": f"a{n}", "name": f"A{n}", "started_at": started, "visible_at": started}
    )
    told = {"tier": str(chance.randint(1, 4)), "stage": chance.choice(("", "value", "adoption", "renewal"))}
    into["account_value"] += [
        {"account": n, "name": name, "value": value, "row_id": 10 * n + len(name), "assumed": False, **SEEN}
        for name, value in told.items()
        if value
    ]
    whose = chance.choice(({"person": chance.randint(1, 5)}, {"pool": 1}, {"person": chance.randint(1, 5)}))
    into["ownership"].append({"account": n, "row_id": n, "role": "owner", "assumed": False, **whose, **SEEN})
    if chance.random() < 0.4:
        role = {"role": chance.choice(("onboarding", "adoption")), "person": chance.randint(1, 5)}
        into["ownership"].append({"account": n, "row_id": 100 + n, "assumed": False, **role, **SEEN})
    for place, beside in enumerate(("expansion", "renewal"), 2):
        if n % 3 == place - 2:
            whose = {"person": 1 + n % 5} if n % 2 else {"pool": 1}
            row = {"role": beside, "row_id": 100 * place + n, "assumed": False, **whose, **SEEN}
            into["ownership"].append({"account": n, **row})
    renews = SUNDAY + timedelta(days=chance.randint(-25, 200))
    into["contract"].append(
        {"account": n, "contract": f"c{n}", "product": "", "renews_on": renews, "arr_cents": 1000, **SEEN}
    )


def answered(tables: Tables, days: list[date]) -> Session:
    """Return a session in which runs answered; of the factors of effort only the stage counts."""
    policy = Policy.defaults(sections())
    session = world([day.isoformat() for day in days], numbers={"capacity_availability_weeks": 1}, **tables)
    rows = [
        row if row["factor"] == "stage" else {**row, "multiplier": 1.0}
        for row in policy.tables()["policy_capacity_multipliers"]
    ]
    session.hold(
        "policy_capacity_multipliers", from_rows(rows, policy.table_columns()["policy_capacity_multipliers"])
    )
    carry.hold(session, None)
    session.run_all(registry.steps())
    return session


def forecast(tables: Tables) -> Weeks:
    """Return the weeks ahead from what the run of the Sunday found."""
    with answered(tables, [SUNDAY]) as session:
        found = session.rows(
            "select e.account, a.person, a.pool, e.tier, e.stage, e.hours, a.renews_on, a.started_at, a.stage as told "
            "from effort_as_of e join account_as_of a using (as_of, account) order by 1"
        ).to_pylist()
    roles: dict[int, dict[str, tuple[str, int]]] = {}
    for row in tables["ownership"]:
        if row["role"] != "owner":
            holder = ("person", row["person"]) if row.get("person") else ("pool", row["pool"])
            roles.setdefault(row["account"], {})[row["role"]] = holder
    books = [
        Book(
            row["account"],
            ("person", row["person"]) if row["person"] else ("pool", row["pool"]),
            row["tier"],
            row["stage"],
            row["hours"],
            row["renews_on"],
            row["started_at"],
            row["told"] or "",
            roles.get(row["account"], {}),
        )
        for row in found
    ]
    of = _team(tables)
    members = [
        Member(row["pool"], row["person"], row["since_on"], row["until_on"]) for row in tables["pool_member"]
    ]
    both = [parted(each, HORIZON, STAGES) for each in books]
    accounts = [each for main, parts in both for each in (main, *parts)]
    return weeks_ahead(accounts, Carrying(of, DAYS, members=members), of.people)


def _team(tables: Tables) -> Team:
    fields = ("started_on", "left_on", "working_share", "monthly_hours", "region")
    return Team(
        [Person(row["person"], *(row[name] for name in fields)) for row in tables["person"]],
        [Away(row["person"], row["first_on"], row["last_on"], row["cover"]) for row in tables["leave"]],
        [More(row["person"], row["first_on"], row["last_on"], row["hours"]) for row in tables["adjustment"]],
        holidays={},
        works=WORKS,
        monthly_hours=CapacityNumbers().monthly_hours,
        ramp=RAMP,
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_runs_of_the_weeks_ahead_find_what_was_told_of_them(seed: int):
    tables = company(seed)
    told = forecast(tables)
    with answered(tables, list(DAYS)) as session:
        rows = session.rows("select * from load_as_of").to_pylist()
        lost = session.rows(
            "select as_of, why, sum(hours) as hours from uncovered_as_of group by all"
        ).to_pylist()

    assert rows
    for row in rows:
        cell = told.cells[row["person"]][DAYS.index(row["as_of"])]
        assert cell.can.hours == pytest.approx(row["capacity_hours"], abs=1e-5), row
        assert cell.effort == pytest.approx(row["effort_hours"], abs=1e-4), row
    for row in lost:
        assert told.uncovered[row["why"]][DAYS.index(row["as_of"])] == pytest.approx(row["hours"], abs=1e-4)
    total = sum(sum(hours) for hours in told.uncovered.values())
    assert total == pytest.approx(sum(row["hours"] for row in lost), abs=1e-3)
