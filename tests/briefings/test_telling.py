"""Whoever receives accounts in a handoff is told once how many, unless they chose otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from tests.briefings.handing import announced
from tests.closures.owing import NOW, viewer

from evenbook.briefings.actions.announcing import redirect
from evenbook.desk.actions import choose
from evenbook.messages.models import Mail


@pytest.fixture
def mails(team: Any, settings: Any) -> Any:
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"
    return team


def test_each_receiver_has_one_mail_with_their_accounts(mails: Any) -> None:
    first = mails.of("ben")[0]
    made = announced(receivers={first.key: "amara"})

    found = {each.to: each for each in Mail.objects.all()}
    assert found["chidi@example.com"].subject == "3 accounts of Ben Adler for you from 1 Apr 2026"
    assert found["amara@example.com"].subject == "One account of Ben Adler for you from 1 Apr 2026"
    assert f"https://evenbook.example/handoffs/{made.pk}" in found["chidi@example.com"].text
    redirect(made.pk, mails.of("ben")[1].key, "amara", by=viewer("ben"), now=NOW)
    assert Mail.objects.count() == 2, "they know of the handoff"


def test_who_chose_no_such_mail_gets_none(mails: Any) -> None:
    choose(viewer("chidi"), {"handoff": False}, now=NOW)
    announced()
    assert not Mail.objects.exists()


def test_without_a_mail_server_none_is_posted(team: Any) -> None:
    announced()
    assert not Mail.objects.exists()
