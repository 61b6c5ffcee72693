"""Many ids as one condition: the same rows as naming each, however many there are."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from evenbook.book.among import Among, Ids
from evenbook.book.models import Account, Contact

LONG_AGO = datetime(2024, 3, 4, tzinfo=UTC)


def accounts(count: int) -> list[Account]:
    return Account.objects.bulk_create(
        Account(
            key=f"a-{number}",
            name=f"Invented {number}",
            matched_name=f"invented {number}",
            started_at=LONG_AGO,
            known_at=LONG_AGO,
        )
        for number in range(count)
    )


def test_the_rows_of_these_ids_are_found_and_no_others(db):
    made = accounts(6)
    wanted = Ids.of(each.pk for each in made[::2])

    assert set(Account.objects.filter(Among(F("pk"), wanted))) == set(made[::2])
    assert set(Account.objects.exclude(Among(F("pk"), wanted))) == set(made[1::2])


def test_a_column_of_another_table_is_looked_at_as_well(db):
    made = accounts(3)
    for each in made:
        Contact.objects.create(
            account=each, name="A. Rao", happened_at=LONG_AGO, known_at=LONG_AGO, fingerprint="x",
            source="sample", external_id=each.key,
        )  # fmt: skip
    found = Contact.objects.filter(Among(F("account"), Ids.of([made[1].pk])))

    assert [each.account_id for each in found] == [made[1].pk]


def test_more_ids_than_a_statement_takes_parameters_are_one_parameter(db):
    made = accounts(2)
    many = Ids.of([made[0].pk, *range(10_000_000, 10_300_000)])
    with CaptureQueriesContext(connection) as taken:
        found = list(Account.objects.filter(Among(F("pk"), many)))

    assert found == made[:1] and len(taken) == 1


def test_no_id_finds_no_row(db):
    accounts(2)

    assert not Account.objects.filter(Among(F("pk"), Ids.of([]))).exists()
