"""The address of the database, its faults in plain words, and two processes that start at once."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

import databases
from evenbook.site.database import BadDatabaseAddress, fault, postgresql_at, shown, words

SECRET = "t1ger%40home"


def test_an_address_becomes_settings_and_is_shown_without_user_and_password():
    found = postgresql_at(f"postgresql://amara:{SECRET}@db.example:5433/even%20book?sslmode=require")

    assert (found["USER"], found["PASSWORD"], found["NAME"], found["PORT"]) == (
        "amara",
        "t1ger@home",
        "even book",
        "5433",
    )
    assert found["OPTIONS"]["sslmode"] == "require" and found["CONN_HEALTH_CHECKS"]
    assert shown(found) == "the PostgreSQL database even book at db.example:5433"
    assert postgresql_at("postgres://u@/even?host=%2Frun%2Fpg")["HOST"] == "/run/pg"


@pytest.mark.parametrize(
    "address",
    [
        f"mysql://amara:{SECRET}@db/even",
        f"postgresql://amara:{SECRET}@db:port/even",
        f"postgresql://amara:{SECRET}@db/",
        f"postgresql://amara:{SECRET}@/even",
        f"postgresql://amara:{SECRET}@db/even?sslmode",
        f"postgresql://amara:{SECRET}@db/even?user=root",
        f"postgresql://amara:{SECRET}@[db/even",
        "db.example",
    ],
)
def test_a_bad_address_is_one_sentence_without_the_password(address):
    with pytest.raises(BadDatabaseAddress) as refused:
        postgresql_at(address)
    assert "t1ger" not in str(refused.value) and refused.value.what.endswith(".")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('connection failed: FATAL:  password authentication failed for user "amara"', "credentials"),
        ('connection failed: FATAL:  database "even" does not exist', "absent"),
        ('connection to server at "127.0.0.1", port 1 failed: Connection refused', "away"),
        ("connection timeout expired", "away"),
        ("the connection is lost", "away"),
        ("terminating connection due to administrator command", "away"),
        ("FATAL:  sorry, too many clients already", "crowded"),
        ("attempt to write a readonly database", "forbidden"),
        ("database is locked", "locked"),
        ("database or disk is full", "full"),
        ("file is not a database", "damaged"),
        ("no such table: people_user", "other version"),
        ('relation "people_user" does not exist', "other version"),
    ],
)
def test_what_a_database_says_is_told_in_plain_words(said, kind):
    what, fix = words(Exception(said))
    assert fault(Exception(said)) == kind and what.endswith(".") and fix and "amara" not in what


EVENBOOK = [sys.executable, "-c", "from evenbook.site.cli import main; main()"]


def started(home: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    named = {name: value for name, value in os.environ.items() if not name.startswith("EVENBOOK_")}
    there = {**named, "EVENBOOK_HOME": str(home), **variables}
    return subprocess.Popen(
        [*EVENBOOK, *arguments], env=there, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.django_db
def test_two_processes_that_start_at_once_on_a_new_database_both_come_up(tmp_path):
    with databases.of_the_suites_kind(tmp_path, "two_at_once") as settings:
        is_server = connection.vendor == "postgresql"
        where = {"EVENBOOK_DATABASE_URL": databases.address_of("two_at_once")} if is_server else {}
        both = [started(tmp_path, "user", "list", **where) for _ in range(2)]
        said = [process.communicate(timeout=120) for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        assert all("Nobody signs in yet" in out for out, _ in said)
        with databases.at(settings) as opened, opened.cursor() as cursor:
            cursor.execute("select count(*), max(number) from policy_policyversion")
            assert tuple(cursor.fetchone()) == (1, 1)


def test_a_server_that_is_away_and_a_bad_address_are_one_sentence_at_the_terminal(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    away = started(
        tmp_path, "user", "list", EVENBOOK_DATABASE_URL=f"postgresql://amara:{SECRET}@127.0.0.1:{port}/even"
    )
    bad = started(tmp_path, "user", "list", EVENBOOK_DATABASE_URL="postgres//nonsense")
    (out, said), (_, also) = away.communicate(timeout=60), bad.communicate(timeout=60)

    assert (away.returncode, bad.returncode, out) == (2, 2, "")
    assert said.startswith("The database server does not answer.\n  Fix:  ") and "t1ger" not in said
    assert also.startswith("The address of the database begins with") and len(also.splitlines()) == 2
