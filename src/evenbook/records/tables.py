"""The fact tables as rules see them. ``visible_at`` and ``hidden_at`` bound when each row can be seen."""

from __future__ import annotations

from evenbook.book.tables import ACCOUNT, visible
from evenbook.frames.table import Table

_EVENT = "f.source || ':' || f.external_id as event"
"""What a record is called for ever, whatever version of it."""

_EDGES = {"happened_at": "TIMESTAMP", "visible_at": "TIMESTAMP", "hidden_at": "TIMESTAMP"}


def _facts(table: str, columns: str) -> str:
    return (
        f"select {ACCOUNT} as account, {columns}, f.happened_at, {visible('f')} as visible_at, "
        f"f.known_until as hidden_at from {table} f join book_account a on a.id = f.account_id"
    )


TABLES = (
    Table(
        name="interaction",
        select=_facts(
            "records_interaction",
            f"{_EVENT}, f.id as row_id, f.person_id as person, f.contact_id_text as contact, f.kind, "
            "f.status, f.minutes, "
            "f.customer_present, f.carries_answer, f.action_items, f.sentiment, f.quality",
        ),
        columns={
            "account": "BIGINT",
            "event": "VARCHAR",
            "row_id": "BIGINT",
            "person": "BIGINT",
            "contact": "VARCHAR",
            "kind": "VARCHAR",
            "status": "VARCHAR",
            "minutes": "DOUBLE",
            "customer_present": "BOOLEAN",
            "carries_answer": "BOOLEAN",
            "action_items": "BIGINT",
            "sentiment": "DOUBLE",
            "quality": "DOUBLE",
            **_EDGES,
        },
        written=("records_interaction", "book_account"),
    ),
    Table(
        name="time_entry",
        select=_facts("records_timeentry", "f.person_id as person, f.minutes"),
        columns={"account": "BIGINT", "person": "BIGINT", "minutes": "DOUBLE", **_EDGES},
        written=("records_timeentry", "book_account"),
    ),
    Table(
        name="ticket",
        select=_facts(
            "records_ticket",
            f"{_EVENT}, f.external_id as ticket, f.priority, f.kind, f.escalated_at, f.solved_at, "
            "f.satisfaction, f.satisfaction_at, f.source = 'evenbook' as by_hand",
        ),
        columns={
            "account": "BIGINT",
            "event": "VARCHAR",
            "ticket": "VARCHAR",
            "priority": "VARCHAR",
            "kind": "VARCHAR",
            "escalated_at": "TIMESTAMP",
            "solved_at": "TIMESTAMP",
            "satisfaction": "DOUBLE",
            "satisfaction_at": "TIMESTAMP",
            "by_hand": "BOOLEAN",
            **_EDGES,
        },
        written=("records_ticket", "book_account"),
    ),
    Table(
        name="usage",
        select=(
            f"select {ACCOUNT} as account, "
            "case when a.merged_into_id is not null then a.id end as merged, "
            "f.source, f.measure, f.week_on, f.value, f.known_at as visible_at "
            "from records_usageweek f join book_account a on a.id = f.account_id"
        ),
        columns={
            "account": "BIGINT",
            "merged": "BIGINT",
            "source": "VARCHAR",
            "measure": "VARCHAR",
            "week_on": "DATE",
            "value": "DOUBLE",
            "visible_at": "TIMESTAMP",
        },
        written=("records_usageweek", "book_account"),
    ),
    Table(
        name="feed",
        select="select source, measure, week_on, share, known_at as visible_at from records_feedweek",
        columns={
            "source": "VARCHAR",
            "measure": "VARCHAR",
            "week_on": "DATE",
            "share": "DOUBLE",
            "visible_at": "TIMESTAMP",
        },
        written=("records_feedweek",),
    ),
    Table(
        name="score",
        select=_facts("records_score", "f.external_id as score, f.kind, f.value, f.scale, f.high_is_good"),
        columns={
            "account": "BIGINT",
            "score": "VARCHAR",
            "kind": "VARCHAR",
            "value": "DOUBLE",
            "scale": "VARCHAR",
            "high_is_good": "BOOLEAN",
            **_EDGES,
        },
        written=("records_score", "book_account"),
    ),
    Table(
        name="opportunity",
        select=_facts(
            "records_opportunity",
            "f.external_id as opportunity, f.kind, f.stage, f.product, f.amount_cents, f.expected_on, "
            "f.won_at, f.lost_at",
        ),
        columns={
            "account": "BIGINT",
            "opportunity": "VARCHAR",
            "kind": "VARCHAR",
            "stage": "VARCHAR",
            "product": "VARCHAR",
            "amount_cents": "BIGINT",
            "expected_on": "DATE",
            "won_at": "TIMESTAMP",
            "lost_at": "TIMESTAMP",
            **_EDGES,
        },
        written=("records_opportunity", "book_account"),
    ),
    Table(
        name="artifact",
        select=_facts("records_artifact", "f.id as row_id, f.kind, f.author_id as author, f.closes"),
        columns={
            "account": "BIGINT",
            "row_id": "BIGINT",
            "kind": "VARCHAR",
            "author": "BIGINT",
            "closes": "VARCHAR",
            **_EDGES,
        },
        written=("records_artifact", "book_account"),
    ),
)
