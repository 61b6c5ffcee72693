"""Backup, restore and the move to another database: all rows arrive alike, or nothing changes."""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

import databases
import ready
from evenbook.book.models import Account, Person
from evenbook.people.models import AuditEntry, Team, User
from evenbook.policy.models import PolicyVersion
from evenbook.records.models import Score
from evenbook.screens.models import SavedView
from evenbook.site.copying.archive import MANIFEST, BadBackup, NewerBackup
from evenbook.site.copying.backup import BackupRefused, back_up
from evenbook.site.copying.columns import tables_of
from evenbook.site.copying.ledger import last_backup
from evenbook.site.copying.moving import move
from evenbook.site.copying.reading import digest_of, snapshot
from evenbook.site.copying.restore import look_into, restore
from evenbook.site.copying.writing import CopyFailed, NotEmpty
from evenbook.site.database import sqlite_at

pytestmark = pytest.mark.usefixtures("own_databases")

NOW = datetime(2026, 3, 9, 8, 0, 0, 250_000, tzinfo=UTC)
LONG_AGO = datetime(2024, 3, 4, tzinfo=UTC)
HOSTILE = 'O\'Hara "& Söhne" \\N \\. \t\n\r 名 😀 <script>\u2028,;{}\x1f'
NESTED = {"z": [1, 2.50, 1e22, 1e-7, -0.0, None, True, {"b": HOSTILE, "a": []}], "a": "", "ä": {}}


@pytest.fixture
def own_databases(django_db_blocker: Any) -> Iterator[None]:
    """Let a test open databases of its own, beside the suite's."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def made(
    django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Return the folder of an instance with rows of every kind, and the settings of its database."""
    home = tmp_path_factory.mktemp("source") / "instance"
    home.mkdir(mode=0o700)
    with contextlib.ExitStack() as stack:
        with django_db_blocker.unblock():
            settings = stack.enter_context(
                databases.of_the_suites_kind(home, "copies_source", with_tables=True)
            )
        with django_db_blocker.unblock(), databases.opened("source", settings):
            _fill("source")
        for name, text in (
            ("imports/1/a.csv", "Name\nBen"),
            ("rejects/1.csv", ""),
            ("cache/x", "made again"),
        ):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text, encoding="utf-8")
        yield home, settings
        with django_db_blocker.unblock():
            stack.close()


def _fill(alias: str) -> None:
    north = Team.objects.using(alias).create(name=HOSTILE)
    Team.objects.using(alias).create(name="South", parent=north)
    amara = User.objects.using(alias).create(
        mail="amara@northwind.example", name="Amara", role="operations", team=north, joined_at=NOW
    )
    SavedView.objects.using(alias).create(
        user=amara, table="accounts", name=HOSTILE, query="tier=1", saved_at=NOW
    )
    Person.objects.using(alias).create(key="ben", name="Ben", custom=NESTED)
    first = Account.objects.using(alias).create(
        id=900, key="hostile", name=HOSTILE, matched_name="hostile", known_at=NOW, custom=NESTED
    )
    Account.objects.using(alias).create(
        key="child", name="Child", matched_name="c", known_at=LONG_AGO, parent=first
    )
    for number in range(40):
        Score.objects.using(alias).create(
            account=first,
            source="crm",
            external_id=f"s{number}",
            kind="nps",
            value=number / 3,
            happened_at=LONG_AGO,
            known_at=NOW,
        )
    _fill_history(alias, amara)


def _fill_history(alias: str, amara: User) -> None:
    PolicyVersion.objects.using(alias).create(
        number=1, adopted_at=NOW, author_name="Evenbook", note="-", document={}
    )
    PolicyVersion.objects.using(alias).create(
        number=2, adopted_at=NOW, author=amara, author_name="Amara", note="-", document=NESTED
    )
    AuditEntry.objects.using(alias).create(
        at=NOW,
        by_name="Amara",
        surface="page",
        what="user.added",
        thing_kind="user",
        thing_id="1",
        after=NESTED,
    )
    Session.objects.using(alias).create(session_key="opens-a-door", session_data="x", expire_date=NOW)


@pytest.fixture
def backup(own_databases: None, made: tuple[Path, dict[str, Any]], tmp_path: Path) -> Path:
    home, settings = made
    back_up(tmp_path / "it.zip", database=settings, home=home, organization="Northwind", now=NOW)
    return tmp_path / "it.zip"


