"""A proposal as a piece of work: it takes seconds to minutes, and nobody waits for it at a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evenbook.balance.actions.proposals import ProposalNotYours, keep
from evenbook.balance.queries.asking import Wanted, propose_for
from evenbook.balance.rules.asking import MODES
from evenbook.kit.findings import counted
from evenbook.people.queries import viewer_by_mail
from evenbook.people.viewer import Viewer
from evenbook.runs.actions.pieces import begin
from evenbook.runs.asked import week_asked
from evenbook.runs.declared import WEEKS, Doing, Work


def do_proposal(doing: Doing, *, mail: str, wanted: Mapping[str, Any]) -> str:
    """Work a proposal out and keep it; say how it went."""
    return doing.step("Place the accounts, and keep the proposal", lambda: _kept(doing, mail, wanted))


def _kept(doing: Doing, mail: str, wanted: Mapping[str, Any]) -> str:
    viewer = viewer_by_mail(mail, surface="page")
    if viewer is None:
        raise ProposalNotYours("Whoever asked may no longer come in.", fix="Ask again as somebody else.")
    asked = Wanted(**{**wanted, "pins": _pairs(wanted, "pins"), "forbidden": _pairs(wanted, "forbidden")})
    found = propose_for(viewer, week_asked(viewer, None), asked)
    number = keep(found, seed=asked.seed, by=viewer, now=doing.began_at)
    many = counted(len(found.answer.moves), "move", "moves")
    return f"Proposal {number} has {many}; it waits on the page Book."


def _pairs(wanted: Mapping[str, Any], name: str) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in wanted.get(name, ()))


def ask(wanted: Wanted, *, by: Viewer, now: datetime) -> int:
    """Ask for a proposal and return the number of its run."""
    given = {
        "mode": wanted.mode, "moves": wanted.moves, "person": wanted.person, "account": wanted.account,
        "seconds": wanted.seconds, "seed": wanted.seed,
        "pins": [list(each) for each in wanted.pins], "forbidden": [list(each) for each in wanted.forbidden],
    }  # fmt: skip
    key = f"proposal:{by.user_id}:{now.isoformat(timespec='seconds')}"
    asked = {"mail": by.mail, "wanted": given}
    return begin(PROPOSAL, key=key, by=by.name, about=MODES[wanted.mode], now=now, given=asked)


PROPOSAL = Work("proposal", "Proposal", WEEKS, do_proposal)
WORKS = (PROPOSAL,)
ROUNDS = ()
