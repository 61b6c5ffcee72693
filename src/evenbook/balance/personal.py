"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Proposal": {"free": "mode state", "text": "contents asked note made_by decided_by undone_by"},
    "ProposalMove": {"free": "reason improves"},
    "StructuresCompared": {"free": "basis contents", "text": "made_by"},
    "AccountLock": {"text": "reason locked_by withdrawn_by"},
}
