"""JSON: lines, lists, answers of APIs, trees of Salesforce."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.sources.reading import Given, Limits, Sheet
from sources.reading_tables import (
    everything,
    numbers,
    only_sheet,
    rejects,
    rows,
    sheet_of,
    unread_of,
    written,
)


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def test_one_record_a_line_with_nested_objects_opened(tmp_path: Path):
    ticket = {
        "id": 1,
        "satisfaction_rating": {"score": "good"},
        "tags": ["a", "b"],
        "via": {"source": {"rel": None}},
    }
    sheet = sheet_of(tmp_path, lines(ticket, {"id": 2, "satisfaction_rating": None, "due": "x"}), "t.jsonl")

    assert sheet.header == ["id", "satisfaction_rating.score", "tags", "via.source.rel", "due"]
    assert rows(sheet) == [[1, "good", "a; b", None, None], [2, None, None, None, "x"]]
    assert sheet.kind == "jsonl"


def test_lists_of_names_and_values_become_columns(tmp_path: Path):
    record = {"id": 1, "custom_fields": [{"id": 215, "value": "x"}, {"id": 216, "value": None}]}
    assert sheet_of(tmp_path, lines(record), "t.jsonl").header == [
        "id",
        "custom_fields.215",
        "custom_fields.216",
    ]


def test_other_lists_stay_as_json_text(tmp_path: Path):
    record = {"events": [{"type": "a"}, {"type": "b"}], "odd": ["a; b", "c"], "none": []}
    assert rows(sheet_of(tmp_path, lines(record), "t.jsonl")) == [
        ['[{"type": "a"}, {"type": "b"}]', '["a; b", "c"]', None]
    ]


def test_a_bad_line_is_rejected_alone_with_its_number(tmp_path: Path):
    sheet = sheet_of(
        tmp_path, '{"id": 1}\n{"id": \n\n[1]\n{"id": 2, "t": "a\\u0000b"}\n{"id": 3}\n', "t.jsonl"
    )

    assert (rows(sheet), numbers(sheet)) == ([[1, None], [3, None]], [1, 6])
    assert sorted(rejects(sheet)) == [
        (2, "is not JSON (Expecting value at character 7)"),
        (4, "is a list, not an object with fields"),
        (5, "holds a NUL character (byte 0x00)"),
    ]


def test_lines_in_which_nothing_is_a_record_are_damaged(tmp_path: Path):
    found = unread_of(tmp_path, "a\nb\n", "t.jsonl")
    assert (found.cause, found.reason) == (
        "damaged",
        "no value in it is a record; the first is not JSON (Expecting value at character 1)",
    )


def test_a_list_of_records(tmp_path: Path):
    sheet = sheet_of(tmp_path, '[{"id": 1}, {"id": 2.5, "ok": true}]', "t.json")
    assert (rows(sheet), numbers(sheet), sheet.kind) == ([[1, None], [2.5, True]], [1, 2], "json")


@pytest.mark.parametrize(("key", "named"), [("tickets", "tickets"), ("results", None), ("records", None)])
def test_the_answer_of_an_api_is_the_list_in_it(tmp_path: Path, key: str, named: str | None):
    sheet = sheet_of(tmp_path, json.dumps({"count": 1, key: [{"id": 1}], "next_page": None}), "t.json")
    assert (rows(sheet), sheet.object_type) == ([[1]], named)


def test_an_object_with_an_id_is_one_record(tmp_path: Path):
    sheet = sheet_of(tmp_path, '{"id": 5, "name": "Acme", "contacts": [{"id": 1}]}', "t.json")
    assert rows(sheet) == [[5, "Acme", '[{"id": 1}]']]


def test_several_lists_are_several_tables(tmp_path: Path):
    found = everything(written(tmp_path, '{"accounts": [{"id": 1}], "contacts": [{"id": 2}]}', "t.json"))
    assert [sheet.file for sheet in found] == ["t.json#accounts", "t.json#contacts"]
    assert [rows(sheet) for sheet in found if isinstance(sheet, Sheet)] == [[[1]], [[2]]]


def test_recorded_answers_of_many_endpoints_are_no_table(tmp_path: Path):
    found = unread_of(tmp_path, json.dumps({f"GET /{n}": [{"status": 200}] for n in range(60)}), "t.json")
    assert found.cause == "documentation"


def test_objects_one_a_line_are_found_in_a_json_file_too(tmp_path: Path):
    assert sheet_of(tmp_path, lines({"id": 1}, {"id": 2}), "t.json").kind == "jsonl"


@pytest.mark.parametrize(
    "text", ['[{"id": 1}, {"id": ', '{"a": [1, 2}', '[{"id": 1}] x', '{"a" 1}', "[" * 100_000]
)
def test_a_document_that_breaks_off_is_refused_whole(tmp_path: Path, text: str):
    found = unread_of(tmp_path, text, "t.json")
    assert found.cause == "damaged"
    assert found.reason.startswith("it is not valid JSON")


def test_a_record_that_is_too_long_is_refused(tmp_path: Path):
    text = json.dumps([{"id": 1, "text": "x" * 2_000_000}])
    assert (
        "longer than 1,000 characters"
        in unread_of(tmp_path, text, "t.json", Limits(record_bytes=1000)).reason
    )


def test_no_records_and_too_many_fields(tmp_path: Path):
    assert unread_of(tmp_path, "[]", "a.json").cause == "empty"
    wide = json.dumps([{f"f{n}": n for n in range(3000)}])
    assert unread_of(tmp_path, wide, "b.json").reason == "its records have more than 2,000 fields"


def test_records_longer_than_a_piece_of_the_file_are_read_whole(tmp_path: Path):
    records = [{"id": n, "text": "é" * 300_000} for n in range(4)]
    sheet = sheet_of(tmp_path, json.dumps(records, ensure_ascii=False), "t.json")
    assert [row[0] for row in rows(sheet)] == [0, 1, 2, 3]


def tree(type_: str, *records: dict[str, object]) -> str:
    typed = [
        {"attributes": {"type": type_, "referenceId": f"{type_}Ref{n}"}, **record}
        for n, record in enumerate(records, 1)
    ]
    return json.dumps({"records": typed})


def test_references_of_a_salesforce_tree_become_ids_that_meet(tmp_path: Path):
    written(tmp_path, tree("Account", {"Name": "Acme"}), "export/Accounts.json")
    written(
        tmp_path, tree("Contact", {"LastName": "Okoye", "AccountId": "@AccountRef1"}), "export/Contacts.json"
    )

    accounts, contacts = everything(tmp_path / "export")
    assert isinstance(accounts, Sheet)
    assert isinstance(contacts, Sheet)
    assert (accounts.object_type, accounts.header, rows(accounts)) == (
        "Account",
        ["Id", "Name"],
        [["export/AccountRef1", "Acme"]],
    )
    assert rows(contacts) == [["export/ContactRef1", "Okoye", "export/AccountRef1"]]


def test_two_exports_with_the_same_references_are_kept_apart_and_a_repeat_is_the_same(tmp_path: Path):
    for export in ("one", "two"):
        written(tmp_path, tree("Account", {"Name": export}), f"{export}/Accounts.json")

    ids = [rows(sheet)[0][0] for sheet in everything(tmp_path) if isinstance(sheet, Sheet)]
    assert ids == ["one/AccountRef1", "two/AccountRef1"]
    assert rows(only_sheet(tmp_path / "one"))[0][0] == ids[0]
    assert rows(only_sheet(tmp_path / "one" / "Accounts.json"))[0][0] == ids[0]


def test_records_nested_in_a_tree_are_a_table_of_their_own(tmp_path: Path):
    child = {"attributes": {"type": "Contact", "referenceId": "ContactRef1"}, "LastName": "Okoye"}
    text = tree("Account", {"Name": "Acme", "Contacts": {"records": [child]}})
    accounts, contacts = everything(written(tmp_path, text, "x/a.json"))

    assert isinstance(accounts, Sheet)
    assert isinstance(contacts, Sheet)
    assert (accounts.file, accounts.header) == ("a.json#Account", ["Id", "Name"])
    assert (contacts.file, contacts.header) == ("a.json#Contact", ["AccountId", "Id", "LastName"])
    assert rows(contacts) == [["x/AccountRef1", "x/ContactRef1", "Okoye"]]


def test_an_answer_of_the_salesforce_api_has_its_ids_in_the_address(tmp_path: Path):
    record = {
        "attributes": {"type": "Account", "url": "/services/data/v59.0/sobjects/Account/0011G00000eLwuWQAS"},
        "Name": "Acme",
        "Owner": {"attributes": {"type": "User"}, "Name": "Ben Adler"},
    }
    sheet = sheet_of(tmp_path, json.dumps({"totalSize": 1, "done": True, "records": [record]}), "t.json")

    assert sheet.header == ["Id", "Name", "Owner.Name"]
    assert rows(sheet) == [["0011G00000eLwuWQAS", "Acme", "Ben Adler"]]


def test_uploads_without_a_folder_keep_plain_references(tmp_path: Path):
    path = written(tmp_path, tree("Account", {"Name": "Acme"}), "Accounts.json")
    assert rows(only_sheet(Given(path, "Accounts.json")))[0][0] == "AccountRef1"
    assert rows(only_sheet(Given(path, "export/Accounts.json")))[0][0] == "export/AccountRef1"


def test_names_of_fields_can_be_stored_and_shown(tmp_path: Path):
    sheet = sheet_of(tmp_path, lines({"": 1, "a\0b\n c": 2, "x" * 300: 3}), "t.jsonl")
    assert sheet.header == ["(no name)", "a␀b c", "x" * 200]
    assert rows(sheet) == [[1, 2, 3]]


def test_text_that_only_starts_like_a_reference_stays_text(tmp_path: Path):
    sheet = sheet_of(tmp_path, tree("Account", {"Name": "@acme", "Twitter": "@acme_hq"}), "t.json")
    assert rows(sheet)[0][1:] == ["@acme", "@acme_hq"]


def test_an_import_plan_is_documentation(tmp_path: Path):
    plan = [{"sobject": "Account", "saveRefs": True, "resolveRefs": False, "files": ["Accounts.json"]}]
    assert unread_of(tmp_path, json.dumps(plan), "plan.json").cause == "documentation"


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text('abcé \n"\\', max_size=8))
KEYS = st.text("abcdef", min_size=1, max_size=3)


@given(
    records=st.lists(st.dictionaries(KEYS, SCALARS, min_size=1), min_size=1, max_size=8),
    indent=st.sampled_from([None, 2]),
)
@settings(deadline=None)
def test_flat_records_survive_both_forms(records: list[dict[str, object]], indent: int | None):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("t.json", json.dumps(records, indent=indent)), ("t.jsonl", lines(*records))):
            sheet = only_sheet(written(Path(folder), text, name))
            assert set(sheet.header) == set().union(*records)
            assert rows(sheet) == [[record.get(column) for column in sheet.header] for record in records]


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20))
@settings(deadline=None)
def test_no_json_makes_reading_fail(value: object):
    with tempfile.TemporaryDirectory() as folder:
        for found in everything(written(Path(folder), json.dumps(value), "t.json")):
            if isinstance(found, Sheet):
                assert all(len(row) == len(found.header) for row in rows(found))
