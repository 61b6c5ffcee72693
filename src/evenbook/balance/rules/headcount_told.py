"""How many people are needed, as it is told: one document, and the sentences in it.

Whom the team could do without is nobody's business here: the answer is a number, with its proof.

Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from evenbook.balance.rules.document import Names
from evenbook.balance.rules.headcount import Headcount
from evenbook.balance.rules.hires import Hire
from evenbook.kit.findings import counted

NAMED = 5
"""So many accounts or people are named in a sentence."""


def headcount_document(found: Headcount, names: Names) -> dict[str, Any]:
    """Return how many people are needed, as a document; ``one_more`` and ``one_less`` are points gained."""
    unmanned = found.unmanned
    return {
        "needed": found.needed,
        "have": found.have,
        "lower_bound": found.lower_bound,
        "is_proven": found.is_proven,
        "hires": [_hire(each) for each in found.hires],
        "roles": [
            {"role": row.role, "have": row.have, "needed": row.needed, "lower_bound": row.at_least}
            for row in found.roles
        ],
        "away_all_the_time": found.idle,
        "one_more": _points(found.one.more),
        "one_more_is": None if found.one.hire is None else _hire(found.one.hire),
        "one_less": _points(found.one.less),
        "highest_load_percent": dict(
            zip(("now", "one_more", "one_less"), map(_percent, found.one.loads), strict=True)
        ),
        "cannot_be_owned": [
            {**names.account(account), "because": why}
            for why, accounts in (("too_large", unmanned.too_large), ("no_role", unmanned.unserved))
            for account in accounts
        ],
        "overloaded_by_locks": [names.person(each, "csm") for each in unmanned.locked],
        "text": " ".join(_said(found, names)),
    }


def _said(found: Headcount, names: Names) -> list[str]:
    if found.needed is None:
        said = _why_none(found, names)
    elif found.hires:
        more = counted(len(found.hires), "more person", "more people")
        verb = "is" if len(found.hires) == 1 else "are"
        said = [
            f"{_people(found.have)} can't keep every rule: {more} {verb} needed, {_kinds(found.hires)}.",
            *_proof(found),
        ]
    elif found.needed == 0:
        said = ["There is no account to be owned, so nobody is needed."]
    else:
        spare = found.have - found.needed
        said = [
            f"{_people(found.needed)} can keep every rule, and there {_are(found.have)}."
            if spare
            else f"All {_people(found.have)} who are there are needed to keep every rule."
            if found.have > 1
            else "The one person who is there is needed, and is enough to keep every rule.",
            *_proof(found),
        ]
    if found.idle:
        who = counted(found.idle, "more person is", "more people are")
        said.append(f"{who} not counted: away in all the weeks ahead, or leaving.")
    return said


def _proof(found: Headcount) -> list[str]:
    assert found.needed is not None and found.lower_bound is not None
    if found.is_proven:
        return ["No smaller team can: its hours do not reach for the tiers and languages of the accounts."]
    if found.lower_bound == found.needed - 1:
        middle = f"{found.lower_bound}"
    else:
        middle = f"{found.lower_bound} to {found.needed - 1}"
    return [
        f"Fewer than {found.lower_bound} can't; for {middle} no plan was found, and none is ruled out.",
    ]


def _why_none(found: Headcount, names: Names) -> list[str]:
    said = []
    unmanned = found.unmanned
    if unmanned.too_large:
        each = _named(unmanned.too_large, names)
        verb = "takes" if len(unmanned.too_large) == 1 else "take"
        said.append(f"{each} {verb} more hours than one person may carry, so no number of people will do.")
    if unmanned.unserved:
        verb = "is" if len(unmanned.unserved) == 1 else "are"
        said.append(f"{_named(unmanned.unserved, names)} {verb} of a tier that no role serves.")
    for who in unmanned.locked:
        said.append(f"{names.people[who][1]} is past the limit with locked accounts alone.")
    return said or ["No team that keeps every rule was found in the time given."]


def _named(accounts: Sequence[int], names: Names) -> str:
    first = [names.accounts[each][1] for each in accounts[:NAMED]]
    if len(accounts) > NAMED:
        return f"{', '.join(first)} and {len(accounts) - NAMED} more"
    return first[0] if len(first) == 1 else f"{', '.join(first[:-1])} and {first[-1]}"


def _kinds(hires: Sequence[Hire]) -> str:
    """Return whom to hire in words: how many of each, what they speak, and with how many hours."""
    many = Counter(hires)
    said = []
    for each, count in many.items():
        speaks = f" who {'speaks' if count == 1 else 'speak'} {each.language}" if each.language else ""
        said.append(f"{count} {role_name(each.role)}{speaks} at {each.hours:g} hours a month")
    return "; ".join(said)


def role_name(role: str) -> str:
    """Return what a role is called."""
    return "CSM" if role == "csm" else role.replace("_", " ")


def _people(many: int) -> str:
    return counted(many, "person", "people")


def _are(many: int) -> str:
    return f"is {many}" if many == 1 else f"are {many}"


def _hire(hire: Hire) -> dict[str, Any]:
    return {"role": hire.role, "languages": list(hire.languages), "hours": hire.hours}


def _points(points: Mapping[str, float] | None) -> dict[str, float] | None:
    return None if points is None else dict(points)


def _percent(load: float | None) -> float | None:
    return None if load is None else round(100 * load, 1)
