"""What pages take does not grow with the accounts: not in queries, and hardly in time.

Apart from the other pages: their files hold a team with a stored week while their tests run.
"""

from __future__ import annotations

import statistics
import time

import pytest
from django.test import Client
from tests.pages import company
from tests.pages.test_speed import queries

FIRST = ("/team-week", "/accounts")


def test_the_number_of_queries_does_not_grow_with_the_accounts(db):
    client = Client()
    made = company.build(140)
    client.force_login(made.users["amara"])
    many = [queries(client, page) for page in (*FIRST, "/sizing")]
    made.run.account_weeks.filter(account__key__gt="a-00030").delete()

    assert [queries(client, page) for page in (*FIRST, "/sizing")] == many


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
