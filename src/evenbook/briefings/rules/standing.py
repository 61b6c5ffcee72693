"""Where an account of a handoff stands: confirmed, to be confirmed, waiting to be written of, or elsewhere.

A receiver confirms what they were told. So there must be something: the transfer brief of the account,
or the cover note of the book. Where no loop asks for a brief (it was waived, or none opened), nothing is
waited for.

Pure.
"""

from __future__ import annotations

CONFIRMED, READY, WAITS, ELSEWHERE, CALLED_OFF = "confirmed", "ready", "waits", "elsewhere", "called_off"
STANDINGS = {
    CONFIRMED: "confirmed",
    READY: "to confirm",
    WAITS: "nothing written yet",
    ELSEWHERE: "with somebody else",
    CALLED_OFF: "called off",
}


def stands(*, is_confirmed: bool, is_called_off: bool, is_elsewhere: bool, is_written: bool) -> str:
    """Return where an account stands.

    Args:
        is_confirmed: whether its receiver has confirmed it.
        is_called_off: whether the handoff was called off.
        is_elsewhere: whether somebody owns it who is neither its giver nor its receiver.
        is_written: whether what the handoff asks for is written, or is not asked for.
    """
    if is_confirmed:
        return CONFIRMED
    if is_called_off:
        return CALLED_OFF
    if is_elsewhere:
        return ELSEWHERE
    return READY if is_written else WAITS