@pytest.fixture
def nothing(own_databases: None, tmp_path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give a folder and a database in which there are no tables."""
    home = tmp_path / "target"
    home.mkdir()
    with databases.of_the_suites_kind(home, "copies_target") as settings:
        yield home, settings


@pytest.fixture
def target(own_databases: None, tmp_path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give a folder and a database whose tables are empty."""
    home = tmp_path / "target"
    home.mkdir()
    with databases.of_the_suites_kind(home, "copies_target", with_tables=True) as settings:
        yield home, settings


def digests(settings: dict[str, Any]) -> dict[str, Any]:
    with snapshot(settings) as seen:
        return {table.name: digest_of(seen.lines(table)) for table in tables_of(apps)}


def restored(path: Path, home: Path, settings: dict[str, Any]) -> Any:
    with databases.opened("restored", settings) as connection:
        return restore(path, connection=connection, home=home)


def test_a_backup_comes_back_whole_and_people_sign_in_anew(made, backup, nothing):
    (home, source), (there, settings) = made, nothing
    came = restored(backup, there, settings)

    assert digests(settings) == digests(source)
    assert came.manifest.rows > 50 and came.manifest.organization == "Northwind" and not came.other_secret
    assert (there / "imports/1/a.csv").read_text(encoding="utf-8") == "Name\nBen"
    assert (
        (there / "rejects/1.csv").exists()
        and not (there / "cache").exists()
        and not (there / "restoring").exists()
    )
    with databases.opened("restored", settings):
        assert Account.objects.using("restored").get(key="hostile").custom == NESTED
        assert Account.objects.using("restored").get(key="hostile").known_at == NOW
        assert (
            Account.objects.using("restored").create(key="n", name="N", matched_name="n", known_at=NOW).pk
            > 900
        )
        assert not Session.objects.using("restored").exists()
    assert b"opens-a-door" not in b"".join(
        zipfile.ZipFile(backup).read(name) for name in zipfile.ZipFile(backup).namelist()
    )
    assert backup.stat().st_mode & 0o077 == 0 and last_backup(home).made_at == NOW


def test_a_backup_sees_one_instant_while_people_write(made, tmp_path):
    home, settings = made
    with snapshot(settings) as seen:
        table = next(each for each in tables_of(apps) if each.name == "people_team")
        before = list(seen.lines(table))
        with databases.opened("writer", settings):
            late = Team.objects.using("writer").create(name="Came while it was read")
            late_again = Team.objects.using("writer").count()
            assert list(seen.lines(table)) == before and late_again == len(before) + 1
            late.delete()


def test_only_an_empty_instance_is_filled_and_nothing_there_is_written_over(made, backup, target):
    (there, settings) = target
    (there / "imports").mkdir()
    (there / "imports" / "other.csv").write_text("mine")
    with pytest.raises(NotEmpty, match="other.csv"):
        restored(backup, there, settings)
    shutil.rmtree(there / "imports")
    restored(backup, there, settings)
    kept = digests(settings)

    with pytest.raises(NotEmpty, match="holds rows"):
        restored(backup, there, settings)
    with pytest.raises(NotEmpty, match="holds rows"):
        move(made[1], settings, home=there, now=NOW)
    with pytest.raises(NotEmpty, match="already"):
        move(settings, settings, home=there, now=NOW)
    assert digests(settings) == kept


def changed(path: Path, change: Callable[[str, bytes], bytes | None], **added: bytes) -> Path:
    """Return a copy of a backup with its parts changed, left out, or added to."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            if (held := change(name, old.read(name))) is not None:
                new.writestr(name, held)
        for name, held in added.items():
            new.writestr(name, held)
    return other


def as_told(**told: Any) -> Callable[[str, bytes], bytes]:
    return lambda name, held: json.dumps({**json.loads(held), **told}).encode() if name == MANIFEST else held


def climbing(name: str, held: bytes) -> bytes:
    if name != MANIFEST:
        return held
    told = json.loads(held)
    told["files"].append({**told["files"][0], "name": "files/../../escaped"})
    return json.dumps(told).encode()


DAMAGE: dict[str, Callable[[str, bytes], bytes | None]] = {
    "a row changed": lambda name, held: held.replace(b"South", b"Soufh"),
    "a row gone": lambda name, held: (
        held[: held.rindex(b"[")] if name.endswith("people_team.jsonl") else held
    ),
    "a file changed": lambda name, held: held.replace(b"Ben", b"Bob") if name.startswith("folder/") else held,
    "a table gone": lambda name, held: None if "people_team" in name else held,
    "no manifest": lambda name, held: None if name == MANIFEST else held,
    "a manifest of nonsense": lambda name, held: b"[1]" if name == MANIFEST else held,
    "of another program": as_told(kind="other"),
    "a name that climbs": climbing,
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_backup_is_refused_and_leaves_nothing(what, backup, target):
    there, settings = target
    bad = changed(backup, DAMAGE[what])

    with pytest.raises(BadBackup):
        look_into(bad)
    if what in {"a row changed", "a name that climbs"}:
        with pytest.raises(BadBackup):
            restored(bad, there, settings)
        assert [path.name for path in there.iterdir() if path.name != "evenbook.sqlite3"] in (
            [],
            ["evenbook.sqlite3-wal"],
        )
        restored(backup, there, settings)


def test_a_file_that_is_no_backup_or_of_a_later_version_is_refused(backup, tmp_path):
    (tmp_path / "cut.zip").write_bytes(backup.read_bytes()[:-200])
    smuggled = changed(backup, lambda name, held: held, **{"../evil": b"x"})
    for path in (tmp_path / "nowhere.zip", tmp_path / "cut.zip", smuggled):
        with pytest.raises(BadBackup):
            look_into(path)
    told = json.loads(zipfile.ZipFile(backup).read(MANIFEST))
    later = {**told["migrations"], "book": [*told["migrations"]["book"], "9999_later"]}
    for bad in (as_told(format=2), as_told(migrations=later)):
        with pytest.raises(NewerBackup):
            look_into(changed(backup, bad))
    assert look_into(backup).rows == sum(each["size"] for each in told["tables"])


def test_a_backup_is_not_written_over_and_a_failed_one_leaves_no_file(made, backup):
    home, settings = made
    with pytest.raises(BackupRefused, match="already"):
        back_up(backup, database=settings, home=home, organization="", now=NOW)
    back_up(backup, database=settings, home=home, organization="", now=NOW, replace=True)

    def stopped(table: str, rows: int) -> None:
        raise KeyboardInterrupt

    before = backup.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        back_up(backup, database=settings, home=home, organization="", now=NOW, replace=True, told=stopped)
    assert backup.read_bytes() == before and [path.name for path in backup.parent.glob("*.part")] == []


def test_a_move_proves_every_table_and_one_that_was_stopped_is_started_again(made, tmp_path):
    home, source = made
    first, place = sqlite_at(tmp_path / "moved.sqlite3"), tmp_path / "home"
    place.mkdir()

    def stopped(table: str, rows: int) -> None:
        if table == "records_score":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(source, first, home=place, now=NOW, told=stopped)
    moved = move(source, first, home=place, now=NOW)
    assert {each.table: each.digest for each in moved} == digests(source) == digests(first)
    if source["ENGINE"].endswith("postgresql"):
        with databases.postgresql("copies_moved") as back:
            move(first, back, home=place, now=NOW)
            assert digests(back) == digests(source)
            with databases.opened("moved", back):
                made_now = Account.objects.using("moved").create(
                    key="n", name="N", matched_name="n", known_at=NOW
                )
                assert made_now.pk > 900


def test_nobody_writes_while_an_instance_moves(made, tmp_path):
    home, settings = made
    told: list[str] = []

    def write(name: str) -> None:
        with databases.opened(f"writer-{name}", settings):
            Team.objects.using(f"writer-{name}").create(name=name)
            told.append(name)
            connections[f"writer-{name}"].close()

    with snapshot(settings, hold_writers=True) as seen:
        writing = threading.Thread(target=write, args=("Waits",))
        writing.start()
        writing.join(timeout=0.5)
        assert told == [] and seen.migrations()
    writing.join(timeout=20)
    assert told == ["Waits"]


def test_a_value_that_the_other_database_refuses_changes_nothing(tmp_path, target, made):
    there, settings = target
    if not settings["ENGINE"].endswith("postgresql"):
        pytest.skip("SQLite takes every text")
    ready.sqlite(tmp_path / "odd.sqlite3")
    with databases.opened("odd", sqlite_at(tmp_path / "odd.sqlite3")):
        Team.objects.using("odd").create(name="nul\x00")
    with pytest.raises(CopyFailed, match="nothing was changed"):
        move(sqlite_at(tmp_path / "odd.sqlite3"), settings, home=there, now=NOW)
    assert digests(settings)["people_team"].rows == 0


def test_a_backup_of_an_earlier_version_is_restored_and_brought_up_to_date(own_databases, tmp_path, nothing):
    earlier, (there, settings) = sqlite_at(tmp_path / "earlier.sqlite3"), nothing
    with databases.opened("earlier", earlier) as connection:
        state = MigrationExecutor(connection).migrate(
            [("people", "0002_sign_in_attempts"), ("policy", "0001_initial")]
        )
        team = state.apps.get_model("people", "Team").objects.using("earlier").create(name="North")
        people = state.apps.get_model("people", "User").objects.using("earlier")
        people.create(mail="ben@northwind.example", name="Ben", role="csm", team=team, joined_at=NOW)
    back_up(tmp_path / "old.zip", database=earlier, home=tmp_path / "none", organization="", now=NOW)
    came = restored(tmp_path / "old.zip", there, settings)

    assert "people_auditentry" not in came.manifest.columns
    with databases.opened("restored", settings) as connection:
        ben = User.objects.using("restored").get()
        assert (ben.name, ben.team.name, ben.joined_at) == ("Ben", "North", NOW)
        assert (
            not AuditEntry.objects.using("restored").exists()
            and not Account.objects.using("restored").exists()
        )
        executor = MigrationExecutor(connection)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
