"""The messy duplicate waits as a question of the import, and either answer ends it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from evenbook.book.models import Account, AccountAlias
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Ticket
from evenbook.sources.actions import answer, import_files
from evenbook.sources.models import Question
from evenbook.sources.sample.actions import load
from evenbook.sources.sample.axis import Axis
from evenbook.sources.sample.story import key_of
from evenbook.sources.sample.waiting import CUSTOMER, NAME, TICKETS, write_export

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    ensure_first(NOW - timedelta(days=900))
    load(as_of=date(2026, 3, 9), now=NOW, accounts=60, csms=None, seed=5, users={})
    files, mapping = write_export(tmp_path / "helpdesk", seed=5, axis=Axis(date(2026, 3, 9)))
    report = import_files(files, by=SYSTEM, now=NOW, home=tmp_path / "home", mapping=mapping)
    assert [(each.rows, each.held) for each in report.files] == [(1, 1), (TICKETS, TICKETS)]
    return tmp_path / "home"


def answered(choice: str, home: Path) -> None:
    question = Question.objects.get()
    answer({question.key: choice}, by=SYSTEM, now=LATER, home=home)
    assert Question.objects.exclude(answer="").count() == 1


def test_the_one_question_names_both_and_holds_all_rows(home: Path) -> None:
    question = Question.objects.get(answer="")
    assert question.rows_held == TICKETS + 1
    assert NAME in question.asks and key_of("duplicate") in question.asks
    assert question.choices == [f"same: {key_of('duplicate')}", "new"]
    assert Account.objects.count() == 60


def test_the_same_customer_gets_its_tickets_and_a_second_id(home: Path) -> None:
    answered(f"same: {key_of('duplicate')}", home)
    account = Account.objects.get(key=key_of("duplicate"))
    assert AccountAlias.objects.get(source="helpdesk", external_id=CUSTOMER).account == account
    assert Ticket.objects.filter(account=account, external_id__startswith=CUSTOMER).count() == TICKETS
    assert Account.objects.count() == 60


def test_another_customer_becomes_an_account_of_its_own(home: Path) -> None:
    answered("new", home)
    account = Account.objects.get(name=NAME)
    assert Ticket.objects.filter(account=account).count() == TICKETS
    assert Account.objects.count() == 61
