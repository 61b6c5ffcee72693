"""What came of interventions: found from records and decisions, kept by a run, said without a claim too many."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company, known
from tests.throughput.many import DAYS, MANY, keeper, kept, many, moves, shown

from evenbook.book.models import Account, AccountValue, Person
from evenbook.decisions.actions import decide, finish, keep_causes
from evenbook.decisions.models import Decision
from evenbook.decisions.rules import OVER_LOAD, Cause
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer
from evenbook.throughput.models import EventEffect, LaggedBond
from evenbook.throughput.queries.outcomes import found_bonds, found_effects
from evenbook.throughput.queries.panels import interventions
from evenbook.throughput.rules.outcomes import (
    BY_MEASURE,
    EVENTS,
    JOINED,
    LAGS,
    MOVED,
    RETIERED,
    Found,
    Intervention,
)
from evenbook.throughput.rules.panels import panel, weeks_of_events


@pytest.fixture
def team(db: None) -> Company:
    return company.build(8)


def test_a_planted_effect_of_giving_accounts_away_is_kept_and_said(team: Company):
    many(team, effect=-0.2)
    row = kept()

    assert row.estimate == pytest.approx(-0.2, abs=0.05) and row.treated == row.events == MANY // 2
    (said,) = [
        each
        for each in found_effects(keeper(), shown())
        if (each.event, each.measure) == (MOVED, "effort_load")
    ]
    assert (
        said.is_seen
        and said.is_better
        and said.said.startswith("It fell beside comparable people. It went with")
    )
    assert "points" in said.moved and "−" in said.moved


def test_where_nothing_came_of_it_nothing_is_claimed(team: Company):
    many(team, effect=0.0)
    kept()

    (said,) = [
        each
        for each in found_effects(keeper(), shown())
        if (each.event, each.measure) == (MOVED, "effort_load")
    ]
    assert not said.is_seen and said.said.startswith("It moved as that of comparable people did")


def test_what_follows_what_is_kept_at_each_lag_and_expansion_is_net_over_gross(team: Company):
    many(team, effect=0.0)
    kept()
    bond = LaggedBond.objects.get(cause="effort_load", outcome="nrr", weeks=0)

    assert bond.correlation is not None and bond.correlation < -0.7 and bond.people >= MANY
    assert LaggedBond.objects.get(cause="effort_load", outcome="expansion", weeks=0).correlation is None
    assert {row.weeks for row in LaggedBond.objects.filter(cause="strategic", outcome="grr")} == set(LAGS)
    rows = {(row.cause, row.outcome): row for row in found_bonds(keeper(), shown())}
    assert rows["effort_load", "nrr"].bonds[0].is_seen and not rows["strategic", "grr"].is_known


def test_keeping_it_again_keeps_it_once(team: Company):
    many(team, effect=-0.2)
    before = kept().estimate
    count = EventEffect.objects.count(), LaggedBond.objects.count()

    assert kept().estimate == before
    assert (EventEffect.objects.count(), LaggedBond.objects.count()) == count


def test_what_is_done_is_found_in_the_records_and_among_the_decisions(team: Company):
    ben = team.people["ben"]
    moves(team, ben, AS_OF - timedelta(weeks=3), 3)
    Person.objects.create(
        key="new", name="New One", role="csm", team="South", started_on=AS_OF - timedelta(weeks=5)
    )
    cause = Cause("Too much.", (), (), person_id=ben.pk)
    (number,) = keep_causes(OVER_LOAD, [cause], as_of=AS_OF).noticed
    amara = viewer_of(team.users["amara"])
    decide(number, "hire", by=amara, now=NOW)

    since = AS_OF - timedelta(weeks=20)
    before = list(interventions(keeper(), since, least=3))
    assert {(each.event, each.person) for each in before} == {(MOVED, "ben"), (JOINED, "chidi")}
    assert list(interventions(keeper(), since, least=4))[0].event == JOINED
    finish(number, by=amara, now=NOW)
    assert Intervention("hire", "ben", NOW.date()) in interventions(keeper(), since, least=3)
    assert Decision.objects.get().choice in EVENTS


def tier(account: Account, value: str, on: date) -> None:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    AccountValue.objects.create(account=account, name="tier", value=value, source="crm", **known(at))


def test_several_accounts_moved_to_another_tier_are_an_intervention_about_their_owner(team: Company):
    day, since = AS_OF - timedelta(weeks=3), AS_OF - timedelta(weeks=20)
    for account in team.of("ben")[:3]:
        tier(account, "2", day - timedelta(weeks=30))
        tier(account, "1", day)
        tier(account, "1", day + timedelta(days=1))
    for account in team.of("chidi")[:3]:
        AccountValue.objects.filter(account=account, name="tier").delete()
        tier(account, "2", day)

    found = [each for each in interventions(keeper(), since, least=3) if each.event == RETIERED]
    assert found == [Intervention(RETIERED, "ben", day)], (
        "a first tier is no move, and neither is the same again"
    )
    assert [each for each in interventions(keeper(), since, least=4) if each.event == RETIERED] == []


def test_two_accounts_given_away_weeks_apart_are_no_intervention(team: Company):
    ben = team.people["ben"]
    for weeks in (3, 5, 7):
        moves(team, ben, AS_OF - timedelta(weeks=weeks), 1)

    assert [
        each for each in interventions(keeper(), AS_OF - timedelta(weeks=20), least=3) if each.event == MOVED
    ] == []


def test_of_several_events_the_first_with_weeks_on_both_sides_counts():
    days = DAYS[:30]
    given = [
        Intervention(MOVED, "a", days[2]), Intervention(MOVED, "a", days[12]), Intervention(MOVED, "a", days[14]),
        Intervention(MOVED, "b", days[28]), Intervention(MOVED, "c", days[0] - timedelta(days=9)),
        Intervention(MOVED, "d", days[-1] + timedelta(days=1)), Intervention(MOVED, "e", days[11] + timedelta(days=1)),
    ]  # fmt: skip

    assert list(weeks_of_events(given, ["a", "b", "c", "d", "e", "f"], days, span=8)) == [
        12,
        28,
        -1,
        -1,
        12,
        -1,
    ]


def test_a_figure_that_nobody_has_is_all_gaps():
    assert panel(["a", "b"], {"b": (1.0, None)}, 2).tolist()[1][0] == 1.0
    assert np.isnan(panel(["a", "b"], {"b": (1.0, None)}, 2)).sum() == 3
    assert panel([], {}, 5).shape == (0, 5)


def said(**more: Any) -> Found:
    usual: dict[str, Any] = {
        "event": MOVED, "measure": "covered", "estimate": 0.1, "interval_80": (0.05, 0.15),
        "interval_95": (0.02, 0.18), "was_comparable": True, "events": 9, "treated": 8, "compared": 20,
    }  # fmt: skip
    return Found(**{**usual, **more})


def test_no_sentence_says_that_something_was_caused():
    for found in (
        said(), said(estimate=-0.1, interval_95=(-0.2, -0.01)), said(interval_95=(-0.1, 0.3)),
        said(was_comparable=False), said(estimate=None, interval_80=None, interval_95=None),
    ):  # fmt: skip
        assert "caused" not in found.said and "because" not in found.said and found.said.endswith(".")
    assert said(was_comparable=False).said.endswith("it says little.")
    assert said(estimate=None).said == "Too few to compare: 8 of 9 have comparable people."
    assert said().moved == "+10.0 points (+5.0 to +15.0)"
    assert said(measure="quality", estimate=-2.0, interval_80=(-3, -1)).moved == "−2.0 (−3.0 to −1.0)"
    assert not said(measure="unmonitored").is_better and set(BY_MEASURE) >= {"effort_load", "csat"}


def test_who_may_not_read_is_told_nothing(team: Company):
    many(team, effect=-0.2)
    kept()
    blind = Viewer(user_id=None, mail="", name="A token", role="operations", scopes=frozenset({"import"}))

    assert found_effects(blind, shown()) == () and found_bonds(blind, shown()) == ()
