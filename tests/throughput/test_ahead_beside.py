"""The weeks ahead under two sets of owners: alike where nothing moves, nothing lost where something does."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.throughput.test_ahead import DAYS, HORIZON, STAGES, WEEKS, book, on, person, team

from evenbook.capacity.rules.sustained import Away
from evenbook.throughput.rules.ahead import weeks_ahead
from evenbook.throughput.rules.ahead_beside import beside, covered, weeks_over
from evenbook.throughput.rules.ahead_carried import Carrying
from evenbook.throughput.rules.ahead_effort import NOBODY, PERSON, ahead

BOTH = {"one": [1], "two": [2]}


def accounts(*owners: int | None, hours: float = 7.2):
    return [
        ahead(book(account=place, hours=hours, worker=(PERSON, who) if who else (NOBODY, 0)), HORIZON, STAGES)
        for place, who in enumerate(owners)
    ]


def carrying(away=()):
    return Carrying(team(person(1), person(2), away=away), DAYS)


def side_by_side(before, after, away=()):
    there = carrying(away)
    one, other = (weeks_ahead(each, there, [1, 2]) for each in (before, after))
    return beside(one, other, BOTH)


def test_without_moves_both_are_the_same():
    found = side_by_side(accounts(1, 1, 2), accounts(1, 1, 2))

    assert not any(each.differs for weeks in found.values() for each in weeks)
    assert [each.load_before for each in found["one"]] == [each.load_after for each in found["one"]]
    assert len(found["one"]) == WEEKS


def test_what_moves_leaves_one_and_comes_to_the_other_in_every_week():
    found = side_by_side(accounts(1, 1, 2), accounts(1, 2, 2))

    assert [round(each.before - each.after, 6) for each in found["one"]] == [7.2] * WEEKS
    assert [round(each.after - each.before, 6) for each in found["two"]] == [7.2] * WEEKS


def test_leave_counts_for_both_and_who_is_away_has_no_load():
    leave = Away(2, on(1), on(1, 4), None)
    found = side_by_side(accounts(1, 1, 2), accounts(1, 2, 2), [leave])

    assert found["two"][1].is_away and found["two"][1].load_after is None
    assert not found["two"][0].is_away


def test_coverage_falls_where_accounts_go_to_somebody_away_and_rises_where_nobody_had_them():
    leave = Away(2, on(1), on(1, 4), None)
    to_away = covered(accounts(1, 1), accounts(1, 2), carrying([leave]))
    to_somebody = covered(accounts(None, 1), accounts(1, 1), carrying())

    assert [round(each.after, 6) for each in to_away[:3]] == [1.0, 0.5, 1.0]
    assert {each.before for each in to_away} == {1.0}
    assert [(each.before, each.after) for each in to_somebody[:1]] == [(0.5, 1.0)]


def test_without_any_effort_there_is_no_share():
    assert {(each.before, each.after) for each in covered([], accounts(1, hours=0.0), carrying())} == {
        (None, None)
    }


def test_a_team_is_the_sum_of_its_people():
    there = carrying()
    weeks = weeks_ahead(accounts(1, 2, 2), there, [1, 2])
    found = beside(weeks, weeks, {"all": [1, 2]})["all"]

    assert round(found[0].before, 6) == 21.6 and found[0].can == 240.0


def test_weeks_over_leave_out_those_without_a_load():
    assert weeks_over([1.2, None, 1.1, 0.9], above=1.1) == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([1, 2, None]), st.sampled_from([1, 2, None])), max_size=8))
def test_all_effort_is_carried_or_uncovered_before_and_after(owners):
    before, after = accounts(*(one for one, _ in owners)), accounts(*(other for _, other in owners))
    found, share = side_by_side(before, after), covered(before, after, carrying())

    for place in range(WEEKS):
        total = sum(each.hours[place] for each in before)
        for name in ("before", "after"):
            carried = sum(getattr(weeks[place], name) for weeks in found.values())
            part = getattr(share[place], name)
            assert abs(carried - (part or 0.0) * total) < 1e-6
