"""The book as rules see it: the same facts, with the instant from which each can be seen.

``visible_at`` is the later of when a value happened and when it became known. Rows of an account
that was merged into another stand under the other.
"""

from __future__ import annotations

from evenbook.frames.table import Table

ACCOUNT = "coalesce(a.merged_into_id, a.id)"
"""The account a row belongs to, given ``book_account`` as ``a``."""


def visible(alias: str) -> str:
    """Return the portable expression for the instant from which a row can be seen."""
    return (
        f"case when {alias}.happened_at > {alias}.known_at then {alias}.happened_at else {alias}.known_at end"
    )


def _history(table: str, columns: str) -> str:
    return f"select {columns} from {table} f join book_account a on a.id = f.account_id"


TABLES = (
    Table(
        name="account",
        select=(
            "select id as account, key, name, domain, parent_id as parent, started_at, "
            "case when started_at > known_at then started_at else known_at end as visible_at "
            "from book_account where merged_into_id is null"
        ),
        columns={
            "account": "BIGINT",
            "key": "VARCHAR",
            "name": "VARCHAR",
            "domain": "VARCHAR",
            "parent": "BIGINT",
            "started_at": "TIMESTAMP",
            "visible_at": "TIMESTAMP",
        },
        written=("book_account",),
    ),
    Table(
        name="account_value",
        select=_history(
            "book_accountvalue",
            f"{ACCOUNT} as account, f.id as row_id, f.name, f.value, f.happened_at, "
            f"{visible('f')} as visible_at, f.assumed",
        ),
        columns={
            "account": "BIGINT",
            "row_id": "BIGINT",
            "name": "VARCHAR",
            "value": "VARCHAR",
            "happened_at": "TIMESTAMP",
            "visible_at": "TIMESTAMP",
            "assumed": "BOOLEAN",
        },
        written=("book_accountvalue", "book_account"),
    ),
    Table(
        name="ownership",
        select=_history(
            "book_ownership",
            f"{ACCOUNT} as account, f.id as row_id, f.role, f.person_id as person, f.pool_id as pool, "
            "f.happened_at, "
            f"{visible('f')} as visible_at, f.assumed",
        ),
        columns={
            "account": "BIGINT",
            "row_id": "BIGINT",
            "role": "VARCHAR",
            "person": "BIGINT",
            "pool": "BIGINT",
            "happened_at": "TIMESTAMP",
            "visible_at": "TIMESTAMP",
            "assumed": "BOOLEAN",
        },
        written=("book_ownership", "book_account"),
    ),
    Table(
        name="handover",
        select=_history(
            "book_handover",
            f"{ACCOUNT} as account, f.id as handover, f.role, f.alone, f.giver_id as giver, f.first_on, "
            "f.back_on, f.asks_brief, f.announced_at as visible_at, f.called_off_at as hidden_at",
        ),
        columns={
            "account": "BIGINT",
            "handover": "BIGINT",
            "role": "VARCHAR",
            "alone": "BOOLEAN",
            "giver": "BIGINT",
            "first_on": "DATE",
            "back_on": "DATE",
            "asks_brief": "BOOLEAN",
            "visible_at": "TIMESTAMP",
            "hidden_at": "TIMESTAMP",
        },
        written=("book_handover", "book_account"),
    ),
    Table(
        name="person",
        select=(
            "select id as person, key, name, role, team, is_person, started_on, left_on, working_share, "
            "monthly_hours, region from book_person"
        ),
        columns={
            "person": "BIGINT",
            "key": "VARCHAR",
            "name": "VARCHAR",
            "role": "VARCHAR",
            "team": "VARCHAR",
            "is_person": "BOOLEAN",
            "started_on": "DATE",
            "left_on": "DATE",
            "working_share": "DOUBLE",
            "monthly_hours": "DOUBLE",
            "region": "VARCHAR",
        },
        written=("book_person",),
    ),
    Table(
        name="leave",
        select=(
            "select person_id as person, first_on, last_on, kind, cover_id as cover, known_at as visible_at, "
            "withdrawn_at as hidden_at from book_leave"
        ),
        columns={
            "person": "BIGINT",
            "first_on": "DATE",
            "last_on": "DATE",
            "kind": "VARCHAR",
            "cover": "BIGINT",
            "visible_at": "TIMESTAMP",
            "hidden_at": "TIMESTAMP",
        },
        written=("book_leave",),
    ),
    Table(
        name="person_role",
        select=(
            "select person_id as person, id as row_id, role, first_on, known_at as visible_at "
            "from book_personrole"
        ),
        columns={
            "person": "BIGINT",
            "row_id": "BIGINT",
            "role": "VARCHAR",
            "first_on": "DATE",
            "visible_at": "TIMESTAMP",
        },
        written=("book_personrole",),
    ),
    Table(
        name="adjustment",
        select=(
            "select person_id as person, first_on, last_on, hours, known_at as visible_at, "
            "withdrawn_at as hidden_at from book_capacityadjustment"
        ),
        columns={
            "person": "BIGINT",
            "first_on": "DATE",
            "last_on": "DATE",
            "hours": "DOUBLE",
            "visible_at": "TIMESTAMP",
            "hidden_at": "TIMESTAMP",
        },
        written=("book_capacityadjustment",),
    ),
    Table(
        name="own_ceiling",
        select=(
            "select person_id as person, id as row_id, first_on, last_on, a_week, known_at as visible_at, "
            "withdrawn_at as hidden_at from book_ownceiling"
        ),
        columns={
            "person": "BIGINT",
            "row_id": "BIGINT",
            "first_on": "DATE",
            "last_on": "DATE",
            "a_week": "DOUBLE",
            "visible_at": "TIMESTAMP",
            "hidden_at": "TIMESTAMP",
        },
        written=("book_ownceiling",),
    ),
    Table(
        name="pool",
        select="select id as pool, key, name, lead_id as lead from book_pool",
        columns={"pool": "BIGINT", "key": "VARCHAR", "name": "VARCHAR", "lead": "BIGINT"},
        written=("book_pool",),
    ),
    Table(
        name="pool_member",
        select="select pool_id as pool, person_id as person, since_on, until_on from book_poolmember",
        columns={"pool": "BIGINT", "person": "BIGINT", "since_on": "DATE", "until_on": "DATE"},
        written=("book_poolmember",),
    ),
    Table(
        name="contact",
        select=_history(
            "book_contact",
            f"{ACCOUNT} as account, f.external_id as contact, f.name, f.is_champion, f.happened_at, "
            "f.left_at, "
            f"{visible('f')} as visible_at, f.known_until as hidden_at",
        ),
        columns={
            "account": "BIGINT",
            "contact": "VARCHAR",
            "name": "VARCHAR",
            "is_champion": "BOOLEAN",
            "happened_at": "TIMESTAMP",
            "left_at": "TIMESTAMP",
            "visible_at": "TIMESTAMP",
            "hidden_at": "TIMESTAMP",
        },
        written=("book_contact", "book_account"),
    ),
    Table(
        name="contract",
        select=_history(
            "book_contract",
            f"{ACCOUNT} as account, f.external_id as contract, f.product, f.starts_on, f.ends_on, "
            "f.renews_on, "
            f"f.renewed_at, f.lost_at, f.arr_cents, {visible('f')} as visible_at, f.known_until as hidden_at",
        ),
        columns={
            "account": "BIGINT",
            "contract": "VARCHAR",
            "product": "VARCHAR",
            "starts_on": "DATE",
            "ends_on": "DATE",
            "renews_on": "DATE",
            "renewed_at": "TIMESTAMP",
            "lost_at": "TIMESTAMP",
            "arr_cents": "BIGINT",
            "visible_at": "TIMESTAMP",
            "hidden_at": "TIMESTAMP",
        },
        written=("book_contract", "book_account"),
    ),
    Table(
        name="movement",
        select=_history(
            "book_revenuemovement",
            f"{ACCOUNT} as account, f.kind, f.change_cents, f.happened_at, {visible('f')} as visible_at",
        ),
        columns={
            "account": "BIGINT",
            "kind": "VARCHAR",
            "change_cents": "BIGINT",
            "happened_at": "TIMESTAMP",
            "visible_at": "TIMESTAMP",
        },
        written=("book_revenuemovement", "book_account"),
    ),
)
