"""The executive page, a cohort opened, and the metrics in three tiers: for whom, and what they say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.pages import company  # noqa: F401
from tests.pages.company import AS_OF

from evenbook.measures.models import MeasureValue
from evenbook.runs.models import Run


def said(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_executive_sees_what_moved_retention_first(as_user: Any):
    page = said(as_user("edda"), "/executive")

    assert "NRR is " in page and ">107%</a>" in page and ">91%</a>" in page
    assert "contraction took " in page and "All customers" in page
    assert "/figures/expansion?kind=all" in page and "/figures/contraction?kind=all" in page
    assert "2024 Q1" in page and "/executive/cohorts/2024-01-01/1?kept=revenue" in page


def test_the_wrong_figures_stand_beside_the_right_ones_with_a_reason(as_user: Any):
    page = said(as_user("edda"), "/executive")

    assert "GRR capped on the total" in page and "100.0%" in page and ">91.2%</a>" in page
    assert "One customer&#x27;s growth would hide what another took away." in page
    assert "NRR with new customers" not in page


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("amara", "/executive", 200),
        ("amara", "/executive?team=South", 404),
        ("lena", "/executive?team=South", 200),
        ("ben", "/executive", 200),
        ("ben", "/executive?team=North", 404),
        ("olu", "/metric-tiers?team=North", 200),
        ("amara", "/metric-tiers?team=No%00where", 404),
        ("edda", "/executive/cohorts/2024-01-01/0", 200),
        ("edda", "/executive/cohorts/2024-01-01/7", 404),
        ("edda", "/executive/cohorts/soon/0", 404),
        ("edda", "/executive/cohorts/2024-01-01/0?kept=all", 404),
        ("amara", "/executive/cohorts/2024-01-01/0?team=South", 404),
        ("edda", "/executive?kept=nonsense", 200),
    ],
)
def test_who_gets_which_page(as_user: Any, name: str, address: str, status: int):
    assert as_user(name).get(address).status_code == status


def test_a_csm_has_their_own_book_and_nobody_elses(as_user: Any):
    page, tiers = (said(as_user("ben"), address) for address in ("/executive", "/metric-tiers"))

    assert "Your own book" in page and "kind=csm&amp;subject=ben" in page and "All customers" not in page
    assert "Ben Adler" in tiers and "Chidi" not in tiers


def test_a_leader_sees_their_people_and_an_executive_nobody_singly(as_user: Any):
    assert "Ben Adler" in said(as_user("amara"), "/metric-tiers")
    assert "Chidi Eze" not in said(as_user("amara"), "/metric-tiers")
    page = said(as_user("edda"), "/metric-tiers")
    assert "Ben Adler" not in page and "No figure of a single person is open to you." in page


def test_a_cohort_lists_its_customers_and_folds_those_of_others(as_user: Any):
    page = said(as_user("edda"), "/executive/cohorts/2024-01-01/1?kept=net")

    assert (
        "Revenue with growth of the customers of <time" in page
        and ">2024 Q1</time>, by 30 Jun 2024: " in page
    )
    assert "Northwind Foods" in page
    own = said(as_user("ben"), "/executive/cohorts/2024-01-01/1?kept=customers")
    assert "Customers kept" in own and "100%" in own


def test_what_is_not_recorded_is_named_and_never_zero(as_user: Any):
    page = said(as_user("edda"), "/metric-tiers")

    assert "No record says on which day a customer first got value" in page
    assert "Renewal forecast accuracy" in page and "not recorded" in page


def test_a_metric_is_missed_only_where_it_has_a_figure(as_user: Any):
    page = said(as_user("edda"), "/metric-tiers")
    missed = page.count('data-of="missed" data-part="1"')

    assert f'data-fold="count" data-value="{missed}"' in page and 0 < missed < 5


def test_reviews_held_are_what_is_left_of_those_skipped(as_user: Any):
    run = Run.objects.get()
    MeasureValue.objects.create(
        run=run,
        measure="reviews_skipped",
        as_of=AS_OF,
        subject_kind="all",
        subject="all",
        value=0.25,
        count=8,
    )
    answer = as_user("edda").get("/api/v1/metrics").json()
    found = next(each for each in answer["metrics"] if each["metric"] == "reviews")

    assert (found["now"], found["target"], found["met"]) == (0.75, 0.8, False)


def test_programs_get_the_same(as_user: Any):
    found = as_user("edda").get("/api/v1/executive").json()
    bridge = found["bridge"]

    assert bridge["end"] == pytest.approx(
        bridge["start"] + bridge["expansion"] - bridge["contraction"] - bridge["churn"]
    )
    assert found["figures"][0]["measure"] == "nrr" and found["figures"][0]["now"] == pytest.approx(1.074)
    assert [each["age"] for each in found["cohorts"][0]["ages"]] == [0, 1]
    assert found["cohorts"][0]["quarter_on"] == date(2024, 1, 1).isoformat()
    tiers = as_user("amara").get("/api/v1/metrics?team=North").json()
    assert [each["id"] for each in tiers["people"]] == ["ben"]
    assert as_user("amara").get("/api/v1/metrics?team=South").status_code == 404


def test_before_the_first_week_the_pages_say_what_will_appear(as_user: Any):
    client = as_user("edda")
    Run.objects.all().delete()

    for address, word in (("/executive", "how both figures are misread"), ("/metric-tiers", "its target")):
        assert word in said(client, address)
    assert client.get("/executive/cohorts/2024-01-01/0").status_code == 404


def test_an_instance_without_a_year_of_revenue_has_no_retention(as_user: Any, monkeypatch: Any):
    from evenbook.desk.queries import executive
    from evenbook.measures.retention import Retained
    from evenbook.measures.rules.retention import Bridge

    empty = Retained(Bridge(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), None)
    monkeypatch.setattr(executive, "retained", lambda *_, **__: empty)
    monkeypatch.setattr(executive, "cohorts", lambda *_, **__: ())
    MeasureValue.objects.filter(measure__in=["nrr", "grr"]).delete()
    page = said(as_user("edda"), "/executive")

    assert "nobody paid 52 weeks ago" in page and "No retention yet." in page
