"""The monthly pack: what it gathers of a month, as of its end, for whom, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company
from tests.pages.test_calibration import kept as calibrated
from tests.throughput.many import keeper, shown

from evenbook.book.models import Person
from evenbook.capacity.actions.calibration import adopt as adopt_weights
from evenbook.decisions.actions import keep_causes
from evenbook.decisions.models import Decision
from evenbook.decisions.rules import OVER_LOAD, Cause
from evenbook.desk.actions import choose
from evenbook.kit.months import Month
from evenbook.measures.models import MeasureValue
from evenbook.messages.models import Mail
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer
from evenbook.policy.actions import adopt, ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.document import to_document
from evenbook.runs.models import Run
from evenbook.throughput.actions.first_weeks import take_baseline
from evenbook.throughput.actions.monthly import tell_of_the_month
from evenbook.throughput.models import Pulse
from evenbook.throughput.queries.monthly import NoPack, Pack, months, pack, subjects
from evenbook.throughput.queries.monthly_file import monthly_document
from evenbook.throughput.queries.monthly_said import Said
from evenbook.throughput.rules.monthly import Stand, days_of, moved_most

MARCH, FEBRUARY = Month(2026, 3), Month(2026, 2)


@pytest.fixture
def team(db: None) -> Company:
    return company.build(8)


def viewer(team: Company, name: str) -> Viewer:
    return viewer_of(team.users[name])


def keys(found: Pack) -> list[str]:
    return [each.key for each in Said(found).sections]


def put(
    run: Run, measure: str, value: float, *, day: date = AS_OF, of: tuple[str, str] = ("team", "North")
) -> None:
    MeasureValue.objects.update_or_create(
        run=run, measure=measure, as_of=day, subject_kind=of[0], subject=of[1],
        defaults={"value": value, "count": 4},
    )  # fmt: skip


def stored(team: Company, day: date) -> Run:
    """Let another week be stored."""
    return Run.objects.create(
        kind="week",
        as_of=day,
        policy_version=1,
        started_at=NOW,
        ended_at=NOW,
        by="sample",
        fingerprint=str(day),
    )


def waiting(team: Company, *, since: date, **more: Any) -> Decision:
    """Let a decision about Ben wait since a day."""
    cause = Cause("Over it.", (), (), person_id=team.people["ben"].pk)
    keep_causes(OVER_LOAD, [cause], as_of=since)
    row = Decision.objects.get(kind=OVER_LOAD, noticed_on=since)
    Decision.objects.filter(pk=row.pk).update(waits_from_on=since, **more)
    return row


# ------------------------------------------------------------------------ figures


def test_a_figure_stands_beside_the_last_week_of_the_month_before(team: Company):
    found = pack(viewer(team, "amara"), MARCH)
    load = found.figures["effort_load"]

    assert found.subject == ("team", "North") and found.before_on == date(2026, 2, 23)
    assert (
        load.now
        == MeasureValue.objects.get(
            measure="effort_load", as_of=AS_OF, subject_kind="team", subject="North"
        ).value
    )
    assert load.change == pytest.approx(0.04) and len(load.trend) == 13
    assert "+4 points since February" in Said(found).headline
    assert Said(found).headline.startswith("March 2026: load is ")


def test_an_instance_of_three_weeks_has_no_month_before(team: Company):
    MeasureValue.objects.filter(as_of__lt=AS_OF - timedelta(weeks=1)).delete()
    found = pack(viewer(team, "amara"))

    assert found.before_on is None and found.figures["effort_load"].change is None
    assert "no month before is stored" in Said(found).when
    seven = next(each for each in Said(found).sections if each.key == "seven")
    assert seven.sentence == "There is no month before to compare with; the next pack has one."


def test_the_baseline_stands_beside_where_it_was_taken_by_then(team: Company):
    lena = viewer(team, "lena")
    assert pack(lena, MARCH, team="North").baseline_on is None
    take_baseline(shown(), by=lena, now=NOW)
    put(team.run, "quality", 99.0)
    found = pack(lena, MARCH, team="North")

    assert found.baseline_on == AS_OF and found.figures["quality"].now == 99.0
    assert found.figures["quality"].baseline not in (None, 99.0)


def test_parts_without_data_are_left_out_and_each_other_begins_with_its_sentence(team: Company):
    found = pack(viewer(team, "amara"), MARCH)

    assert keys(found) == ["load", "seven", "lagging", "asked"]
    assert all(each.sentence.endswith(".") for each in Said(found).sections)
    assert not found.decided and not found.felt and found.calibration is None and not found.versions


def test_the_chain_is_shown_of_the_team_and_of_each_person(team: Company):
    for of in (("team", "North"), ("csm", "ben")):
        put(team.run, "reviews_skipped", 0.25, of=of)
    found = pack(viewer(team, "amara"), MARCH)

    assert "chain" in keys(found)
    assert [each.now for each in found.people[0].chain] == [None, 0.25, None]
    said = next(each.sentence for each in Said(found).sections if each.key == "chain")
    assert said == "Over 13 weeks: business reviews skipped 25%."


def test_what_moved_most_is_measured_by_its_own_size():
    small = Stand("unmonitored", 0.2, 0.1, None, 1)
    large = Stand("quality", 80.0, 70.0, None, 1)
    new = Stand("sentiment", 0.2, None, None, 1)

    assert moved_most([large, new, small]) is small and moved_most([new]) is None


@pytest.mark.parametrize(
    ("last", "inside", "before"),
    [
        (date(2026, 3, 9), [date(2026, 3, 2), date(2026, 3, 9)], date(2026, 2, 23)),
        (date(2026, 3, 1), [date(2026, 3, 1)], date(2026, 2, 22)),
        (date(2026, 3, 31), [date(2026, 3, day) for day in (3, 10, 17, 24, 31)], date(2026, 2, 24)),
    ],
)
def test_the_weeks_of_a_month_and_the_last_before_it(last: date, inside: list[date], before: date):
    weeks = [last - timedelta(weeks=back) for back in range(8, -1, -1)]

    assert days_of(MARCH, last, weeks) == (tuple(inside), before)


# ------------------------------------------------------------------------ for whom


def test_a_leader_has_their_teams_and_whoever_leads_all_has_everybody(team: Company):
    assert subjects(viewer(team, "amara")) == (("team", "North"),)
    assert subjects(viewer(team, "lena")) == (("all", "all"), ("team", "North"), ("team", "South"))
    assert subjects(viewer(team, "ben")) == ()
    assert [each.key for each in pack(viewer(team, "amara")).people] == ["ben"]
    assert {each.key for each in pack(viewer(team, "lena")).people} == {"ben", "chidi"}
    assert [each.key for each in pack(viewer(team, "lena"), team="South").people] == ["chidi"]


@pytest.mark.parametrize(
    ("name", "asked"), [("amara", "South"), ("amara", "Nobody"), ("ben", "North"), ("ben", "")]
)
def test_a_team_that_is_not_theirs_is_refused(team: Company, name: str, asked: str):
    with pytest.raises(NoPack):
        pack(viewer(team, name), team=asked)


def test_executives_and_policy_see_figures_of_teams_and_of_no_single_person(team: Company):
    assert pack(viewer(team, "edda")).people == ()
    ensure_first(NOW - timedelta(days=900), but={"capacity": {"team_level_only": True}})
    assert pack(viewer(team, "lena")).people == ()
    assert "person" not in Said(pack(viewer(team, "lena"))).sections[0].sentence


# ------------------------------------------------------------------------ months


def test_months_are_those_with_a_stored_week(team: Company):
    stored(team, date(2026, 1, 5))
    amara = viewer(team, "amara")

    assert months(amara) == (MARCH, Month(2026, 1))
    assert pack(amara).month == MARCH
    with pytest.raises(NoPack, match="No week was stored in February 2026. There are: 2026-03, 2026-01."):
        pack(amara, FEBRUARY)


def test_without_any_week_there_is_none(team: Company):
    Run.objects.all().delete()
    with pytest.raises(NoPack, match="No week was stored yet."):
        pack(viewer(team, "lena"))


# ------------------------------------------------------------------------ decisions


def test_a_decision_stands_as_it_did_at_the_end_of_the_month(team: Company):
    stored(team, date(2026, 2, 23))
    at = datetime(2026, 3, 4, 9, tzinfo=UTC)
    waiting(
        team, since=date(2026, 2, 9), choice="redistribute", decided_by="Amara", decided_at=at,
        done_at=at + timedelta(days=2), done_by="Amara", ended_on=date(2026, 3, 8),
    )  # fmt: skip
    (then,) = pack(viewer(team, "amara"), FEBRUARY).decided
    (now,) = pack(viewer(team, "amara"), MARCH).decided

    assert (then.state, then.decided, then.effect, then.done_by) == ("open", "", "", "")
    assert (now.state, now.decided) == ("done", "Redistribute")
    assert now.effect == "It ended 4 days after it was decided."
    assert Said(pack(viewer(team, "amara"), FEBRUARY)).sections[-2].sentence == (
        "One decision opened in the month, none was taken, one waits at its end."
    )


@pytest.mark.parametrize(
    ("since", "more", "shows"),
    [
        (date(2026, 3, 2), {}, True),
        (date(2026, 1, 5), {}, True),
        (date(2026, 4, 6), {}, False),
        (date(2026, 1, 5), {"ended_on": date(2026, 2, 2)}, False),
        (date(2026, 1, 5), {"ended_on": date(2026, 3, 2)}, True),
        (
            date(2026, 1, 5),
            {"choice": "hire", "decided_at": datetime(2026, 2, 2, tzinfo=UTC), "decided_by": "Amara"},
            False,
        ),
    ],
)
def test_what_was_opened_taken_or_waited_in_the_month_is_there(
    team: Company, since: date, more: dict[str, Any], shows: bool
):
    waiting(team, since=since, **more)

    assert bool(pack(viewer(team, "amara"), MARCH).decided) == shows


def test_of_another_team_nothing_is_there(team: Company):
    waiting(team, since=date(2026, 3, 2))

    assert pack(viewer(team, "lena"), MARCH, team="South").decided == ()
    assert len(pack(viewer(team, "lena"), MARCH).decided) == 1


def test_what_is_asked_of_a_leader_are_their_open_decisions_and_their_name(team: Company):
    waiting(team, since=date(2026, 3, 2))
    asked = pack(viewer(team, "amara"), MARCH).asked

    assert [each.what for each in asked] == [
        "Over the limit of load: Ben Adler", "Put your name under what a ceiling is for",
    ]  # fmt: skip
    assert pack(viewer(team, "rea"), MARCH).asked == ()


# ------------------------------------------------------------------------ how it felt, policy


def test_how_weeks_felt_is_told_of_five_or_more_beside_the_load(team: Company):
    for number in range(5):
        person = Person.objects.create(key=f"p-{number}", name=f"P {number}", role="csm", team="North")
        Pulse.objects.create(
            user=team.users["ben"],
            person=person,
            week_on=date(2026, 3, 9),
            felt=4,
            word="Secret",
            said_at=NOW,
        )
        if number < 4:
            Pulse.objects.create(
                user=team.users["ben"], person=person, week_on=date(2026, 3, 2), felt=2, said_at=NOW
            )
    amara = viewer(team, "amara")
    found = pack(amara, MARCH)

    assert [(each.week_on, each.felt) for each in found.felt] == [(date(2026, 3, 9), 4.0)]
    assert found.felt[0].load == found.figures["effort_load"].now
    assert "Secret" not in str(monthly_document(amara, found))
    assert "felt 4.0 of 5 on average" in str([each.sentence for each in Said(found).sections])


def test_a_change_of_the_policy_is_told_in_its_month_alone(team: Company):
    ensure_first(datetime(2025, 1, 1, tzinfo=UTC))
    document = to_document(latest().policy)
    document["throughput"]["intervene_weeks"] = 4
    adopt(document, by=viewer(team, "olu"), note="Calmer.", now=datetime(2026, 3, 5, tzinfo=UTC))
    stored(team, date(2026, 2, 23))
    amara = viewer(team, "amara")

    assert [each.note for each in pack(amara, MARCH).versions] == ["Calmer."]
    assert "policy" in keys(pack(amara, MARCH)) and pack(amara, FEBRUARY).versions == ()


def test_the_weights_are_told_as_they_stood_at_the_end_of_the_month(team: Company):
    ensure_first(datetime(2025, 1, 1, tzinfo=UTC))
    number = calibrated(team)
    stored(team, date(2026, 4, 6))
    operations, amara = viewer(team, "olu"), viewer(team, "amara")
    before = Said(pack(amara, MARCH))
    adopt_weights(number, by=operations, now=datetime(2026, 4, 2, tzinfo=UTC))
    march, april = Said(pack(amara, MARCH)), Said(pack(amara, Month(2026, 4)))

    assert before.stands == "They wait to be adopted."
    assert march.stands == "They were proposed and not adopted by then."
    assert april.stands == "They were adopted on 2 Apr 2026."
    assert "calibration" in keys(march.pack) and march.pack.calibration is not None
    assert len(pack(amara, Month(2026, 4)).versions) == 1 and march.pack.versions == ()


def test_what_operations_is_asked_is_to_adopt_the_weights(team: Company):
    ensure_first(datetime(2025, 1, 1, tzinfo=UTC))
    calibrated(team)

    assert [each.opens for each in pack(viewer(team, "olu"), MARCH).asked] == ["calibration"]


# ------------------------------------------------------------------------ mail


@pytest.fixture
def mailing(settings: Any) -> None:
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"


def told(team: Company, day: date) -> dict[str, str]:
    """Let the run of a day tell of the month before; return what each leader was told."""
    week = shown()
    tell_of_the_month(replace(week, run=replace(week.run, as_of=day)))
    return {row.to: row.text for row in Mail.objects.filter(key__startswith="monthly-")}


def test_the_first_run_after_a_month_tells_each_leader_once(team: Company, mailing: None):
    assert told(team, date(2026, 3, 30)) == {}, "no week of February is stored"
    first = told(team, date(2026, 4, 6))

    assert set(first) == {"amara@example.com", "lena@example.com"}
    assert "March 2026: load is" in first["amara@example.com"]
    assert "https://evenbook.example/monthly?month=2026-03" in first["amara@example.com"]
    assert told(team, date(2026, 4, 13)) == first and Mail.objects.count() == 2


def test_who_chose_otherwise_is_not_told_and_without_a_server_nobody_is(team: Company, settings: Any):
    assert told(team, date(2026, 4, 6)) == {}
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"
    choose(viewer(team, "amara"), {"monthly_pack": False}, now=NOW)

    assert set(told(team, date(2026, 4, 6))) == {"lena@example.com"}


def test_the_product_itself_gathers_the_month_of_everybody(team: Company):
    assert pack(keeper(), MARCH).of == "Everybody"
