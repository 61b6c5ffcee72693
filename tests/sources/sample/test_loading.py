"""The sample in a database: all of it or nothing, the same rows as the frames, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from django.apps import apps

from evenbook.book.tables import TABLES as BOOK_TABLES
from evenbook.frames import bulk, cache
from evenbook.frames.models import Write
from evenbook.kit.dates import BEGINNING
from evenbook.records.tables import TABLES as RECORDS_TABLES
from evenbook.sources.sample import actions
from evenbook.sources.sample.actions import load
from evenbook.sources.sample.company import TABLES, company
from evenbook.sources.sample.parquet import write_frames
from evenbook.sources.sample.story import CAST, SampleRefused

pytestmark = pytest.mark.django_db

MONDAY, MORNING = date(2026, 3, 9), datetime(2026, 3, 9, 8, tzinfo=UTC)
SMALL = {"as_of": MONDAY, "accounts": 60}


def rows_in(table: str) -> int:
    return apps.get_model(*table.split("_")).objects.count()


def test_every_row_arrives_and_is_noted():
    loaded = load(now=MORNING, **SMALL)
    wanted = {name: rows.num_rows for name, rows in company(**SMALL).items()}

    assert loaded.rows == wanted
    assert {name: rows_in(name) for name in TABLES} == wanted
    noted = {write.table: write for write in Write.objects.all()}
    assert {name: noted[name].rows for name in noted} == {
        name: count for name, count in wanted.items() if count
    }
    assert noted["book_person"].earliest_at == BEGINNING
    assert noted["records_artifact"].earliest_at >= datetime(2024, 3, 11, tzinfo=UTC)


def test_what_the_object_mapper_reads_is_what_was_drawn():
    load(now=MORNING, **SMALL)
    account, person, artifact = (
        apps.get_model("book", "Account"),
        apps.get_model("book", "Person"),
        apps.get_model("records", "Artifact"),
    )

    assert [each.name for each in account.objects.order_by("pk")[: len(CAST)]] == [part.name for part in CAST]
    assert person.objects.get(name__startswith="Amara").languages == ["en", "sv", "de"]
    assert "follow_up" in artifact.objects.filter(kind="check_in_note").first().fields
    assert account.objects.create(key="new", name="New", matched_name="new", known_at=MORNING).pk > 60


def test_people_who_sign_in_are_linked_to_themselves():
    from evenbook.people.actions import add_user
    from evenbook.people.viewer import SYSTEM

    user = add_user(
        SYSTEM, mail="amara.vennholt@sample.example", name="Amara Vennholt", role="csm", now=MORNING
    )
    load(now=MORNING, users={user.mail: user.pk}, **SMALL)

    linked = apps.get_model("book", "Person").objects.filter(user__isnull=False)
    assert [(each.name, each.user_id) for each in linked] == [("Amara Vennholt", user.pk)]


def test_an_instance_that_holds_anything_is_refused_and_left_as_it_was():
    apps.get_model("book", "Person").objects.create(key="somebody", name="Somebody")

    with pytest.raises(SampleRefused, match="already holds customers or people"):
        load(now=MORNING, **SMALL)
    assert rows_in("book_person") == 1 and rows_in("book_account") == 0


def test_a_load_that_fails_changes_nothing(monkeypatch):
    def breaks(table: str, rows: pa.Table) -> int:
        if table == "records_artifact":
            raise OSError("the disk is full")
        return bulk_insert(table, rows)

    bulk_insert = bulk.insert
    monkeypatch.setattr(actions.bulk, "insert", breaks)
    with pytest.raises(OSError, match="the disk is full"):
        load(now=MORNING, **SMALL)
    assert bulk.is_empty(TABLES) and not Write.objects.exists()


def test_progress_is_told_up_to_the_end():
    told: list[tuple[float, int]] = []
    loaded = load(now=MORNING, progress=lambda share, rows: told.append((share, rows)), **SMALL)

    assert told[-1] == (1.0, loaded.total)


def test_frames_without_a_database_are_those_of_the_database(tmp_path):
    written = write_frames(tmp_path, **SMALL)
    load(now=MORNING, **SMALL)

    for table in (*BOOK_TABLES, *RECORDS_TABLES):
        loaded, made = cache.held(table), parquet.read_table(tmp_path / f"{table.name}.parquet")
        assert made.num_rows == written[table.name] == loaded.num_rows, table.name
        order = [(name, "ascending") for name in made.column_names]
        assert made.cast(loaded.schema).sort_by(order).equals(loaded.sort_by(order)), table.name
