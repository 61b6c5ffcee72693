"""Folders, zips, files that are no tables."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

from evenbook.sources.reading import Given, Limits, Sheet, Unread
from sources.reading_tables import everything, only_sheet, only_unread, rows, written

TABLE = "id,name\n1,Acme\n"


def zipped(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_a_folder_is_read_in_order_of_names_without_hidden_files(tmp_path: Path):
    for name in (
        "b.csv",
        "a.csv",
        "deep/er/c.csv",
        ".hidden.csv",
        ".git/d.csv",
        "~$a.xlsx",
        "__MACOSX/a.csv",
    ):
        written(tmp_path, TABLE, name)
    assert [found.file for found in everything(tmp_path)] == ["a.csv", "b.csv", "deep/er/c.csv"]


def test_files_of_several_folders_and_files_of_one_name_are_told_apart(tmp_path: Path):
    for name in ("one/a.csv", "two/a.csv"):
        written(tmp_path, TABLE, name)

    assert [found.file for found in everything(tmp_path / "one", tmp_path / "two")] == [
        "one/a.csv",
        "two/a.csv",
    ]
    paths = (tmp_path / "one" / "a.csv", tmp_path / "two" / "a.csv")
    assert [found.file for found in everything(*paths)] == ["one/a.csv", "two/a.csv"]
    assert [found.file for found in everything(paths[0])] == ["a.csv"]


def test_an_upload_is_shown_under_its_own_name(tmp_path: Path):
    path = written(tmp_path, TABLE, "tmp8f3a")
    assert only_sheet(Given(path, "accounts.csv")).file == "accounts.csv"


def test_nothing_is_dropped_silently(tmp_path: Path):
    written(tmp_path, "# Read me", "README.md")
    written(tmp_path, "%PDF-1.7", "report.pdf")
    written(tmp_path, "text", "LICENSE")
    written(tmp_path, "", "nothing.csv")
    written(tmp_path, b"\x1f\x8b\x08", "packed.csv.gz")
    found = {one.file: (one.cause, one.reason) for one in everything(tmp_path) if isinstance(one, Unread)}

    assert found == {
        "README.md": ("unknown_type", "a .md file is not a table that can be imported"),
        "report.pdf": ("unknown_type", "it is a PDF; export the table as CSV or XLSX"),
        "LICENSE": ("unknown_type", "a file without an ending is not a table that can be imported"),
        "nothing.csv": ("empty", "the file is empty"),
        "packed.csv.gz": ("unknown_type", "it is packed with gzip; unpack it first"),
    }


def test_a_file_that_is_not_there(tmp_path: Path):
    assert only_unread(tmp_path / "no.csv").reason == "there is no such file"


def test_a_pipe_is_not_opened(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert only_unread(tmp_path / "pipe.csv").reason == "it is not a plain file"


def test_more_files_than_allowed_are_told(tmp_path: Path):
    for n in range(4):
        written(tmp_path, TABLE, f"{n}.csv")
    found = everything(tmp_path, limits=Limits(files=2))
    assert [isinstance(one, Sheet) for one in found] == [True, True, False]
    assert "it holds 4 files" in found[-1].reason  # type: ignore[union-attr]


def test_the_digest_is_of_the_bytes(tmp_path: Path):
    one = only_sheet(written(tmp_path, TABLE, "a.csv"))
    other = only_sheet(written(tmp_path, TABLE, "b.csv"))
    changed = only_sheet(written(tmp_path, TABLE + "2,Beta\n", "c.csv"))
    assert one.sha256 == other.sha256 != changed.sha256


def test_a_zip_is_looked_into_and_read_again_and_again(tmp_path: Path):
    data = zipped({"b.csv": TABLE, "in/a.csv": TABLE, "__MACOSX/._b.csv": "x", "notes.md": "x"})
    found = everything(written(tmp_path, data, "export.zip"))

    assert [one.file for one in found] == ["export.zip/b.csv", "export.zip/in/a.csv", "export.zip/notes.md"]
    sheet = found[0]
    assert isinstance(sheet, Sheet)
    assert rows(sheet) == rows(sheet) == [["1", "Acme"]]


def test_a_zip_in_a_zip_is_read_as_deep_as_allowed(tmp_path: Path):
    inner = zipped({"a.csv": TABLE})
    path = written(tmp_path, zipped({"inner.zip": inner}), "outer.zip")

    sheet = only_sheet(path)
    assert (sheet.file, rows(sheet)) == ("outer.zip/inner.zip/a.csv", [["1", "Acme"]])
    deep = only_unread(path, Limits(archive_depth=1))
    assert (deep.cause, deep.reason) == ("refused", "zips are nested more than 1 deep")


def test_a_zip_bomb_is_refused_in_a_sentence_before_it_is_unpacked(tmp_path: Path):
    bomb = zipped({"a.csv": b"id,name\n" + b"0" * 40_000_000})
    assert len(bomb) < 100_000

    found = only_unread(written(tmp_path, bomb, "bomb.zip"))
    assert found.cause == "refused"
    assert found.reason.startswith("it would unfold to 38 MB, ")


def test_many_files_that_unfold_too_far_together_are_refused(tmp_path: Path):
    data = zipped({f"{n}.csv": TABLE * 100 for n in range(10)})
    found = only_unread(written(tmp_path, data, "big.zip"), Limits(archive_bytes=10_000))
    assert found.reason == "it would unfold to 15,000 bytes; at most 10,000 bytes are unpacked"


def test_zips_in_zips_share_one_budget(tmp_path: Path):
    inner = zipped({"a.csv": TABLE * 100})
    path = written(tmp_path, zipped({f"{n}.zip": inner for n in range(5)}), "outer.zip")
    found = everything(path, limits=Limits(archive_bytes=len(inner) * 5 + 3_200))
    assert [isinstance(one, Sheet) for one in found] == [True, True, False, False, False]


def test_a_zip_of_too_many_files_is_refused_by_its_end_record(tmp_path: Path):
    data = zipped({f"{n}.csv": TABLE for n in range(30)})
    found = only_unread(written(tmp_path, data, "many.zip"), Limits(archive_members=20))
    assert (found.cause, found.reason) == ("refused", "it holds 30 files; at most 20 are read")


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "x/../../a.csv", "..\\a.csv", "C:\\a.csv"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str):
    found = only_unread(written(tmp_path, zipped({name: TABLE}), "evil.zip"))
    assert (found.cause, found.reason) == ("refused", "its name leads outside the zip")


def test_a_locked_zip_says_so(tmp_path: Path):
    data = bytearray(zipped({"a.csv": TABLE}, zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark) + offset
        struct.pack_into("<H", data, at, struct.unpack_from("<H", data, at)[0] | 1)
    assert only_unread(written(tmp_path, bytes(data), "locked.zip")).reason == "it is locked with a password"


def test_a_name_that_stands_twice_is_told(tmp_path: Path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("a.csv", TABLE)
        archive.writestr("a.csv", TABLE)
    found = everything(written(tmp_path, packed.getvalue(), "twice.zip"))
    assert {one.reason for one in found if isinstance(one, Unread)} == {"its name stands twice in the zip"}


def test_damage_inside_a_zip_is_found_before_a_row_is_given(tmp_path: Path):
    data = bytearray(zipped({"a.csv": TABLE * 1000}, zipfile.ZIP_STORED))
    data[3000] ^= 0x10
    assert only_unread(written(tmp_path, bytes(data), "torn.zip")).cause == "damaged"


def test_a_zip_that_was_cut_off_is_damaged(tmp_path: Path):
    whole = zipped({"a.csv": TABLE * 100})
    assert only_unread(written(tmp_path, whole[: len(whole) // 2], "cut.zip")).cause == "damaged"


def test_an_empty_zip(tmp_path: Path):
    assert only_unread(written(tmp_path, zipped({}), "empty.zip")).cause == "empty"


def test_an_open_document_says_what_to_do(tmp_path: Path):
    data = zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"})
    assert "OpenDocument" in only_unread(written(tmp_path, data, "book.ods")).reason
