"""`evenbook escalate`: opening, listing and resolving, how it ends, and what it says where it can't."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.site.test_closing_commands import AMARA, BEN, Ends, ends, team

from evenbook.records.models import Ticket

__all__ = ["ends", "team"]

CAUSE = "Exports have failed since Monday"
FIELDS = [
    "id", "account", "cause", "severity", "opened_on", "opened_by", "note", "source", "loop", "loop_state",
]  # fmt: skip


@pytest.fixture
def key(team: Any) -> str:
    return str(team.of("ben")[0].key)


def opens(key: str, **more: str) -> list[str]:
    given = {"cause": CAUSE, "severity": "urgent", **more}
    return ["escalate", key, *(word for name, value in given.items() for word in (f"--{name}", value))]


def test_one_is_opened_listed_and_resolved(ends: Ends, key: str) -> None:
    code, said = ends(*opens(key, note="They wait."), *BEN)
    assert code == 0 and said.startswith(f"escalate: Northwind Foods, {CAUSE}: the escalation is open;")

    (row,) = json.loads(ends("escalate", key, "--json")[1])
    assert list(row) == FIELDS and (row["cause"], row["opened_by"]) == (CAUSE, "Ben Adler")
    assert (row["loop"], row["loop_state"]) == (f"escalation:{row['id']}", "open"), "no worker: it refreshed"
    code, said = ends("escalate", key)
    assert code == 0 and "1 issue is open at Northwind Foods." in said and "Exports" in said
    code, said = ends(
        "escalate", key, "--cause", CAUSE.upper(), "--resolve", "--note", "Fixed.", "--json", *AMARA
    )
    assert (code, json.loads(said)) == (0, {"id": row["id"], "account": key, "open": False})
    assert json.loads(ends("escalate", key, "--json")[1]) == []
    assert Ticket.objects.get(source="evenbook", known_until=None).custom["resolution"] == "Fixed."


def test_it_is_resolved_by_its_id_too(ends: Ends, key: str) -> None:
    name = json.loads(ends(*opens(key), "--json", *BEN)[1])["id"]

    assert ends("escalate", key, "--cause", name, "--resolve", *BEN)[0] == 0


CHIDI, REA = ("--as", "chidi@example.com"), ("--as", "rea@example.com")
WRONG = [
    (["escalate", "nobody", *BEN], "No account that you may open has the key 'nobody'."),
    (["escalate", "x\udcff", *BEN], "No account that you may open"),
    (["escalate", "x" * 5_000, *BEN], "No account that you may open"),
    (["escalate"], "Missing argument 'ACCOUNT'"),
    (["escalate", "{key}", "--cause", CAUSE, "--severity", "urgent"], "nobody who may write was named"),
    (["escalate", "{key}", "--cause", CAUSE, "--severity", "urgent", *REA], "nobody who may write was named"),
    (["escalate", "{key}", "--cause", CAUSE, "--severity", "urgent", *CHIDI], "No account that you may open"),
    (["escalate", "{key}", "--cause", CAUSE, *BEN], "The severity is not given."),
    (["escalate", "{key}", "--severity", "urgent", *BEN], "The cause is empty."),
    (["escalate", "{key}", "--cause", "x" * 100_000, "--severity", "urgent", *BEN], "has 100,000 characters"),
    (
        ["escalate", "{key}", "--cause", CAUSE, "--severity", "bad", *BEN],
        "Choose one of: urgent, high, normal.",
    ),
    (["escalate", "{key}", "--resolve", *BEN], "No issue that you may see is called ''."),
    (
        ["escalate", "{key}", "--resolve", "--cause", "x\udcff", *BEN],
        "No issue that you may see is called 'x'.",
    ),
]


@pytest.mark.parametrize(("words", "says"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_done_ends_with_2_and_says_why(
    ends: Ends, key: str, words: list[str], says: str
) -> None:
    code, said = ends(*(key if word == "{key}" else word for word in words))

    assert code == 2 and says in " ".join(said.split()) and "Traceback" not in said
    assert not Ticket.objects.filter(source="evenbook").exists()


def test_a_second_one_and_a_second_resolution_are_refused(ends: Ends, key: str) -> None:
    ends(*opens(key), *BEN)
    code, said = ends(*opens(key), "--json", *BEN)
    assert (code, json.loads(said)["error"]) == (2, "issue-open")
    name = f"evenbook:{Ticket.objects.get(source='evenbook').external_id}"
    ends("escalate", key, "--cause", name, "--resolve", *BEN)
    code, said = ends("escalate", key, "--cause", name, "--resolve", "--json", *BEN)
    assert (code, json.loads(said)["error"]) == (2, "no-such-issue"), "it is not among those that are open"
