"""The coverage of any past day, worked out for the page and let go again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from evenbook.people.actions import add_user
from evenbook.policy.actions import ensure_first
from evenbook.runs.models import Run
from evenbook.site.jobs import run_week
from evenbook.sources.sample.actions import load


@pytest.mark.django_db(transaction=True)
def test_coverage_answers_for_a_day_that_was_never_run(settings) -> None:
    now = datetime.now(UTC)
    ensure_first(now - timedelta(days=900))
    load(as_of=now.date(), now=now, accounts=60, csms=None, seed=5, users={})
    run_week(now.date(), by="test", home=settings.EVENBOOK_HOME, store=True)
    leader = add_user(mail="amara@example.com", name="Amara", role="leader", now=now)
    client = Client()
    client.force_login(leader)
    past = now.date() - timedelta(days=100)
    page = client.get("/coverage", {"as_of": past.isoformat()})
    assert page.status_code == 200
    assert page.context["week"].run.as_of == past
    assert Run.objects.count() == 1
    assert client.get("/coverage", {"as_of": "not a day"}).context["week"].run.as_of == now.date()
