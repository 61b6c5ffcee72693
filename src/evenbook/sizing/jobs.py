"""A headcount plan as a piece of work: of a large base it takes a while, and nobody waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from evenbook.kit.findings import counted
from evenbook.people.queries import viewer_at_work
from evenbook.people.viewer import Viewer
from evenbook.runs.actions.pieces import begin
from evenbook.runs.asked import week_asked
from evenbook.runs.declared import WEEKS, Doing, Work
from evenbook.sizing.actions.keeping import require_keeper
from evenbook.sizing.actions.plans import keep_plan
from evenbook.sizing.queries.measured import SizingNotYours
from evenbook.sizing.queries.planned import Asked, planned


def do_plan(doing: Doing, *, mail: str, wanted: Mapping[str, Any], token: int | None = None) -> str:
    """Simulate the months ahead with their what-ifs, and keep the plan; say what it says of hires."""
    return doing.step(
        "Simulate the months ahead, and keep the plan", lambda: _kept(doing, mail, token, wanted)
    )


def _kept(doing: Doing, mail: str, token: int | None, wanted: Mapping[str, Any]) -> str:
    viewer = _by(mail, token, doing.began_at)
    said = planned(viewer, week_asked(viewer, None), Asked.of(wanted), told=_told(doing))
    keep_plan(said, by=viewer, now=doing.began_at)
    many = counted(round(said["hires"]["middle"]), "hire", "hires")
    return f"The plan as of {said['as_of']} says {many}, in the middle; it is kept, see the page Sizing."


def _told(doing: Doing) -> Any:
    return lambda done, total: doing.count(done, total, "plans simulated")


def ask(wanted: Asked, *, by: Viewer, now: datetime) -> int:
    """Ask for a plan that is worked out beside, and return the number of its run.

    Raises:
        SizingReadOnly: ``by`` may not keep plans.
    """
    require_keeper(by)
    key = f"{PLAN.name}:{by.user_id}:{now.isoformat(timespec='seconds')}"
    given = {"mail": by.mail, "token": by.token_id, "wanted": asdict(wanted)}
    return begin(PLAN, key=key, by=by.name, about="", now=now, given=given)


def _by(mail: str, token: int | None, now: datetime) -> Viewer:
    found = viewer_at_work(mail, token, now=now)
    if found is None:
        raise SizingNotYours("Whoever asked may no longer come in.", fix="Ask again as somebody else.")
    return found


PLAN = Work("headcount-plan", "Headcount plan", WEEKS, do_plan)
WORKS = (PLAN,)
ROUNDS = ()
