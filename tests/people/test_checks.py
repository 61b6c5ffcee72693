"""What the doctor says about the door: roles that are none, links without an address, half a sign-on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from evenbook.people.checks import address_told, roles_known, single_sign_on_whole

NOW = datetime(2026, 3, 9, tzinfo=UTC)


def test_an_instance_on_its_own_machine_with_nothing_set_is_fine():
    assert roles_known(NOW) is address_told(NOW) is single_sign_on_whole(NOW) is None


def test_a_role_that_is_none_is_found(settings: Any):
    settings.EVENBOOK_REQUIRE_MFA = ["leadr", "all", "csm"]

    assert "leadr" in roles_known(NOW).what
    settings.EVENBOOK_REQUIRE_MFA, settings.EVENBOOK_OIDC_NEW_USERS_ROLE = [], "owner"
    assert "owner" in roles_known(NOW).what


def test_links_that_would_begin_with_whatever_a_request_says_are_found(settings: Any):
    settings.ALLOWED_HOSTS = ["evenbook.company.example"]
    assert address_told(NOW) is None

    settings.ALLOWED_HOSTS = [".company.example"]
    assert "EVENBOOK_URL" in address_told(NOW).fix

    settings.EVENBOOK_URL = "evenbook.company.example"
    assert "not the address" in address_told(NOW).what
    settings.EVENBOOK_URL = "https://evenbook.company.example"
    assert address_told(NOW) is None


def test_single_sign_on_by_half_or_in_the_open_is_found(settings: Any):
    settings.EVENBOOK_OIDC_URL = "http://login.company.example"
    assert "no client" in single_sign_on_whole(NOW).what

    settings.SINGLE_SIGN_ON = {**settings.SINGLE_SIGN_ON, "client_id": "evenbook", "secret": "x"}
    assert "without HTTPS" in single_sign_on_whole(NOW).what
    settings.EVENBOOK_OIDC_URL = "https://login.company.example"
    assert single_sign_on_whole(NOW) is None
