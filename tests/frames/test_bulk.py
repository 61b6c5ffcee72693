"""Bulk writing gives what Django would have written, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from django.apps import apps
from django.db import connection, transaction

from evenbook.frames import bulk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 12, 0)
A_MOMENT_LATER = datetime(2026, 3, 4, 12, 0, 0, 250)
Person = apps.get_model("book", "Person")
Account = apps.get_model("book", "Account")
AccountValue = apps.get_model("book", "AccountValue")
Leave = apps.get_model("book", "Leave")
Ticket = apps.get_model("records", "Ticket")
FeedWeek = apps.get_model("records", "FeedWeek")


def people(count: int = 2) -> pa.Table:
    numbers = range(1, count + 1)
    return pa.table(
        {
            "id": pa.array(numbers),
            "key": [f"p-{number}" for number in numbers],
            "name": ['Zoë "Zee" Ørn, the first'] + ["سارة نور"] * (count - 1),
            "is_person": [True] + [False] * (count - 1),
            "started_on": pa.array([date(2024, 2, 29)] + [None] * (count - 1), type=pa.date32()),
            "monthly_hours": [float("nan")] + [90.5] * (count - 1),
            "languages": ['["de", "é"]'] + ["[]"] * (count - 1),
        }
    )


def test_every_kind_of_column_reads_back_as_it_was_written():
    assert bulk.insert("book_person", people()) == 2

    first, second = Person.objects.order_by("pk")
    assert first.name == 'Zoë "Zee" Ørn, the first'
    assert (first.is_person, first.started_on) == (True, date(2024, 2, 29))
    assert (first.monthly_hours, first.languages) == (None, ["de", "é"])
    assert (second.name, second.is_person, second.started_on) == ("سارة نور", False, None)
    assert second.monthly_hours == 90.5


def test_columns_left_out_get_the_defaults_of_the_model():
    bulk.insert("book_person", people())

    person = Person.objects.get(pk=1)
    assert (person.role, person.team, person.user_id) == ("csm", "", None)
    assert (person.working_share, person.custom) == (1.0, {})


def test_instants_are_stored_as_django_stores_them():
    bulk.insert("book_person", people(1))
    stored = {
        "person_id": pa.array([1, 1]),
        "first_on": [date(2026, 1, 5)] * 2,
        "last_on": [date(2026, 1, 9)] * 2,
        "happened_at": pa.array([NOON, A_MOMENT_LATER], type=pa.timestamp("us")),
        "known_at": pa.array([NOON, A_MOMENT_LATER], type=pa.timestamp("us", tz="UTC")),
    }
    bulk.insert("book_leave", pa.table(stored))
    for moment in (NOON, A_MOMENT_LATER):
        Leave.objects.create(
            person_id=1,
            first_on=date(2026, 1, 5),
            last_on=date(2026, 1, 9),
            happened_at=moment.replace(tzinfo=UTC),
            known_at=moment.replace(tzinfo=UTC),
        )

    with connection.cursor() as cursor:
        cursor.execute(
            "select cast(happened_at as text), cast(known_at as text), first_on from book_leave order by id"
        )
        rows = cursor.fetchall()
    assert rows[:2] == rows[2:]
    assert [leave.known_at for leave in Leave.objects.order_by("pk")[:2]] == [
        NOON.replace(tzinfo=UTC),
        A_MOMENT_LATER.replace(tzinfo=UTC),
    ]


def test_an_empty_text_is_not_null_and_null_is_not_an_empty_text():
    bulk.insert("book_person", people(1))
    bulk.insert(
        "book_account",
        pa.table(
            {
                "id": [1],
                "key": ["a"],
                "name": ["A"],
                "matched_name": ["a"],
                "domain": [""],
                "known_at": [NOON],
            }
        ),
    )

    account = Account.objects.get()
    assert (account.domain, account.started_at, account.parent_id) == ("", None, None)


def test_a_row_written_by_hand_afterwards_gets_the_next_number():
    bulk.insert("book_person", people(7))

    by_hand = Person.objects.create(key="by-hand", name="By Hand").pk

    assert by_hand > 7
    assert bulk.free_id("book_person") == by_hand + 1


def test_numbers_come_from_the_database_where_none_are_given():
    bulk.insert("book_person", people(3).drop_columns(["id"]))

    assert Person.objects.count() == 3


def test_more_rows_than_a_batch_holds_all_arrive(monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 10)
    bulk.insert("book_person", people(35))

    assert Person.objects.count() == 35
    assert bulk.insert("book_person", people(1).slice(0, 0)) == 0


def test_documents_may_be_nested_values():
    nested = people(1).drop_columns(["languages"]).append_column("languages", pa.array([["fr", "ö"]]))
    bulk.insert("book_person", nested)

    assert Person.objects.get().languages == ["fr", "ö"]


def test_repeated_texts_may_be_dictionary_columns():
    rows = people(2)
    rows = rows.append_column("role", pa.array(["csm", "leader"]).dictionary_encode())
    bulk.insert("book_person", rows)

    assert list(Person.objects.order_by("pk").values_list("role", flat=True)) == ["csm", "leader"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows.append_column("shoe_size", pa.array([1, 2])), "has no column shoe_size"),
        (lambda rows: rows.drop_columns(["name"]), "needs name"),
        (
            lambda rows: rows.set_column(2, "name", pa.array(["x" * 201, "y"])),
            "holds 201 characters, over 200",
        ),
    ],
)
def test_what_cannot_be_stored_is_refused_in_words(change, said):
    with pytest.raises(ValueError, match=said):
        bulk.insert("book_person", change(people()))
    assert not Person.objects.exists()


def test_a_table_without_a_model_is_refused():
    with pytest.raises(LookupError, match="no model is stored in book_persons"):
        bulk.insert("book_persons", people())


def test_a_transaction_that_fails_leaves_nothing():
    with pytest.raises(RuntimeError, match="stop"), transaction.atomic():
        bulk.insert("book_person", people())
        raise RuntimeError("stop")
    assert bulk.is_empty(["book_person", "book_account"])


def plain_indexes(table: str) -> set[str]:
    return {name for name, _ in bulk._plain_indexes(table)}


def test_indexes_are_back_after_a_load_without_them():
    before = plain_indexes("records_ticket")
    with bulk.without_indexes(["records_ticket"]):
        assert plain_indexes("records_ticket") == set()
        bulk.insert("book_person", people())
    assert plain_indexes("records_ticket") == before and before


def test_indexes_are_back_after_a_load_that_failed():
    before = plain_indexes("records_ticket")
    with (
        pytest.raises(RuntimeError, match="stop"),
        transaction.atomic(),
        bulk.without_indexes(["records_ticket"]),
    ):
        raise RuntimeError("stop")
    assert plain_indexes("records_ticket") == before


def test_a_pointer_to_nothing_is_refused():
    from django.db import IntegrityError

    orphan = pa.table(
        {
            "account_id": [5],
            "name": ["tier"],
            "value": ["1"],
            "source": ["crm"],
            "happened_at": [NOON],
            "known_at": [NOON],
        }
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert("book_accountvalue", orphan)
        connection.check_constraints()


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_indexes_stay():
    with pytest.raises(RuntimeError, match="open transaction"), bulk.without_indexes(["records_ticket"]):
        pass
