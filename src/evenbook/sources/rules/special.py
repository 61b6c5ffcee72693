"""Tables that only tools have: links, stages, ratings and users of a help desk. Pure data."""

from __future__ import annotations

from evenbook.sources.rules.fields import Table, fields

TABLES = {
    table.name: table
    for table in (
        Table(
            "links",
            "links between records and accounts",
            "",
            fields("account_id id 1 account_id\nlinked_id id 1 linked_id\nkind word 1 kind\n"),
            needs=(("account_id",), ("linked_id",)),
        ),
        Table(
            "stages",
            "stages of a pipeline",
            "",
            fields(
                "stage_id id 1 stage_id\nlabel text 1 label\nis_closed boolean 1 is_closed\n"
                "is_won boolean 1 is_won\nticket_state word 1 ticket_state\nkind word 1 kind\n"
            ),
            needs=(("stage_id",),),
        ),
        Table(
            "ratings",
            "ratings and closings of tickets",
            "",
            fields(
                "ticket_id id 1 ticket_id\nsatisfaction score 1 satisfaction\n"
                "satisfaction_at past 1 satisfaction_at\nsolved_at past 1 solved_at\n"
            ),
            needs=(("ticket_id",),),
        ),
        Table(
            "domains",
            "web domains of accounts",
            "",
            fields("account_id id 1 account_id\naccount_domain domain 1 account_domain\n"),
            needs=(("account_id",), ("account_domain",)),
        ),
        Table(
            "helpdesk_users",
            "users of a help desk",
            "",
            fields(
                "user_id id 1 user_id\nname name 1 name\nmail mail 1 mail\nrole word 1 role\n"
                "account_id id 1 account_id\nis_active boolean 1 is_active\ncreated_at past 1 created_at\n"
                "modified_at past 1 modified_at\n"
            ),
            needs=(("user_id",),),
        ),
    )
}
