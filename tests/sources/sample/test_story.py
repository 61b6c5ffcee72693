"""The parts of the story are always played, whatever the seed, the day and the size."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from evenbook.sources.sample.company import company
from evenbook.sources.sample.story import CAST, key_of

COMPANIES = ((date(2026, 3, 9), 1, 320), (date(2025, 8, 20), 5, 320), (date(2026, 1, 1), 2, 60))


@pytest.fixture(scope="module", params=COMPANIES, ids=lambda each: f"{each[0]}-seed-{each[1]}-of-{each[2]}")
def told(request) -> tuple[date, dict[str, pa.Table]]:
    as_of, seed, accounts = request.param
    return as_of, company(as_of=as_of, seed=seed, accounts=accounts)


def rows_of(sample: dict[str, pa.Table], table: str, part: str) -> list[dict]:
    keys = sample["book_account"]["key"].to_pylist()
    rows = sample[table]
    return rows.filter(pc.equal(rows["account_id"], keys.index(key_of(part)) + 1)).to_pylist()


def weekly_users(sample: dict[str, pa.Table], part: str) -> list[float]:
    """Return an account's users against all that its feed told of in the week, which takes the season out."""
    rows = [row for row in rows_of(sample, "records_usageweek", part) if row["measure"] == "active_users"]
    usage = sample["records_usageweek"]
    same = usage.filter(
        pc.and_(pc.equal(usage["source"], "product"), pc.equal(usage["measure"], "active_users"))
    )
    everybody = same.group_by("week_on").aggregate([("value", "approximate_median")]).to_pylist()
    usual = {each["week_on"]: each["value_approximate_median"] for each in everybody}
    return [row["value"] / usual[row["week_on"]] for row in sorted(rows, key=lambda row: row["week_on"])]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def last_talk(sample: dict[str, pa.Table], part: str) -> datetime:
    held = [row for row in rows_of(sample, "records_interaction", part) if row["customer_present"]]
    return max(row["happened_at"] for row in held)


def person(sample: dict[str, pa.Table], name: str) -> dict:
    return next(row for row in sample["book_person"].to_pylist() if row["name"].startswith(name))


def test_a_quiet_churn_lies_three_months_ahead(told):
    as_of, sample = told
    users = weekly_users(sample, "quiet_churn")

    assert mean(users[-4:]) < 0.7 * mean(users[-32:-22])
    assert rows_of(sample, "records_ticket", "quiet_churn") == []
    open_terms = [
        row for row in rows_of(sample, "book_contract", "quiet_churn") if row["known_until"] is None
    ]
    assert min(row["renews_on"] for row in open_terms if row["renewed_at"] is None) == as_of + timedelta(
        days=91
    )


def test_a_loud_account_grows(told):
    as_of, sample = told
    users = weekly_users(sample, "loud_healthy")
    lately = datetime(as_of.year, as_of.month, as_of.day) - timedelta(days=90)

    assert mean(users[-52:]) > 1.1 * mean(users[:52])
    assert (
        len(
            {
                row["external_id"]
                for row in rows_of(sample, "records_ticket", "loud_healthy")
                if row["happened_at"] > lately
            }
        )
        > 20
    )


def test_an_account_of_tier_1_has_not_been_spoken_to_for_months_and_uses_as_before(told):
    as_of, sample = told
    users = weekly_users(sample, "silent_tier_1")

    assert last_talk(sample, "silent_tier_1").date() < as_of - timedelta(days=120)
    assert 0.6 < mean(users[-8:]) / mean(users[-60:-52]) < 1.6
    assert rows_of(sample, "book_accountvalue", "silent_tier_1")[0]
    assert {
        row["value"] for row in rows_of(sample, "book_accountvalue", "silent_tier_1") if row["name"] == "tier"
    } == {"1"}


