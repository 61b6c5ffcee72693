"""Files that we did not write: every row of them is read, and what is no data is named."""

from __future__ import annotations

from pathlib import Path

from evenbook.sources.profile import profile_of
from evenbook.sources.reading import Sheet, Unread
from sources.reading_tables import everything, rejects, rows
from sources.real_data import data_set


def tables(folder: Path) -> dict[str, Sheet]:
    return {found.file: found for found in everything(folder) if isinstance(found, Sheet)}


def counts(folder: Path) -> dict[str, int]:
    found = tables(folder)
    assert all(not rejects(sheet) for sheet in found.values())
    return {file: len(rows(sheet)) for file, sheet in found.items()}


def test_ravenstack_has_the_same_rows_in_both_copies():
    folder = data_set("saas_ravenstack")
    expected = {"accounts": 500, "churn_events": 600, "feature_usage": 25_000, "subscriptions": 5_000}

    iso, excel = counts(folder / "iso"), counts(folder / "excel_roundtrip_ddmmyyyy")
    assert iso == {f"ravenstack_{n}.csv": c for n, c in expected.items()} | {
        "ravenstack_support_tickets.csv": 2_000
    }
    assert excel == {f"ravenstack_{n}.csv": c for n, c in expected.items()} | {
        "ravenstack_supports_ticket.csv": 2_000
    }


def test_ravenstack_proves_the_order_of_its_dates_in_each_copy():
    folder = data_set("saas_ravenstack")
    for copy, order in (("iso", "ymd"), ("excel_roundtrip_ddmmyyyy", "dmy")):
        for sheet in tables(folder / copy).values():
            dates = [column.dates for column in profile_of(sheet).columns if column.dates is not None]
            assert {found.verdict for found in dates} == {order}


def test_crm_maven_has_the_same_rows_in_both_copies_and_its_dictionaries_are_no_data():
    folder = data_set("crm_maven")
    expected = {"accounts.csv": 85, "products.csv": 7, "sales_pipeline.csv": 8_800, "sales_teams.csv": 35}
    found = counts(folder)
    unread = {one.file: one.cause for one in everything(folder) if isinstance(one, Unread)}

    assert found == expected | {f"excel_roundtrip/{file}": count for file, count in expected.items()}
    assert unread["data_dictionary.csv"] == unread["excel_roundtrip/data_dictionary.csv"] == "documentation"


def test_crm_maven_proves_the_month_first_in_the_copy_that_excel_saved():
    sheet = tables(data_set("crm_maven"))["excel_roundtrip/sales_pipeline.csv"]
    profile = profile_of(sheet)
    for name in ("engage_date", "close_date"):
        dates = profile.column(name).dates
        assert dates is not None
        assert (dates.verdict, dates.month_first is not None, dates.day_first) == ("mdy", True, None)
    assert round(profile.column("account").blank_share, 4) == round(1425 / 8800, 4)


def test_salesforce_trees_have_ids_and_plans_are_no_data():
    folder = data_set("salesforce_samples")
    found = tables(folder)
    by_type = {(sheet.object_type, len(rows(sheet))) for sheet in found.values()}

    assert by_type == {
        ("Case", 1),
        ("Opportunity", 1),
        ("Account", 1),
        ("Contact", 119),
        ("Opportunity", 278),
    }
    assert all(sheet.header[0] == "Id" for sheet in found.values())
    case = dict(zip(found["ebikes_cases.json"].header, rows(found["ebikes_cases.json"])[0], strict=True))
    assert case["AccountId"] == "salesforce_samples/AccountRef3"
    plans = [one for one in everything(folder) if isinstance(one, Unread) and one.file.endswith("-plan.json")]
    assert {one.cause for one in plans} == {"documentation"}


def test_zendesk_answers_are_opened_to_flat_columns():
    folder = data_set("zendesk_payloads")
    found = counts(folder)
    expected = {
        "ticket": 362,
        "request": 204,
        "audit": 106,
        "ticket_metric": 101,
        "satisfaction_rating": 65,
        "user": 37,
    }

    assert {name: found[f"{name}.jsonl"] for name in expected} == expected
    assert "reply_time_in_minutes.calendar" in tables(folder)["ticket_metric.jsonl"].header
    assert "satisfaction_rating.score" in tables(folder)["ticket.jsonl"].header
    unread = {one.file: one.cause for one in everything(folder) if isinstance(one, Unread)}
    assert unread["responses_by_endpoint.json"] == "documentation"


def test_warehouse_tables_are_read_whole():
    found = counts(data_set("warehouse_seeds"))
    assert (len(found), found["hubspot/engagement_meeting_data.csv"], found["zendesk/ticket_data.csv"]) == (
        92,
        100,
        10,
    )


def test_the_blank_charges_of_telco_are_blank_not_wrong():
    (sheet,) = tables(data_set("churn_telco")).values()
    charges = profile_of(sheet).column("TotalCharges")
    assert (charges.rows, charges.blanks, charges.looks_like) == (7_043, 11, "money")
