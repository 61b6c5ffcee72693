"""The sample company is the same each time, hangs together, and knows nothing of the future."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from evenbook.sources.sample import shape
from evenbook.sources.sample.company import TABLES, company
from evenbook.sources.sample.names import PRODUCTS, STEMS_OF_TWO, company_names
from evenbook.sources.sample.story import CAST, SampleRefused, key_of
from evenbook.sources.sample.usage import FEATURES, MEASURES
from evenbook.sources.sample.world import keys
from evenbook.sources.values.names import match_name

MONDAY = date(2026, 3, 9)
POINTERS = {
    "account_id": "book_account",
    "person_id": "book_person",
    "author_id": "book_person",
    "cover_id": "book_person",
    "lead_id": "book_person",
    "pool_id": "book_pool",
}
VERSIONED = (
    "book_contact",
    "book_contract",
    "records_interaction",
    "records_ticket",
    "records_score",
    "records_opportunity",
    "records_artifact",
)


@pytest.fixture(scope="module")
def sample() -> dict[str, pa.Table]:
    return company(as_of=MONDAY)


def test_the_same_day_size_and_seed_give_the_same_rows(sample):
    again = company(as_of=MONDAY)

    assert list(sample) == list(again) == list(TABLES)
    assert all(sample[name].equals(again[name]) for name in TABLES)


def test_another_seed_gives_another_company(sample):
    other = company(as_of=MONDAY, seed=2)

    same = [name for name in TABLES if sample[name].equals(other[name])]
    assert set(same) <= {
        "book_personalias",
        "book_personrole",
        "book_personmachine",
        "book_pool",
        "book_capacityadjustment",
        "records_feedweek",
    }
    names = set(sample["book_account"]["name"].to_pylist()) & set(other["book_account"]["name"].to_pylist())
    assert len(names) < 40


def test_it_has_as_many_accounts_and_people_as_asked(sample):
    assert sample["book_account"].num_rows == 320
    roles = sample["book_person"]["role"].to_pylist()
    assert [roles.count(role) for role in ("csm", "leader", "operations", "executive")] == [9, 1, 1, 1]
    assert sum(left is not None for left in sample["book_person"]["left_on"].to_pylist()) == 1
    assert company(as_of=MONDAY, accounts=400, csms=5)["book_account"].num_rows == 400


def test_ids_are_unique_and_every_pointer_finds_its_row(sample):
    for name, rows in sample.items():
        assert len(set(rows["id"].to_pylist())) == rows.num_rows, name
        for column in set(rows.column_names) & set(POINTERS):
            there = set(sample[POINTERS[column]]["id"].to_pylist())
            assert set(rows[column].drop_null().to_pylist()) <= there, f"{name}.{column}"


def test_accounts_and_people_are_told_apart_by_key_and_name(sample):
    for name in ("book_account", "book_person", "book_pool"):
        assert len(set(sample[name]["key"].to_pylist())) == sample[name].num_rows
    assert len(set(sample["book_account"]["name"].to_pylist())) == 320
    assert len(set(sample["book_account"]["matched_name"].to_pylist())) == 320
    for name in ("book_accountalias", "book_personalias"):
        aliases = sample[name]
        pairs = set(zip(aliases["source"].to_pylist(), aliases["external_id"].to_pylist(), strict=True))
        assert len(pairs) == aliases.num_rows


@pytest.mark.parametrize("name", VERSIONED)
def test_versions_of_a_record_follow_each_other_without_a_gap(sample, name):
    rows = sample[name].sort_by([("external_id", "ascending"), ("known_at", "ascending")])
    ids, known, until = (rows[column].to_pylist() for column in ("external_id", "known_at", "known_until"))
    for place in range(len(ids)):
        follows = place + 1 < len(ids) and ids[place + 1] == ids[place]
        assert until[place] == (known[place + 1] if follows else None), ids[place]
        assert until[place] is None or until[place] > known[place]


@pytest.mark.parametrize(
    "as_of", [MONDAY, date(2024, 2, 29), date(2025, 12, 31), date(2026, 3, 8), date(2027, 1, 1)]
)
def test_nothing_is_known_after_the_as_of_morning(as_of):
    morning = datetime(as_of.year, as_of.month, as_of.day, 6)
    for name, rows in company(as_of=as_of, accounts=120).items():
        for column in (
            "known_at",
            "solved_at",
            "escalated_at",
            "satisfaction_at",
            "renewed_at",
            "lost_at",
            "won_at",
        ):
            if column in rows.column_names:
                assert (pc.max(rows[column]).as_py() or morning) <= morning, f"{name}.{column}"


def test_only_booked_meetings_happen_after_the_as_of_morning(sample):
    morning = datetime(2026, 3, 9, 6)
    for name, rows in sample.items():
        if "happened_at" not in rows.column_names:
            continue
        late = rows.filter(pc.greater(rows["happened_at"], pa.scalar(morning)))
        kinds = set(late["status"].to_pylist()) if "status" in late.column_names else {name}
        assert not late.num_rows or (name == "records_interaction" and kinds == {"booked"}), name
    booked = sample["records_interaction"].filter(pc.equal(sample["records_interaction"]["status"], "booked"))
    assert 20 < booked.num_rows
    assert pc.max(booked["happened_at"]).as_py() < morning + timedelta(days=25)


def test_each_fact_became_known_soon_after_it_happened(sample):
    for name in (
        "records_interaction",
        "records_ticket",
        "book_accountvalue",
        "book_ownership",
        "records_score",
    ):
        rows = sample[name]
        held = (
            rows if "status" not in rows.column_names else rows.filter(pc.equal(rows["status"], "completed"))
        )
        first = held if "known_until" not in rows.column_names else held.filter(_is_first(held))
        waited = pc.subtract(first["known_at"], first["happened_at"]).to_numpy() / np.timedelta64(1, "D")
        assert 0 <= waited.min() and waited.max() < 0.6, name
        assert not pc.any(rows["assumed"]).as_py()


def _is_first(rows: pa.Table) -> pa.Array:
    seen: set[str] = set()
    firsts = []
    for external_id in rows["external_id"].to_pylist():
        firsts.append(external_id not in seen)
        seen.add(external_id)
    return pa.array(firsts)


def test_a_week_of_usage_is_never_known_before_it_is_over(sample):
    usage = sample["records_usageweek"]
    over = pc.add(usage["week_on"].cast(pa.timestamp("us")), pa.scalar(timedelta(days=7)))
    assert pc.all(pc.greater(usage["known_at"], over)).as_py()
    assert all(day.weekday() == 0 for day in set(usage["week_on"].to_pylist()))
    assert set(usage["measure"].to_pylist()) == {*MEASURES, *(each[0] for each in FEATURES)}


def test_a_feature_is_used_by_those_who_have_its_product_and_many_of_them_never_try_it(sample):
    usage, contracts = sample["records_usageweek"], sample["book_contract"]
    for measure, product, _, _ in FEATURES:
        of_it = usage.filter(pc.equal(usage["measure"], measure))
        using = set(of_it["account_id"].to_pylist())
        theirs = contracts.filter(pc.equal(contracts["product"], PRODUCTS[product]))
        having = set(theirs["account_id"].to_pylist())
        assert using <= having and 0.2 < len(using) / len(having) < 0.9, measure
        assert pc.min(of_it["week_on"]).as_py() >= MONDAY - timedelta(weeks=14)


def test_a_few_ask_three_times_for_a_feature_of_a_product_that_they_do_not_have(sample):
    tickets, contracts = sample["records_ticket"], sample["book_contract"]
    since = pa.scalar(datetime(2026, 3, 9) - timedelta(days=60))
    late = tickets.filter(pc.greater(tickets["happened_at"], since))
    asked = Counter(late.filter(pc.equal(late["kind"], "feature request"))["account_id"].to_pylist())
    often = {account for account, times in asked.items() if times >= 3}
    studio = set(contracts.filter(pc.equal(contracts["product"], "Studio"))["account_id"].to_pylist())
    assert len(often - studio) >= 3
    assert tickets["external_id"].to_pylist().count("TF-00001-1") <= 1


def test_there_are_two_years_of_everything(sample):
    week_on = sample["records_usageweek"]["week_on"]
    assert (pc.min(week_on).as_py(), pc.max(week_on).as_py()) == (date(2024, 3, 11), date(2026, 3, 2))
    for name in ("records_interaction", "records_ticket", "records_artifact"):
        assert pc.min(sample[name]["happened_at"]).as_py() < datetime(2024, 3, 25)
    shorter = company(as_of=MONDAY, accounts=60, years=1)
    assert pc.min(shorter["records_usageweek"]["week_on"]).as_py() == date(2025, 3, 10)


def test_the_seven_kinds_of_artifacts_are_all_there(sample):
    kinds = pc.value_counts(sample["records_artifact"]["kind"]).to_pylist()
    assert {each["values"]: each["counts"] > 5 for each in kinds} == dict.fromkeys(
        (
            "check_in_note",
            "health_review_log",
            "renewal_risk_brief",
            "escalation_handoff",
            "silence_record",
            "decision_record",
            "transfer_brief",
        ),
        True,
    )


def test_revenue_is_the_sum_of_its_movements_and_never_negative(sample):
    moves = sample["book_revenuemovement"]
    left = pc.sum(pc.filter(moves["change_cents"], pc.equal(moves["kind"], "churn"))).as_py()
    assert left < 0
    running: dict[int, int] = {}
    for row in moves.sort_by([("account_id", "ascending"), ("happened_at", "ascending")]).to_pylist():
        running[row["account_id"]] = running.get(row["account_id"], 0) + row["change_cents"]
        assert running[row["account_id"]] >= 0
        assert (running[row["account_id"]] == 0) == (row["kind"] == "churn")


def test_a_hundred_thousand_accounts_have_as_many_names():
    countries = np.arange(100_000) % len(shape.COUNTRIES)
    names, domains = company_names(100_000, countries, shape.COUNTRIES, np.arange(STEMS_OF_TWO))

    assert len(set(names)) == len(set(domains)) == 100_000
    assert len({match_name(name) for name in names}) == 100_000
    assert not {key_of(part.part) for part in CAST[4:5]} & set(keys("H", np.arange(1, 100_001)).to_pylist())


def test_names_and_addresses_are_nobodys(sample):
    assert all(domain.endswith(".example") for domain in sample["book_account"]["domain"].to_pylist())
    for name in ("book_person", "book_contact"):
        assert all(mail.endswith(".example") for mail in sample[name]["mail"].to_pylist() if mail)


@pytest.mark.parametrize(
    ("accounts", "csms"), [(39, None), (0, None), (-5, None), (100_001, None), (320, 4), (320, 81)]
)
def test_a_company_too_small_or_too_large_for_its_story_is_refused_in_words(accounts, csms):
    with pytest.raises(SampleRefused, match="A sample company") as refused:
        company(as_of=MONDAY, accounts=accounts, csms=csms)
    assert "--accounts" in refused.value.fix or "CSMs" in refused.value.fix
