"""Tables of the application read into columns, the same by either way and on either database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from adbc_driver_postgresql import dbapi
from django.db import transaction

from conftest import ON_POSTGRESQL
from evenbook.book.models import Account, AccountValue
from evenbook.book.tables import TABLES as BOOK
from evenbook.frames import cache, reader
from evenbook.frames.actions import note_write
from evenbook.frames.queries import open_session
from evenbook.frames.reader import Driver, read
from evenbook.frames.table import Table
from evenbook.records.tables import TABLES as RECORDS

NOW = datetime(2026, 3, 2, 9, 30, 15, 250, tzinfo=UTC)
TABLES = {table.name: table for table in (*BOOK, *RECORDS)}


def whole(name: str) -> pa.Table:
    return cache.held(TABLES[name])


def an_account(key: str, **more: object) -> Account:
    given = {"name": key.title(), "matched_name": key, "known_at": NOW, **more}
    return Account.objects.create(key=key, **given)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_can_be_read_both_ways_while_empty(name: str) -> None:
    outside = whole(name)
    with transaction.atomic():
        inside = whole(name)
    assert outside.schema == inside.schema
    assert outside.num_rows == inside.num_rows == 0


@pytest.mark.django_db(transaction=True)
def test_both_ways_give_the_same_rows() -> None:
    first = an_account("harbor", domain="harbor.example", started_at=NOW)
    an_account("kestrel")
    for number in range(3):
        AccountValue.objects.create(
            account=first,
            name="tier",
            value=str(number),
            happened_at=NOW,
            known_at=NOW,
            assumed=bool(number % 2),
            source="test",
        )
    outside = {name: whole(name).to_pylist() for name in ("account", "account_value")}
    with transaction.atomic():
        inside = {name: whole(name).to_pylist() for name in ("account", "account_value")}
    assert outside == inside
    assert outside["account"][0]["started_at"] == NOW.replace(tzinfo=None)
    assert [row["assumed"] for row in outside["account_value"]] == [False, True, False]


@pytest.mark.django_db(transaction=True)
def test_a_column_that_is_empty_for_long_keeps_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who guesses looks at the first batch; here the value stands in the third."""
    monkeypatch.setattr(reader, "BATCH", 1_024)
    monkeypatch.setattr(reader, "FETCHED", 1_024)
    Account.objects.bulk_create(
        Account(key=f"k{n}", name="x", matched_name="x", known_at=NOW) for n in range(2_100)
    )
    an_account("last", started_at=NOW)
    batches = list(read(TABLES["account"]))
    rows = pa.Table.from_batches(batches)
    assert len(batches) > 2 and rows.num_rows == 2_101
    assert rows.column("started_at").null_count == 2_100


@pytest.mark.django_db(transaction=True)
def test_a_frame_is_made_again_only_after_a_write(tmp_path) -> None:
    an_account("harbor")
    first = cache.file_of(TABLES["account"], tmp_path)
    assert cache.file_of(TABLES["account"], tmp_path) == first
    an_account("kestrel")
    note_write("book_account", 1, earliest_at=NOW, now=NOW)
    second = cache.file_of(TABLES["account"], tmp_path)
    assert second != first
    assert not first.exists()


@pytest.mark.django_db
def test_rows_of_a_merged_account_stand_under_the_other() -> None:
    kept = an_account("kept")
    gone = an_account("gone", merged_into=kept)
    AccountValue.objects.create(
        account=gone, name="tier", value="1", happened_at=NOW, known_at=NOW, source="test"
    )
    assert [row["key"] for row in whole("account").to_pylist()] == ["kept"]
    assert whole("account_value").to_pylist()[0]["account"] == kept.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite is read through the application's own connection")
def test_all_tables_of_a_session_come_over_one_connection(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = []
    connect = dbapi.connect
    monkeypatch.setattr(dbapi, "connect", lambda *a, **k: opened.append(connect(*a, **k)) or opened[-1])
    an_account("harbor")
    day = NOW.date()
    with open_session(TABLES.values(), (day,), zone="UTC", numbers={}, folder=tmp_path) as session:
        assert [row["key"] for row in session.table("account").to_pylist()] == ["harbor"]
    assert len(opened) == 1
    with pytest.raises(dbapi.Error):
        opened[0].cursor().execute("select 1")


@pytest.mark.django_db(transaction=True)
def test_a_table_that_cannot_be_read_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    an_account("harbor")
    broken = Table("broken", "select no_such from book_account", {"no_such": "BIGINT"}, ())
    with Driver() as driver:
        with pytest.raises(Exception, match="no_such"):
            cache.file_of(broken, tmp_path, driver)
        read_after = pq.read_table(cache.file_of(TABLES["account"], tmp_path, driver))
    assert read_after.num_rows == 1
