"""Pools that own accounts: hours counted once, every rule held, small cases as good as all plans written out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balance.made import LIMIT, NUMBERS, PLAIN, answer
from evenbook.balance.rules.asking import Question, asked_of
from evenbook.balance.rules.books import (
    CAPACITY,
    DEPARTURE,
    HOLDS,
    LANGUAGE,
    LOCK,
    MISMATCH,
    POOL_OVERLOAD,
    ROLE,
    SILENT,
    TO_NAME,
    TO_POOL,
    UNOWNED,
    Books,
    Client,
    Holder,
    Shares,
)
from evenbook.balance.rules.bounding import Effort
from evenbook.balance.rules.explained import book_rows, candidates, standing
from evenbook.balance.rules.headcount import headcount
from evenbook.balance.rules.hires import Template
from evenbook.balance.rules.pools import Pool, by_name, divided, held_by, holder_of, pooled
from evenbook.balance.rules.posed import pose
from evenbook.balance.rules.priced import plan_of, priced
from evenbook.engine.assignment import kept, value_of

DAYS = 400
QUEUE, OTHER = -9, -8
LOOSE = Shares(1.0, 1.0)


def made(
    clients: Sequence[Client],
    people: Sequence[Holder],
    pools: Sequence[Pool] = (Pool(9, {1: 80.0, 2: 80.0}),),
    shares: Shares = LOOSE,
) -> Books:
    whole = {each.id: each for each in people}
    queues = [pooled(each, whole, highest_tier=3) for each in pools]
    return Books(clients, divided([*people, *queues], pools, clients, limit=LIMIT), shares)


def owned(account: int, owner: int | None, effort: float = 10.0, **more: object) -> Client:
    usual = {"tier": 3, "owned_days": DAYS, **more}
    return Client(account, effort, owner=owner, **usual)  # type: ignore[arg-type]


def team(many: int = 3) -> list[Holder]:
    return [Holder(each, 80.0) for each in range(1, many + 1)]


def row_of(found, holder: int):
    return next(each for each in found if each.person == holder)


def test_a_pool_is_shared_as_capacity_shares_it_and_its_load_is_that_of_its_members():
    people = [Holder(1, 90.0), Holder(2, 30.0), Holder(3, 80.0)]
    clients = [owned(1, QUEUE, 40.0), owned(2, 1, 18.0), owned(3, 3, 8.0)]
    found = book_rows(
        given_books := made(clients, people, [Pool(9, {1: 90.0, 2: 30.0})]), standing(given_books)
    )

    assert row_of(found, 1).load == pytest.approx((18 + 40 * 0.75) / 90)
    assert row_of(found, 2).load == pytest.approx(40 * 0.25 / 30)
    assert row_of(found, 3).load == pytest.approx(8 / 80)
    assert row_of(found, QUEUE).load == pytest.approx((18 + 40) / 120)
    assert row_of(found, QUEUE).of_accounts == pytest.approx(40)
    assert dict(row_of(found, QUEUE).beside) == {1: pytest.approx(18)}
    assert dict(row_of(found, 1).beside) == {QUEUE: pytest.approx(30)}


def test_what_members_have_for_the_pool_they_do_not_have_for_their_own_books():
    found = made([owned(1, QUEUE, 40.0), owned(2, 1, 20.0)], team())
    hours = {each.id: each.hours for each in found.holders}

    assert hours[1] + hours[2] + hours[QUEUE] == pytest.approx(160)
    assert hours[1] >= 20 / LIMIT and hours[QUEUE] >= 40 / LIMIT
    assert hours[3] == 80


def test_who_owns_nothing_by_name_works_for_the_pool_alone():
    found = made([owned(1, QUEUE, 40.0)], team())

    assert {each.id: each.hours for each in found.holders} == {1: 0.0, 2: 0.0, 3: 80.0, QUEUE: 160.0}


def test_a_pool_that_has_nothing_yet_gets_half_of_what_the_fullest_member_has_left():
    found = made([owned(1, 1, 44.0), owned(2, 2, 11.0)], team())
    share = (1 - 44 / LIMIT / 80) / 2

    assert next(each for each in found.holders if each.is_pool).hours == pytest.approx(160 * share)


def test_the_lowest_tier_goes_to_a_pool_and_a_strategic_customer_out_of_one():
    clients = [owned(1, 1, 5.0, tier=4), owned(2, QUEUE, 5.0, tier=1), owned(3, None, 5.0, tier=4)]
    found = answer(made(clients, team()), "incremental", moves=5)

    assert {each.account: each.reason for each in found.moves} == {1: TO_POOL, 2: TO_NAME, 3: UNOWNED}
    assert found.owners[1] == found.owners[3] == QUEUE and found.owners[2] in {1, 2, 3}
    assert not any(each.is_forced for each in found.moves)
    assert all(each.improves.get("tier", 5.0) == 5.0 for each in found.moves)


def test_no_more_moves_than_asked_for_where_many_accounts_are_served_otherwise():
    clients = [owned(each, 3, 2.0, tier=4) for each in range(10)]
    found = answer(made(clients, team()), "incremental", moves=3)

    assert found.feasible
    assert [each.receiver for each in found.moves] == [QUEUE] * 3


def test_what_an_overloaded_person_has_can_go_to_a_pool_and_a_full_pool_gives():
    clients = [owned(each, 3, 10.0) for each in range(12)] + [owned(50, QUEUE, 2.0)]
    found = answer(made(clients, team()), "incremental", moves=12)
    assert QUEUE in {each.receiver for each in found.moves}
    assert row_of(found.after, 3).load < row_of(found.before, 3).load

    full = [owned(each, QUEUE, 10.0) for each in range(20)]
    found = answer(made(full, team()), "incremental", moves=12)
    assert {(each.giver, each.receiver, each.reason) for each in found.moves} == {(QUEUE, 3, POOL_OVERLOAD)}
    assert row_of(found.after, QUEUE).load <= LIMIT + 1e-9


def test_nothing_goes_between_a_pool_and_its_member_for_their_hours_are_the_same():
    clients = [owned(each, 1, 6.0) for each in range(8)] + [owned(50, QUEUE, 4.0), owned(60, 3, 50.0)]
    alone = made(clients, [Holder(1, 80.0), Holder(3, 80.0)], [Pool(9, {1: 80.0})])
    assert {(each.giver, each.receiver) for each in answer(alone).moves} <= {
        (1, 3),
        (3, 1),
        (3, QUEUE),
        (QUEUE, 3),
    }

    heavy = [owned(each, 1, 10.0) for each in range(10)]
    shared = answer(made(heavy, [Holder(1, 80.0), Holder(2, 80.0)]), "incremental")
    assert {(each.giver, each.receiver) for each in shared.moves} & {(1, QUEUE), (1, 2)}
    sole = answer(made(heavy, [Holder(1, 80.0), Holder(3, 80.0)], [Pool(9, {1: 80.0})]), "incremental")
    assert {(each.giver, each.receiver) for each in sole.moves} == {(1, 3)}
    one = made([owned(1, 1, 6.0)], team())
    posed = pose(one, asked_of(one, Question("one", account=1), NUMBERS), NUMBERS, limit=LIMIT)
    assert {each.person for each in candidates(posed, kept(posed.problem), 0)} >= {1, QUEUE, 3}


def test_a_pool_in_which_nobody_answers_keeps_nothing():
    clients = [owned(1, QUEUE, 5.0), owned(2, QUEUE, 5.0, tier=4)]
    found = answer(made(clients, team(), [Pool(9, {1: 0.0}), Pool(8, {2: 80.0})]), "incremental")

    assert {each.account: each.reason for each in found.moves} == {1: SILENT, 2: SILENT}
    assert found.owners[2] == OTHER


def test_a_language_that_no_member_speaks_is_not_served_by_the_pool():
    people = [Holder(1, 80.0, languages=frozenset({"fr"})), Holder(2, 80.0), Holder(3, 80.0)]
    french = made([owned(1, None, 5.0, tier=4, language="fr")], people)
    assert answer(french, "new").owners == {1: QUEUE}

    german = made([owned(1, None, 5.0, tier=4, language="de")], people)
    said = answer(german, "new")
    assert said.owners == {1: None} and said.conflict == (LANGUAGE,)

    has = made([owned(1, QUEUE, 5.0, language="de")], [*people, Holder(4, 80.0, languages=frozenset({"de"}))])
    (move,) = answer(has, "incremental").moves
    assert (move.receiver, move.reason) == (4, MISMATCH)


def test_a_pool_is_as_near_and_as_experienced_as_whoever_of_it_is():
    people = [Holder(1, 80.0, zone=-8.0, days=10), Holder(2, 80.0, zone=9.0), Holder(3, 80.0, zone=9.0)]
    found = made([owned(1, QUEUE, complexity=5.0, zone=-7.0)], people)
    posed = pose(found, asked_of(found, Question("full"), NUMBERS), NUMBERS, limit=LIMIT)
    arc = posed.arc(0, found.place[QUEUE])

    assert not posed.fit[arc].any()
    assert found.holders[found.place[QUEUE]].zones == {-8.0, 9.0}


def test_red_and_yellow_count_in_a_pool_but_not_what_it_alone_serves():
    low = [owned(each, QUEUE, 1.0, tier=4, colored=True) for each in range(8)]
    high = [owned(10 + each, QUEUE, 1.0, colored=each < 5) for each in range(10)]
    named = [owned(20 + each, 3, 1.0) for each in range(20)]

    alone = answer(made([*low, *named], team(), shares=PLAIN), "full")
    assert alone.feasible and row_of(alone.after, QUEUE).colored == 8

    found = answer(made([*low, *high, *named], team(), shares=PLAIN), "full")
    in_pool = [each for each in (*high, *named) if found.owners[each.id] == QUEUE]
    assert found.feasible
    assert sum(each.colored for each in in_pool) <= 0.3 * len(in_pool) + 1e-9


def test_a_lock_keeps_an_account_with_its_pool():
    clients = [owned(each, QUEUE, 10.0, holds=frozenset({LOCK})) for each in range(20)]
    found = answer(made(clients, team()), "full")

    assert not found.moves and not found.feasible
    assert set(found.conflict) == {CAPACITY, LOCK}


def test_an_exception_about_a_pool_moves_what_it_has_and_about_a_leaver_what_their_pool_cannot_keep():
    clients = [owned(1, QUEUE, 5.0), owned(2, 3, 5.0)]
    found = made(clients, team())
    assert {each.account for each in answer(found, "exception", person=QUEUE).moves} <= {1}

    people = [Holder(1, 0.0, leaves=True), Holder(2, 80.0), Holder(3, 80.0)]
    many = [owned(each, QUEUE, 10.0) for each in range(12)] + [owned(50, 1, 5.0), owned(60, 3, 5.0)]
    left = made(many, people, [Pool(9, {1: 0.0, 2: 80.0})])
    asked = asked_of(left, Question("exception", person=1), NUMBERS, limit=LIMIT)
    assert asked.free == {*range(12), 50}
    said = answer_limited(left, Question("exception", person=1))
    assert said.feasible and row_of(said.after, 2).load <= LIMIT + 1e-9
    assert {each.account: each.reason for each in said.moves}[50] == DEPARTURE


def answer_limited(found: Books, question: Question):
    from evenbook.balance.rules.proposing import propose

    asked = asked_of(found, question, NUMBERS, limit=LIMIT)
    return propose(found, asked, NUMBERS, limit=LIMIT, effort=Effort(0.2, 1))


def test_an_account_of_nobody_that_nobody_asked_about_is_no_fault_of_the_answer():
    clients = [owned(1, 1), owned(2, None)]

    assert answer(made(clients, team()), "exception", account=1).feasible
    assert answer(made(clients, team()), "new").owners[2] is not None


def test_pools_are_among_the_candidates_for_one_account():
    found = made([owned(1, 3, 10.0), owned(2, QUEUE, 30.0)], team())
    posed = pose(found, asked_of(found, Question("one", account=1), NUMBERS), NUMBERS, limit=LIMIT)
    listed = {each.person: each for each in candidates(posed, kept(posed.problem), 0)}

    assert listed[QUEUE].load_then == pytest.approx(40 / 160)
    assert listed[3].is_owner and listed[3].load_then == pytest.approx(10 / 80)
    taken = made([owned(1, QUEUE, 10.0)], team())
    posed = pose(taken, asked_of(taken, Question("one", account=1), NUMBERS), NUMBERS, limit=LIMIT)
    assert QUEUE in {each.person for each in candidates(posed, kept(posed.problem), 0) if each.is_owner}


def test_how_many_are_needed_counts_people_for_what_pools_leave_them():
    clients = [owned(1, QUEUE, 40.0), *(owned(10 + each, 3, 20.0) for each in range(6))]
    found = made(clients, [Holder(1, 80.0), Holder(2, 80.0), Holder(3, 80.0)])
    named = by_name(found)

    assert {each.id: each.hours for each in named.holders} == {1: 60.0, 2: 60.0, 3: 80.0}
    assert {each.id for each in named.clients} == {each.id for each in clients} - {1}
    said = headcount(
        named,
        asked_of(named, Question("headcount"), NUMBERS),
        NUMBERS,
        limit=LIMIT,
        effort=Effort(0.2, 1),
        roles={1: "csm", 2: "csm", 3: "csm"},
        templates=[Template("csm", 80.0, 3)],
    )
    assert (said.have, said.needed, said.lower_bound) == (3, 2, 2)


def test_a_change_by_hand_past_a_part_of_the_hours_breaks_nothing_while_members_have_room():
    clients = [owned(1, 3, 30.0), owned(2, 3, 30.0), owned(3, 1, 40.0)]
    found = made(clients, team())
    assert next(each for each in found.holders if each.is_pool).hours < 60 / LIMIT
    plans = standing(found), plan_of(found, {1: QUEUE, 2: QUEUE})
    told = priced(found, NUMBERS, plans, limit=LIMIT, full=False)

    assert row_of(told.books, 1).load == pytest.approx((40 + 30) / 80)
    assert told.breaks == {} and "capacity_limit" not in told.points

    tight = priced(
        found, NUMBERS, (plans[0], plan_of(found, {1: QUEUE, 2: QUEUE, 3: 2})), limit=0.8, full=False
    )
    assert tight.breaks == {CAPACITY: (2,)} and tight.points["capacity_limit"] > 0


def test_a_strategic_customer_put_into_a_pool_by_hand_breaks_the_rule_of_tiers():
    found = made([owned(1, 3, 5.0, tier=1)], team())
    told = priced(found, NUMBERS, (standing(found), plan_of(found, {1: QUEUE})), limit=LIMIT, full=False)

    assert told.breaks == {ROLE: (1,)}


def test_ids_of_people_and_pools_do_not_meet():
    for person, pool in ((None, None), (5, None), (None, 5)):
        assert held_by(holder_of(person, pool)) == (person, pool)


@st.composite
def shared_books(draw, most: int = 7) -> Books:
    """Two to four people, one or two pools of some of them, and accounts of anybody."""
    many = draw(st.integers(2, 4))
    hours = [draw(st.sampled_from([0.0, 30.0, 60.0])) for _ in range(many)]
    people = [
        Holder(
            each + 1,
            hours[each],
            lowest_tier=draw(st.sampled_from([0, 2, 3])),
            languages=frozenset(draw(st.sets(st.sampled_from(["fr", "de"])))),
            elsewhere=draw(st.sampled_from([0.0, 0.0, 6.0])) if hours[each] else 0.0,
        )
        for each in range(many)
    ]
    pools = [
        Pool(9 - place, {who: hours[who - 1] for who in draw(st.sets(st.integers(1, many), max_size=3))})
        for place in range(draw(st.integers(1, 2)))
    ]
    owners = [None, *range(1, many + 1), *(-each.id for each in pools)]
    clients = [
        Client(
            100 + each,
            effort=draw(st.sampled_from([0.0, 3.0, 8.0, 15.0])),
            arr=draw(st.sampled_from([0.0, 5e3, 9e4])),
            tier=draw(st.sampled_from([1, 3, 4])),
            colored=draw(st.booleans()),
            language=draw(st.sampled_from(["", "", "fr", "de"])),
            owner=draw(st.sampled_from(owners)),
            owned_days=draw(st.sampled_from([None, 30, 900])),
            holds=frozenset(draw(st.sets(st.sampled_from(HOLDS), max_size=1))),
        )
        for each in range(draw(st.integers(0, most)))
    ]
    return made(clients, people, pools, draw(st.sampled_from([PLAIN, Shares(0.5, 2.0)])))


@settings(max_examples=150, deadline=None)
@given(shared_books())
def test_each_hour_is_in_one_book_alone_and_what_fits_now_fits_in_its_part(found):
    rows = book_rows(found, standing(found))
    for place, each in enumerate(found.holders):
        if not each.is_pool:
            parts = sum(
                part / sum(p for _, p in pool.members) * pool.hours
                for pool in found.holders
                for who, part in pool.members
                if who == each.id and pool.hours
            )
            assert each.hours + parts + each.elsewhere <= each.all_hours + 1e-6
            assert rows[place].effort == pytest.approx(
                rows[place].of_accounts + sum(h for _, h in rows[place].beside)
            )
    one_pool = sum(each.is_pool for each in found.holders) == 1
    if one_pool and all(row.effort <= LIMIT * row.hours - 0.2 * row.hours for row in rows):
        own = [row.of_accounts for row in rows]
        for place, each in enumerate(found.holders):
            if not each.elsewhere:
                assert own[place] <= LIMIT * each.hours + 1e-6


@settings(max_examples=50, deadline=None)
@given(shared_books(), st.sampled_from(["full", "incremental", "new"]), st.sampled_from([None, 0, 2]))
def test_every_must_rule_holds_with_pools(found, mode, moves):
    said = answer(found, mode, moves=moves, seconds=0.05)
    asked = asked_of(found, Question(mode, moves=moves), NUMBERS)
    allowed, must = found.allowed(asked), found.must_move(asked)

    assert said.bound <= said.value + 1e-6
    counted = [each for each in said.moves if not each.is_forced and each.giver is not None]
    assert asked.most_moves is None or len(counted) <= asked.most_moves
    for row, client in enumerate(found.clients):
        owner = said.owners.get(client.id, client.owner)
        if owner is not None and owner != client.owner:
            assert allowed[row, found.place[owner]]
            assert must[row] or not client.holds or client.owner is None
            assert owner > 0 or client.tier >= 3
    if said.feasible and mode == "full":
        for after in said.after:
            assert after.effort <= LIMIT * after.hours + 1e-6
        assert None not in said.owners.values()


@settings(max_examples=5, deadline=None)
@given(shared_books())
def test_the_same_seed_gives_the_same_answer_with_pools(found):
    assert answer(found, seconds=0.05, seed=4) == answer(found, seconds=0.05, seed=4)


@settings(max_examples=25, deadline=None)
@given(shared_books(4), st.sampled_from([None, 1]))
def test_small_books_with_pools_are_as_good_as_all_plans_written_out(found, moves):
    posed = pose(found, asked_of(found, Question("full", moves=moves), NUMBERS), NUMBERS, limit=LIMIT)
    said = answer(found, "full", moves=moves, seconds=0.05)
    problem, start = posed.problem, posed.problem.arcs.start
    every = product(*(range(start[row], start[row + 1]) for row in range(problem.items)))
    plans = (np.array(plan, dtype=np.int64) for plan in every)
    allowed = (
        plan for plan in plans if problem.most_moves is None or problem.moves(plan) <= problem.most_moves
    )

    assert said.value == pytest.approx(min(value_of(problem, plan).total for plan in allowed), abs=1e-4)


def test_books_without_pools_are_as_they_were():
    people = [replace(each, hours=60.0) for each in team()]
    clients = [owned(each, 1 + each % 3, 5.0 + each) for each in range(9)]
    plain, same = Books(clients, people, PLAIN), made(clients, people, (), PLAIN)

    assert by_name(plain) is plain
    assert answer(plain, seconds=0.05) == answer(same, seconds=0.05)
