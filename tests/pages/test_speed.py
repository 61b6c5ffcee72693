"""How many queries each page takes, frozen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from tests.addresses import routes
from tests.briefings.handing import announced
from tests.closures.owing import owed
from tests.pages import company

from evenbook.policy.actions import ensure_first

PAGES = (
    "/my-week?person=ben",
    "/team-week",
    "/accounts",
    "/accounts?sort=-score&state=at_risk&coverage=gaps",
    "/accounts/a-00002",
    "/coverage",
    "/coverage/audit",
    "/decisions",
    "/closing/ben",
    "/seven/ben",
    "/calibration",
    "/hot-sheet/replay",
    "/profiles/ben",
    "/weeks-ahead",
    "/weeks-ahead/2026-03-16/ben",
    "/outcomes",
    "/first-weeks",
    "/hot-sheet",
    "/expansion",
    "/expansion/list",
    "/expansion/ladder",
    "/expansion/scoreboards",
    "/expansion/pipeline",
    "/tiers",
    "/book",
    "/books/ben",
    "/proposals/compare",
    "/handoffs",
    "/handoffs/new",
    "/handoffs/{handoff}",
    "/handoffs/{handoff}/pack",
    "/handoffs/{handoff}/briefs/a-00002",
    "/escalations?account=a-00002",
    "/reviews/stable",
    "/reviews/logs",
    "/reviews",
    "/reviews/coverage",
    "/reviews/written",
    "/reviews/accounts/a-00002",
    "/loops/{of_ben}",
    "/figures/covered",
    "/find?q=a",
)
OF_OPERATIONS = (
    "/book/structures",
    "/people",
    "/people/{ben}",
    "/personal-data",
    "/personal-data/user/{ben}",
    "/people/teams",
    "/monthly",
    "/executive",
    "/reports",
    "/reports/daily",
    "/reports/weekly",
    "/reports/quarterly",
    "/reports/yearly",
    "/executive/cohorts/2024-01-01/0",
    "/metric-tiers",
    "/sizing",
    "/sizing?scope=tier:2&csms=0",
    "/sizing/rows/accounts",
    "/sizing/rows/csms",
    "/sizing/rows/work",
    "/audit",
    "/import",
    "/import/questions",
    "/runs",
    "/policy",
    "/policy/numbers/capacity",
    "/policy/history",
    "/policy/versions/1",
    "/policy/load",
    "/me",
    "/me/mails",
    "/me/second-factor",
    "/tokens",
    "/-/patterns",
)
NO_PAGE = {
    "home": "leads on",
    **dict.fromkeys(("health", "ready", "metrics"), "asked by machines"),
    **dict.fromkeys(
        ("set-up", "sign-in", "sign-in-as", "sign-in-code", "sign-in-link", "forgot"), "before the door"
    ),
    **dict.fromkeys(("new-password", "single-sign-on", "single-sign-on-back"), "before the door"),
    **dict.fromkeys(
        ("import-preview", "import-file", "import-load", "run"), "of one upload, load or run; tested there"
    ),
    **dict.fromkeys(
        (
            "import-preview-rejects",
            "import-rejects",
            "policy-file",
            "audit-pdf",
            "personal-data-file",
            "monthly-file",
            "report-pdf",
        ),
        "a file",
    ),
    **dict.fromkeys(
        (
            "account-role",
            "audit-decide",
            "decision-done",
            "machine-say",
            "opening-new",
            "trial-end",
            "trial-new",
            "tier-mark",
            "tier-mark-withdraw",
            "tier-move",
            "tier-moves-approve",
            "tier-step-done",
            "report-decided",
            "decision-take-back",
            "pulse",
            "first-weeks-baseline",
            "first-weeks-sign",
        ),
        "sent, never looked at",
    ),
    **dict.fromkeys(("calibration-adopt", "calibration-work-out"), "sent, never looked at"),
    **dict.fromkeys(("hot-sheet-mark", "replay-run", "replay-adopt"), "sent, never looked at"),
    "sizing-answer": "a part of the page Sizing",
    **dict.fromkeys(("sizing-save", "sizing-drop", "sizing-plan", "sizing-step"), "sent, never looked at"),
    "calibration-of": "the same page, of the history",
    "decision": "a row of the list, by itself",
    "opening": "of one opening, made for it; tested there",
    **dict.fromkeys(
        ("invite", "team", "person-act", "view-save", "view-drop", "sign-out", "my-password"),
        "sent, never looked at",
    ),
    **dict.fromkeys(
        ("run-week", "run-mails", "run-cancel", "run-retry", "token-end"), "sent, never looked at"
    ),
    **dict.fromkeys(
        ("handoff-confirm", "handoff-redirect", "handoff-note", "handoff-call-off"), "sent, never looked at"
    ),
    "profile-change": "sent, never looked at",
    **dict.fromkeys(("reviews-batch", "review"), "of one batch, drawn up for it; tested there"),
    **dict.fromkeys(("review-file", "customer-file"), "a file"),
    **dict.fromkeys(
        ("customer-review", "customer-hand", "customer-trial-end"), "opened by a link, without signing in"
    ),
    **dict.fromkeys(
        (
            "reviews-approve",
            "reviews-cancel",
            "reviews-end-links",
            "reviews-hand",
            "review-look",
            "review-override",
            "review-link",
            "review-end-links",
            "reviews-news",
            "reviews-shipped",
            "reviews-withdraw",
            "reviews-words",
            "reviews-master",
            "reviews-opt-outs",
        ),
        "sent, never looked at",
    ),
    **dict.fromkeys(("proposal", "proposal-weeks"), "of one proposal, made for it; tested there"),
    **dict.fromkeys(
        (
            "book-propose",
            "structures-compare",
            "proposal-price",
            "proposal-move",
            "proposal-approve",
            "proposal-drop",
            "proposal-undo",
        ),
        "sent, never looked at",
    ),
    **dict.fromkeys(("loop-draft", "loop-waive", "loop-take", "follow-up"), "sent, never looked at"),
    **dict.fromkeys(
        ("brief-acknowledge", "escalation-resolved", "my-calendar", "my-calendar-end"),
        "sent, never looked at",
    ),
    "loop-correct": "a form on the page of a loop that is closed; tested there",
    "review-log": "of one signing; tested there",
    "cohort": "of one pool and week, made for it; tested there",
    **dict.fromkeys(("calendar-feed", "loop-touchpoint"), "a file"),
    **dict.fromkeys(
        ("second-factor-off", "recovery-codes", "session-end", "sessions-end"), "sent, never looked at"
    ),
}
"""Addresses without a line, and why."""


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as taken:
        assert client.get(page).status_code == 200
    return len(taken)


@pytest.mark.golden
def test_pages_take_no_more_queries_than_they_did(as_user, team, golden):
    client, own, keeper = as_user("amara"), as_user("ben"), as_user("olu")
    ensure_first(company.NOW)
    loop = owed(team.of("ben")[0], by=team.people["ben"]).pk
    handed = announced(now=datetime.now(UTC), first_on=datetime.now(UTC).date() + timedelta(days=9)).pk
    lines = [
        f"{queries(client, page.format(of_ben=loop, handoff=handed)):3} {page} (leader)" for page in PAGES
    ]
    lines += [f"{queries(own, page.format(of_ben=loop, handoff=handed)):3} {page} (CSM)" for page in PAGES]
    lines += [
        f"{queries(keeper, page.format(ben=team.users['ben'].pk)):3} {page} (operations)"
        for page in OF_OPERATIONS
    ]

    golden("page_queries.txt", "\n".join(lines) + "\n")


def test_every_page_has_its_line():
    filled = [page.format(ben=1, of_ben=1, handoff=1).partition("?")[0] for page in (*PAGES, *OF_OPERATIONS)]
    counted = {resolve(page).url_name for page in filled}
    there = {name for pattern, name in routes() if not pattern.startswith(("admin/", "api/"))}
    assert there - counted - set(NO_PAGE) == set() and set(NO_PAGE) - there == set()
    assert counted & set(NO_PAGE) == set()
