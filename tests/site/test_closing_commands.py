"""`evenbook loops`, `close` and `waive`: documents for programs, how they end, and files that are no artifact."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.closures.owing import answers, owed

from evenbook.closures.models import Loop
from evenbook.site.cli import run

TODAY = datetime.now(UTC).date()
BEN, AMARA = ("--as", "ben@example.com"), ("--as", "amara@example.com")
FIELDS = ["id", "account", "kind", "owner", "opened_on", "due_on", "state", "opened_by"]
Ends = Callable[..., tuple[int, str]]


@pytest.fixture
def ends(db: None, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> Ends:
    """Return a function that runs a command and gives its exit code and all that it printed."""
    settings.EVENBOOK_HOME, settings.EVENBOOK_DEMO = tmp_path, False

    def ended(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return ended


@pytest.fixture
def team(db: None) -> Any:
    from tests.pages import company

    return company.build(4)


@pytest.fixture
def loop(team: Any) -> Loop:
    return owed(team.of("ben")[0], by=team.people["ben"], due_on=TODAY - timedelta(days=4))


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a complete check-in note, with other answers where they are given."""

    def written(text: str | bytes | None = None, **more: Any) -> Path:
        path = tmp_path / "note.yaml"
        given = yaml.safe_dump(answers("check_in_note", today=TODAY, **more))
        path.write_bytes(text if isinstance(text, bytes) else (given if text is None else text).encode())
        return path

    return written


def test_loops_are_listed_as_one_document_with_what_is_owed(ends: Ends, team: Any, loop: Loop) -> None:
    owed(team.of("ben")[1], by=None, due_on=TODAY, closed_at=datetime.now(UTC))
    code, said = ends("loops", "--json")
    rows = json.loads(said)

    assert code == 0 and [list(each) for each in rows] == [FIELDS]
    assert rows[0] == {
        "id": "check_in:crm:e1", "account": "a-00000", "kind": "check_in", "owner": "ben",
        "opened_on": (TODAY - timedelta(days=7)).isoformat(), "due_on": loop.due_on.isoformat(),
        "state": "overdue", "opened_by": "crm:e1",
    }  # fmt: skip
    every = json.loads(ends("loops", "--all", "--json")[1])
    assert [(each["state"], each["owner"]) for each in every] == [("overdue", "ben"), ("closed", None)]


def test_loops_are_asked_for_and_counted(ends: Ends, team: Any, loop: Loop) -> None:
    owed(team.of("chidi")[0], by=team.people["chidi"], kind="escalation", due_on=TODAY)

    for words, keys in (
        (["--owner", "ben"], [loop.key]),
        (["--kind", "escalation"], ["escalation:crm:e2"]),
        (["--account", loop.account.key], [loop.key]),
        (["--owner", "nobody"], []),
        (["--owner", "x\udcff", "--account", "y\x00"], []),
    ):
        assert [each["id"] for each in json.loads(ends("loops", *words, "--json")[1])] == keys
    code, said = ends("loops")
    assert code == 0 and f"2 loops as of {TODAY}." in said and "Northwind" in said
    assert json.loads(ends("loops", "--as-of", "2026-03-09", "--json")[1]) == []
    assert ends("loops", "--as-of", "2020-01-01")[0] == ends("loops", "--as-of", "soon")[0] == 2


def test_a_closing_ends_with_0_and_says_so_once(ends: Ends, loop: Loop, file: Callable[..., Path]) -> None:
    code, said = ends("close", loop.key, "--file", file(), "--json", *BEN)
    assert (code, json.loads(said)) == (0, {"closed": True, "refusals": [], "waits_for": []})

    code, said = ends("close", loop.key, "--file", file(), "--json", *BEN)
    assert code == 2 and json.loads(said)["error"] == "loop-done"
    assert Loop.objects.get(closed_by__author__key="ben").pk == loop.pk


def test_what_does_not_meet_the_standard_ends_with_1_and_reasons(
    ends: Ends, loop: Loop, file: Callable[..., Path]
) -> None:
    code, said = ends(
        "close", loop.key, "--file", file(summary="N/A", next_touchpoint="mail"), "--json", *BEN
    )
    document = json.loads(said)

    assert code == 1 and list(document) == ["closed", "refusals", "waits_for"] and document["closed"] is False
    assert [list(each) for each in document["refusals"]] == [["field", "reason"]] * 2
    assert [each["field"] for each in document["refusals"]] == ["summary", "next_touchpoint"]
    code, said = ends("close", loop.key, "--file", file(summary="N/A"), *BEN)
    assert code == 1 and "  summary: " in said and said.endswith("close: not closed; nothing was changed.\n")
    loop.refresh_from_db()
    assert loop.closed_at is None


