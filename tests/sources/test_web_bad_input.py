"""Bad input in the browser: each kind answered in words, nothing lost, nothing half loaded."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client

from evenbook.book.models import Account
from evenbook.policy.actions import ensure_first
from evenbook.sources.models import Load
from sources.web_import import MORNING, preview_of, sent, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.EVENBOOK_HOME = tmp_path
    ensure_first(MORNING)
    return tmp_path


@pytest.fixture
def keeper() -> Client:
    return signed_in("operations")


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("accounts.csv", b"account_id,account_name\n" + b"0" * (60 << 20))
    return packed.getvalue()


UNREADABLE = {
    "empty": ("accounts.csv", b"", "the file is empty"),
    "header only": ("accounts.csv", b"account_id,account_name\n", "it has a header and no rows"),
    "not text": ("accounts.csv", bytes(range(256)) * 20, "it is not text"),
    "another alphabet": (
        "accounts.csv",
        "account_id,account_name\nA-1,株式会社サンプル\nA-2,東京電力\n".encode("shift_jis"),
        "it is not UTF-8, and not Western European either; save it as UTF-8 and try again",
    ),
    "10,000 columns": (
        "accounts.csv",
        (",".join(f"c{at}" for at in range(10_000)) + "\n" + ",".join("1" * 10_000) + "\n").encode(),
        "it has 10,000 columns; at most 1,000 are read",
    ),
    "cut off": ("accounts.json", b'[{"account_id": "A-1", "acc', "it is not valid JSON"),
    "zip bomb": ("export.zip", bomb, "it would unfold to 60 MB"),
}
HEAD = b"account_id,account_name,csm,arr,start_date,parent_id\n"
REJECTED = {
    "a row of 10,000 cells": (b"A-1,Fern" + b",x" * 9_998, "Has 10,000 cells where the header has 6"),
    "a key twice": (b"A-0,Other,,,,", "Row 2 says something else under the same key 'A-0'"),
    "1899": (b"A-1,Fern,,,1899-12-30,", '"1899-12-30" is not plausible: it lies before 1900-01-01'),
    "2099": (b"A-1,Fern,,,2099-01-01,", '"2099-01-01" is too far ahead for a start'),
    "negative revenue": (b"A-1,Fern,,-500,,", "An account can't pay a negative amount a year (-500.00)"),
    "a circle": (b"A-1,Fern,,,,A-1", "With 'A-1' as its parent it would be its own parent"),
    "a broken letter": (b"A-1,M\xc3\xbcller \xff,,,,", "which is not UTF-8"),
}
ASKED = {
    "another currency": (b"A-1,Fern,,\xe2\x82\xac500,,", "What is 1 EUR worth in USD?"),
    "an owner who is no person": (b"A-1,Fern,Integration User,,,", "which does not look like a person"),
}
NOTED = {
    "no owner": (b"A-1,Fern,,,,", "1 account has no owner."),
    "a formula": (b"A-1,=1+1,Amara Obi,,,", "1 cell of account_name may be a formula"),
}


def file_with(row: bytes) -> bytes:
    return HEAD + b"A-0,Oak,Amara Obi,100,2024-01-01,\n" + row + b"\n"


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_said_and_offers_nothing_to_load(kind, keeper):
    name, data, said = UNREADABLE[kind]
    address, text = preview_of(keeper, sent(name, data() if callable(data) else data))

    assert said in words(text) and "Nothing in this file can be loaded." in text
    assert 'value="load"' not in text
    assert said in words(keeper.get(f"{address}/files/0").text)
    assert not Load.objects.exists()


@pytest.mark.parametrize("kind", REJECTED)
def test_a_bad_row_is_shown_with_its_reason_and_the_others_load(kind, keeper):
    row, said = REJECTED[kind]
    address, text = preview_of(keeper, sent("accounts.csv", file_with(row)))
    assert said in words(text) and "1 of 2 rows would be new, 1 would be rejected." in words(text)

    page = words(keeper.post(address, {"step": "load"}, follow=True).text)

    assert said in page and "1 of 2 rows was new, 1 was rejected." in page
    assert Account.objects.get().name == "Oak"


@pytest.mark.parametrize("kind", ASKED)
def test_what_nobody_can_tell_is_asked_and_the_others_load(kind, keeper):
    row, said = ASKED[kind]
    address, text = preview_of(keeper, sent("accounts.csv", file_with(row)))
    assert said in words(text) and "1 waits for an answer" in words(text)

    page = words(keeper.post(address, {"step": "load"}, follow=True).text)

    assert said in page and Account.objects.get().name == "Oak"
    assert said in words(keeper.get("/import/questions").text)


@pytest.mark.parametrize("kind", NOTED)
def test_what_loads_and_is_odd_is_told(kind, keeper):
    row, said = NOTED[kind]
    _, text = preview_of(keeper, sent("accounts.csv", file_with(row)))

    assert said in words(text) and "2 of 2 rows would be new." in words(text)


def test_somebody_without_capacity_is_named(keeper):
    people = b"name,email,capacity_hours\nAmara Obi,amara@north.example,0\n"
    _, text = preview_of(keeper, sent("team.csv", people))

    assert "Amara Obi has no capacity, so no load is worked out for them." in words(text)
