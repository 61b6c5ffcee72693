"""What should not come in through the import pages: too much, from elsewhere, or with something inside."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client

from evenbook.book.models import Account
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first, import_yaml
from evenbook.sources.jobs.uploads import clean_name, unlike
from evenbook.sources.models import FileLoad, Load
from sources.web_import import (
    ACCOUNTS,
    MORNING,
    preview_of,
    send,
    send_raw,
    sent,
    signed_in,
    stored,
    words,
)

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
HOSTILE_NAMES = (
    "../../evenbook.sqlite3",
    "..\\..\\secret",
    "/etc/passwd.csv",
    "C:\\Windows\\accounts.csv",
    "....//....//accounts.csv",
    "upload.json",
    "lock",
    "\u202egnp.exe.csv",
    "a" * 400 + ".csv",
    f"{SCRIPT}.csv",
    "'; DROP TABLE book_account; --.csv",
    "accounts.csv\x00.exe",
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.EVENBOOK_HOME = tmp_path
    ensure_first(MORNING)
    return tmp_path


@pytest.fixture
def keeper() -> Client:
    return signed_in("operations")


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=lambda name: repr(name)[:30])
def test_the_name_of_a_file_is_shown_and_never_opened(name, keeper, home):
    (home / "secret").write_text("kept", encoding="utf-8")
    answer = send_raw(keeper, name, ACCOUNTS)

    files = [path for path in stored(home) if path != "secret"]
    assert (home / "secret").read_text(encoding="utf-8") == "kept"
    assert all(path.startswith("imports/uploads/") for path in files)
    if answer.status_code == 302:
        assert SCRIPT not in keeper.get(answer["Location"]).text


@pytest.mark.parametrize("path", ["../../../x.csv", "/x.csv", "a/../../../x.csv", "a\\..\\x.csv", "./x.csv"])
def test_the_path_in_a_folder_leads_nowhere_else(path, keeper, home):
    answer = keeper.post(
        "/import", {"folder": [sent("x.csv", ACCOUNTS)], "paths": f'["{path}"]'.replace("\\", "\\\\")}
    )

    assert ".." not in keeper.get(answer["Location"]).text
    assert not list(home.parent.glob("x.csv")) and not list(home.glob("x.csv"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("export/./sub/../a.csv", "export/sub/a.csv"),
        ("C:\\data\\a.csv", "C:/data/a.csv"),
        ("\u202etxt.csv\n", "txt.csv"),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_name_is_cleaned_of_what_leads_out_and_what_cannot_be_seen(given, kept):
    assert clean_name(given) == kept


def test_files_of_one_name_are_told_apart():
    assert unlike(["a.csv", "b/a.csv", "a.csv", "a.csv"]) == ["a.csv", "b/a.csv", "a (2).csv", "a (3).csv"]


def test_a_folder_keeps_its_paths_and_leaves_out_what_systems_put_there(keeper):
    files = [sent("a.csv", ACCOUNTS), sent("a.csv", ACCOUNTS), sent(".DS_Store", b"x")]
    paths = '["export/one/a.csv", "export/two/a.csv", "export/.DS_Store"]'

    answer = keeper.post("/import", {"folder": files, "paths": paths}, follow=True)

    assert "one/a.csv" in answer.text and "two/a.csv" in answer.text and "export/" not in answer.text
    assert "DS_Store" not in answer.text


@pytest.mark.parametrize("paths", ["", "nonsense", "{}", "[1]", '["other.csv"]', "[" * 9000])
def test_paths_that_make_no_sense_leave_plain_names(paths, keeper):
    answer = keeper.post("/import", {"folder": [sent("a.csv", ACCOUNTS)], "paths": paths}, follow=True)

    assert answer.status_code == 200 and "a.csv" in answer.text and "other.csv" not in answer.text


def test_markup_in_names_headers_and_cells_stays_text_on_every_page(keeper):
    header = f'Account ID,Account Name,"Note {SCRIPT}",Renewal Date'
    row = f'A-1,"{SCRIPT}","""><img src=x onerror=alert(1)>",03/04/2026'
    data = f'{header}\n{row}\nA-2,{SCRIPT}x,b,05/06/2026\nA-3,Fine,"{SCRIPT}",{SCRIPT}\n'.encode()
    address, preview = preview_of(keeper, sent(f"{SCRIPT}.csv", data), sent("<b>.pdf", b"%PDF"))
    columns = keeper.get(f"{address}/files/1").text
    load = keeper.post(address, {"step": "load"}, follow=True).text
    pages = (preview, columns, load, keeper.get("/import").text, keeper.get("/import/questions").text)

    for page in pages:
        assert "<script>alert" not in page and "<img" not in page and "<b>.pdf" not in page
    assert "&lt;script&gt;" in preview and "&lt;img src=x" in columns


