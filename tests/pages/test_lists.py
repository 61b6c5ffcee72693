"""The list of accounts, the matrix and the sheet: filters, order, pages, views, files, bad input."""

from __future__ import annotations

import csv
import io

import openpyxl
import pyarrow.parquet as pq
import pytest
from tests.pages.reading import read

from evenbook.book.models import Account
from evenbook.screens.models import SavedView


def names(answer) -> list[str]:
    return [each.row.name for each in answer.context["page"].accounts]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("q=kestrel", 1),
        ("q=ACCOUNT2.example", 1),
        ("owner=ben", 12),
        ("owner=pool:digital", 3),
        ("owner=nobody", 0),
        ("tier=1", 6),
        ("segment=Enterprise", 12),
        ("state=at_risk", 4),
        ("color=red", 4),
        ("coverage=gaps", 6),
        ("coverage=covered", 18),
        ("hot=yes", 3),
        ("renews=30", 2),
        ("team=South", 9),
        ("book=chidi", 12),
        ("state=at_risk&tier=1", 2),
        ("changed=any", 6),
        ("changed=at_risk", 3),
        ("q=%00", 24),
    ],
)
def test_filters_keep_what_they_name(as_user, asked, count):
    answer = as_user("lena").get(f"/accounts?{asked}")

    assert answer.context["page"].totals.accounts == count == len(names(answer))


@pytest.mark.parametrize("asked", ["tier=banana", "state=%3Cscript%3E", "as_of=yesterday", "export=docx"])
def test_what_makes_no_sense_is_left_out_and_said(as_user, asked):
    answer = as_user("lena").get(f"/accounts?{asked}")
    said = answer.content.decode()

    assert answer.status_code == 200 and "<script>" not in said
    assert any(word in said for word in ("is not known", "is not a day", "There is no export"))


@pytest.mark.parametrize(
    "asked", ["page=0", "page=-1", "page=9999999", "page=x", "sort=nonsense", "sort=--arr"]
)
def test_a_page_or_order_that_there_is_not_shows_one_that_there_is(as_user, asked):
    assert len(names(as_user("lena").get(f"/accounts?{asked}"))) == 24


def test_every_column_that_sorts_sorts_both_ways(as_user):
    client = as_user("lena")
    for column in ("account", "owner", "tier", "state", "score", "arr", "effort", "renews", "contact"):
        up, down = (
            names(client.get(f"/accounts?sort={column}")),
            names(client.get(f"/accounts?sort=-{column}")),
        )
        assert len(up) == len(down) == 24 and up != down


def test_accounts_without_a_value_stand_last_either_way(as_user):
    client = as_user("lena")
    without = {"Vermilion Labs", "Invented Company 00021", "Quillon Press"}
    for order in ("arr", "-arr"):
        assert set(names(client.get(f"/accounts?sort={order}"))[-2:]) <= without


def test_the_heading_says_how_the_table_is_sorted(as_user):
    said = as_user("lena").get("/accounts?sort=-arr").content.decode()

    assert said.count("aria-sort=") == 1 and 'aria-sort="descending"' in said


def test_a_view_is_kept_and_comes_back(as_user):
    client = as_user("ben")
    kept = {"name": "  My   tier 1 ", "query": "tier=1&sort=-arr&page=3", "back": "/accounts"}
    client.post("/views/accounts", kept)
    client.post("/views/accounts", kept)
    said = client.get("/accounts").content.decode()

    assert SavedView.objects.count() == 1 and "My tier 1" in said and "?tier=1&amp;sort=-arr" in said
    assert SavedView.objects.get().query == "tier=1&sort=-arr"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_without_a_usable_name_is_refused_in_words(as_user, name):
    asked = {"name": name, "query": "", "back": "/accounts"}
    said = as_user("ben").post("/views/accounts", asked, follow=True).content.decode()

    assert not SavedView.objects.exists() and ("no name" in said or "too long" in said)


def test_keeping_a_view_leads_nowhere_else(as_user):
    for back in ("//evil.example/", "https://evil.example/", "javascript:alert(1)"):
        answer = as_user("ben").post("/views/accounts", {"name": "x", "query": "", "back": back})
        assert answer["Location"].split("?")[0] == "/"


def test_a_file_holds_every_row_exactly(as_user):
    client = as_user("lena")
    text = client.get("/accounts?owner=ben&export=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    book = openpyxl.load_workbook(io.BytesIO(client.get("/accounts?owner=ben&export=xlsx").content))
    table = pq.read_table(io.BytesIO(client.get("/accounts?owner=ben&export=parquet").content))

    assert len(rows) == book.active.max_row - 1 == table.num_rows == 12
    assert rows[0]["arr"] == "310000.0" and table["arr"][0].as_py() == 310_000.0
    assert rows[0]["as_of"] == "2026-03-09" and rows[0]["policy_version"] == "1"


def test_an_account_named_as_a_formula_stays_text_in_a_file(as_user, team):
    Account.objects.filter(pk=team.accounts[0].pk).update(name='=HYPERLINK("//evil")')
    client = as_user("lena")
    text = client.get("/accounts?export=csv").content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/accounts?export=xlsx").content))

    assert "'=HYPERLINK" in text
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_names_are_shown_as_text_wherever_they_come(as_user, team):
    Account.objects.update(name="<script>alert(1)</script>")
    client = as_user("lena")
    for page in (
        "/my-week?person=ben",
        "/team-week",
        "/accounts",
        "/accounts/a-00002",
        "/coverage",
        "/hot-sheet",
    ):
        assert "<script>alert" not in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 24),
        ("tier=1", 6),
        ("coverage=gaps", 6),
        ("kind=check_in_note&status=expired", 4),
        ("owner=ben", 12),
        ("region=EU", 24),
        ("renews=30", 2),
    ],
)
def test_the_matrix_is_filtered(as_user, asked, count):
    assert as_user("lena").get(f"/coverage?{asked}").context["matrix"].share.accounts == count


