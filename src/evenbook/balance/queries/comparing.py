"""Two proposals side by side, as far as the viewer may see both."""

from __future__ import annotations

from evenbook.balance.queries.pricing import by_hand
from evenbook.balance.queries.proposals import ProposalRow, moves, proposal
from evenbook.balance.rules.compared import Compared, Side, compared
from evenbook.people.viewer import Viewer


def side_by_side(viewer: Viewer, one: int, other: int) -> Compared | None:
    """Return two proposals and what differs; None where the viewer may not see one of them."""
    first, second = proposal(viewer, one), proposal(viewer, other)
    if first is None or second is None:
        return None
    return compared(_side(viewer, first), _side(viewer, second))


def _side(viewer: Viewer, row: ProposalRow) -> Side:
    """Return a proposal as it stands: what was decided keeps its books, what is open has hand-made moves."""
    listed = moves(viewer, row.id)
    proposed = {each["account"] for each in row.contents["moves"]}
    is_changed = any(each.by_hand for each in listed) or {each.account_key for each in listed} != proposed
    now = by_hand(viewer, row.id) if is_changed else None
    names = {each["csm"]: each["csm_name"] for each in row.contents["before"]}
    for each in listed:
        names |= {each.account_key: each.account_name}
        names |= {each.giver_key: each.giver_name, each.receiver_key: each.receiver_name}
    return Side(
        number=row.id,
        mode=row.mode,
        as_of=row.as_of,
        state=row.state,
        contents=row.contents,
        moves={each.account_key: (each.giver_key, each.receiver_key) for each in listed},
        names={key: name for key, name in names.items() if key},
        books=row.contents["after"] if now is None else now.books,
        points=row.contents["value"] + (0.0 if now is None else now.total),
    )