def test_formulas_are_harmless_in_the_file_of_rejects(keeper):
    data = (
        b'Account ID,Account Name,Renewal Date\nA-1,"=HYPERLINK(""http://x"")",never\n'
        b"@A-2,+1,no day\nA-3,Fine,2026-01-01\n"
    )
    address, _ = preview_of(keeper, sent("=cmd.csv", data))
    page = keeper.post(address, {"step": "load"}, follow=True)
    file = b"".join(keeper.get(f"/import/loads/{Load.objects.get().pk}/rejects").streaming_content).decode()

    assert page.status_code == 200
    cells = [line.lstrip('"') for line in file.splitlines()[1:]]
    assert cells and all(line[0] not in "=+-@" for line in cells)


def test_a_file_that_is_too_large_is_refused_in_words_and_the_others_are_kept(keeper, home):
    import_yaml("sources: {max_upload_mb: 1}", by=SYSTEM, note="Less.", now=MORNING)
    large = sent("large.csv", b"a,b\n" + b"1,2\n" * 300_000)

    _, text = preview_of(keeper, large, sent("accounts.csv", ACCOUNTS))
    assert "large.csv was not taken: it is larger than the 1 MB that a page takes." in words(text)
    assert "2 of 2 rows would be new." in text

    alone = send(keeper, sent("large.csv", b"a,b\n" + b"1,2\n" * 300_000))
    assert alone.status_code == 422 and "evenbook import PATH" in alone.text
    assert max(path.stat().st_size for path in home.rglob("*") if path.is_file()) < 1_000_000


def test_too_many_files_are_refused_in_words(keeper, settings, home):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3

    answer = send(keeper, *(sent(f"{number}.csv", ACCOUNTS) for number in range(5)))

    assert answer.status_code == 422 and "too many files at once" in answer.text
    assert stored(home) == []


def test_a_broken_body_is_refused_in_words(keeper, home):
    answer = keeper.generic("POST", "/import", b"nonsense", content_type="multipart/form-data")

    assert answer.status_code == 422 and "broke off" in answer.text and stored(home) == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("report.pdf", b"%PDF-1.7", "it is a PDF"),
        ("photo.png", b"\x89PNG\r\n", "is not a table that can be imported"),
        ("accounts.csv", b"", "the file is empty"),
        ("accounts.xlsx", b"PK\x03\x04broken", "damaged"),
        ("accounts.csv", b"\xd0\xcf\x11\xe0rest", "old or locked Excel file"),
    ],
)
def test_what_is_no_table_is_reported_in_words(name, data, said, keeper):
    _, text = preview_of(keeper, sent(name, data))

    assert said in text and "Nothing in this file can be loaded." in text


def test_a_zip_that_swells_is_refused_in_a_sentence(keeper):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("accounts.csv", b"0" * 40_000_000)

    _, text = preview_of(keeper, sent("export.zip", packed.getvalue()))

    assert "times its packed size" in text and not Account.objects.exists()


def test_a_zip_whose_names_lead_outside_is_refused_and_the_rest_loads(keeper):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("../../evil.csv", ACCOUNTS)
        made.writestr("accounts.csv", ACCOUNTS)

    _, text = preview_of(keeper, sent("export.zip", packed.getvalue()))

    assert "its name leads outside the zip" in text and "2 of 2 rows would be new." in text


