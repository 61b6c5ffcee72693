"""The environment variables that an instance reads: what each is for, and what holds without it.

The page docs/reference/settings.md is written from this list, and a test compares it with the code.
A variable that begins with ``EVENBOOK_`` and stands neither here nor among those of the tests is a
misspelling; the doctor says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PREFIX = "EVENBOOK_"
OF_THE_TESTS = frozenset({"EVENBOOK_TEST_DATABASE", "EVENBOOK_GOLDEN"})


@dataclass(frozen=True)
class Variable:
    """One variable: its name, its value when it is not set, and what it decides."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable("EVENBOOK_HOME", ".evenbook in the current folder", "The folder of the instance."),
    Variable(
        "EVENBOOK_DATABASE_URL",
        "the file evenbook.sqlite3 in the instance's folder",
        "A PostgreSQL database: postgresql://user:password@host:5432/name, or ?host=/folder for a socket.",
    ),
    Variable(
        "EVENBOOK_SECRET_KEY",
        "made once and kept in the instance's folder",
        "Signs sessions. Set it where several machines serve one database.",
    ),
    Variable(
        "EVENBOOK_HOSTS",
        "127.0.0.1,localhost,[::1]",
        "The host names under which pages are served, separated by commas.",
    ),
    Variable("EVENBOOK_HTTPS", "0", "1 behind a proxy with HTTPS: cookies are then sent over HTTPS alone."),
    Variable(
        "EVENBOOK_INBOX",
        "none",
        "A folder whose files a worker imports, as they come, and then moves to its folder `done`.",
    ),
    Variable(
        "EVENBOOK_MAIL_URL",
        "none: mails wait in the outbox",
        "The mail server: smtps://user:password@host:465, or smtp://…:587, which asks for encryption first.",
    ),
    Variable("EVENBOOK_MAIL_FROM", "the user of the mail server", "The address that mails come from."),
    Variable(
        "EVENBOOK_URL",
        "the host that a page was asked at, where EVENBOOK_HOSTS names it",
        "Where people open Evenbook, like https://evenbook.company.example: links in mails begin with it.",
    ),
    Variable(
        "EVENBOOK_REQUIRE_MFA",
        "",
        "Roles that need a second factor, separated by commas, like operations,leader; all for everybody.",
    ),
    Variable(
        "EVENBOOK_OIDC_URL",
        "",
        "The issuer of the identity provider for single sign-on, with OpenID Connect.",
    ),
    Variable("EVENBOOK_OIDC_CLIENT_ID", "", "How the identity provider knows Evenbook."),
    Variable("EVENBOOK_OIDC_CLIENT_SECRET", "", "What Evenbook proves itself with to the identity provider."),
    Variable("EVENBOOK_OIDC_NAME", "single sign-on", "What the button calls it: Sign in with ..."),
    Variable(
        "EVENBOOK_OIDC_NEW_USERS_ROLE",
        "",
        "The role of people whom only the identity provider knows. Without it they stay out.",
    ),
    Variable(
        "EVENBOOK_API_REQUESTS_A_MINUTE",
        "600",
        "How many requests a token, or a person, may send to the API in a minute.",
    ),
    Variable(
        "EVENBOOK_LOG",
        "warnings and faults, as text",
        "json writes a JSON document for each request and event, plain the same as text.",
    ),
    Variable(
        "EVENBOOK_METRICS_TOKEN",
        "/metrics answers this machine alone",
        "Who sends it as a bearer token may read /metrics from anywhere; others no more.",
    ),
    Variable(
        "EVENBOOK_BACKUP_DAYS",
        "7",
        "The doctor warns when the last backup is older than so many days; 0 where others make them.",
    ),
    Variable("EVENBOOK_DEBUG", "0", "1 shows the details of a failure in the browser. Never on a network."),
)


def unknown(names: Iterable[str]) -> list[str]:
    """Return the names that begin like ours and mean nothing."""
    known = OF_THE_TESTS | {each.name for each in VARIABLES}
    return sorted(name for name in names if name.startswith(PREFIX) and name not in known)
