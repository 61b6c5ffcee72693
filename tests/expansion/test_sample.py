"""What the sample company adds of openings and trials: owned by this slice, the same each time, nothing from the future."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from evenbook.expansion.models import Opening, OpeningEvent, Trial
from evenbook.expansion.sample import MORE
from evenbook.sources.sample.actions import load
from evenbook.sources.sample.company import TABLES, company, tables_with

MONDAY, CUT = date(2026, 3, 9), datetime(2026, 3, 9, 4)


@pytest.fixture(scope="module")
def sample() -> dict[str, pa.Table]:
    return company(as_of=MONDAY, more=(MORE,))


def test_the_sample_alone_knows_nothing_of_expansion_and_is_the_same_with_it(sample):
    alone = company(as_of=MONDAY)

    assert not any(name.startswith("expansion") for name in TABLES)
    assert list(sample) == [*TABLES, *MORE.tables] == list(tables_with((MORE,)))
    assert all(alone[name].equals(sample[name]) for name in TABLES)


def test_events_belong_to_openings_and_tell_how_they_stand(sample):
    openings, events = sample["expansion_opening"], sample["expansion_openingevent"]

    assert openings["id"].to_pylist() == list(range(1, openings.num_rows + 1))
    assert set(events["opening_id"].to_pylist()) == set(openings["id"].to_pylist())
    assert pc.max(events["at"]).as_py() < CUT + timedelta(days=1)
    assert {"opened", "answered", "won", "lost"} <= set(openings["state"].to_pylist())
    ends = dict(zip(openings["id"].to_pylist(), openings["state"].to_pylist(), strict=True))
    told = zip(events["opening_id"].to_pylist(), events["kind"].to_pylist(), strict=True)
    assert all(ends[number] == kind for number, kind in told if kind in {"won", "lost", "dropped"})


def test_trials_are_kept_opted_out_of_or_under_way_and_of_what_they_did_not_have(sample):
    trials, contracts = sample["expansion_trial"], sample["book_contract"]
    rows = trials.to_pylist()

    assert {row["outcome"] for row in rows} == {"", "kept", "opted_out"}
    assert all((row["outcome"] == "") == (row["ended_on"] is None) for row in rows)
    assert all(row["first_on"] <= row["last_on"] and row["first_on"] < MONDAY for row in rows)
    assert all(row["outcome"] or row["last_on"] >= MONDAY - timedelta(days=1) for row in rows)
    has = {
        (row["account_id"], row["product"]) for row in contracts.select(["account_id", "product"]).to_pylist()
    }
    assert not [row for row in rows if (row["account_id"], row["product"]) in has]


@pytest.mark.django_db
def test_they_are_loaded_with_the_company_in_one_transaction():
    loaded = load(as_of=MONDAY, now=datetime(2026, 3, 9, 8, tzinfo=UTC), accounts=60, more=(MORE,))

    assert loaded.rows["expansion_opening"] == Opening.objects.count() > 0
    assert loaded.rows["expansion_openingevent"] == OpeningEvent.objects.count() > 0
    assert loaded.rows["expansion_trial"] == Trial.objects.count()
    assert Opening.objects.filter(state="won", events__kind="won").exists()