def test_a_form_without_the_token_is_refused_and_leaves_nothing_behind(home):
    client = signed_in("operations", enforce_csrf_checks=True)
    assert send(client, sent("accounts.csv", ACCOUNTS)).status_code == 403
    assert stored(home) == []

    token = client.get("/import").text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    address = send(client, sent("accounts.csv", ACCOUNTS), csrfmiddlewaretoken=token)["Location"]
    client.get(address)
    assert client.post(address, {"step": "load"}).status_code == 403
    assert client.post(f"{address}/files/0", {"table": "skip"}).status_code == 403
    assert client.post("/import/questions", {"q-a": "b"}).status_code == 403
    assert not Load.objects.exists()


@pytest.mark.parametrize("token", ["..", "%2e%2e", "a", "a" * 22, "..%2f..%2f..%2fetc", "-" * 22])
def test_an_address_that_nobody_was_given_is_not_found(token, keeper):
    assert keeper.get(f"/import/uploads/{token}").status_code == 404
    assert keeper.get(f"/import/uploads/{token}/rejects").status_code == 404


def test_answers_under_a_made_up_token_do_not_leave_the_folder(keeper, home):
    data = b"Account ID,Account Name,Renewal Date\nA-1,Northwind Foods,03/04/2026\n"
    address, text = preview_of(keeper, sent("accounts.csv", data))
    keeper.post(address, {"step": "load"})
    question = text.partition('type="radio" name="')[2].partition('"')[0]

    keeper.post("/import/questions", {question: "dmy", "token": "../../../../evil"})

    assert not list(home.parent.rglob("evil*")) and Account.objects.count() == 1


def test_a_load_that_breaks_off_has_loaded_nothing_and_can_be_tried_again(keeper, monkeypatch):
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))

    def breaks(*args: object, **more: object) -> None:
        raise RuntimeError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr("evenbook.sources.jobs.working.import_files", breaks)
        page = keeper.post(address, {"step": "load"}, follow=True)
    assert "It broke off, and nothing was loaded." in page.text and "the disk is gone" not in page.text
    assert not Load.objects.exists() and "Try again" in page.text

    keeper.post(address, {"step": "load"})
    assert FileLoad.objects.get().created == 2


def test_a_server_that_stopped_in_the_middle_leaves_files_that_can_be_loaded(keeper, home):
    from evenbook.sources.jobs import uploads

    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))
    token = address.rpartition("/")[2]
    note = home / "imports" / "uploads" / token / "upload.json"
    note.write_text(
        note.read_text(encoding="utf-8").replace('"doing": ""', '"doing": "load"'), encoding="utf-8"
    )

    keeper.post(address, {"step": "load"})

    assert Account.objects.count() == 2 and uploads.folder_of(home).is_dir()


def test_while_it_is_loaded_the_page_says_so_and_asks_again(keeper, home):
    from evenbook.people.models import User
    from evenbook.sources.jobs import uploads

    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))
    by = str(User.objects.get().pk)
    upload = uploads.find(home, address.rpartition("/")[2], by=by)
    assert upload is not None
    with uploads.alone(upload.save(doing="load")):
        uploads.say(upload, "40,000 rows read, now accounts.csv")
        page = keeper.get(address)
        keeper.post(address, {"step": "load"})

    assert "The files are being loaded." in page.text and "40,000 rows read" in page.text
    assert page["Refresh"] == "2" and not Load.objects.exists()


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"by": 1}', "nonsense"])
def test_a_note_that_makes_no_sense_is_passed_over(note, keeper, home):
    address, _ = preview_of(keeper, sent("accounts.csv", ACCOUNTS))
    folder = home / "imports" / "uploads" / address.rpartition("/")[2]
    (folder / "upload.json").write_text(note, encoding="utf-8")

    assert keeper.get("/import").status_code == 200 and keeper.get(address).status_code == 404
