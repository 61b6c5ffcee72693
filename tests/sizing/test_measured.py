"""What is measured as of a day: later facts never change it, and nobody sees more than they may open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.pages.company import NOW, version

from evenbook.book.access import opened
from evenbook.book.actions.machines import say_machine
from evenbook.book.models import PersonRole
from evenbook.people.queries import viewer_by_mail
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.schema import Policy
from evenbook.records.meetings import held_of_kind, live_meetings
from evenbook.records.models import Interaction, Opportunity
from evenbook.records.numbers import RecordsNumbers
from evenbook.records.sales import sales_under_way
from evenbook.runs.queries import Week, latest_week, week
from evenbook.sizing.numbers import SizingNumbers
from evenbook.sizing.queries.measured import SizingNotYours, base
from evenbook.sizing.queries.planned import Asked, planned
from evenbook.sizing.queries.rollout import rollout
from evenbook.sizing.queries.sized import NoSuchPart, full_document, sized
from evenbook.sizing.rules.bases import SEGMENT, TIER, Scope
from evenbook.sizing.rules.pushed import PlanRefused

pytestmark = pytest.mark.django_db


def shown() -> Week:
    found = week(SYSTEM)
    assert found is not None
    return found


def viewer(name: str) -> Viewer:
    found = viewer_by_mail(f"{name}@example.com", surface="page")
    assert found is not None
    return found


def meet(account, number, at: datetime, **more: object) -> Interaction:
    """Record a held meeting of half an hour with the customer there."""
    told = {"kind": "meeting", "status": "completed", "minutes": 30.0, "customer_present": True}
    return Interaction.objects.create(account=account, **{**version(number, at), **told, **more})


def reached(by: Viewer = SYSTEM) -> set[int]:
    found = base(by, shown(), meetings_per_quarter=1)
    return {each.account for each in found.facts if each.completed}


def test_a_meeting_counts_that_was_held_with_the_customer_long_enough_in_the_cycle(team):
    Interaction.objects.all().delete()
    now, accounts = shown().ends_at, team.accounts
    lately = now - timedelta(days=10)
    meet(accounts[0], "held", lately)
    meet(accounts[1], "booked", lately, status="booked")
    meet(accounts[2], "short", lately, minutes=5.0)
    meet(accounts[3], "absent", lately, customer_present=False)
    meet(accounts[4], "old", now - timedelta(days=92))
    meet(accounts[5], "mail", lately, kind="mail")
    meet(accounts[6], "review", lately, kind="business_review", minutes=None, customer_present=False)
    meet(accounts[7], "tomorrow", now + timedelta(hours=1))
    meet(accounts[8], "told later", lately, known_at=now + timedelta(days=1))

    assert reached() == {accounts[0].pk, accounts[6].pk}


def test_the_cycle_is_as_long_as_the_plan_has_it(team):
    Interaction.objects.all().delete()
    meet(team.accounts[0], "old", shown().ends_at - timedelta(days=120))

    assert not {each for each in base(SYSTEM, shown(), meetings_per_quarter=1).facts if each.completed}
    assert [each.completed for each in base(SYSTEM, shown(), meetings_per_quarter=0.5).facts].count(1) == 1


def test_a_merged_account_counts_for_its_heir(team):
    Interaction.objects.all().delete()
    child, heir = team.accounts[0], team.accounts[1]
    meet(child, "held", shown().ends_at - timedelta(days=3))
    child.merged_into = heir
    child.save()

    found = live_meetings(
        SYSTEM,
        opened(SYSTEM, [heir.pk]),
        since=shown().ends_at - timedelta(days=91),
        before=shown().ends_at,
        numbers=RecordsNumbers(),
    )
    assert found[heir.pk].completed == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 23),
            st.integers(-200, 200),
            st.integers(0, 100),
            st.sampled_from(["held", "replaced"]),
        ),
        max_size=8,
    )
)
def test_what_becomes_known_later_never_changes_what_was_measured(team, later):
    ends = shown().ends_at
    before = base(SYSTEM, shown(), meetings_per_quarter=1)
    sold = sales_under_way(SYSTEM, before=ends, won_since=ends - timedelta(days=90))
    made = []
    for place, (number, days, after, how) in enumerate(later):
        known = ends + timedelta(days=after)
        row = meet(team.accounts[number], f"later {place}", ends + timedelta(days=days), known_at=known)
        made.append(row)
        made.append(
            Opportunity.objects.create(
                account=team.accounts[number], kind="expansion", currency="USD",
                **{**version(f"sale {place}", ends + timedelta(days=days)), "known_at": known},
            )
        )  # fmt: skip
        if how == "replaced":
            old = Interaction.objects.filter(known_until=None, known_at__lt=ends).first()
            if old is not None:
                Interaction.objects.filter(pk=old.pk).update(known_until=known)

    assert base(SYSTEM, shown(), meetings_per_quarter=1) == before
    assert sales_under_way(SYSTEM, before=ends, won_since=ends - timedelta(days=90)) == sold
    for row in made:
        row.delete()


def test_a_sale_that_was_won_or_lost_afterwards_was_open_then(team):
    ends = shown().ends_at
    then = ends - timedelta(days=30)
    told = {"kind": "expansion", "currency": "USD", "account": team.accounts[0]}
    Opportunity.objects.create(**told, **version("won", then), won_at=ends + timedelta(days=2))
    Opportunity.objects.create(**told, **version("lost", then), lost_at=ends + timedelta(days=2))
    Opportunity.objects.create(**told, **version("gone", then), lost_at=ends - timedelta(days=2))

    found = sales_under_way(SYSTEM, before=ends, won_since=ends - timedelta(days=90))
    assert [each.won_at for each in found] == [None, None]


def test_reviews_are_counted_of_what_was_known(team):
    Interaction.objects.all().delete()
    ends, account = shown().ends_at, team.accounts[0]
    meet(account, "in time", ends - timedelta(days=5), kind="business_review")
    meet(account, "late word", ends - timedelta(days=5), kind="business_review", known_at=ends)
    accounts = opened(SYSTEM, [account.pk])

    assert (
        held_of_kind(SYSTEM, accounts, "business_review", since=ends - timedelta(days=91), before=ends) == 1
    )


def test_who_is_promoted_later_was_a_csm_then(team):
    ends, ben = shown().ends_at, team.people["ben"]
    before = base(SYSTEM, shown(), meetings_per_quarter=1).people
    told = {"person": ben, "happened_at": ends, "assumed": False}
    PersonRole.objects.create(
        **told, role="csm", first_on=ben.started_on, known_at=ends - timedelta(days=900)
    )
    PersonRole.objects.create(**told, role="leader", first_on=shown().run.as_of, known_at=ends)
    ben.role = "leader"
    ben.save()

    assert base(SYSTEM, shown(), meetings_per_quarter=1).people == before
    PersonRole.objects.filter(role="leader").update(known_at=ends - timedelta(days=1))
    assert ben.pk not in base(SYSTEM, shown(), meetings_per_quarter=1).people


def test_a_leader_measures_their_own_team_and_whoever_leads_all_everybody(team):
    north, everybody = (base(viewer(name), shown(), meetings_per_quarter=1) for name in ("amara", "lena"))

    assert len(everybody.facts) == 24 and len(north.facts) < 24
    assert north.people == {team.people["ben"].pk: 1.0}
    assert set(everybody.people) == {team.people["ben"].pk, team.people["chidi"].pk}


def test_a_csm_sizes_nothing(team):
    with pytest.raises(SizingNotYours):
        base(viewer("ben"), shown(), meetings_per_quarter=1)
    with pytest.raises(SizingNotYours):
        planned(viewer("ben"), shown())


def test_segments_and_tiers_have_their_own_answer_and_add_up(team):
    answer = sized(SYSTEM, shown(), shown().policy, {})
    said = full_document(SYSTEM, answer, shown().policy, version=1)

    for name in ("segments", "tiers"):
        assert sum(row["accounts"] for row in said[name]) == 24
        assert sum(row["csms"] for row in said[name]) == pytest.approx(answer.found.csms)
    tier = sized(SYSTEM, shown(), shown().policy, {}, scope=Scope(TIER, "1"))
    assert tier.said["inputs"][0]["value"] == said["tiers"][0]["accounts"]


def test_a_part_that_is_not_there_is_named(team):
    with pytest.raises(NoSuchPart, match="Space"):
        sized(SYSTEM, shown(), shown().policy, {}, scope=Scope(SEGMENT, "Space"))


def test_without_a_week_policy_stands_in():
    answer = sized(SYSTEM, None, Policy.defaults([SizingNumbers, *organization()]), {})

    assert {row["provenance"] for row in answer.said["inputs"]} == {"assumed"}
    assert answer.said["accounts_per_csm"] == 200


def organization() -> list[type]:
    from evenbook.policy.numbers import OrganizationNumbers

    return [OrganizationNumbers]


def test_a_plan_rests_on_what_the_viewer_leads_and_is_the_same_again(team):
    whole, north = planned(SYSTEM, shown()), planned(viewer("amara"), shown())

    assert whole["measured_on"]["accounts"] == 24 and north["measured_on"]["accounts"] < 24
    assert whole["measured_on"]["people"] == 2 and north["measured_on"]["people"] == 1
    assert planned(SYSTEM, shown()) == whole
    assert len(whole["months"]) == 12 and [row["what"] for row in whole["what_ifs"]][2].endswith("digital")
    assert whole["exact"]["need"]["mean"][0] == pytest.approx(whole["months"][0]["need"]["middle"], rel=0.2)


def test_what_a_plan_can_not_look_at_is_refused(team):
    for asked in (Asked(leaver="nobody"), Asked(hired_in=12), Asked(from_tier=9), Asked(layer_share=1.0)):
        with pytest.raises(PlanRefused):
            planned(SYSTEM, shown(), asked)


def test_a_named_leaver_is_told_by_name(team):
    said = planned(SYSTEM, shown(), Asked(leaver="ben"))

    assert said["what_ifs"][1]["what"] == "Ben Adler leaves"


def test_each_step_of_the_roll_out_has_what_the_records_show(team):
    answer = sized(SYSTEM, shown(), shown().policy, {})
    found = rollout(SYSTEM, shown(), answer)

    assert len(found) == 7 and all(each.said for each in found) and not any(each.is_done for each in found)
    assert found[4].said.startswith("2 of the CSMs are in retention and 0 in expansion")


def test_who_is_staffed_to_a_machine_counts_there_whatever_their_role(team):
    olu, since = viewer_by_mail("olu@example.com", surface="page"), date(2026, 1, 5)
    say_machine(team.people["chidi"].key, "staffed", "expansion", first_on=since, by=olu, now=NOW)
    answer = sized(SYSTEM, shown(), shown().policy, {})

    step = rollout(SYSTEM, shown(), answer)[4]
    assert step.said.startswith("1 of the CSMs are in retention and 1 in expansion") and step.is_seen


def test_the_day_of_an_older_week_is_measured_as_of_that_day(team):
    Interaction.objects.all().delete()
    run = latest_week(SYSTEM)
    assert run is not None
    meet(team.accounts[0], "held", shown().ends_at - timedelta(days=2))
    earlier = replace(shown(), run=replace(run, as_of=run.as_of - timedelta(days=7)))

    assert not any(each.completed for each in base(SYSTEM, earlier, meetings_per_quarter=1).facts)