BOMB = "a: &a [x]\nsummary: &b [*a, *a]\nmore: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("summary: [", 2),
        ("summary: 'x", 2),
        (BOMB, 2),
        ("!!python/object/apply:os.system ['true']", 2),
        (b"\x00\x01\x02\xff\xfe", 2),
        (b"PK\x03\x04" + bytes(range(256)), 2),
        ("summary: " + "x" * 1_000_001, 2),
        ("[" * 5_000, 2),
        ("", 1),
        ("just a sentence", 1),
        ("- summary: in a list", 1),
        ("7", 1),
        ("summary: " + "word " * 20_000, 1),
        ("? [a, b]\n: c\n", 2),
    ],
    ids=range(14),
)
def test_a_file_that_is_no_artifact_closes_nothing(
    ends: Ends, loop: Loop, file: Callable[..., Path], text: str | bytes, code: int
) -> None:
    found, said = ends("close", loop.key, "--file", file(text), "--json", *BEN)

    assert found == code and "Traceback" not in said and len(said) < 3_000
    document = json.loads(said)
    assert document["refusals"] if code == 1 else (document["what"] and document["fix"])
    loop.refresh_from_db()
    assert loop.closed_at is None


def test_a_file_as_json_closes_too(ends: Ends, loop: Loop, file: Callable[..., Path]) -> None:
    text = json.dumps(answers("check_in_note", today=TODAY))
    assert ends("close", loop.key, "--file", file(text), *BEN)[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["close", "check_in:nothing", "--file", "{file}", *BEN], "There is no loop 'check_in:nothing'"),
        (["close", "x\udcff", "--file", "{file}", *BEN], "There is no loop"),
        (["close", "x" * 5_000, "--file", "{file}", *BEN], "There is no loop"),
        (["close", "{loop}", "--file", "{file}"], "nobody who may write was named"),
        (["close", "{loop}", "--file", "/nowhere.yaml", *BEN], "/nowhere.yaml"),
        (["close", "{loop}", "--file", "/", *BEN], "is a directory"),
        (["close", "{loop}", *BEN], "Missing option '--file'"),
        (
            ["close", "{loop}", "--file", "{file}", "--as", "chidi@example.com"],
            "owed by Ben Adler, not by you",
        ),
        (
            ["close", "{loop}", "--file", "{file}", "--as", "rea@example.com"],
            "nobody who may write was named",
        ),
        (["waive", "{loop}", "--reason", "overloaded"], "nobody who may write was named"),
        (["waive", "{loop}", "--reason", "overloaded", *BEN], "by the leader of whoever owes it"),
        (["waive", "{loop}", "--reason", "knows already", *AMARA], "'knows already' is not one of"),
        (["waive", "check_in:nothing", "--reason", "overloaded", *AMARA], "There is no loop"),
        (["waive", "x\udcff", "--reason", "overloaded", *AMARA], "There is no loop"),
        (
            ["waive", "{loop}", "--reason", "overloaded", "--note", "x" * 501, *AMARA],
            "more than 500 characters",
        ),
    ],
    ids=range(15),
)
def test_what_cannot_be_done_ends_with_2_and_says_why(
    ends: Ends, loop: Loop, file: Callable[..., Path], words: list[str], says: str
) -> None:
    named = {"{loop}": loop.key, "{file}": file()}
    code, said = ends(*(named.get(word, word) for word in words))

    assert code == 2 and says in " ".join(said.split()) and "Traceback" not in said
    loop.refresh_from_db()
    assert loop.closed_at is None and loop.waived_at is None


def test_a_leader_waives(ends: Ends, loop: Loop) -> None:
    code, said = ends("waive", loop.key, "--reason", "overloaded", "--note", "Two books.", *AMARA)

    loop.refresh_from_db()
    assert (code, said, loop.waiver_note) == (0, "waive: the loop is waived.\n", "Two books.")
    assert json.loads(ends("loops", "--all", "--json")[1])[0]["state"] == "waived"


def test_before_the_first_week_no_loop_is_known(ends: Ends, file: Callable[..., Path]) -> None:
    from evenbook.people.models import User

    User.objects.create(mail="ben@example.com", name="Ben", role="csm", joined_at=datetime.now(UTC))
    for words in (["loops"], ["close", "check_in:x", "--file", file(), *BEN]):
        code, said = ends(*words)
        assert code == 2 and "No week is stored" in said


def test_a_brief_is_written_read_and_closes_its_loop(ends: Ends, team: Any, tmp_path: Path) -> None:
    brief = owed(team.of("ben")[0], by=team.people["ben"], kind="renewal_risk", due_on=TODAY)
    path = tmp_path / "brief.yaml"
    path.write_text(yaml.safe_dump(answers("renewal_risk_brief", today=TODAY)))
    code, said = ends(*BEN, "close", brief.key, "--file", path)
    assert (code, said) == (
        1,
        "close: it is written, and waits for Amara Okafor and Lena Sorel to read it.\n",
    )
    code, said = ends(*AMARA, "acknowledge")
    assert code == 1 and brief.key in said and "1 brief waits for you." in said
    assert ends(*AMARA, "acknowledge", brief.key) == (
        1,
        "acknowledge: the brief is read, and waits for Lena Sorel.\n",
    )
    code, said = ends("--as", "lena@example.com", "acknowledge", brief.key, "--json")
    assert (code, json.loads(said)) == (0, {"closed": True, "waits_for": []})
    assert ends(*AMARA, "acknowledge") == (0, "acknowledge: 0 briefs wait for you.\n")
    code, said = ends(*BEN, "acknowledge", "renewal_risk:none")
    assert code == 2 and "There is no loop" in said
