"""Running the rows of a file past its lander: read, told apart from repeats, landed, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from evenbook.sources.actions.accounts import DOUBTED, Accounts
from evenbook.sources.actions.commerce import Churns, Contracts, Movements, Renewals
from evenbook.sources.actions.context import Loading
from evenbook.sources.actions.facts import Artifacts, Contacts, Opportunities, Scores
from evenbook.sources.actions.helpdesk import HelpdeskUsers, Ratings, Tickets
from evenbook.sources.actions.landers import Lander, Landing, Verdict
from evenbook.sources.actions.lookups import Domains, Links, Stages
from evenbook.sources.actions.meetings import Interactions
from evenbook.sources.actions.rejects import Rejects
from evenbook.sources.actions.survey import Surveyed
from evenbook.sources.actions.team import Attributes, Leaves, Owners, People, Pools
from evenbook.sources.actions.timesheets import TimeEntries
from evenbook.sources.reading import Batch
from evenbook.sources.rules.plans import Plan, without_day
from evenbook.sources.rules.rows import Held, Record, Refusal, fingerprint, identity, missing, records, veiled
from evenbook.sources.rules.seen import Seen
from evenbook.sources.values import is_nothing

LANDERS: dict[str, Callable[[Landing], Lander]] = {
    "people": People,
    "pools": Pools,
    "leave": Leaves,
    "stages": Stages,
    "links": Links,
    "accounts": Accounts,
    "domains": Domains,
    "helpdesk_users": HelpdeskUsers,
    "contacts": Contacts,
    "contracts": Contracts,
    "renewals": Renewals,
    "movements": Movements,
    "owners": Owners,
    "attributes": Attributes,
    "opportunities": Opportunities,
    "interactions": Interactions,
    "time_entries": TimeEntries,
    "tickets": Tickets,
    "ratings": Ratings,
    "scores": Scores,
    "churns": Churns,
    "artifacts": Artifacts,
}
"""The landers, in the order in which their tables are loaded: who is known before what is said of them."""

Progress = Callable[[str, int], None]


class RowLoader:
    """Loads the rows of one file."""

    def __init__(self, surveyed: Surveyed, plan: Plan, loading: Loading, rejects: Rejects) -> None:
        self.surveyed, self.plan = surveyed, plan
        self.loading, self.rejects = loading, rejects
        self.report = surveyed.report
        sample = [
            each
            for each in records(plan, range(len(surveyed.sample)), surveyed.sample)
            if isinstance(each, Record)
        ]
        self.lander = LANDERS[plan.mapping.table](Landing(loading, plan.mapping, self.report, sample))
        self.seen = Seen()
        self.days = [column for column in plan.columns if column.type == "plan"]
        self.far: Counter[str] = Counter()

    def run(self, progress: Progress) -> None:
        """Load all rows."""
        if isinstance(self.lander, Accounts):
            self._forbid_circles(self.lander)
        for batch in self.surveyed.sheet.batches():
            self._load(batch)
            progress(self.report.file, len(batch.rows))
        self.lander.finish()
        for header, cells in self.far.items():
            self.report.note(without_day(header, cells))

    def _load(self, batch: Batch) -> None:
        for each in batch.rejected:
            refusal = Refusal(each.column or "", each.reason)
            self._refuse(each.number, refusal, each.cells)
        readable: list[Record] = []
        for item in records(self.plan, batch.numbers, batch.rows):
            if isinstance(item, Record):
                item = veiled(item, self.loading.veil) if self.loading.veil.called else item
                self._count_far(item)
                lacking = missing(item, self.plan)
                if lacking is None:
                    readable.append(item)
                else:
                    self._settle(item, lacking)
            else:
                number, row, stopped = item
                self._stop(Record(number, identity(self.plan, row, also=DOUBTED), {}, row), stopped)
        fresh = self._without_repeats(readable)
        for record, verdict in zip(fresh, self.lander.land(fresh) if fresh else (), strict=True):
            self._settle(record, verdict)

    def _count_far(self, record: Record) -> None:
        for column in self.days:
            if column.name not in record.values and not is_nothing(record.cells[column.position]):
                self.far[column.header] += 1

    def _without_repeats(self, readable: Sequence[Record]) -> list[Record]:
        keyed = [(record, key) for record in readable if (key := self.lander.key(record))]
        found = self.seen.look(
            [key for _, key in keyed],
            [fingerprint(record) for record, _ in keyed],
            [record.number for record, _ in keyed],
        )
        repeats = {id(record): before for (record, _), before in zip(keyed, found, strict=True) if before}
        fresh: list[Record] = []
        for record in readable:
            before = repeats.get(id(record))
            if before is None:
                fresh.append(record)
            elif before[1]:
                self._settle(record, "unchanged")
            else:
                key = self.lander.key(record)
                shown = "" if key.startswith("row:") else f" '{key}'"
                reason = f"row {before[0]} says something else under the same key{shown}"
                self._settle(record, Refusal("", reason))
        return fresh

    def _stop(self, record: Record, stopped: Refusal | Held) -> None:
        """Count a row that could not be read, and let others know that its account is not there."""
        if isinstance(self.lander, Accounts) and isinstance(stopped, Held):
            stopped = self.lander.with_doubts(record, stopped)
        if isinstance(self.lander, Accounts | Contracts):
            self.lander.remember(record, stopped)
        self._settle(record, stopped)

    def _settle(self, record: Record, verdict: Verdict) -> None:
        if isinstance(verdict, Refusal):
            self._refuse(record.number, verdict, record.cells)
        elif isinstance(verdict, Held):
            self.report.count("held")
            for question in verdict.questions:
                self.loading.questions.hold(question)
        else:
            self.report.count(verdict)

    def _refuse(self, number: int, refusal: Refusal, cells: Sequence[object]) -> None:
        self.report.count("rejected")
        cells = self.loading.veil.values(list(cells))
        self.rejects.add((self.report.file, number), refusal, header=self.surveyed.sheet.header, cells=cells)

    def _forbid_circles(self, accounts: Accounts) -> None:
        if not self.plan.mapping.has("parent_id", "parent_name"):
            return
        links: list[tuple[int, str, str]] = []
        for batch in self.surveyed.sheet.batches():
            for number, row in zip(batch.numbers, batch.rows, strict=True):
                said = identity(self.plan, row, also=("parent_id", "parent_name"))
                by_id = bool(said.get("parent_id"))
                own = said.get("account_id") if by_id else said.get("account_name")
                parent = said.get("parent_id") if by_id else said.get("parent_name")
                if own and parent:
                    links.append((number, str(own), str(parent)))
        accounts.forbid_circles(links)