def test_the_counts_of_a_requirement_add_up_to_those_it_is_asked_of(as_user):
    counts = as_user("lena").get("/coverage?tier=1").context["matrix"].counts

    assert sum(counts["renewal_risk_brief"].values()) == 6


def test_the_matrix_shows_gaps_first(as_user):
    assert as_user("lena").get("/coverage").context["matrix"].rows[0].row.name == "Kestrel Bio"


def test_a_page_says_which_stored_day_it_shows(as_user):
    said = as_user("lena").get("/hot-sheet?as_of=2026-03-20").content.decode()

    assert "Monday 9 March 2026" in said and "the last week stored by 20 Mar 2026" in said


def test_a_day_before_the_first_week_shows_the_newest_and_says_so(as_user):
    said = as_user("lena").get("/accounts?as_of=2020-01-01").content.decode()

    assert "No week is stored on or before 1 Jan 2020" in said


def test_the_sheet_is_ranked_and_sums_what_is_at_risk(as_user):
    page = read(as_user("lena").get("/hot-sheet").content.decode())

    assert page.folds["rows"].value == "3"
    assert sum(part or 0 for part, _ in page.parts["expected"]) == pytest.approx(
        float(page.folds["expected"].value)
    )


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/%00",
        "/my-week?person=%00",
        "/accounts?q=%00&owner=%00",
        "/hot-sheet?owner=%00",
        "/find?q=%00",
        "/figures/nrr?kind=%00&subject=%00",
        "/figures/nrr?kind=tier&subject=%00",
        "/coverage?as_of=%00",
        "/accounts/%F0%9F%92%A9",
        "/accounts/" + "x" * 500,
        "/accounts?page=" + "9" * 400,
    ],
)
def test_nonsense_in_an_address_breaks_nothing(as_user, address):
    assert as_user("lena").get(address).status_code in {200, 404}


ASKED = {
    "/my-week": ("person", "as_of"),
    "/team-week": ("sort", "page", "export", "as_of"),
    "/accounts": (
        *("q", "owner", "team", "tier", "segment", "state", "color", "coverage", "renews", "hot", "changed"),
        *("book", "as_of", "sort", "page", "export"),
    ),
    "/accounts/a-00000": ("show", "page", "as_of"),
    "/coverage": (
        *("q", "tier", "owner", "coverage", "kind", "status", "region", "renews", "as_of", "sort", "page"),
        "export",
    ),
    "/hot-sheet": ("owner", "team", "as_of", "sort", "page", "export"),
    "/figures/covered": ("kind", "subject", "as_of", "page", "export"),
    "/find": ("q", "format"),
    "/policy/history": ("page",),
}
NONSENSE = ("1899-01-01", "0001-01-01", "9999-12-31", "-1", "evil", "'\" OR 1=1--", "%_\\", "²", "x" * 10_000)


@pytest.mark.parametrize("page", ASKED)
def test_wrong_values_of_every_parameter_get_an_answer(as_user, page):
    for client in (as_user("lena"), as_user("ben")):
        for value in NONSENSE:
            answer = client.get(page, dict.fromkeys(ASKED[page], value))
            assert answer.status_code in {200, 404}, f"{page}: {value[:20]}"
            assert answer.headers["Content-Type"].startswith(("text/html", "application/json"))


def test_a_value_that_is_not_understood_is_named_and_the_page_is_shown(as_user):
    said = as_user("lena").get("/accounts?tier=9&as_of=tomorrow&export=pdf").content.decode()

    assert "9&#x27; is not known; the filter was left out" in said and "no export as &#x27;pdf&#x27;" in said
    assert "&#x27;tomorrow&#x27; is not a day" in said


def test_a_file_holds_the_rows_that_the_page_shows_in_its_order(as_user):
    for name in ("lena", "ben"):
        client = as_user(name)
        asked = "tier=1&sort=-score"
        shown = [each.row.key for each in client.get(f"/accounts?{asked}").context["page"].accounts]
        text = client.get(f"/accounts?{asked}&export=csv").content.decode("utf-8-sig")
        assert [row["account"] for row in csv.DictReader(io.StringIO(text))] == shown


def test_a_view_is_made_replaced_and_dropped(as_user):
    client = as_user("ben")
    for query in ("tier=1", "tier=2"):
        client.post("/views/accounts", {"name": "Mine", "query": query, "back": "/accounts"})
    kept = SavedView.objects.get()
    assert kept.query == "tier=2"

    assert client.get(f"/views/{kept.pk}/drop").status_code == 405
    client.post(f"/views/{kept.pk}/drop", {"back": "/accounts"})
    client.post(f"/views/{kept.pk}/drop", {"back": "/accounts"})
    assert not SavedView.objects.exists()


def test_a_view_named_with_what_a_database_refuses_is_kept_without_it(as_user):
    asked = {"name": "a\x00b", "query": "q=%00x", "back": "/accounts"}
    as_user("ben").post("/views/accounts", asked)

    assert SavedView.objects.get().name == "ab" and "%00" not in SavedView.objects.get().query
