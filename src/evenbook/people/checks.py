"""What the doctor looks at among users and at the door: somebody keeps it, settings fit."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from evenbook.kit.findings import Check, Finding, listed
from evenbook.people.addresses import NoAddress, base_address
from evenbook.people.models import Role, User

HERE = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


def has_operations(now: datetime) -> Finding | None:
    """Find an instance with users, none of whom may import or change the policy."""
    active = User.objects.filter(is_active=True)
    if not active.exists() or active.filter(role=Role.OPERATIONS).exists():
        return None
    return Finding(
        "Nobody who signs in is operations: nobody may import or change the policy.",
        "Run: evenbook user add MAIL --name NAME --role operations",
    )


def roles_known(now: datetime) -> Finding | None:
    """Find a role that is none among those that need a second factor, or that new people get."""
    named = [*settings.EVENBOOK_REQUIRE_MFA, settings.EVENBOOK_OIDC_NEW_USERS_ROLE]
    wrong = sorted(set(named) - set(Role.values) - {"", "all"})
    if not wrong:
        return None
    return Finding(
        f"There is no role {listed(wrong)}: as if it were all for a second factor, none for new people.",
        f"In EVENBOOK_REQUIRE_MFA and EVENBOOK_OIDC_NEW_USERS_ROLE use: {', '.join(Role.values)}.",
    )


def address_told(now: datetime) -> Finding | None:
    """Find that links in mails have no address to begin with: it is none, or hosts are patterns alone."""
    if not settings.EVENBOOK_URL and not any(host.startswith((".", "*")) for host in settings.ALLOWED_HOSTS):
        return None
    try:
        base_address()
    except NoAddress as refusal:
        return Finding(refusal.what, refusal.fix)
    return None


def single_sign_on_whole(now: datetime) -> Finding | None:
    """Find single sign-on that is set up by half, or that secrets go to in the open."""
    if not settings.EVENBOOK_OIDC_URL:
        return None
    client = settings.SINGLE_SIGN_ON
    if not (client["client_id"] and client["secret"]):
        return Finding(
            "Single sign-on has no client: nobody can come in by it.",
            "Set EVENBOOK_OIDC_CLIENT_ID and EVENBOOK_OIDC_CLIENT_SECRET.",
        )
    url = urlsplit(settings.EVENBOOK_OIDC_URL)
    if url.scheme != "https" and url.hostname not in HERE:
        return Finding(
            "The identity provider is asked without HTTPS: who listens comes in as anybody.",
            "Begin EVENBOOK_OIDC_URL with https.",
        )
    return None


CHECKS = (
    Check("sign-in-roles", "Every role that sign-in is set up for is one.", roles_known),
    Check("sign-in-address", "Links in mails begin with an address that people open.", address_told),
    Check("sign-in-single", "Single sign-on is whole, or not set up.", single_sign_on_whole),
    Check("operations-there", "Somebody may keep the instance, or nobody signs in yet.", has_operations),
)
