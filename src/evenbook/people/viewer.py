"""The viewer: who asks. Every public query takes one as its first argument."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PAGE, API, COMMAND, WORK = "page", "api", "command", "work"
SURFACES = {PAGE: "a page", API: "the API", COMMAND: "the command line", WORK: "scheduled work"}
"""Through what somebody acts; the audit trail names it."""

SCOPES = {
    "read": "see what its role sees",
    "write": "keep and change what its role may, policy, imports and people apart",
    "import": "load files and answer their questions",
    "policy": "change the organization's numbers",
    "people": "add users and tokens, and read the audit trail",
}
"""What a service token may be allowed; a person is held by their role alone."""


@dataclass(frozen=True)
class Viewer:
    """Who asks, as far as access rules need to know.

    Args:
        user_id: the user, or None for the operating-system user of a new or demo instance.
        mail: the address that also names the person in the CS team, if there is one.
        name: how screens and records call them.
        role: one of ``people.models.Role``.
        team_ids: the teams under them, their own included; empty where they have none.
        team_names: the names of these teams; imports name the teams of people in the book.
        leads_all: whether theirs is the top of the tree: every other team is under it.
        surface: one of ``SURFACES``.
        scopes: what a service token may do, of ``SCOPES``; None for a person.
        token_id: the service token that asks, if it is one.
    """

    user_id: int | None
    mail: str
    name: str
    role: str
    team_ids: frozenset[int] = frozenset()
    team_names: frozenset[str] = frozenset()
    leads_all: bool = False
    surface: str = PAGE
    scopes: frozenset[str] | None = None
    token_id: int | None = None
    worked_out: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What access has worked out for this viewer. A viewer lives as long as one request or command."""

    @property
    def is_operations(self) -> bool:
        """Whether they keep policy, imports and settings."""
        return self.role == "operations"

    @property
    def sees_all(self) -> bool:
        """Whether row rules leave them every account; a leader of no team in particular leads them all."""
        leads = self.role == "leader" and (self.leads_all or not self.team_ids)
        return self.allows("read") and (leads or self.role in {"operations", "executive", "reader"})

    @property
    def may_write(self) -> bool:
        """Whether they may change anything at all."""
        return self.role not in {"reader", "executive"} and self.allows("write")

    def allows(self, scope: str) -> bool:
        """Return whether a scope is theirs: any for a person, those it was made with for a token."""
        return self.scopes is None or scope in self.scopes


SYSTEM = Viewer(user_id=None, mail="", name="Evenbook", role="operations", surface=WORK)
"""The product itself, for scheduled work that no person asked for."""
