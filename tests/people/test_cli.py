"""``evenbook user``: the first is operations, one stays it, passwords come by terminal or by pipe."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from evenbook.messages.models import Mail
from evenbook.people.actions import UserRefused
from evenbook.people.cli import user
from evenbook.people.models import User
from evenbook.people.viewer import Viewer

pytestmark = pytest.mark.django_db

OPS = Viewer(user_id=None, mail="", name="os user", role="operations")
LEADER = Viewer(user_id=None, mail="", name="Amara", role="leader")
GOOD = "plain-harbor-7731\n"


@dataclass
class Desk:
    """The person at the command line."""

    viewer: Viewer = OPS
    now: datetime = datetime(2026, 3, 9, 9, tzinfo=UTC)

    def writer(self) -> Viewer:
        return self.viewer

    def ready(self) -> None:
        pass


def run(*words: str, typed: str = "", by: Viewer = OPS) -> Result:
    return CliRunner().invoke(user, list(words), obj=Desk(by), input=typed, standalone_mode=False)


def add(mail: str, role: str, *, typed: str = GOOD, by: Viewer = OPS) -> Result:
    return run("add", mail, "--name", "Amara Okafor", "--role", role, "--password-stdin", typed=typed, by=by)


def test_a_person_is_added_with_a_password_from_standard_input():
    result = add("Ops@Evenbook.example", "operations")

    assert result.exception is None and "Amara Okafor <ops@evenbook.example> is Operations." in result.output
    assert User.objects.get(mail="ops@evenbook.example").check_password(GOOD.strip())


def test_the_first_person_is_operations():
    assert "has to be operations" in str(add("amara@evenbook.example", "leader").exception)
    assert not User.objects.exists()


def test_the_last_operations_stays_it():
    add("ops@evenbook.example", "operations")

    assert "has to be operations" in str(add("ops@evenbook.example", "csm").exception)
    assert User.objects.get().role == "operations"


def test_adding_a_person_again_brings_them_to_the_new_role_and_team():
    add("ops@evenbook.example", "operations")
    add("ben@evenbook.example", "csm")
    again = ("add", "ben@evenbook.example", "--name", "Ben", "--role", "leader", "--team", "North")

    assert run(*again, "--no-password").exception is None
    ben = User.objects.get(mail="ben@evenbook.example")
    assert (ben.name, ben.role, str(ben.team), ben.has_usable_password()) == ("Ben", "leader", "North", True)


def test_only_operations_adds_people():
    assert "Only operations" in str(add("ben@evenbook.example", "csm", by=LEADER).exception)


@pytest.mark.parametrize(
    ("mail", "typed", "said"),
    [
        ("no address", GOOD, "not a mail address"),
        ("ops@evenbook.example", "\n", "no password"),
        ("ops@evenbook.example", "short\n", "too short"),
        ("ops@evenbook.example", "password1234\n", "too common"),
        ("ops@evenbook.example", "x" * 2000, "no password"),
    ],
)
def test_what_cannot_be_added_is_refused_in_words(mail, typed, said):
    error = add(mail, "operations", typed=typed).exception

    assert isinstance(error, UserRefused) and said in str(error)
    assert not User.objects.exists()


def test_without_a_terminal_the_password_has_to_be_piped_or_left_out():
    words = ("add", "ops@evenbook.example", "--name", "Olu", "--role", "operations")

    assert "--password-stdin" in str(run(*words).exception)
    assert run(*words, "--no-password").exception is None
    assert not User.objects.get().has_usable_password()


def test_people_are_listed_with_their_roles():
    assert "Nobody signs in yet" in run("list").output
    add("ops@evenbook.example", "operations")

    assert "Amara Okafor" in run("list").output
    assert json.loads(run("list", "--json").output) == [
        {
            "mail": "ops@evenbook.example",
            "name": "Amara Okafor",
            "role": "operations",
            "team": None,
            "signs_in": True,
        }
    ]


def test_somebody_is_invited_sent_a_link_and_protected_from_the_command_line(settings):
    settings.EVENBOOK_URL = "https://evenbook.company.example"
    add("ops@evenbook.example", "operations")
    invited = run("invite", "Ben@evenbook.example", "--name", "Ben", "--role", "csm", "--team", "North")

    assert "An invitation to Ben <ben@evenbook.example> waits" in invited.output
    assert "waits to be sent" in run("reset", "ben@evenbook.example").output
    assert "new password" in run("reset", "ben@evenbook.example", "--password-stdin", typed=GOOD).output
    assert "had no second factor" in run("reset", "ben@evenbook.example", "--second-factor").output
    assert "signed out everywhere" in run("end-sessions", "ben@evenbook.example").output
    assert User.objects.get(mail="ben@evenbook.example").check_password(GOOD.strip())
    assert Mail.objects.count() == 2


def test_somebody_is_deactivated_and_let_in_again_and_the_last_operations_is_not():
    add("ops@evenbook.example", "operations")
    add("ben@evenbook.example", "csm")

    assert "deactivated" in run("deactivate", "BEN@evenbook.example").output
    assert not User.objects.get(mail="ben@evenbook.example").is_active
    assert "let in again" in run("deactivate", "ben@evenbook.example", "--undo").output
    assert "has to be operations" in str(run("deactivate", "ops@evenbook.example").exception)


@pytest.mark.parametrize("words", [("reset",), ("deactivate",), ("end-sessions",)])
def test_nobody_known_and_nobody_who_may_not_are_refused(words):
    assert "Nobody has the address" in str(run(*words, "nobody@evenbook.example").exception)
    assert "Only operations" in str(run(*words, "nobody@evenbook.example", by=LEADER).exception)


def test_an_invitation_needs_to_know_where_people_open_evenbook():
    error = run("invite", "ben@evenbook.example", "--name", "Ben", "--role", "csm").exception

    assert "EVENBOOK_URL" in str(error) and not User.objects.exists()
