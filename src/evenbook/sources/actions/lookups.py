"""Landing tables that only explain others: links, stages, domains; and what was said before.

They are kept, so that records that come with a later import find them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evenbook.book.actions.accounts import AccountChange, change_accounts
from evenbook.book.actions.writing import chunks, insert
from evenbook.book.rules.matching import Named
from evenbook.sources.actions.landers import Landing, Verdict
from evenbook.sources.models import Lookup
from evenbook.sources.rules.mapping import layout_of
from evenbook.sources.rules.rows import Record, Refusal
from evenbook.sources.values import company_domain


def keep(source: str, kind: str, values: Mapping[str, Any]) -> list[str]:
    """Keep what a table says by the ids of its records; return an outcome for each."""
    outcomes: list[str] = []
    for piece in chunks(list(values)):
        stored = {
            row.external_id: row
            for row in Lookup.objects.filter(source=source, kind=kind, external_id__in=piece)
        }
        new, changed = [], []
        for external_id in piece:
            row = stored.get(external_id)
            if row is None:
                new.append(
                    Lookup(source=source, kind=kind, external_id=external_id, value=values[external_id])
                )
                outcomes.append("created")
            elif row.value != values[external_id]:
                row.value = values[external_id]
                changed.append(row)
                outcomes.append("changed")
            else:
                outcomes.append("unchanged")
        insert(new)
        Lookup.objects.bulk_update(changed, ["value"], batch_size=500)
    return outcomes


def said_before(landing: Landing) -> dict[str, str]:
    """Return what files of this layout last said of each account, as digests by its id."""
    rows = Lookup.objects.filter(source=landing.source, kind=_said_kind(landing))
    return {external_id: str(value) for external_id, value in rows.values_list("external_id", "value")}


def keep_said(landing: Landing, digests: Mapping[str, str]) -> None:
    """Keep what a file said of its accounts."""
    keep(landing.source, _said_kind(landing), digests)


def _said_kind(landing: Landing) -> str:
    return f"said:{layout_of(landing.mapping.columns)}"


class Links:
    """Lands the links between records and accounts."""

    def __init__(self, landing: Landing) -> None:
        self.landing = landing
        self.kind = f"{landing.mapping.constants.get('kind', 'record')}-account"

    def key(self, record: Record) -> str:
        """Return what is linked, and to what."""
        return f"{record.text('linked_id')}/{record.text('account_id')}"

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Keep the first account that each record is linked to."""
        known = self.landing.loading.lookup(self.landing.source, self.kind)
        wanted: dict[str, dict[str, object]] = {
            record.text("linked_id"): {"account": record.text("account_id")} for record in reversed(records)
        }
        known.update(wanted)
        outcomes = dict(zip(wanted, keep(self.landing.source, self.kind, wanted), strict=True))
        return [outcomes.pop(record.text("linked_id"), "unchanged") for record in records]

    def finish(self) -> None:
        """Nothing waits for the whole file."""


class Stages:
    """Lands what the stages of a pipeline stand for."""

    def __init__(self, landing: Landing) -> None:
        self.landing = landing
        self.kind = f"{landing.mapping.constants.get('kind', 'deal')}-stage"

    def key(self, record: Record) -> str:
        """Return "": one stage may stand in several pipelines."""
        return ""

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Keep each stage's label and whether it is closed and won."""
        known = self.landing.loading.lookup(self.landing.source, self.kind)
        wanted: dict[str, dict[str, object]] = {
            record.text("stage_id"): {
                "label": record.text("label"),
                "is_closed": bool(record.get("is_closed")) or record.text("ticket_state").upper() == "CLOSED",
                "is_won": bool(record.get("is_won")),
            }
            for record in reversed(records)
        }
        known.update(wanted)
        outcomes = dict(zip(wanted, keep(self.landing.source, self.kind, wanted), strict=True))
        return [outcomes.pop(record.text("stage_id"), "unchanged") for record in records]

    def finish(self) -> None:
        """Nothing waits for the whole file."""


class Domains:
    """Lands web domains of accounts that are there already."""

    def __init__(self, landing: Landing) -> None:
        self.landing = landing

    def key(self, record: Record) -> str:
        """Return the account and its domain."""
        return f"{record.text('account_id')}/{record.text('account_domain')}"

    def land(self, records: Sequence[Record]) -> list[Verdict]:
        """Give each account its first company domain."""
        loading = self.landing.loading
        verdicts: list[Verdict] = []
        changes: list[AccountChange] = []
        for record in records:
            account = loading.register.by_any_id(self.landing.source, record.text("account_id"))
            domain = company_domain(record.text("account_domain"), loading.public_domains)
            if account is None:
                verdicts.append(Refusal("account_id", f"no account has the id '{record.text('account_id')}'"))
            elif not isinstance(domain, str) or loading.register.named[account].domain:
                verdicts.append("unchanged")
            else:
                known = loading.register.named[account]
                loading.register.add(Named(account, known.key, known.name, known.matched, domain))
                changes.append(AccountChange(account, domain=domain))
                verdicts.append("changed")
        change_accounts(changes, written=loading.written)
        return verdicts

    def finish(self) -> None:
        """Nothing waits for the whole file."""
