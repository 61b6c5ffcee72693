"""The bench of the pages: each is asked for by somebody of its role, and nothing stays behind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from tests.pages import company

from evenbook.people.models import User
from evenbook.site.bench import pages


@pytest.mark.one_database
def test_every_page_is_measured_and_nobody_stays_signed_in(db, tmp_path: Path) -> None:
    company.build()
    said: list[str] = []
    page = tmp_path / "benchmarks.md"
    pages.main(on=date(2026, 3, 9), page=page, say=said.append)

    assert page.read_text(encoding="utf-8").count("\n| ") == len(pages.PAGES) + 1
    assert "## Pages, 2026-03-09" in page.read_text(encoding="utf-8") and "24 accounts" in said[0]
    assert not Session.objects.exists() and not User.objects.filter(last_login__isnull=False).exists()


def test_without_a_week_or_a_leader_it_says_what_to_do(db) -> None:
    with pytest.raises(pages.NothingToMeasure, match="No week"):
        pages.measured()
    company.build()
    User.objects.filter(role="leader").delete()
    with pytest.raises(pages.NothingToMeasure, match="Nobody is a leader"):
        pages.measured()
