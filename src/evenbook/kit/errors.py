"""The one shape of an error that a person can mend.

It says what happened, how to mend it, and, where there is one, which page tells more.
If nobody can mend it, it is a bug: let it crash.
"""

from __future__ import annotations


class EvenbookError(Exception):
    """A refusal in words.

    Args:
        what: one sentence, what happened.
        fix: one sentence or command, how to mend it.
    """

    kind = "refused"
    status = 400
    retry = False

    def __init__(self, what: str, *, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.what}\n  Fix:  {self.fix}"

    def as_json(self) -> dict[str, object]:
        """Return the error as surfaces print it: kind, what, fix."""
        return {"error": self.kind, "what": self.what, "fix": self.fix}
