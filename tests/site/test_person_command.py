"""``evenbook person``: what it writes, says and refuses on the command line."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evenbook.book.models import Person
from evenbook.people.actions import add_user
from evenbook.people.models import Forgotten, User
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.site.cli import run

NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
AS_OLU = ("--as", "olu@evenbook.example")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def people(settings: Any, tmp_path: Path) -> None:
    settings.EVENBOOK_HOME = tmp_path
    ensure_first(NOW)
    for name, role in (("Olu Danjuma", "operations"), ("Amara Okafor", "csm")):
        mail = f"{name.split()[0].lower()}@evenbook.example"
        add_user(SYSTEM, mail=mail, name=name, role=role, now=NOW)
    Person.objects.create(key="amara-okafor", name="Amara Okafor", mail="amara@evenbook.example")


def test_the_file_is_written_once_and_for_its_owner_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "amara.zip"
    assert run([*AS_OLU, "person", "export", "amara-okafor", "--to", str(to), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    with zipfile.ZipFile(to) as archive:
        names = {name.removesuffix(".json") for name in archive.namelist()}
    assert names == {*told["rows"], "README.txt"} and told["rows"]["book.Person"] == 1
    assert to.stat().st_mode & 0o777 == 0o600
    assert run([*AS_OLU, "person", "export", "amara-okafor", "--to", str(to)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_forgetting_says_first_asks_then_and_can_be_scripted(capsys: pytest.CaptureFixture[str]) -> None:
    forget = [*AS_OLU, "person", "forget", "amara@evenbook.example"]
    assert run([*forget, "--dry-run"]) == 0
    assert "would be changed; Amara Okafor would be called former person " in capsys.readouterr().out
    assert run(forget) != 0, "nobody is there to be asked"
    assert not Forgotten.objects.exists()
    capsys.readouterr()
    assert run([*forget, "--yes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert not told["is_dry_run"] and told["rows"]["people_user"] == told["rows"]["book_person"] == 1
    assert Person.objects.get().key == told["key"] and User.objects.filter(name=told["called"]).exists()
    assert run([*forget, "--yes"]) == 2 and "Nobody of the team" in capsys.readouterr().err


@pytest.mark.parametrize("who", [(), ("--as", "amara@evenbook.example")])
def test_nobody_but_operations_does_either(who: tuple[str, ...], tmp_path: Path) -> None:
    assert run([*who, "person", "forget", "olu@evenbook.example", "--yes"]) == 2
    assert run([*who, "person", "export", "olu@evenbook.example", "--to", str(tmp_path / "x.zip")]) == 2
    assert not Forgotten.objects.exists() and not (tmp_path / "x.zip").exists()
