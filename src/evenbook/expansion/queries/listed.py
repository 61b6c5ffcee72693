"""The expansion list as a run drew it up, and what is worth a mention at accounts that a viewer may open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from evenbook.book.access import narrowed, of_account, owners_now
from evenbook.book.among import Ids
from evenbook.expansion.models import ListRow, MentionRow
from evenbook.expansion.numbers.worth import WHO
from evenbook.people.viewer import Viewer

SORTS = {
    "rank": "rank",
    "account": "account__name",
    "points": "points",
    "arr": "arr_cents",
    "room": "whitespace",
}
REACHED, NOT_REACHED, HELD, HANDS = "reached", "not_reached", "held", "hands"
SHOWN = {
    REACHED: "Reached within the cycles",
    NOT_REACHED: "Not reached",
    HELD: "On the hot sheet: held",
    HANDS: "With a hand raised",
}
ASKED = {
    REACHED: Q(reached_on__isnull=False),
    NOT_REACHED: Q(reached_on=None),
    HELD: Q(is_held=True),
    HANDS: Q(hands__gt=0),
}


@dataclass(frozen=True)
class Reason:
    """Why an account is on the list: the term, its points, the sentence of dated facts."""

    signal: str
    points: float
    text: str


@dataclass(frozen=True)
class Mentioned:
    """What is worth a mention: which product, who says it and when, and why now."""

    account_id: int
    product: str
    who: str
    says: str
    because: str

    @property
    def who_name(self) -> str:
        """Who mentions it, in words."""
        return WHO.get(self.who, self.who)


@dataclass(frozen=True)
class ListedRow:
    """One row of the expansion list. Money in minor units."""

    rank: int
    account_id: int
    account_key: str
    account_name: str
    owner_name: str
    points: float
    arr_cents: int | None
    products: int
    whitespace: int
    reached_on: date | None
    is_held: bool
    hands: int
    reasons: tuple[Reason, ...]
    flags: tuple[str, ...]
    mentions: tuple[Mentioned, ...] = ()


@dataclass(frozen=True)
class ListTotals:
    """How many rows the list has, how many can be reached, how many are held, and their revenue."""

    rows: int
    reached: int
    held: int
    arr_cents: int


def listed(
    viewer: Viewer,
    run_id: int,
    *,
    show: str = "",
    sort: str = "rank",
    descending: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[ListedRow, ...]:
    """Return rows of the list, by rank where nothing else is asked, with what is worth a mention at each."""
    field = SORTS[sort]
    rows = _rows(viewer, run_id, show).select_related("account")
    ordered = rows.order_by(F(field).desc(nulls_last=True) if descending else field, "rank")
    page = list(ordered[offset : None if limit is None else offset + limit])
    accounts = [each.account_id for each in page]
    said: dict[int, list[Mentioned]] = {}
    for each in _mentioned(MentionRow.objects.filter(run_id=run_id, account__in=accounts)):
        said.setdefault(each.account_id, []).append(each)
    owners = owners_now(viewer, Ids.of(accounts))
    return tuple(_row(each, said, owners) for each in page)


def list_totals(viewer: Viewer, run_id: int, *, show: str = "") -> ListTotals:
    """Return the sums of the list."""
    sums = _rows(viewer, run_id, show).aggregate(
        n=Count("pk"),
        reached=Count("pk", filter=ASKED[REACHED]),
        held=Count("pk", filter=ASKED[HELD]),
        arr=Sum("arr_cents"),
    )
    return ListTotals(sums["n"], sums["reached"], sums["held"], sums["arr"] or 0)


def mentions_at(viewer: Viewer, run_id: int, account_id: int) -> tuple[Mentioned, ...]:
    """Return what is worth a mention at one account, if the viewer may open it."""
    return _mentioned(of_account(MentionRow.objects.filter(run_id=run_id), viewer, account_id))


def _rows(viewer: Viewer, run_id: int, show: str) -> QuerySet[ListRow]:
    rows: QuerySet[ListRow] = narrowed(ListRow.objects.filter(run_id=run_id), viewer)
    return rows.filter(ASKED[show]) if show in ASKED else rows


def _mentioned(rows: QuerySet[MentionRow]) -> tuple[Mentioned, ...]:
    fields = ("account_id", "product", "who", "says", "because")
    return tuple(Mentioned(*row) for row in rows.order_by("product").values_list(*fields))


def _row(row: ListRow, said: dict[int, list[Mentioned]], owners: dict[int, tuple[int, str]]) -> ListedRow:
    return ListedRow(
        rank=row.rank,
        account_id=row.account_id,
        account_key=row.account.key,
        account_name=row.account.name,
        owner_name=owners.get(row.account_id, (0, ""))[1],
        points=row.points,
        arr_cents=row.arr_cents,
        products=row.products,
        whitespace=row.whitespace,
        reached_on=row.reached_on,
        is_held=row.is_held,
        hands=row.hands,
        reasons=tuple(
            Reason(str(each["signal"]), float(each["points"]), str(each["text"])) for each in row.reasons
        ),
        flags=tuple(str(each) for each in row.flags),
        mentions=tuple(said.get(row.account_id, ())),
    )