def test_one_feed_broke_and_only_those_on_it_have_a_gap(told):
    _, sample = told
    feeds = sample["records_feedweek"].filter(pc.equal(sample["records_feedweek"]["measure"], "active_users"))
    share = {(row["source"], row["week_on"]): row["share"] for row in feeds.to_pylist()}
    weeks = sorted({week for source, week in share if source == "product"})

    assert [share.get(("product-ap", week)) for week in weeks[-4:]] == [1.0, 0.31, None, None]
    assert all(share["product", week] == 1.0 for week in weeks[-4:])
    usage = sample["records_usageweek"]
    on_it = usage.filter(pc.equal(usage["source"], "product-ap"))
    assert on_it.num_rows > 0 and pc.max(on_it["week_on"]).as_py() <= weeks[-3]
    assert pc.max(usage["week_on"]).as_py() == weeks[-1]


def test_the_helpdesk_does_not_know_the_duplicate_by_the_id_of_the_others(told):
    _, sample = told
    assert {row["source"] for row in rows_of(sample, "book_accountalias", "duplicate")} == {"crm", "product"}
    assert rows_of(sample, "book_ownership", "duplicate")


def test_a_record_of_the_crm_does_not_match_what_the_account_is(told):
    _, sample = told
    tier = [
        row["value"] for row in rows_of(sample, "book_accountvalue", "mismatched") if row["name"] == "tier"
    ]
    owner = rows_of(sample, "book_ownership", "mismatched")[-1]["person_id"]

    assert tier == ["4"]
    assert (
        sum(row["change_cents"] for row in rows_of(sample, "book_revenuemovement", "mismatched")) > 10_000_000
    )
    assert not next(row for row in sample["book_person"].to_pylist() if row["id"] == owner)["is_person"]


def test_a_colleague_left_most_of_it_went_to_one_person_and_one_is_new(told):
    as_of, sample = told
    ruth, dana, tomas = (person(sample, name) for name in ("Ruth", "Dana", "Tomás"))
    inherited = [
        row
        for row in sample["book_ownership"].to_pylist()
        if row["reason"] == "Departure of the former owner"
    ]

    assert ruth["left_on"] == as_of - timedelta(days=70)
    assert 31 <= (as_of - tomas["started_on"]).days <= 60
    lately = [row for row in inherited if row["happened_at"].date() > as_of - timedelta(days=80)]
    takers = [row["person_id"] for row in lately]
    assert takers.count(dana["id"]) == max(takers.count(taker) for taker in takers)
    assert tomas["id"] in sample["book_ownership"]["person_id"].to_pylist()


def test_some_accounts_have_an_onboarding_or_an_expansion_owner_besides(told):
    _, sample = told
    names = {row["id"]: row["name"].split()[0] for row in sample["book_person"].to_pylist()}
    rows = sample["book_ownership"].to_pylist()
    given = [row for row in rows if row["role"] != "owner"]
    last = {row["account_id"]: row["person_id"] for row in rows if row["role"] == "owner"}
    started = {row["id"]: row["started_at"] for row in sample["book_account"].to_pylist()}

    holders = {(row["role"], names[row["person_id"]]) for row in given}

    assert ("expansion", "Chidi") in holders
    assert holders <= {("expansion", "Chidi"), ("onboarding", "Haruka")}  # a small team has no Haruka
    assert len(given) <= 30 and len({(row["account_id"], row["role"]) for row in given}) == len(given)
    assert all(last[row["account_id"]] not in {None, row["person_id"]} for row in given)
    assert all(row["happened_at"] >= started[row["account_id"]] for row in given)


def test_leave_lies_ahead_and_behind_with_cover(told):
    as_of, sample = told
    leave = sample["book_leave"].to_pylist()

    assert any(row["first_on"] > as_of for row in leave)
    assert any((row["last_on"] - row["first_on"]).days > 60 for row in leave)
    assert all(row["cover_id"] not in {None, row["person_id"]} for row in leave)


def test_unusual_names_are_there_letter_by_letter(told):
    _, sample = told
    names = sample["book_account"]["name"].to_pylist()

    assert names[: len(CAST)] == [part.name for part in CAST]
    assert "شركة نورفالا للبرمجيات" in names and any(len(name) > 130 for name in names)
