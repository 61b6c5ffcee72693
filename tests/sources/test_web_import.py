"""Imports in the browser: only operations, nothing before a look, nothing twice, nothing lost."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.test import Client

from evenbook.book.models import Account, Contract
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first, import_yaml
from evenbook.sources.actions import import_files
from evenbook.sources.models import FileLoad, Load, Mapping
from evenbook.sources.models import Question as Asked
from sources.web_import import ACCOUNTS, BAD_ROW, DOUBTFUL, MORNING, preview_of, send, sent, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.EVENBOOK_HOME = tmp_path
    ensure_first(MORNING)
    return tmp_path


@pytest.fixture
def keeper() -> Client:
    return signed_in("operations")


@pytest.fixture
def loaded(keeper) -> str:
    """Load two accounts and return the address of the import."""
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))
    return str(keeper.post(address, {"step": "load"})["Location"])


UPLOAD = "/import/uploads/aaaaaaaaaaaaaaaaaaaaaa"
PAGES = (
    "/import",
    "/import/questions",
    "/import/loads/1",
    "/import/loads/1/rejects",
    UPLOAD,
    f"{UPLOAD}/files/0",
)


@pytest.mark.parametrize("role", ["leader", "csm", "executive", "reader"])
def test_for_everybody_but_operations_the_pages_are_not_there(role, loaded, home):
    client, before = signed_in(role), Load.objects.count()

    assert {client.get(page).status_code for page in (*PAGES, loaded)} == {404}
    assert send(client, sent("a.csv", ACCOUNTS)).status_code == 404
    assert client.post("/import/questions", {"q-x": "y"}).status_code == 404
    assert Load.objects.count() == before
    assert "/import" not in client.get("/policy").text


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(page):
    assert Client().get(page)["Location"].startswith("/sign-in?next=")


def test_what_somebody_else_sent_is_not_found(keeper):
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))
    other = signed_in("operations", name="Olu")

    assert other.get(address).status_code == 404
    assert other.post(address, {"step": "load"}).status_code == 404
    assert not Load.objects.exists()


def test_an_empty_list_says_what_will_appear_and_shows_the_command(keeper):
    text = keeper.get("/import").text

    assert "Nothing was imported yet." in text
    assert "No import yet." in text and "evenbook import PATH" in text and "at most 512 MB each" in text


def test_files_are_looked_at_before_anything_is_loaded(keeper):
    address, text = preview_of(keeper, sent("accounts.csv", ACCOUNTS), sent("notes.txt", b""))

    assert "2 of 2 rows would be new." in text
    assert "accounts.csv" in text and "the file is empty" in text and "nothing is loaded yet" in text
    assert not Account.objects.exists() and not Load.objects.exists()


def test_loading_does_what_the_preview_said_and_stands_in_the_list(keeper):
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))

    page = keeper.post(address, {"step": "load"}, follow=True)

    assert Account.objects.count() == 2 and Load.objects.get().by == "Operations"
    assert "2 of 2 rows were new." in page.text
    assert "/accounts" in page.text and "evenbook week" in page.text
    listed = words(keeper.get("/import").text)
    assert (
        "by Operations" in words(page.text) and "Two rows were read on" in listed and "accounts.csv" in listed
    )


def test_a_form_that_is_sent_twice_loads_once(keeper):
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))

    first, second = (keeper.post(address, {"step": "load"}) for _ in range(2))

    assert first["Location"] == second["Location"] == f"/import/loads/{Load.objects.get().pk}"
    assert keeper.get(address)["Location"] == first["Location"]


def test_the_same_file_again_would_change_nothing(keeper, loaded):
    _, text = preview_of(keeper, sent("accounts.csv", ACCOUNTS))

    assert "Nothing would change: all 2 rows are known already." in text


def test_after_the_load_the_files_are_taken_away(keeper, loaded, home):
    assert [
        path.name for path in (home / "imports").rglob("*") if path.is_file() and path.name.isdigit()
    ] == []


def test_a_folder_has_the_names_and_questions_of_the_command_line(keeper, home):
    (home / "export").mkdir()
    (home / "export" / "accounts.csv").write_bytes(DOUBTFUL)
    report = import_files([home / "export"], by=SYSTEM, now=MORNING, home=home, dry_run=True)

    boxes = {"folder": [sent("accounts.csv", DOUBTFUL)], "paths": '["export/accounts.csv"]'}
    page = keeper.post("/import", boxes, follow=True)

    assert report.questions[0].id in page.text and report.files[0].file == "accounts.csv"


def test_files_that_were_sent_can_be_taken_away_unloaded(keeper, home):
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))
    assert "Sent and not loaded" in keeper.get("/import").text

    page = keeper.post(address, {"step": "drop"}, follow=True)

    assert "The files were taken away; nothing was loaded." in page.text
    assert keeper.get(address).status_code == 404 and "Sent and not loaded" not in page.text
    assert not any((home / "imports" / "uploads").iterdir())


def test_no_file_chosen_is_said(keeper):
    answer = keeper.post("/import", {})

    assert answer.status_code == 422 and "No file was chosen." in answer.text


def test_rejected_rows_are_shown_with_row_column_and_reason_and_downloaded(keeper):
    address, text = preview_of(keeper, sent("accounts.csv", BAD_ROW))
    assert "1 would be rejected" in words(text) and "Renewal Date" in text

    page = keeper.post(address, {"step": "load"}, follow=True)
    file = keeper.get(f"/import/loads/{Load.objects.get().pk}/rejects")
    rows = list(csv.DictReader(StringIO(b"".join(file.streaming_content).decode())))

    assert "31.31.2026" in page.text
    assert [(row["row"], row["column"]) for row in rows] == [("3", "Renewal Date")]
    assert file["Content-Disposition"].startswith("attachment;") and file["Content-Type"].startswith(
        "text/csv"
    )


def test_a_preview_gives_its_rejects_as_a_file_too(keeper):
    address, _ = preview_of(keeper, sent("accounts.csv", BAD_ROW))

    assert b"31.31.2026" in b"".join(keeper.get(f"{address}/rejects").streaming_content)


def test_a_question_is_asked_with_radio_buttons_and_says_how_many_rows_wait(keeper):
    _, text = preview_of(keeper, sent("accounts.csv", DOUBTFUL))

    assert "Is the day or the month first" in text and "2 rows wait" in words(text)
    assert 'type="radio"' in text and "03/04/2025 is 3 April" in text


def test_an_answer_in_the_preview_shows_and_loads_what_waited(keeper):
    address, text = preview_of(keeper, sent("accounts.csv", DOUBTFUL))
    question = _question(text)

    looked = keeper.post(address, {"step": "look", question: "dmy"}, follow=True)
    assert "2 of 2 rows would be new." in looked.text and "1 answer given" in looked.text
    keeper.post(address, {"step": "load"})

    assert {each.renews_on.isoformat() for each in Contract.objects.all() if each.renews_on} <= {
        "2026-04-03",
        "2026-06-05",
    }
    assert Account.objects.count() == 2 and Asked.objects.get().answer == "dmy"


def test_rows_that_wait_load_once_their_question_is_answered(keeper):
    address, _ = preview_of(keeper, sent("accounts.csv", DOUBTFUL))
    load = keeper.post(address, {"step": "load"}, follow=True)
    assert "2 waited for an answer" in load.text and not Account.objects.exists()
    assert "One question keeps two rows from loading." in keeper.get("/import").text
    form = keeper.get("/import/questions").text

    page = keeper.post("/import/questions", {_question(form): "mdy", "token": _token(form)}, follow=True)

    assert "2 of 2 rows were new." in page.text and Account.objects.count() == 2
    assert "No question is open." in keeper.get("/import/questions").text


def test_answers_that_are_sent_twice_load_once(keeper):
    address, _ = preview_of(keeper, sent("accounts.csv", DOUBTFUL))
    keeper.post(address, {"step": "load"})
    form = keeper.get("/import/questions").text
    boxes = {_question(form): "mdy", "token": _token(form)}

    first, second = (keeper.post("/import/questions", boxes, follow=True) for _ in range(2))

    assert Load.objects.count() == 2
    assert first.redirect_chain[-1] == second.redirect_chain[-1]


@pytest.mark.parametrize("page", ["preview", "questions"])
def test_an_answer_that_is_none_of_the_choices_is_refused_and_changes_nothing(page, keeper):
    address, text = preview_of(keeper, sent("accounts.csv", DOUBTFUL))
    question = _question(text)
    if page == "questions":
        keeper.post(address, {"step": "load"})
    before = Load.objects.count()

    answer = keeper.post(
        address if page == "preview" else "/import/questions", {"step": "load", question: "neither"}
    )

    assert answer.status_code == 422 and "One answer cannot stand; nothing was loaded." in answer.text
    assert Load.objects.count() == before


def test_a_rate_is_typed_beside_its_choice_and_kept_where_it_cannot_stand(keeper):
    euros = b"Account ID,Account Name,ARR,Currency\nA-1,Northwind Foods,120000,EUR\n"
    address, text = preview_of(keeper, sent("accounts.csv", euros))
    question = _question(text)

    refused = keeper.post(address, {"step": "look", question: "rate=<number>", f"{question}-typed": "lots"})
    assert refused.status_code == 422 and 'value="lots"' in refused.text
    assert "Type a number above 0, such as 1.08." in refused.text

    page = keeper.post(
        address, {"step": "load", question: "rate=<number>", f"{question}-typed": "1,08"}, follow=True
    )
    assert "1 of 1 row was new." in page.text


def test_the_columns_of_a_file_open_with_first_values_and_can_be_changed(keeper):
    data = b"Acct No,Customer,Internal Ref\nA-1,Northwind Foods,x-1\nA-2,Kestrel Bio,x-2\n"
    address, _ = preview_of(keeper, sent("accounts.csv", data))
    page = keeper.get(f"{address}/files/0").text
    assert "Northwind Foods" in page and "Internal Ref" in page and "as proposed" in page

    boxes = {"table": "accounts", "was": "accounts", "column-0": "account_id", "column-1": "account_name"}
    answer = keeper.post(f"{address}/files/0", {**boxes, "column-2": "skip"}, follow=True)

    assert "Kept for accounts.csv, and for later files with the same columns." in words(answer.text)
    assert Mapping.objects.get().document["columns"]["Internal Ref"] == "skip"
    assert "as a person said" in keeper.get(f"{address}/files/0").text


def test_two_columns_for_one_field_are_refused_and_what_was_chosen_stays(keeper):
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))
    boxes = {"table": "accounts", "was": "accounts", "column-0": "account_name", "column-1": "account_name"}

    answer = keeper.post(f"{address}/files/0", boxes)

    assert answer.status_code == 422 and "are both mapped to account_name" in answer.text
    assert answer.text.count('<option value="account_name" selected>') == 2
    assert not Mapping.objects.exists()


def test_another_table_proposes_its_columns_before_anything_is_kept(keeper):
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))

    answer = keeper.post(f"{address}/files/0", {"table": "contracts", "was": "accounts"})

    assert "nothing is kept yet" in answer.text and 'name="was" value="contracts"' in answer.text
    assert not Mapping.objects.exists()


def test_a_file_can_be_left_out(keeper):
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))

    page = keeper.post(f"{address}/files/0", {"table": "skip", "was": "accounts"}, follow=True)

    assert "Nothing in this file can be loaded." in page.text


def test_a_column_named_for_a_field_that_is_not_there_is_refused(keeper):
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))

    answer = keeper.post(
        f"{address}/files/0", {"table": "accounts", "was": "accounts", "column-0": "__class__"}
    )

    assert answer.status_code == 422 and not Mapping.objects.exists()
    assert keeper.post(f"{address}/files/0", {"table": "nothing"}).status_code == 422
    assert keeper.get(f"{address}/files/7").status_code == 404


def test_each_import_opens_to_its_files(keeper, loaded):
    text = keeper.get(loaded).text

    assert "accounts.csv" in text and str(FileLoad.objects.get().created) in text
    assert keeper.get("/import/loads/999").status_code == 404
    assert keeper.get(f"{loaded}/rejects").status_code == 404


def test_the_limit_in_force_is_the_policys(keeper):
    import_yaml("sources: {max_upload_mb: 1}", by=SYSTEM, note="Less.", now=MORNING)

    assert "at most 1 MB each" in keeper.get("/import").text


def _question(text: str) -> str:
    return text.partition('type="radio" name="')[2].partition('"')[0]


def _token(text: str) -> str:
    return text.partition('name="token" value="')[2].partition('"')[0]
