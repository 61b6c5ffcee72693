"""Proposals and compared structures as pieces of work: they take seconds to minutes, and nobody waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from evenbook.balance.actions.proposals import ProposalNotYours, keep
from evenbook.balance.actions.structures import keep_structures, require
from evenbook.balance.queries.asking import Wanted, propose_for
from evenbook.balance.queries.structures import structures_of
from evenbook.balance.rules.asking import MODES
from evenbook.kit.findings import counted
from evenbook.people.queries import viewer_at_work, viewer_by_mail
from evenbook.people.viewer import Viewer
from evenbook.runs.actions.pieces import begin
from evenbook.runs.asked import week_asked
from evenbook.runs.declared import WEEKS, Doing, Work
from evenbook.runs.queries import Week


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


def do_structures(doing: Doing, *, mail: str, as_of: str, token: int | None = None) -> str:
    """Compare the four structures of a team and keep them; say which one fits."""
    return doing.step(
        "Compare the four structures, and keep them", lambda: _compared(doing, mail, as_of, token)
    )


def _compared(doing: Doing, mail: str, as_of: str, token: int | None) -> str:
    viewer = viewer_at_work(mail, token, now=doing.began_at)
    if viewer is None:
        raise ProposalNotYours("Whoever asked may no longer come in.", fix="Ask again as somebody else.")

    def told(done: int, total: int) -> None:
        doing.count(done, total, "structures compared")

    found = structures_of(viewer, week_asked(viewer, date.fromisoformat(as_of)), told=told)
    keep_structures(found, by=viewer, now=doing.began_at)
    fitting = found.fitting
    fits = f"{fitting.title} fit best" if fitting is not None else "There is no account"
    return f"{fits}; the four stand on the page Team structures."


def ask_structures(week: Week, *, by: Viewer, now: datetime) -> int:
    """Ask for the four structures on the accounts of a week, and return the number of the run.

    Raises:
        NoStructures, ProposalNotYours: they may not have it worked out.
    """
    require(by)
    key = f"{COMPARED.name}:{by.user_id}:{now.isoformat(timespec='seconds')}"
    given = {"mail": by.mail, "token": by.token_id, "as_of": week.run.as_of.isoformat()}
    return begin(COMPARED, key=key, by=by.name, about="", now=now, given=given)


PROPOSAL = Work("proposal", "Proposal", WEEKS, do_proposal)
COMPARED = Work("structures", "Team structures", WEEKS, do_structures)
WORKS = (PROPOSAL, COMPARED)
ROUNDS = ()
