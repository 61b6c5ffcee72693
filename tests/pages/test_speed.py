"""How many queries each page takes, frozen."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

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
