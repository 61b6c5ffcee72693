"""Finding a loop that somebody wants to change, and refusing where it is not there, not theirs, or done."""

from __future__ import annotations

from evenbook.closures.models import Loop
from evenbook.closures.queries.loops import called
from evenbook.closures.queries.written import may_close
from evenbook.closures.rules.writing import short
from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer


class NoSuchLoop(EvenbookError):
    """A loop that is not there, or that who asks may not see."""

    kind = "no-such-loop"
    status = 404


class LoopNotYours(EvenbookError):
    """A loop that somebody else owes."""

    kind = "loop-not-yours"
    status = 403


class LoopDone(EvenbookError):
    """A loop that is closed, waived or withdrawn already."""

    kind = "loop-done"
    status = 409


class WaiverRefused(EvenbookError):
    """A waiver without one of the reasons there are, or by somebody who leads nobody."""

    kind = "waiver-refused"


def no_such_loop(key: str) -> NoSuchLoop:
    """Return the refusal of a key that no loop has which whoever asks may see."""
    return NoSuchLoop(f"There is no loop '{short(key)}' that you may see.", fix="List them: evenbook loops")


def held(key: str, *, by: Viewer) -> Loop:
    """Return a loop that the viewer may see, locked until the transaction ends.

    Raises:
        NoSuchLoop: there is none.
    """
    found = called(by, key).select_for_update(of=("self",)).first()
    if found is None:
        raise no_such_loop(key)
    return found


def must_be_open(loop: Loop) -> None:
    """Refuse a loop that needs nothing any more.

    Raises:
        LoopDone: it is closed, waived or withdrawn.
    """
    ends = {"closed": loop.closed_at, "waived": loop.waived_at, "withdrawn": loop.withdrawn_at}
    for word, at in ends.items():
        if at is not None:
            why = {
                "closed": "by its artifact",
                "waived": f"by {loop.waived_by}",
                "withdrawn": "with its event",
            }
            raise LoopDone(
                f"This loop was {word} on {at:%d %B %Y} {why[word]}.",
                fix="Nothing is owed any more, and nothing was changed.",
            )


def must_be_theirs(loop: Loop, *, by: Viewer) -> None:
    """Refuse who neither owes the loop nor leads who does.

    Raises:
        LoopNotYours: somebody else owes it.
    """
    if not may_close(by, loop):
        whose = loop.taken_by or loop.person or loop.pool
        raise LoopNotYours(
            f"This loop is owed by {whose}, not by you." if whose else "Nobody owes this loop yet.",
            fix="Ask whoever owes it, or their leader.",
        )
