"""The page of sizing: live parts, bad input that stays, other roles, scenarios, the plan, steps."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.pages.reading import fetching, problems

from evenbook.runs.jobs.doing import Watched, perform
from evenbook.runs.models import Job, Run
from evenbook.site.registry import work
from evenbook.sizing.models import HeadcountPlan, RolloutStep, Scenario
from evenbook.sizing.queries import planned

EXAMPLE = {
    "accounts": "600", "csms": "3", "completed_share": "33%", "acv": "3,000", "csm_cost": "150000",
    "meetings_per_quarter": "1",
}  # fmt: skip


def test_the_page_begins_with_the_verdict_and_says_where_each_input_is_from(as_user):
    text = as_user("lena").get("/sizing").content.decode()

    assert "<h1" in text and text.index("<h1") < text.index('id="inputs"')
    assert text.count("<b>measured</b>") >= 3 and text.count("<b>assumed default</b>") >= 2
    assert "One step" not in text and "None" not in text


def test_the_worked_example_is_answered_without_a_script(as_user):
    text = as_user("lena").get("/sizing", EXAMPLE).content.decode()

    assert "Split Machine: specialists" in text
    assert "impossible at a volume that nobody sustains" in text and "22 a month a head" in text
    assert "12.5% at 400 accounts a head" in text and ">27.5%<" in text
    assert text.count("<b>typed</b>") == 6 and 'value="3,000"' in text


def test_the_part_that_moves_is_the_answer_alone(as_user):
    answer = as_user("lena").get("/sizing/answer", EXAMPLE)

    assert answer.status_code == 200 and "<html" not in answer.content.decode()
    assert 'data-verdict="Split Machine' in answer.content.decode()


@pytest.mark.parametrize("path", ["/sizing", "/sizing/answer"])
def test_bad_input_stays_as_it_was_typed_and_the_rest_is_answered(as_user, path):
    answer = as_user("lena").get(path, {**EXAMPLE, "completed_share": "120%", "acv": "<b>x"})
    text = answer.content.decode()

    assert answer.status_code == 422 and "over 100%" in text and "no number" in text
    assert "<b>x" not in text
    if path == "/sizing":
        assert 'value="120%"' in text and 'aria-invalid="true"' in text


def test_without_a_csm_the_page_says_how_many_are_needed(as_user):
    text = as_user("lena").get("/sizing", {**EXAMPLE, "csms": "0"}).content.decode()

    assert "2 CSMs are needed" in text and "Accounts a CSM</th>" not in text.split('id="by-')[0]


@pytest.mark.parametrize(
    ("name", "status"), [("ben", 404), ("amara", 200), ("edda", 200), ("rea", 200), ("olu", 200)]
)
def test_who_sees_sizing(as_user, name, status):
    client = as_user(name)

    assert [client.get(path).status_code for path in ("/sizing", "/sizing/answer", "/sizing/rows/csms")] == [
        status
    ] * 3
    assert (status == 200) == ('href="/sizing"' in client.get("/accounts").content.decode())


def test_who_only_reads_finds_no_button_and_is_refused(as_user):
    client = as_user("rea")
    text = client.get("/sizing").content.decode()

    assert "/sizing/plan" not in text and "/sizing/scenarios" not in text
    for path in ("scenarios", "plan", "steps/measure"):
        assert client.post(f"/sizing/{path}", {"name": "A"}).status_code == 403
    assert not Scenario.objects.exists() and not HeadcountPlan.objects.exists()


def test_an_executive_sees_no_single_person(as_user):
    text = as_user("edda").get("/sizing/rows/csms").content.decode()

    assert "Ben Adler" not in text.split("<main")[1]


def test_a_scenario_is_saved_stands_beside_the_others_and_is_dropped(as_user):
    client = as_user("lena")
    assert client.post("/sizing/scenarios", {**EXAMPLE, "name": "Today"}).status_code == 302
    refused = client.post("/sizing/scenarios", {**EXAMPLE, "csms": "4", "name": "Today"})
    assert refused.status_code == 409 and "other inputs" in refused.content.decode()
    assert 'value="Today"' in refused.content.decode() and 'value="4"' in refused.content.decode()
    assert client.post("/sizing/scenarios", {**EXAMPLE, "acv": "-1", "name": "B"}).status_code == 422

    (row,) = Scenario.objects.all()
    assert ">Today</a>" in client.get("/sizing").content.decode()
    assert client.post(f"/sizing/scenarios/{row.pk}/drop").status_code == 302
    assert ">Today</a>" not in client.get("/sizing").content.decode()
    assert client.post("/sizing/scenarios/987654/drop").status_code == 404


def test_a_plan_of_a_large_base_is_work_of_its_own_with_progress_and_the_same_answer(
    as_user, team, monkeypatch
):
    client, asked = as_user("lena"), {"hires": "2", "layer_percent": "30%"}
    client.post("/sizing/plan", asked)
    at_once = HeadcountPlan.objects.get().contents
    HeadcountPlan.objects.all().delete()
    monkeypatch.setattr(planned, "AT_HAND", 3)

    answer = client.post("/sizing/plan", asked)
    job = Job.objects.get(work="headcount-plan")
    assert answer["Location"] == "/sizing#plan" and not HeadcountPlan.objects.exists()
    page = client.get("/sizing").content.decode()
    assert '<progress id="planning"></progress>' in page and "looking.js" in page and "No worker runs" in page
    Job.objects.filter(pk=job.pk).update(done=2, total=5)
    assert "2 of 5 plans side by side are simulated" in client.get("/sizing").content.decode()
    perform(job.pk, 1, declared=work(), remember=lambda title, does: does(), watched=Watched())
    job.refresh_from_db()
    assert HeadcountPlan.objects.get().contents == at_once
    assert job.state == "done" and "it is kept, see the page Sizing" in job.says
    assert (job.done, job.total) == (4, 5) and "looking.js" not in client.get("/sizing").content.decode()
    assert client.post("/sizing/plan", {"hired_in": "40"}).status_code == 422, (
        "refused before it is asked for"
    )
    assert as_user("ben").post("/sizing/plan", asked).status_code in {403, 404}
    assert Job.objects.filter(work="headcount-plan").count() == 1


def test_a_plan_is_worked_out_and_shown_with_its_chart(as_user):
    client = as_user("lena")
    assert (
        client.post("/sizing/plan", {"hires": "2", "layer_percent": "30%", "leaver": "ben"}).status_code
        == 302
    )
    text = client.get("/sizing").content.decode()

    assert (
        'class="bands"' in text
        and "2 more from" in text
        and "Ben Adler leaves" in text
        and "takes 30% of the hours" in text
    )
    for bad in (
        {"hires": "many"},
        {"hired_in": "40"},
        {"layer_percent": "200"},
        {"layer_percent": "x"},
        {"leaver": "nobody"},
    ):
        assert client.post("/sizing/plan", bad).status_code == 422, bad


def test_a_layer_is_pushed_down_from_the_hours_on_record_and_these_open(as_user):
    client = as_user("lena")
    asked = {"layer_kind": "call", "layer_percent": "50%", "layer_tier": "2"}
    assert client.post("/sizing/plan", asked).status_code == 302
    text = client.get("/sizing").content.decode()

    assert "One layer down takes 50% of &#x27;Call&#x27; for tier 2" in text
    assert '<option value="call">Call: ' in text and 'id="work"' in text
    assert list(problems(fetching(client.get), "/sizing")) == []
    opened = re.search(r'href="(/sizing/rows/work[^"]*kind=call)"', text)
    assert opened and "Northwind" in client.get(unescape(opened[1])).content.decode()
    assert client.get("/sizing/rows/work?kind=moon").status_code == 404


def test_what_was_typed_of_a_layer_stays_when_it_is_refused(as_user):
    client = as_user("lena")
    for bad in ({"layer_hours": "x"}, {"layer_tier": "9"}, {"layer_hours": "1e9"}, {"layer_hours": "nan"}):
        asked = {"layer_kind": "call", "layer_percent": "70", "hires": "3", **bad}
        answer = client.post("/sizing/plan", asked)
        text = answer.content.decode()
        assert answer.status_code == 422, bad
        assert 'name="layer_percent" value="70"' in text and 'name="hires" value="3"' in text
        assert '<option value="call" selected>' in text


def test_a_step_is_marked_and_taken_back(as_user):
    client = as_user("olu")
    assert client.post("/sizing/steps/pick", {"choice": "white_glove"}).status_code == 302
    assert RolloutStep.objects.get().choice == "white_glove"
    assert client.post("/sizing/steps/pick", {"done": "no"}).status_code == 302
    assert client.post("/sizing/steps/pick", {"choice": "x"}).status_code == 422
    assert not RolloutStep.objects.exists()
    assert as_user("amara").post("/sizing/steps/measure").status_code == 403


def test_before_the_first_run_policy_stands_in_and_the_page_helps(as_user):
    client = as_user("lena")
    Run.objects.all().delete()
    text = client.get("/sizing").content.decode()

    assert "no week is on record" in text and "200" in text
    assert client.get("/sizing/rows/accounts").status_code == 404
    assert client.post("/sizing/plan").status_code == 404


def test_a_part_of_the_base_is_asked_of_by_itself(as_user):
    client = as_user("lena")
    text = client.get("/sizing?scope=segment:Enterprise").content.decode()

    assert '<option value="segment:enterprise" selected>' in text and 'id="by-segment"' not in text
    assert client.get("/sizing?scope=segment:Space").status_code == 404
    assert client.get("/sizing?scope=moon:1").status_code == 200


@pytest.mark.parametrize("name", ["R&D / Labs", "日本", "http://other.example/?a=b&c"])
def test_a_segment_of_any_name_is_opened_from_its_row(as_user, team, name):
    client = as_user("lena")
    mine = team.run.account_weeks.filter(segment="Enterprise")
    many = mine.count()
    mine.update(segment=name)
    text = client.get("/sizing").content.decode()
    found = [unescape(each) for each in re.findall(r'<a href="(/sizing\?scope=segment[^"]*)"', text)]

    assert not re.search(r'href="[^"]*other\.example', text)
    (path,) = [each for each in found if "mid-market" not in each]
    assert f"{many} accounts" in client.get(path).content.decode()
    opened = re.findall(r'href="(/accounts\?as_of=2026-03-09&amp;segment=[^"]*)"', text)
    assert any(f">{many} account" in client.get(unescape(each)).content.decode() for each in opened)


def test_the_rows_can_be_taken_away_as_a_file(as_user):
    answer = as_user("lena").get("/sizing/rows/accounts?export=csv")

    assert answer.status_code == 200 and b"completed" in b"".join(
        answer.streaming_content if answer.streaming else [answer.content]
    )
