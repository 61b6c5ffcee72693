"""Each kind of bad input: a clear sentence, nothing lost, nothing half loaded."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from evenbook.book.models import Account, Contract, Ownership, Person, RevenueMovement
from evenbook.records.models import Interaction, Ticket
from evenbook.sources.actions import importing
from evenbook.sources.actions.importing import ImportRefused
from sources.importing import LATER, Instance, counts


def reasons(instance: Instance, report) -> list[str]:
    return [row["reason"] for row in instance.rejects(report)]


def test_an_empty_file_is_named_and_wants_a_look(instance: Instance):
    path = instance.folder / "accounts.csv"
    path.write_bytes(b"")
    report = instance.load(path)

    assert report.files[0].recognised_as == "not read: the file is empty"
    assert report.waits_for_a_person


def test_a_file_with_nothing_but_a_header_says_so(instance: Instance):
    report = instance.load(instance.write("accounts.csv", "account_id,account_name"))

    assert report.files[0].recognised_as.startswith("not read: ")
    assert "header" in report.files[0].recognised_as
    assert not Account.objects.exists()


def test_an_old_encoding_is_read_as_it_was_meant(instance: Instance):
    path = instance.folder / "accounts.csv"
    path.write_bytes("account_id;account_name\nA-1;Müller Gärten\nA-2;Société Brume\n".encode("cp1252"))
    instance.load(path)

    assert list(Account.objects.order_by("key").values_list("name", flat=True)) == [
        "Müller Gärten",
        "Société Brume",
    ]


def test_a_file_that_is_missing_is_refused_before_anything_happens(instance: Instance):
    with pytest.raises(ImportRefused, match="There is no file"):
        instance.load(instance.folder / "nowhere.csv")


def test_a_row_with_ten_thousand_columns_is_rejected_and_the_others_load(instance: Instance):
    wide = "A-2,Wide" + ",x" * 9_998
    report = instance.load(
        instance.write("accounts.csv", "account_id,account_name", "A-1,Fern", wide, "A-3,Moss")
    )

    assert counts(report.files[0]) == {"created": 2, "rejected": 1}
    assert "10,000" in reasons(instance, report)[0] or "10000" in reasons(instance, report)[0]


def test_a_key_that_repeats_with_other_values_is_rejected_and_a_plain_repeat_is_nothing_new(
    instance: Instance,
):
    report = instance.load(
        instance.write("accounts.csv", "account_id,account_name", "A-1,Fern", "A-1,Fern", "A-1,Moss")
    )

    assert counts(report.files[0]) == {"created": 1, "unchanged": 1, "rejected": 1}
    assert reasons(instance, report) == ["row 2 says something else under the same key 'A-1'"]


def test_a_date_that_a_spreadsheet_made_of_nothing_is_rejected(instance: Instance):
    instance.accounts("Fern")
    rows = ("T-1,A-1,1899-12-30,high", "T-2,A-1,2026-01-05,high")
    report = instance.load(instance.write("tickets.csv", "ticket_id,account_id,opened_at,priority", *rows))

    assert counts(report.files[0]) == {"created": 1, "rejected": 1}
    assert "1899-12-30" in reasons(instance, report)[0]
    assert instance.rejects(report)[0]["column"] == "opened_at"


def test_a_ticket_of_2099_is_rejected_and_a_contract_until_2099_has_no_end(instance: Instance):
    instance.accounts("Fern")
    ticket = instance.write(
        "tickets.csv", "ticket_id,account_id,opened_at,priority", "T-1,A-1,2099-01-01,high"
    )
    contract = instance.write(
        "contracts.csv",
        "contract_id,account_id,start_date,end_date,arr",
        "C-1,A-1,2025-01-01,2099-12-31,1200",
    )
    report = instance.load(ticket, contract)

    assert "lies in the future" in reasons(instance, report)[0]
    assert not Ticket.objects.exists()
    assert Contract.objects.get().ends_on is None
    assert "1 day lies in 2090 or later in end_date: taken for no day at all." in report.files[0].notes
    assert [row.change_cents for row in RevenueMovement.objects.all()] == [120_000]


def test_a_start_in_2099_is_rejected_and_a_renewal_then_is_told_to_be_none(instance: Instance):
    rows = ("A-1,Fern,2099-01-01,2026-12-01", "A-2,Moss,2024-01-01,2099-12-31", "A-3,Reed,,n/a")
    report = instance.load(
        instance.write("accounts.csv", "account_id,account_name,start_date,renewal_date", *rows)
    )

    assert counts(report.files[0]) == {"created": 2, "rejected": 1}
    assert reasons(instance, report) == ['"2099-01-01" is too far ahead for a start']
    assert [note for note in report.files[0].notes if "2090" in note] == [
        "1 day lies in 2090 or later in renewal_date: taken for no day at all."
    ]


def test_a_negative_arr_is_rejected_for_an_account_and_for_a_contract(instance: Instance):
    accounts = instance.write("accounts.csv", "account_id,account_name,arr", "A-1,Fern,-500", "A-2,Moss,500")
    contracts = instance.write(
        "contracts.csv", "contract_id,account_id,start_date,arr", "C-1,A-2,2025-01-01,-1"
    )
    report = instance.load(accounts, contracts)

    assert [row["column"] for row in instance.rejects(report)] == ["arr", "arr"]
    assert all("negative" in reason for reason in reasons(instance, report))
    assert list(Account.objects.values_list("name", flat=True)) == ["Moss"]


def test_what_a_rejected_account_owns_is_rejected_with_the_place_of_its_fault(instance: Instance):
    accounts = instance.write("accounts.csv", "account_id,account_name,arr", "A-1,Fern,-500")
    tickets = instance.write(
        "tickets.csv", "ticket_id,account_id,opened_at,priority", "T-1,A-1,2026-01-05,high"
    )
    report = instance.load(accounts, tickets)

    assert reasons(instance, report)[1] == "its account 'A-1' was rejected itself (accounts.csv, row 2)"


def test_two_currencies_without_a_rate_are_asked_about_and_never_summed(instance: Instance):
    path = instance.write(
        "accounts.csv", "account_id,account_name,arr,currency", "A-1,Fern,1000,USD", "A-2,Moss,1000,EUR"
    )
    report = instance.load(path)

    (question,) = report.questions
    assert counts(report.files[0]) == {"created": 1, "held": 1}
    assert question.choices == ("rate=<number>", "reject") and "1 EUR" in question.asks

    instance.load(answers={question.id: "rate=1.10"}, now=LATER)
    moss = RevenueMovement.objects.get(account__name="Moss")
    assert (moss.change_cents, moss.currency, moss.original_cents, moss.original_currency) == (
        110_000, "USD", 100_000, "EUR",
    )  # fmt: skip


def test_a_currency_that_a_person_turns_away_is_rejected_row_by_row(instance: Instance):
    path = instance.write("accounts.csv", "account_id,account_name,arr", "A-1,Fern,€1000")
    asked = instance.load(path).questions[0]
    report = instance.load(path, answers={asked.id: "reject"})

    assert reasons(instance, report) == ["there is no exchange rate for EUR"]


def test_formulas_are_kept_as_text_and_made_harmless_where_they_leave(instance: Instance):
    rows = ('A-1,"=HYPERLINK(""http://evil.example"")"', "A-2,+SUM(A1),x")
    path = instance.folder / "accounts.csv"
    path.write_text("account_id,account_name\n" + "\n".join(rows) + "\n", encoding="utf-8")
    report = instance.load(path)

    assert Account.objects.get().name == '=HYPERLINK("http://evil.example")'
    assert any("formula" in note for note in report.files[0].notes)
    with open(report.rejects_file, newline="", encoding="utf-8") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(instance: Instance):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("accounts.csv", b"account_id,account_name\n" + b"0" * (300 * 1024 * 1024))
    path = instance.folder / "export.zip"
    path.write_bytes(packed.getvalue())
    report = instance.load(path)

    assert report.files[0].recognised_as.startswith("not read: ")
    assert report.waits_for_a_person and not Account.objects.exists()


def test_accounts_without_an_owner_load_and_are_counted(instance: Instance):
    report = instance.load(
        instance.write(
            "accounts.csv", "account_id,account_name,csm", "A-1,Fern,Amara Obi", "A-2,Moss,", "A-3,Reed,n/a"
        )
    )

    assert report.files[0].notes == ["2 accounts have no owner."]
    assert Ownership.objects.count() == 1


def test_an_owner_who_is_no_person_is_asked_about_and_their_accounts_wait(instance: Instance):
    path = instance.write(
        "accounts.csv", "account_id,account_name,csm", "A-1,Fern,Amara Obi", "A-2,Moss,Integration User"
    )
    report = instance.load(path)

    (question,) = report.questions
    assert "does not look like a person" in question.asks
    assert counts(report.files[0]) == {"created": 1, "held": 1}

    instance.load(answers={question.id: "not a person"})
    owner = Ownership.objects.get(account__name="Moss").person
    assert owner is not None and owner.is_person is False


def test_a_queue_becomes_a_pool_when_a_person_says_so(instance: Instance):
    path = instance.write("accounts.csv", "account_id,account_name,owner", "A-1,Fern,EMEA Queue")
    question = instance.load(path).questions[0]
    instance.load(answers={question.id: "a pool"})

    owned = Ownership.objects.get()
    assert owned.person is None and owned.pool is not None and owned.pool.name == "EMEA Queue"


def test_a_circle_of_parents_is_refused_at_the_row_that_closes_it(instance: Instance):
    path = instance.write(
        "accounts.csv", "account_id,account_name,parent_id", "A-1,Fern,A-2", "A-2,Moss,A-3", "A-3,Reed,A-1"
    )
    report = instance.load(path)

    assert counts(report.files[0]) == {"created": 2, "rejected": 1}
    assert reasons(instance, report) == ["with 'A-1' as its parent it would be its own parent, further up"]
    fern = Account.objects.get(name="Fern")
    assert fern.parent is not None and fern.parent.name == "Moss"


def test_a_person_without_capacity_is_loaded_and_named(instance: Instance):
    report = instance.load(
        instance.write(
            "csms.csv", "name,email,capacity_hours", "Amara Obi,amara@north.example,0", "Ben Hale,,120"
        )
    )

    assert report.files[0].notes == ["Amara Obi has no capacity, so no load is worked out for them."]
    assert Person.objects.get(name="Amara Obi").monthly_hours == 0


def test_a_bad_value_in_an_optional_column_rejects_its_row_whole(instance: Instance):
    instance.accounts("Fern")
    rows = ("M-1,A-1,2026-01-05,thirty", "M-2,A-1,2026-01-06,30")
    report = instance.load(
        instance.write("meetings.csv", "meeting_id,account_id,meeting_date,minutes", *rows)
    )

    assert counts(report.files[0]) == {"created": 1, "rejected": 1}
    assert [row["row"] for row in instance.rejects(report)] == ["2"]
    assert instance.rejects(report)[0]["original"].startswith('{"meeting_id": "M-1"')


def test_a_failed_import_changes_nothing(instance: Instance, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **options: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(importing, "finish", broken)
    with pytest.raises(RuntimeError):
        instance.accounts("Fern", "Moss")

    assert not Account.objects.exists()
    assert not list((instance.home / "rejects").glob("*")) if (instance.home / "rejects").exists() else True


def test_a_dry_run_says_the_same_and_changes_nothing(instance: Instance):
    path = instance.write("accounts.csv", "account_id,account_name,arr", "A-1,Fern,100", "A-2,Moss,-1")
    dry = instance.load(path, dry_run=True)

    assert not Account.objects.exists() and dry.load is None
    assert dry.as_json()["files"] == instance.load(path).as_json()["files"]


def test_a_cancelled_meeting_does_not_count_as_one_with_the_customer(instance: Instance):
    instance.accounts("Fern")
    rows = ("M-1,A-1,2026-01-05,30,Cancelled", "M-2,A-1,2026-01-06,30,No show", "M-3,A-1,2026-05-06,30,")
    instance.load(instance.write("meetings.csv", "meeting_id,account_id,meeting_date,minutes,status", *rows))

    found = Interaction.objects.order_by("external_id").values_list("status", "customer_present")
    assert list(found) == [("cancelled", False), ("no_show", False), ("booked", False)]
