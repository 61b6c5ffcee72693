"""How many people are needed: against every team there is, at the edges, and what one person is worth."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balance.made import LIMIT, NUMBERS, books
from evenbook.balance.rules.asking import Question, asked_of
from evenbook.balance.rules.books import ESCALATION, LOCK, RECENT, RENEWAL, Asked, Books, Client, Holder
from evenbook.balance.rules.bounding import Effort
from evenbook.balance.rules.document import Names
from evenbook.balance.rules.headcount import Headcount, headcount, smallest_team
from evenbook.balance.rules.headcount_told import headcount_document
from evenbook.balance.rules.hires import Template, kinds
from evenbook.balance.rules.teams import teams_of

CSM = Template("csm", 100.0, 3)


def needed(made: Books, *, seconds: float = 0.3, templates=(CSM,), seed: int = 1, asked=None) -> Headcount:
    return headcount(
        made,
        asked or asked_of(made, Question("headcount"), NUMBERS),
        NUMBERS,
        limit=LIMIT,
        effort=Effort(seconds, seed),
        roles={each.id: "csm" for each in made.holders},
        templates=templates,
    )


def team(made: Books):
    """Return the people, hires and bound of the smallest team, without what one more is worth."""
    able = kinds(made.clients, made.holders, (CSM,))
    teams = teams_of(made, Asked(), NUMBERS, limit=LIMIT, effort=Effort(0.1, 1), hires=able)
    return smallest_team(teams, teams.staffing())


def clients(*efforts: float, **more) -> list[Client]:
    return [
        Client(**{"id": 100 + place, "effort": each, "owner": 1, "owned_days": 400, **more})
        for place, each in enumerate(efforts)
    ]


def people(*hours: float, **more) -> list[Holder]:
    return [Holder(1 + place, each, **more) for place, each in enumerate(hours)]


def names(made: Books) -> Names:
    return Names(
        {each.id: (f"a-{each.id}", f"Account {each.id}") for each in made.clients},
        {each.id: (f"p-{each.id}", f"Person {each.id}") for each in made.holders},
    )


def told(made: Books, **more) -> dict:
    return headcount_document(needed(made, **more), names(made))


def smallest_by_hand(made: Books) -> int | None:
    """Return the smallest team that can have all accounts, by trying every team and every plan."""
    for size in range(len(made.holders) + 1):
        for team in combinations(range(len(made.holders)), size):
            for plan in product(team, repeat=len(made.clients)):
                fits = all(made.speaks[row, who] and made.serves[row, who] for row, who in enumerate(plan))
                if fits and _within(made, plan):
                    return size
    return None


def _within(made: Books, plan) -> bool:
    for place, who in enumerate(made.holders):
        mine = [each for each, at in zip(made.clients, plan, strict=True) if at == place]
        if sum(each.effort for each in mine) > LIMIT * who.hours + 1e-9:
            return False
        red = sum(each.colored for each in mine)
        if red > max(made.shares.book * len(mine), made.shares.any_book):
            return False
    return True


@st.composite
def small(draw):
    languages = st.sampled_from(["", "", "de"])
    found = [
        Client(
            100 + place,
            float(draw(st.integers(0, 60))),
            tier=draw(st.integers(1, 3)),
            language=draw(languages),
            owner=draw(st.sampled_from([1, 2, None])),
            owned_days=400,
        )
        for place in range(draw(st.integers(1, 5)))
    ]
    holders = [
        Holder(
            1 + place,
            float(draw(st.integers(1, 70))),
            lowest_tier=draw(st.integers(1, 3)),
            languages=frozenset(draw(st.sampled_from([(), ("de",)]))),
        )
        for place in range(draw(st.integers(2, 4)))
    ]
    return books(found, holders)


@settings(max_examples=12, deadline=None)
@given(small())
def test_it_is_the_smallest_of_all_teams_or_hires_are_needed(made):
    (found, hires, bound), smallest = team(made), smallest_by_hand(made)

    if smallest is not None:
        assert len(found) == smallest and not hires and bound is not None and bound <= smallest
        assert smallest_by_hand(books(list(made.clients), list(found))) == smallest
    else:
        assert hires or not found


@settings(max_examples=5, deadline=None)
@given(small(), st.integers(1, 80))
def test_with_one_person_more_no_more_are_needed_and_the_bound_does_not_rise(made, hours):
    wider = books(list(made.clients), [*made.holders, Holder(9, float(hours), languages=frozenset({"de"}))])
    (one, hires, bound), (other, _, lower) = team(made), team(wider)

    if one and not hires:
        assert len(other) <= len(one) and lower <= bound


def test_three_of_six_are_enough_and_it_is_proven():
    made = books(clients(*[10.0] * 30), people(*[100.0] * 6))
    found = needed(made)

    assert (found.needed, found.have, found.lower_bound, len(found.team)) == (3, 6, 3, 3)
    assert found.is_proven and found.hires == ()
    assert told(made)["text"].startswith("3 people can keep every rule, and there are 6. No smaller team can")


def test_where_the_two_do_not_meet_both_are_said():
    made = books(clients(60.0, 60.0, 60.0), people(100.0, 100.0, 100.0))
    found = told(made)

    assert (found["needed"], found["lower_bound"], found["is_proven"]) == (3, 2, False)
    assert "Fewer than 2 can't; for 2 no plan was found" in found["text"]


def test_too_few_people_are_joined_by_full_people_of_the_role():
    made = books(clients(*[10.0] * 42), people(100.0))
    found = told(made)

    assert found["needed"] == 4 and found["hires"] == [{"role": "csm", "languages": [], "hours": 100.0}] * 3
    assert found["roles"] == [{"role": "csm", "have": 1, "needed": 4, "lower_bound": 4}]
    assert "3 more people are needed, 3 CSM at 100 hours a month." in found["text"]


def test_a_language_that_nobody_speaks_says_who_must_be_hired():
    made = books([*clients(10.0, 10.0), Client(200, 10.0, language="fi", owner=1)], people(100.0, 100.0))
    found = told(made)

    assert found["hires"] == [{"role": "csm", "languages": ["fi"], "hours": 100.0}]
    assert found["needed"] == 3 and "1 CSM who speaks fi at 100 hours a month" in found["text"]


def test_the_languages_that_lack_the_most_hours_are_hired():
    made = books(
        [
            *clients(*[20.0] * 5, language="de"),
            *[replace(each, id=each.id + 50) for each in clients(*[20.0] * 10, language="fr")],
        ],
        people(100.0, languages=frozenset({"de"})),
    )
    assert [each.languages for each in needed(made).hires] == [("fr",), ("fr",)]


def test_without_anybody_all_are_hires_and_without_accounts_nobody_is_needed():
    found = needed(books(clients(60.0, 60.0), []))
    assert (found.have, found.needed, len(found.hires), found.one.less) == (0, 2, 2, None)

    nobody = told(books([], people(100.0)))
    assert (nobody["needed"], nobody["lower_bound"], nobody["one_more"]) == (0, 0, None)
    assert nobody["text"] == "There is no account to be owned, so nobody is needed."


def test_one_person_is_enough_or_is_not():
    made = books(clients(10.0), people(100.0))
    found = told(made)
    assert found["needed"] == 1 and "The one person who is there is needed, and is enough" in found["text"]
    assert found["one_less"]["owner"] == -1000.0


def test_who_is_away_all_the_time_or_leaves_does_not_count_and_is_said():
    made = books(clients(10.0, 10.0), [*people(100.0, 0.0), Holder(7, 0.0, leaves=True), Holder(8, 90.0, 0)])
    found = told(made)

    assert (found["have"], found["needed"], found["away_all_the_time"]) == (1, 1, 2)
    assert "2 more people are not counted" in found["text"]


def test_accounts_without_effort_still_need_somebody():
    assert needed(books(clients(0.0, 0.0), people(100.0, 100.0))).needed == 1


def test_an_account_larger_than_anybody_has_no_number():
    made = books(clients(300.0, 10.0), people(100.0, 100.0))
    found = told(made)

    assert (found["needed"], found["lower_bound"]) == (None, None)
    assert found["cannot_be_owned"] == [
        {"account": "a-100", "account_name": "Account 100", "because": "too_large"}
    ]
    assert "Account 100 takes more hours than one person may carry" in found["text"]


def test_a_tier_that_no_role_serves_has_no_number():
    made = books(clients(10.0, tier=3), people(100.0, lowest_tier=2))
    found = told(made, templates=(Template("csm", 100.0, 2),))

    assert found["needed"] is None and "is of a tier that no role serves" in found["text"]


def test_locked_accounts_that_overload_their_owner_are_named():
    made = books(clients(60.0, 60.0, holds=frozenset({LOCK})), people(100.0, 100.0))
    found = told(made)

    assert found["needed"] is None and found["overloaded_by_locks"] == [
        {"csm": "p-1", "csm_name": "Person 1"}
    ]
    assert "Person 1 is past the limit with locked accounts alone." in found["text"]


def test_what_holds_an_account_for_a_while_does_not_count_and_a_lock_does():
    a_while = frozenset({ESCALATION, RENEWAL, RECENT})
    assert needed(books(clients(*[50.0] * 4, holds=a_while), people(100.0, 100.0, 100.0))).needed == 2
    locked = [
        *clients(50.0, 50.0, holds=frozenset({LOCK})),
        *[replace(each, id=each.id + 50, owner=2) for each in clients(50.0, 50.0)],
    ]
    assert needed(books(locked, people(100.0, 100.0, 200.0))).needed == 2


def test_whom_somebody_pinned_an_account_to_is_in_the_team():
    made = books(clients(10.0, 10.0), people(100.0, 90.0, 80.0))
    asked = asked_of(made, Question("headcount", pins=((100, 3),)), NUMBERS)

    assert needed(made, asked=asked).team == (3,)


def test_one_more_is_worth_what_two_teams_differ_by():
    made = books(clients(*[10.0] * 12), people(100.0))
    found = told(made)

    assert found["one_more"]["capacity_limit" if "capacity_limit" in found["one_more"] else "owner"] > 0
    assert found["highest_load_percent"]["one_more"] < found["highest_load_percent"]["now"]
    assert sum(found["one_less"].values()) < 0


def test_the_same_seed_gives_the_same_answer():
    chance = np.random.default_rng(5)
    made = books(clients(*chance.uniform(2, 20, 40).tolist()), people(*chance.uniform(40, 110, 9).tolist()))

    assert told(made) == told(made)


def test_two_roles_each_have_their_number():
    chosen = Template("lead", 100.0, 1)
    made = books(
        [*clients(*[30.0] * 3, tier=1), *[replace(each, id=each.id + 50) for each in clients(*[30.0] * 6)]],
        [Holder(1, 100.0, 1), Holder(2, 100.0, 3), Holder(3, 100.0, 3), Holder(4, 100.0, 3)],
    )
    found = headcount(
        made, Asked(is_full=True), NUMBERS, limit=LIMIT, effort=Effort(0.3, 1),
        roles={1: "lead", 2: "csm", 3: "csm", 4: "csm"}, templates=(CSM, chosen),
    )  # fmt: skip

    rows = {row.role: row for row in found.roles}
    assert found.needed == 3 and rows["csm"].at_least == 2 and rows["lead"].at_least == 0
    assert rows["csm"].needed + rows["lead"].needed == 3


@pytest.mark.parametrize("seconds", [0.05, 1.0])
def test_a_plan_of_the_team_that_was_found_keeps_every_rule(seconds):
    chance = np.random.default_rng(11)
    made = books(
        [
            Client(100 + n, float(chance.uniform(2, 12)), tier=int(chance.integers(1, 4)), colored=n % 5 == 0,
                   language="de" if n % 4 == 0 else "", owner=1 + n % 8, owned_days=400)
            for n in range(60)
        ],
        [Holder(1 + n, 80.0, languages=frozenset({"de"} if n % 3 == 0 else ())) for n in range(8)],
    )  # fmt: skip
    found = needed(made, seconds=seconds)

    assert found.lower_bound <= found.needed <= found.lower_bound + 1 and len(found.team) == found.needed


def test_among_many_people_each_account_is_tried_with_others_than_the_first():
    chance = np.random.default_rng(2)
    made = books(
        [Client(100 + n, float(chance.uniform(1, 5)), owner=1 + n % 30, owned_days=400) for n in range(400)],
        people(*chance.choice([60.0, 90.0, 110.0], 30).tolist()),
    )
    found = needed(made, seconds=1.0)

    assert found.needed == found.lower_bound < 30
