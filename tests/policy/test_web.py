"""The pages of the policy: everybody reads, operations change in two steps, nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evenbook.people.actions import add_user
from evenbook.people.models import User
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first, import_yaml
from evenbook.policy.models import PolicyVersion
from evenbook.policy.queries import latest
from evenbook.policy.registry import sections
from evenbook.policy.rules.document import from_document, to_document
from evenbook.policy.rules.form import given, questions, with_blank_row
from evenbook.policy.schema import Policy

pytestmark = [pytest.mark.django_db, pytest.mark.urls("policy.addresses")]

ROLES = ("executive", "leader", "csm", "operations", "reader")
PAGES = ("/policy", "/policy/numbers/capacity", "/policy/history", "/policy/versions/1", "/policy/load")


@pytest.fixture
def first(now):
    ensure_first(now)


def signed_in(role: str, now) -> Client:
    add_user(SYSTEM, mail=f"{role}@evenbook.example", name=role.capitalize(), role=role, now=now)
    client = Client()
    client.force_login(User.objects.get(mail=f"{role}@evenbook.example"))
    return client


@pytest.fixture
def keeper(first, now) -> Client:
    return signed_in("operations", now)


def sent_by(name: str) -> dict[str, str | list[str]]:
    """Return what the form of a section sends when nothing is typed."""
    kind = next(each for each in sections() if each.name == name)
    boxes: dict[str, str | list[str]] = {"expected": str(latest().number)}
    for question in questions(kind, to_document(latest().policy)[name]):
        for box in [question.box] if question.box else [box for line in question.lines for box in line.boxes]:
            boxes[box.name] = list(box.chosen) if box.card.kind == "words" else box.text
        if not question.box:
            boxes[f"{question.card.name}-asked"] = "1"
    return boxes


@pytest.mark.parametrize("kind", sections(), ids=lambda each: each.name)
def test_a_form_sent_back_unchanged_is_the_same_section(kind):
    values = to_document(Policy.defaults(sections()))[kind.name]
    post: dict[str, list[str]] = {}
    for question in questions(kind, values):
        for box in [question.box] if question.box else [box for line in question.lines for box in line.boxes]:
            post[box.name] = list(box.chosen) if box.card.kind == "words" else [box.text]
        post[f"{question.card.name}-asked"] = ["1"]

    policy = from_document({kind.name: given(kind, post)}, sections())

    assert policy.of(kind) == kind()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", PAGES)
def test_everybody_who_signs_in_may_read(role, address, first, now):
    assert signed_in(role, now).get(address).status_code == 200


@pytest.mark.parametrize("address", [*PAGES, "/policy/versions/1/file"])
def test_a_stranger_is_sent_to_sign_in(address, first):
    answer = Client().get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize("role", [role for role in ROLES if role != "operations"])
def test_only_operations_may_change(role, first, now):
    client = signed_in(role, now)
    boxes = {**sent_by("hotsheet"), "share": "0.2", "step": "adopt", "note": "Mine.", "expected": "1"}

    assert client.post("/policy/numbers/hotsheet", boxes).status_code == 403
    assert (
        client.post(
            "/policy/load", {"text": "hotsheet: {share: 0.2}", "step": "adopt", "note": "x"}
        ).status_code
        == 403
    )
    assert (
        "<input" not in client.get("/policy/numbers/hotsheet").text.split('id="main"')[1].split("</main>")[0]
    )
    assert latest().number == 1


def test_each_number_is_shown_with_its_unit_its_reason_and_its_default(keeper):
    for kind in sections():
        text = keeper.get(f"/policy/numbers/{kind.name}").content.decode()
        for card in kind.cards():
            assert f'id="{card.name}"' in text
    text = keeper.get("/policy/numbers/capacity").text
    assert "customer-facing hours a month" in text
    assert "published calibrations lie between 90 and 120." in text
    assert "Default: 120. Must be above 0, at most 300." in text


def test_a_change_is_shown_before_it_is_adopted_and_then_adopted_with_its_note(keeper):
    boxes = {**sent_by("capacity"), "monthly_hours": "110", "base_hours-0-hours": "9"}

    looked = keeper.post("/policy/numbers/capacity", {**boxes, "step": "look"})
    assert looked.status_code == 200
    assert "2 values differ" in looked.text
    assert "Effort and capacity: Base hours, 1, hours" in looked.text
    assert 'name="monthly_hours" value="110"' in looked.text
    assert latest().number == 1

    adopted = keeper.post(
        "/policy/numbers/capacity", {**boxes, "step": "adopt", "note": "Measured in spring."}
    )
    assert adopted.status_code == 302
    newest = PolicyVersion.objects.get(number=2)
    assert (newest.author_name, newest.note) == ("Operations", "Measured in spring.")
    assert newest.author == User.objects.get()
    assert [each["path"] for each in newest.difference] == [
        "capacity.base_hours[1].hours",
        "capacity.monthly_hours",
    ]

    page = keeper.get("/policy/numbers/capacity").text
    assert "Version 2 is in force." in page
    assert "Last changed from 120 on" in page and "by Operations" in page


def test_a_value_that_cannot_stand_is_refused_beside_its_box_and_what_was_typed_is_kept(keeper):
    boxes = {
        **sent_by("capacity"),
        "monthly_hours": "lots & lots",
        "base_hours-0-hours": "-4",
        "ramp-0-share": "",
    }

    refused = keeper.post("/policy/numbers/capacity", {**boxes, "step": "look"})

    assert refused.status_code == 422
    assert "3 values cannot stand; nothing was changed." in refused.text
    assert "Monthly hours must be a number, not &#x27;lots &amp; lots&#x27;." in refused.text
    assert 'value="lots &amp; lots"' in refused.text
    assert "Hours must be at least 0, not &#x27;-4&#x27;." in refused.text
    assert "Share must be a number, but nothing was given." in refused.text


def test_a_refusal_of_the_whole_section_is_said_above_it(keeper):
    boxes = {**sent_by("states"), "leave_above": "0.5", "step": "look"}

    text = keeper.post("/policy/numbers/states", boxes).text

    assert "At risk below, declining below and leave above must rise in this order." in text


def test_a_form_that_changes_nothing_says_so(keeper):
    answer = keeper.post("/policy/numbers/hotsheet", {**sent_by("hotsheet"), "step": "look"})

    assert "Nothing differs from the version in force." in answer.text


def test_a_change_without_a_note_is_asked_for_one_and_keeps_the_change(keeper):
    boxes = {**sent_by("hotsheet"), "share": "0.2", "step": "adopt", "note": " "}

    answer = keeper.post("/policy/numbers/hotsheet", boxes)

    assert answer.status_code == 422
    assert "The change has no note." in answer.text
    assert 'name="share" value="0.2"' in answer.text
    assert latest().number == 1


def test_of_two_people_who_save_at_once_the_second_is_told_and_loses_nothing(keeper, operations, now):
    boxes = {**sent_by("hotsheet"), "share": "0.2", "step": "adopt", "note": "More time."}
    import_yaml(
        "capacity: {monthly_hours: 110}", by=operations, note="Quicker.", now=now + timedelta(hours=1)
    )

    told = keeper.post("/policy/numbers/hotsheet", boxes)
    assert told.status_code == 422
    assert "Version 2 was adopted by Operations since you began" in told.text
    assert 'value="More time."' in told.text and 'name="expected" value="2"' in told.text
    assert latest().number == 2

    assert keeper.post("/policy/numbers/hotsheet", {**boxes, "expected": "2"}).status_code == 302
    assert latest().policy.params()["capacity_monthly_hours"] == 110
    assert latest().policy.params()["hotsheet_share"] == 0.2


def test_back_from_the_review_the_form_shows_what_was_typed(keeper):
    boxes = {**sent_by("hotsheet"), "share": "0.2", "step": "edit", "note": "x"}

    assert 'name="share" value="0.2"' in keeper.post("/policy/numbers/hotsheet", boxes).text


def test_rows_are_added_and_taken_away(keeper):
    boxes = sent_by("organization")
    added = keeper.post("/policy/numbers/organization", {**boxes, "add": "exchange_rates"})
    assert 'name="exchange_rates-0-currency"' in added.text

    rates = {"exchange_rates-0-currency": "EUR", "exchange_rates-0-rate": "1.1"}
    keeper.post("/policy/numbers/organization", {**boxes, **rates, "step": "adopt", "note": "We sell there."})
    assert latest().policy.tables()["policy_organization_exchange_rates"] == [
        {"currency": "EUR", "rate": 1.1}
    ]

    gone = {**sent_by("organization"), "exchange_rates-0-drop": "1", "step": "adopt", "note": "No more."}
    keeper.post("/policy/numbers/organization", gone)
    assert latest().policy.tables()["policy_organization_exchange_rates"] == []


def test_a_fixed_table_takes_no_new_row():
    kind = next(each for each in sections() if each.name == "capacity")

    assert with_blank_row({"base_hours": []}, "base_hours", kind) == {"base_hours": []}


def test_a_list_to_tick_may_be_emptied_and_is_then_refused_in_words(keeper):
    boxes = {name: value for name, value in sent_by("organization").items() if name != "working_days"}

    answer = keeper.post("/policy/numbers/organization", {**boxes, "working_days-asked": "1", "step": "look"})

    assert "Working days must name at least one working day." in answer.text


def test_a_file_is_downloaded_changed_loaded_reviewed_and_adopted(keeper):
    answer = keeper.get("/policy/versions/1/file")
    assert answer["Content-Disposition"] == 'attachment; filename="policy-version-1.yaml"'
    text = answer.text.replace("  share: 0.12", "  share: 0.15")

    looked = keeper.post(
        "/policy/load", {"file": SimpleUploadedFile("p.yaml", text.encode()), "step": "look"}
    )
    assert "1 value differs" in looked.text and "Hot sheet: Share" in looked.text

    boxes = {"text": text, "step": "adopt", "note": "More time.", "expected": "1"}
    assert keeper.post("/policy/load", boxes).status_code == 302
    assert latest().policy.params()["hotsheet_share"] == 0.15


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"hotsheet: {share: 4}", "hotsheet.share must be at most 1, not 4"),
        (b"hotsheet: [", "is not YAML"),
        (b"\xff\x00", "The file is not text in UTF-8."),
        (b"hot: {}", "hot is not a section of the policy"),
    ],
)
def test_a_file_that_cannot_stand_is_refused_in_words_and_kept(data, words, keeper):
    answer = keeper.post("/policy/load", {"file": SimpleUploadedFile("p.yaml", data), "step": "look"})

    assert answer.status_code == 422
    assert words in answer.text
    assert words.endswith("UTF-8.") or data.decode() in answer.text
    assert latest().number == 1


def test_a_version_that_never_was_and_a_section_that_is_not_are_not_found(keeper):
    for address in ("/policy/versions/9", "/policy/versions/9/file", "/policy/numbers/weather"):
        assert keeper.get(address).status_code == 404


def test_the_history_shows_each_version_with_its_difference(keeper, operations, now):
    import_yaml(
        "hotsheet: {share: 0.2}", by=operations, note="<b>More</b> time.", now=now + timedelta(days=1)
    )

    text = keeper.get("/policy/history").text

    assert "The policy has 2 versions" in text
    assert "Hot sheet: Share" in text and "0.12" in text and "&lt;b&gt;More&lt;/b&gt; time." in text
    assert "no longer in force" in keeper.get("/policy/versions/1").text


def test_a_long_history_comes_a_page_at_a_time_the_newest_first(keeper, operations, now):
    for each in range(44):
        share = f"hotsheet: {{share: {0.13 + each / 1000:.3f}}}"
        import_yaml(share, by=operations, note=f"Note {each}.", now=now + timedelta(days=1, minutes=each))

    def numbers(query: str) -> list[int]:
        return [
            int(each)
            for each in re.findall(r'id="version-(\d+)"', keeper.get(f"/policy/history{query}").text)
        ]

    text = keeper.get("/policy/history?page=2").text
    assert "The policy has 45 versions" in text and "21–40 of 45 versions" in text
    assert 'href="?page=1"' in text and 'href="?page=3"' in text
    assert numbers("") == list(range(45, 25, -1))
    assert numbers("?page=3") == numbers("?page=999") == [5, 4, 3, 2, 1]
    assert numbers("?page=nonsense") == numbers("?page=1")


def test_the_overview_of_a_new_instance_says_what_is_not_set_up(now):
    client = signed_in("operations", now)

    assert "Nothing is set up yet" in client.get("/policy").text
    assert "No version was adopted." in client.get("/policy/history").text


def test_the_overview_counts_what_is_the_organizations_own(keeper, operations, now):
    import_yaml("hotsheet: {share: 0.2}", by=operations, note="More.", now=now + timedelta(days=1))

    text = keeper.get("/policy").text

    assert "1 of" in text and "numbers is your own" in text
    assert "10 Mar 2026 by Operations" in text


def test_a_page_of_the_policy_needs_few_queries(keeper, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        keeper.get("/policy/numbers/capacity")
