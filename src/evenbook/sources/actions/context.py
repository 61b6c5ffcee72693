"""What one import knows while it runs: who is who, what was decided, what was written so far."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import monotonic

from evenbook.book import directory
from evenbook.book.actions.histories import Owned, Said
from evenbook.book.actions.revenue import Booking
from evenbook.book.actions.writing import Written
from evenbook.book.rules.matching import Register
from evenbook.book.rules.staff import Staff
from evenbook.people.forgotten import veil
from evenbook.people.veil import Veil
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.policy.schema import AnySection, Policy
from evenbook.sources.actions.asking import Questions
from evenbook.sources.models import Lookup
from evenbook.sources.numbers import SourcesNumbers
from evenbook.sources.rules.plans import Settings
from evenbook.sources.values import FREE_MAIL, Window

PEOPLE_LIST = "people-list"


@dataclass(slots=True)
class Loading:
    """The state of one import.

    Args:
        now: the load time.
        who: who imports.
        questions: what was and is asked.
        settings: what the organization has decided, for reading cells.
        numbers: the limits and doubts of imports, from policy.
        register: the accounts, growing.
        staff: the people, growing.
        fresh: accounts that this import loads for the first time.
        held: accounts that wait for an answer, by source and id or by name.
        refused: accounts whose own row was rejected, and where.
        veil: takes out of every row the names of people who were forgotten.
    """

    now: datetime
    who: Viewer
    questions: Questions
    settings: Settings
    numbers: SourcesNumbers
    home: str
    public_domains: frozenset[str]
    written: Written = field(default_factory=Written)
    register: Register = field(default_factory=Register)
    staff: Staff = field(default_factory=Staff)
    pools: dict[str, int] = field(default_factory=dict)
    account_keys: set[str] = field(default_factory=set)
    person_keys: set[str] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)
    duplicates: set[int] = field(default_factory=set)
    held: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: dict[tuple[str, str], str] = field(default_factory=dict)
    contracts: dict[tuple[str, str], int] = field(default_factory=dict)
    contacts: dict[tuple[str, str], int] = field(default_factory=dict)
    contacts_by_mail: dict[str, int] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    own_domains: set[str] = field(default_factory=set)
    owners: list[Owned] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    stated: list[tuple[Booking, int]] = field(default_factory=list)
    starts: list[tuple[int, datetime]] = field(default_factory=list)
    links: list[tuple[int, str, str, str]] = field(default_factory=list)
    contract_starts: dict[int, set[date]] = field(default_factory=lambda: defaultdict(set))
    lookups: dict[tuple[str, str], dict[str, dict[str, object]]] = field(default_factory=dict)
    veil: Veil = field(default_factory=lambda: Veil(""))
    watch: float = field(default_factory=monotonic)

    @property
    def by(self) -> str:
        """The name of who imports."""
        return self.who.name

    def ended_at(self) -> datetime:
        """Return when the import is done if that is now, by a stopwatch and not by the clock."""
        return self.now + timedelta(seconds=monotonic() - self.watch)

    def rank(self, source: str) -> int:
        """Return how a source ranks where two disagree; the smaller wins."""
        order = self.numbers.source_order
        return order.index(source) if source in order else len(order)

    def lookup(self, source: str, kind: str) -> dict[str, dict[str, object]]:
        """Return what a table of a tool says about records of another, by their id."""
        if (source, kind) not in self.lookups:
            rows = Lookup.objects.filter(source=source, kind=kind).values_list("external_id", "value")
            self.lookups[source, kind] = dict(rows)
        return self.lookups[source, kind]


def begin(questions: Questions, *, by: Viewer, now: datetime) -> Loading:
    """Return the state with which an import starts."""
    policy = latest().policy
    organization = _section(policy, OrganizationNumbers)
    numbers = _section(policy, SourcesNumbers)
    settings = Settings(
        now=now,
        ask=questions.ask,
        home=organization.currency,
        rates={row.currency: row.rate for row in organization.exchange_rates},
        zone=organization.time_zone,
        window=Window(date(numbers.earliest_year, 1, 1), date(numbers.latest_year, 12, 31)),
    )
    return Loading(
        now=now,
        who=by,
        questions=questions,
        settings=settings,
        numbers=numbers,
        home=organization.currency,
        public_domains=FREE_MAIL | frozenset(numbers.public_domains),
    )


def read_book(loading: Loading) -> None:
    """Read who is known; inside the transaction that writes."""
    loading.veil = veil()
    loading.register = directory.register()
    loading.staff = directory.staff()
    loading.pools = directory.pools()
    loading.contracts = directory.contract_accounts()
    loading.contacts, loading.contacts_by_mail = directory.contact_accounts()
    loading.account_keys = directory.account_keys()
    loading.person_keys = set(loading.staff.by_key)
    loading.listed = set(Lookup.objects.filter(kind=PEOPLE_LIST).values_list("source", flat=True))
    loading.own_domains = {mail.partition("@")[2] for mail in loading.staff.by_mail} - loading.public_domains


def _section(policy: Policy, kind: type[AnySection]) -> AnySection:
    try:
        return policy.of(kind)
    except KeyError:
        return kind()
