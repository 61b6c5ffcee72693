"""A proposal as it is stored, told to programs and shown: names beside ids, lists by what matters first.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenbook.balance.rules.answers import Answer, BookRow, Broken, Candidate, Move
from evenbook.balance.rules.books import REASONS, RULES
from evenbook.kit.findings import counted


@dataclass(frozen=True)
class Names:
    """What accounts, people and pools are called: key and name by id; a pool's key begins with ``pool:``."""

    accounts: Mapping[int, tuple[str, str]]
    people: Mapping[int, tuple[str, str]]

    def person(self, who: int | None, field: str) -> dict[str, str]:
        """Return the key and the name under a field; nothing for nobody."""
        if who is None:
            return {}
        key, name = self.people[who]
        return {field: key, f"{field}_name": name}

    def account(self, account: int) -> dict[str, str]:
        """Return the key and the name of an account."""
        key, name = self.accounts[account]
        return {"account": key, "account_name": name}


def document(answer: Answer, names: Names, *, seconds: float) -> dict[str, Any]:
    """Return a proposal as one JSON document."""
    return {
        "feasible": answer.feasible,
        "value": round(answer.value, 6),
        "bound": round(answer.bound, 6),
        "gap": round(answer.gap, 6),
        "seconds": seconds,
        "stopped_early": answer.stopped_early,
        "moves": [move_document(each, names) for each in answer.moves],
        "before": books_document(answer.before, names),
        "after": books_document(answer.after, names),
        "binding": [
            {"rule": each.rule, "rule_name": RULES[each.rule], "relaxing_gives": dict(each.gives)}
            for each in answer.binding
        ],
        "conflicts": _conflicts(answer, names),
        "candidates": [],
    }


def move_document(move: Move, names: Names) -> dict[str, Any]:
    """Return one move."""
    return {
        **names.account(move.account),
        **names.person(move.giver, "from"),
        **names.person(move.receiver, "to"),
        "reason": move.reason,
        "reason_text": REASONS[move.reason],
        "is_forced": move.is_forced,
        "improves": dict(move.improves),
    }


def books_document(rows: tuple[BookRow, ...], names: Names) -> list[dict[str, Any]]:
    """Return the books of people and pools, by name; ``own_hours`` are of the accounts in each."""
    found = [
        {
            **names.person(row.person, "csm"),
            "is_pool": row.is_pool,
            "capacity_hours": round(row.hours, 2),
            "effort_hours": round(row.effort, 2),
            "own_hours": round(row.of_accounts, 2),
            **({} if row.load is None else {"load_percent": round(100 * row.load, 1)}),
            "arr": round(row.arr, 2),
            "accounts": row.accounts,
            "complexity": round(row.complexity, 2),
            "red_yellow": row.colored,
            "red_yellow_share": round(row.red_yellow, 4),
        }
        for row in rows
    ]
    return sorted(found, key=lambda each: str(each["csm_name"]))


def candidate_document(candidate: Candidate, names: Names) -> dict[str, Any]:
    """Return somebody who could own one account."""
    return {
        **names.person(candidate.person, "csm"),
        "is_owner": candidate.is_owner,
        "points_more": round(candidate.total, 6),
        "costs": dict(candidate.costs),
        **({} if candidate.load_then is None else {"load_percent": round(100 * candidate.load_then, 1)}),
    }


def broken_text(broken: Broken, names: Names) -> tuple[str, ...]:
    """Return what a proposal can't keep to, a sentence each."""
    said = []
    if broken.unassigned:
        first = ", ".join(names.accounts[each][1] for each in broken.unassigned[:5])
        more = f" and {len(broken.unassigned) - 5} more" if len(broken.unassigned) > 5 else ""
        said.append(f"Nobody can own {first}{more}.")
    for who, hours in broken.over_hours:
        would = "would give a member" if who < 0 else "would carry"
        said.append(f"{names.people[who][1]} {would} {hours:.1f} hours a month too many.")
    for who, many in broken.over_red:
        what = counted(many, "account", "accounts")
        said.append(f"{names.people[who][1]} would have {what} too many that are red or yellow.")
    return tuple(said)


def _conflicts(answer: Answer, names: Names) -> list[dict[str, Any]]:
    if answer.feasible:
        return []
    said = " ".join(broken_text(answer.broken, names))
    if not answer.conflict:
        text = f"{said} No plan that keeps every rule was found in the time given."
        return [{"rules": [], "text": text}]
    titles = [RULES[each] for each in answer.conflict]
    if len(titles) == 1:
        text = f"{said} It follows from one rule: {titles[0][0].lower()}{titles[0][1:]}."
    else:
        listed = "; ".join(f"{each[0].lower()}{each[1:]}" for each in titles)
        text = f"{said} These rules can't all hold, and without any one of them the others can: {listed}."
    return [{"rules": list(answer.conflict), "text": text}]
