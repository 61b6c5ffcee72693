"""How many queries each page takes, frozen; and that first pages are fast on ten thousand accounts."""

from __future__ import annotations

import statistics
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.pages import company

PAGES = (
    "/my-week?person=ben",
    "/team-week",
    "/accounts",
    "/accounts?sort=-score&state=at_risk&coverage=gaps",
    "/accounts/a-00002",
    "/coverage",
    "/hot-sheet",
    "/figures/covered",
    "/find?q=a",
)
FIRST = ("/team-week", "/accounts")


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as taken:
        assert client.get(page).status_code == 200
    return len(taken)


@pytest.mark.golden
def test_pages_take_no_more_queries_than_they_did(as_user, golden):
    client, own = as_user("amara"), as_user("ben")
    lines = [f"{queries(client, page):3} {page} (leader)" for page in PAGES]
    lines += [f"{queries(own, page):3} {page} (CSM)" for page in PAGES]

    golden("page_queries.txt", "\n".join(lines) + "\n")


def test_the_number_of_queries_does_not_grow_with_the_accounts(db):
    client = Client()
    made = company.build(140)
    client.force_login(made.users["amara"])
    many = [queries(client, page) for page in FIRST]
    made.run.account_weeks.filter(account__key__gt="a-00030").delete()

    assert [queries(client, page) for page in FIRST] == many


@pytest.mark.slow
def test_the_first_pages_take_under_100_ms_on_ten_thousand_accounts(db):
    client = Client()
    client.force_login(company.build(10_000).users["amara"])
    for page in FIRST:
        taken = []
        for _ in range(9):
            start = time.process_time()
            client.get(page)
            taken.append(time.process_time() - start)
        assert statistics.median(taken) < 0.1, f"{page}: {statistics.median(taken) * 1000:.0f} ms"
