"""A layer pushed down: shares of kinds on record, hours typed, and the plan against its closed form."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pages.company import version
from tests.sizing.test_measured import meet, shown, viewer
from tests.sizing.test_plan import CERTAIN, MONTHS, NUMBERS, TODAY, known, worker

from evenbook.capacity.books import served
from evenbook.engine.event_sums import Moments, moments
from evenbook.people.viewer import SYSTEM
from evenbook.records.models import Interaction, TimeEntry
from evenbook.records.worked import KIND_TITLES
from evenbook.sizing.queries.planned import Asked, planned
from evenbook.sizing.queries.worked import work_on_record
from evenbook.sizing.rules.known import Client, Known, Sale, WhatIf
from evenbook.sizing.rules.plan import clients, needed, simulated
from evenbook.sizing.rules.plan_told import plan_document
from evenbook.sizing.rules.pushed import (
    MOST_PUSHES,
    Done,
    PlanRefused,
    Push,
    Work,
    push_typed,
    pushed_down,
    taken,
    work_of,
)
from evenbook.sizing.rules.work_told import work_document

TITLES = {"mail": "Mail sent", "call": "Call", "note": "Note"}


def work(**more: float) -> Work:
    """Return a record of tier 2 with 30 hours of mails and 70 of calls, and of tier 3 with calls alone."""
    done = [
        Done(2, "mail", 1, 30.0, 90, 0),
        Done(2, "call", 1, 70.0, 70, 0),
        Done(3, "call", 1, 20.0, 20, 0),
        Done(3, "note", 1, 0.0, 5, 5),
    ]
    return work_of(done, {}, {2: 200.0, 3: 100.0})


def test_a_kind_takes_the_same_share_of_the_plan_as_of_the_record():
    found = work()

    assert (found.share(2, "mail"), found.share(3, "mail"), found.share(3, "note")) == (0.3, 0.0, None)
    assert found.held("mail") == pytest.approx(60.0) and found.held("call") == pytest.approx(240.0)
    assert taken([Push("mail", 0.5)], found, TITLES) == {2: pytest.approx(0.15)}
    assert taken([Push("mail", 1.0), Push("call", 0.5, tier=3)], found, TITLES) == {
        2: pytest.approx(0.3),
        3: pytest.approx(0.5),
    }


def test_typed_hours_part_among_tiers_as_on_record_and_else_as_their_hours_do():
    by_record = taken([Push("call", 0.5, hours=120.0)], work(), TITLES)
    by_hours = taken([Push("note", 1.0, hours=30.0)], work(), TITLES)

    assert by_record == {2: pytest.approx(0.5 * 70 / 200), 3: pytest.approx(0.5 * 50 / 100)}
    assert by_hours == {2: pytest.approx(0.1), 3: pytest.approx(0.1)}


def test_who_keeps_a_timesheet_worked_as_long_as_it_says():
    done = [Done(2, "mail", 1, 30.0, 9, 0), Done(2, "mail", 2, 30.0, 9, 0), Done(2, "call", 2, 10.0, 9, 0)]
    found = work_of(done, {(2, 1): 50.0, (2, 2): 20.0}, {2: 100.0})

    assert found.beyond == {2: 20.0} and found.recorded[2, "mail"] == 60.0
    assert found.hours[2, "mail"] == pytest.approx(30.0 + 15.0) and found.total(2) == pytest.approx(70.0)


@pytest.mark.parametrize(
    ("pushes", "why"),
    [
        ([Push("moon", 0.5)], "no kind of work"),
        ([Push("mail", 0.5, tier=4)], "No account is of tier 4"),
        ([Push("mail", 1.5)], "share of the work"),
        ([Push("mail", float("nan"))], "share of the work"),
        ([Push("note", 0.5, tier=3)], "not on record"),
        ([Push("mail", 0.5, hours=-1.0)], "fewer than none"),
        ([Push("mail", 0.5, hours=float("nan"))], "fewer than none"),
        ([Push("mail", 0.5, hours=301.0)], "can't take 301 hours"),
        ([Push("mail", 0.5), Push("mail", 0.2)], "named twice"),
        ([Push("mail", 1.0, hours=200.0), Push("call", 1.0)], "more hours of tier 2 than"),
        ([Push("mail", 0.1, tier=each) for each in range(MOST_PUSHES + 1)], "So many layers"),
    ],
)
def test_what_cannot_be_pushed_down_is_refused_in_words(pushes, why):
    with pytest.raises(PlanRefused, match=why):
        taken(pushes, work(), TITLES)


def test_a_push_is_typed_in_a_word():
    assert push_typed("mail=50%") == Push("mail", 0.5)
    assert push_typed(" call:3=0.5@40 ") == Push("call", 0.5, 3, 40.0)
    for bad in ("mail", "mail=", "mail=half", "=0.5", "mail=1.2.3", "Mail 50%", "mail:x=1"):
        with pytest.raises(PlanRefused, match="names no layer"):
            push_typed(bad)


def busy() -> Known:
    """Return a base of two tiers with churn, sales, an expansion and newcomers."""
    return known(
        clients=[Client(1 + each % 2, "value", 4.0, renews_on=MONTHS[each % 12]) for each in range(60)],
        sales=[*(Sale(1, 0.3, MONTHS[each % 9]) for each in range(9)), Sale(2, 0.5, MONTHS[2], grows=4.0)],
        workers=[worker(each) for each in range(3)],
        churn={1: 0.1, 2: 0.2},
        newcomers={1: 0.5, 2: 1.0},
    )


def exact(base: Known) -> Moments:
    parts = [moments(part) for part, _ in needed(base, NUMBERS)]
    return parts[0] + parts[1] + parts[2]


def of_tier(base: Known, tier: int) -> Known:
    return replace(
        base,
        clients=[each for each in base.clients if each.tier == tier],
        sales=[each for each in base.sales if each.tier == tier],
        newcomers={tier: base.newcomers[tier]},
    )


def test_the_plan_needs_in_each_tier_what_is_left_of_it_by_the_closed_form():
    left = {1: 0.7, 2: 0.9}
    found = simulated(busy(), NUMBERS, WhatIf(taken={1: 0.3, 2: 0.1}), seed=3)
    parts = {tier: exact(of_tier(busy(), tier)) for tier in left}

    assert np.allclose(found.exact_need.mean, sum(left[tier] * parts[tier].mean for tier in left))
    assert np.allclose(
        found.exact_need.variance, sum(left[tier] ** 2 * parts[tier].variance for tier in left)
    )
    error = np.sqrt(found.exact_need.variance / NUMBERS.runs)
    assert (np.abs(found.need.mean(axis=0) - found.exact_need.mean) < 5 * error + 1e-9).all()


@given(st.floats(0, 1))
def test_the_same_share_of_every_tier_is_the_share_of_all_work(share):
    few = NUMBERS.model_copy(update={"runs": 100})
    by_kind = simulated(busy(), few, WhatIf(taken={1: share, 2: share}), seed=1)
    of_all = simulated(busy(), few, WhatIf(layer_share=share), seed=1)

    assert np.allclose(by_kind.need, of_all.need)


def test_nothing_pushed_down_changes_nothing():
    assert pushed_down(busy(), {}) is not None and pushed_down(busy(), {}).clients == busy().clients
    assert clients(pushed_down(busy(), {2: 1.0}), NUMBERS).amounts.sum() == pytest.approx(
        clients(of_tier(busy(), 1), NUMBERS).amounts.sum()
    )


def test_each_what_if_says_its_hours_with_the_interval_of_the_difference():
    base = known(clients=[Client(2, "value", 2.0)] * 120)
    certain = plan_document(
        base, CERTAIN, [WhatIf("Calls", taken={2: 0.5})], as_of=TODAY, seed=1, rests_on={}
    )["what_ifs"][0]
    chance = plan_document(
        busy(), NUMBERS, [WhatIf("Calls", taken={2: 0.25})], as_of=TODAY, seed=1, rests_on={}
    )["what_ifs"][0]

    assert certain["change_at_the_end"] == {"low": 120.0, "middle": 120.0, "high": 120.0}
    assert certain["text"] == "120 hours a month more to spare at the end; 1 hire fewer."
    ends = chance["change_at_the_end"]
    assert 0 < ends["low"] < ends["middle"] < ends["high"]
    assert f"({ends['low']:,.0f} to {ends['high']:,.0f})" in chance["text"]


def on_record() -> dict[str, Any]:
    return work_document(work_on_record(SYSTEM, shown(), served(SYSTEM, shown().run.id)), KIND_TITLES)


@pytest.mark.django_db
def test_hours_on_record_are_those_known_at_the_week_and_held(team):
    Interaction.objects.all().delete()
    now, (first, second, *_) = shown().ends_at, team.accounts
    lately, ben = now - timedelta(days=10), team.people["ben"]
    told = {"person": ben, "minutes": 60.0}
    meet(first, "call", lately, kind="call", **told)
    meet(first, "mail", lately, kind="mail", customer_present=False, **told)
    meet(first, "long", lately, kind="call", **{**told, "minutes": 9000.0})
    meet(first, "untimed", lately, kind="call", **{**told, "minutes": None})
    meet(second, "booked", lately, status="booked", **told)
    meet(second, "old", now - timedelta(days=92), **told)
    meet(second, "later", lately, known_at=now + timedelta(days=1), **told)
    meet(second, "nobody", lately, **{**told, "person": None})
    before = on_record()
    kinds = {row["kind"]: row for row in before["kinds"]}

    assert set(kinds) == {"call", "mail"}
    assert (kinds["call"]["recorded_hours"], kinds["mail"]["recorded_hours"]) == (1.5 * 9, 1.0)
    assert (kinds["call"]["entries"], kinds["call"]["untimed"]) == (3, 1)

    meet(first, "told later", lately, known_at=now, **told)
    again = on_record()
    assert again == before
    for each in range(3):
        TimeEntry.objects.create(account=first, person=ben, minutes=400.0, **version(f"s{each}", lately))
    with_sheet = on_record()
    assert with_sheet["hours_without_kind"] == pytest.approx(20 - 14.5)


@pytest.mark.django_db
def test_a_leader_pushes_down_the_work_of_their_own_accounts(team):
    own = planned(viewer("amara"), shown(), Asked(pushes=(Push("call", 0.5), Push("mail", 0.5, hours=1.0))))
    whole = planned(viewer("lena"), shown(), Asked(pushes=(Push("call", 0.5),)))
    titles = [each["what"] for each in own["what_ifs"]]

    assert titles[4].startswith("One layer down takes 50% of 'Call'")
    assert titles[6] == "All of these layers down together"
    assert own["work"]["hours_now"] < whole["work"]["hours_now"]
    assert own["what_ifs"][4]["change_at_the_end"]["middle"] > 0
