"""`evenbook book`: what it prints, how it ends, whom it refuses; standard output holds one document."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.pages import company

from evenbook.balance.models import AccountLock, Proposal
from evenbook.book.access import accounts_seen_by
from evenbook.book.models import Ownership
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of
from evenbook.site.cli import run

LENA, BEN = ("--as", "lena@example.com"), ("--as", "ben@example.com")
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
    return company.build(12)


def pinned(team: Any) -> tuple[str, ...]:
    return ("--mode", "full", "--moves", "0", "--seconds", "0.05", "--pin", f"{team.of('ben')[0].key}=chidi")


def test_books_are_listed_as_far_as_they_may_be_seen(team: Any, ends: Ends) -> None:
    code, said = ends(*LENA, "book")
    assert code == 0 and "Ben Adler" in said and "Chidi Eze" in said
    told = json.loads(ends(*BEN, "book", "--json")[1])
    assert [each["csm"] for each in told["books"]] == ["ben"]
    assert told["as_of"] == "2026-03-09" and isinstance(told["unclear"], list)


def test_a_proposal_is_one_document_with_what_the_issue_names(team: Any, ends: Ends) -> None:
    code, said = ends(*LENA, "book", "propose", *pinned(team), "--json")
    told = json.loads(said)
    assert code == (0 if told["feasible"] else 1)
    assert set(told) >= {
        "feasible", "value", "bound", "gap", "seconds", "moves", "before", "after", "binding", "conflicts",
        "candidates",
    }  # fmt: skip
    (move,) = told["moves"]
    assert (move["from"], move["to"], move["account"]) == ("ben", "chidi", team.of("ben")[0].key)
    assert move["reason"] and isinstance(move["improves"], dict)
    assert set(told["before"][0]) >= {
        "csm",
        "load_percent",
        "arr",
        "accounts",
        "complexity",
        "red_yellow_share",
    }
    assert not Proposal.objects.exists(), "without --keep it only reads"


def test_one_account_has_ranked_candidates(team: Any, ends: Ends) -> None:
    key = team.of("ben")[0].key
    asked = ("--mode", "one", "--account", key, "--seconds", "0.05", "--json")
    told = json.loads(ends(*LENA, "book", "propose", *asked)[1])
    more = [each["points_more"] for each in told["candidates"]]
    assert {each["csm"] for each in told["candidates"]} == {"ben", "chidi"}
    assert more == sorted(more) and more[0] == 0


def test_kept_applied_undone_and_each_says_so(team: Any, ends: Ends) -> None:
    assert "kept as proposal" in ends(*LENA, "book", "propose", *pinned(team), "--keep")[1]
    number = Proposal.objects.get().pk
    code, said = ends(*LENA, "book", "list")
    assert code == 1 and "Waits to be decided" in said
    code, said = ends(*LENA, "book", "apply", number, "--account", team.of("ben")[0].key)
    assert code == 0 and said.startswith("book: 1 account changed hands.")
    assert Ownership.objects.filter(source="evenbook").count() == 1
    code, said = ends(*LENA, "book", "undo", number)
    assert code == 0 and said.startswith("book: 1 account went back.")
    assert ends(*LENA, "book", "list")[0] == 0


def test_a_lock_is_set_and_withdrawn(team: Any, ends: Ends) -> None:
    key = team.of("ben")[0].key
    assert ends(*BEN, "book", "lock", key, "--reason", "They asked.") == (0, "book: it is locked.\n")
    assert AccountLock.objects.get().withdrawn_at is None
    assert ends(*BEN, "book", "unlock", key)[0] == 0
    assert AccountLock.objects.get().withdrawn_at is not None


def test_a_role_is_given_to_a_person_to_a_pool_and_to_nobody(team: Any, ends: Ends) -> None:
    account = team.of("ben")[0]

    def give(*to: str) -> tuple[int, str]:
        return ends(*LENA, "book", "role", account.key, "expansion", *to, "--reason", "A new colleague.")

    assert give("--to", "chidi")[1].startswith("book: expansion owner: nobody, now Chidi Eze.\n")
    assert give("--to", "chidi") == (0, "book: its expansion owner stays.\n")
    assert accounts_seen_by(viewer_of(team.users["chidi"])).filter(pk=account.pk).exists()
    assert give("--to", "pool:digital")[0] == give()[0] == 0
    assert give() == (0, "book: its expansion owner stays.\n")

    rows = Ownership.objects.filter(account=account, role="expansion").order_by("happened_at", "pk")
    assert [str(row.person or row.pool or "nobody") for row in rows] == ["Chidi Eze", "Digital", "nobody"]
    assert {(row.source, row.reason) for row in rows} == {("evenbook", "A new colleague.")}
    told = AuditEntry.objects.filter(what="account.role_given").order_by("pk")
    assert [entry.after for entry in told] == [
        {"expansion": "Chidi Eze"},
        {"expansion": "Digital"},
        {"expansion": "nobody"},
    ]
    assert Ownership.objects.get(account=account, role="owner").person == team.people["ben"]


@pytest.mark.parametrize(
    ("who", "of", "to", "says"),
    [
        ("ben", "ben", "ben", "It is not yours to decide."),
        ("amara", "ben", "chidi", "They are not in your teams."),
        ("amara", "chidi", "ben", "There is no account"),
        ("lena", "ben", "nobody", "There is nobody 'nobody' here."),
        ("lena", "ben", "pool:none", "There is no pool 'pool:none'."),
    ],
)
def test_a_role_is_refused_in_words(team: Any, ends: Ends, who: str, of: str, to: str, says: str) -> None:
    words = (team.of(of)[0].key, "onboarding", "--to", to, "--reason", "New.")
    code, said = ends("--as", f"{who}@example.com", "book", "role", *words)
    assert code == 2 and says in said
    assert not Ownership.objects.filter(role="onboarding").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("book", "propose", "--mode", "exception"), "An exception is about somebody"),
        (("book", "propose", "--pin", "nonsense"), "is not ACCOUNT=PERSON"),
        (("book", "propose", "--mode", "one"), "No account is named"),
        (("book", "propose", "--person", "nobody", "--mode", "exception"), "nobody 'nobody'"),
        (("book", "apply", "987654"), "There is no proposal 987654"),
        (("book", "undo", "987654"), "There is no proposal 987654"),
        (("book", "propose", "--moves", "-1"), "--moves"),
    ],
)
def test_what_can_not_be_is_refused_in_words(
    team: Any, ends: Ends, words: tuple[str, ...], says: str
) -> None:
    code, said = ends(*LENA, *words)
    assert code == 2 and says in said


def test_who_may_not_decide_is_refused(team: Any, ends: Ends) -> None:
    ends(*LENA, "book", "propose", *pinned(team), "--keep")
    number = Proposal.objects.get().pk
    for words in (("apply", number), ("undo", number), ("drop", number, "--note", "no")):
        assert ends(*BEN, "book", *words)[0] == 2
    assert Proposal.objects.get().state == "open"


def test_the_solver_prints_nothing_of_its_own() -> None:
    code = (
        "from evenbook.engine.assignment import knapsacks, solve; import numpy as np;"
        "p = knapsacks(np.ones((2, 3)), np.ones((2, 3)), np.full(2, 2.0)); solve(p, seconds=0.1, seed=1)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
