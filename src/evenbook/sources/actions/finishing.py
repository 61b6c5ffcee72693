"""What an import does once all files are in: parents, owners, present values, stated revenue."""

from __future__ import annotations

from evenbook.book import directory
from evenbook.book.actions.accounts import link_parents, start_accounts
from evenbook.book.actions.histories import own, say
from evenbook.book.actions.revenue import state_revenue
from evenbook.book.actions.writing import chunks
from evenbook.kit.findings import counted
from evenbook.sources.actions.context import Loading
from evenbook.sources.values import match_name


def finish(loading: Loading) -> list[str]:
    """Land what had to wait for histories and contracts; return sentences for a person to read."""
    now, written = loading.now, loading.written
    notes = _link(loading)
    start_accounts(loading.starts, written=written)
    own(loading.owners, fresh=loading.fresh, rank=loading.rank, now=now, written=written)
    say(loading.said, fresh=loading.fresh, rank=loading.rank, now=now, written=written)
    for piece in chunks(loading.stated):
        state_revenue(piece, now=now, written=written)
    written.flush(now)
    return notes


def _link(loading: Loading) -> list[str]:
    parents = directory.parents()
    links: list[tuple[int, int]] = []
    unknown = 0
    for account, source, parent_id, parent_name in loading.links:
        parent = loading.register.by_any_id(source, parent_id) if parent_id else None
        if parent is None and parent_name:
            hits = loading.register.by_exact_name(match_name(parent_name) or parent_name)
            parent = hits[0] if len(hits) == 1 else None
        if parent is None:
            unknown += 1
        else:
            links.append((account, parent))
    refused, _ = link_parents(links, parents=parents, written=loading.written)
    notes = []
    for at in refused:
        names = [_name(loading, each) for each in links[at]]
        notes.append(f"{names[0]} keeps no parent: {names[1]} lies below it already.")
    if unknown:
        notes.append(
            f"{counted(unknown, 'account names', 'accounts name')} a parent that is not among the accounts."
        )
    return notes


def _name(loading: Loading, account: int) -> str:
    return loading.register.named[account].name
