"""The first person of a new instance, and what the organization says of itself, in one go.

Whoever sets up an instance owns it, so this is done once, alone, and by nobody who merely found the
address: from this machine where the instance is served to nobody else, otherwise with the code that
its terminal shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction

from evenbook.kit.errors import EvenbookError
from evenbook.people.actions import UserRefused, add_user
from evenbook.people.queries import has_users, viewer_by_mail
from evenbook.people.viewer import PAGE, Viewer
from evenbook.policy.actions import adopt, ensure_first
from evenbook.policy.queries import latest
from evenbook.policy.rules.document import to_document
from evenbook.site.database import alone

NOTE = "What the organization said of itself when this instance was set up."
CURRENCIES = (
    "USD",
    "EUR",
    "GBP",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CAD",
    "AUD",
    "NZD",
    "JPY",
    "INR",
    "BRL",
    "SGD",
)
"""Offered as one types; any other code of three letters is taken as well."""

LONGEST_NAME, LONGEST_PASSWORD = 120, 1024
NOBODY = Viewer(user_id=None, mail="", name="Set-up", role="operations")


class SetUpRefused(EvenbookError):
    """What was said can't stand; ``problems`` says why, by field."""

    kind = "set-up-refused"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("Not everything can stand as it is.", fix="Mend what is marked, then send it again.")
        self.problems = dict(problems)


class AlreadySetUp(EvenbookError):
    """Somebody else was first."""

    kind = "already-set-up"
    status = 404


@dataclass(frozen=True)
class Said:
    """What the first person says of themselves and of the organization, as it was typed."""

    name: str = ""
    mail: str = ""
    organization: str = ""
    currency: str = "USD"
    time_zone: str = "UTC"
    password: str = field(default="", repr=False)
    again: str = field(default="", repr=False)


def zones() -> list[str]:
    """Return the time zones to choose from: regions and cities, and UTC first."""
    return [
        "UTC",
        *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")),
    ]


def set_up(said: Said, *, home: Path, now: datetime) -> Viewer:
    """Make the first person of an instance, who is operations, adopt what they said, and return them.

    Raises:
        SetUpRefused: something that was said can't stand; nothing is changed.
        AlreadySetUp: somebody signs in here already.
    """
    if problems := _problems(said):
        raise SetUpRefused(problems)
    with alone(connection, home=home), transaction.atomic():
        if has_users():
            raise AlreadySetUp("This instance is set up already.", fix="Sign in.")
        try:
            add_user(
                NOBODY, mail=said.mail, name=said.name, role="operations", now=now, password=said.password
            )
        except UserRefused as error:
            raise SetUpRefused({"password": error.what}) from error
        viewer = viewer_by_mail(said.mail, surface=PAGE)
        assert viewer is not None, "this person was added just now"
        _adopt(said, viewer, now)
    return viewer


def _problems(said: Said) -> dict[str, str]:
    found = {}
    if not said.name or len(said.name) > LONGEST_NAME:
        found["name"] = f"Say how screens call you, in at most {LONGEST_NAME} characters."
    try:
        validate_email(said.mail)
    except ValidationError:
        found["mail"] = "This is no mail address. Write it like amara@company.example."
    if len(said.organization) > LONGEST_NAME:
        found["organization"] = f"At most {LONGEST_NAME} characters."
    if not (len(said.currency) == 3 and said.currency.isascii() and said.currency.isupper()):
        found["currency"] = "A currency is three letters, such as EUR."
    if said.time_zone not in available_timezones():
        found["time_zone"] = "There is no such time zone. Choose one, such as Europe/Paris."
    if len(said.password) > LONGEST_PASSWORD:
        found["password"] = f"At most {LONGEST_PASSWORD} characters."
    elif said.password != said.again:
        found["again"] = "This is not the password above."
    return found


def _adopt(said: Said, by: Viewer, now: datetime) -> None:
    ensure_first(now)
    document = to_document(latest().policy)
    told = {"called": said.organization, "currency": said.currency, "time_zone": said.time_zone}
    document["organization"] = {**document["organization"], **told}
    adopt(document, by=by, note=NOTE, now=now)
