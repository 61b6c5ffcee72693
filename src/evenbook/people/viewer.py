"""The viewer: who asks. Every public query takes one as its first argument."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Viewer:
    """Who asks, as far as access rules need to know.

    Args:
        user_id: the user, or None for the operating-system user of a new or demo instance.
        mail: the address that also names the person in the CS team, if there is one.
        name: how screens and records call them.
        role: one of ``people.models.Role``.
        team_ids: the teams under them, their own included; empty where they have none.
    """

    user_id: int | None
    mail: str
    name: str
    role: str
    team_ids: frozenset[int] = frozenset()
    worked_out: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What access has worked out for this viewer. A viewer lives as long as one request or command."""

    @property
    def is_operations(self) -> bool:
        """Whether they keep policy, imports and settings."""
        return self.role == "operations"

    @property
    def sees_all(self) -> bool:
        """Whether row rules leave them every account."""
        return self.role in {"operations", "executive", "reader"}

    @property
    def may_write(self) -> bool:
        """Whether they may change anything at all."""
        return self.role not in {"reader", "executive"}


SYSTEM = Viewer(user_id=None, mail="", name="Evenbook", role="operations")
"""The product itself, for scheduled work that no person asked for."""
