"""``evenbook user``: who signs in, on the command line."""

from __future__ import annotations

import json
import secrets
import sys
from datetime import datetime
from typing import Protocol

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evenbook.people import second_factor
from evenbook.people.actions import (
    LONGEST_PASSWORD,
    Given,
    UserRefused,
    add_user,
    change_password,
    clean_mail,
    clean_name,
    require_operations,
    sign_out_everywhere,
)
from evenbook.people.actions import deactivate as deactivate_user
from evenbook.people.actions import reactivate as reactivate_user
from evenbook.people.addresses import base_address
from evenbook.people.links import invite as send_invitation
from evenbook.people.links import send_new_link
from evenbook.people.models import User
from evenbook.people.queries import SignsIn, users
from evenbook.people.viewer import Viewer

ROLES = ("executive", "leader", "csm", "operations", "reader")
WIDE = 140
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class Acting(Protocol):
    """Who acts and when, as ``site`` hands it to commands."""

    @property
    def now(self) -> datetime: ...

    @property
    def viewer(self) -> Viewer: ...

    def writer(self) -> Viewer: ...

    def ready(self) -> None: ...


@click.group()
def user() -> None:
    """The people who sign in: add, invite, list, reset, deactivate them."""


COMMANDS = (user,)


@user.command()
@click.argument("mail")
@click.option("--name", required=True, help="How screens call them.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they may see and do.")
@click.option("--team", default="", help="The team they are in; it is made if it is new.")
@click.option("--password-stdin", "from_stdin", is_flag=True, help="Read the password from standard input.")
@click.option(
    "--no-password", "without", is_flag=True, help="Set none: they cannot sign in until one is set."
)
@AS_JSON
@click.pass_obj
def add(
    acting: Acting,
    mail: str,
    *,
    name: str,
    role: str,
    team: str,
    from_stdin: bool,
    without: bool,
    as_json: bool,
) -> int:
    """Add the person with the address MAIL, or bring them to this name, role, team and password.

    The first person of an instance is operations, so that somebody may add the others.
    """
    acting.ready()
    mail, name = clean_mail(mail), clean_name(name)
    by = acting.writer()
    _may_add(by, mail, role)
    password = None if without else _password(from_stdin=from_stdin)
    made = add_user(
        by, mail=mail, name=name, role=role, now=acting.now, password=password, team=team.strip()[:120]
    )
    if as_json:
        click.echo(json.dumps({"mail": made.mail, "name": made.name, "role": made.role}, ensure_ascii=False))
    else:
        click.echo(f"{made.name} <{made.mail}> is {made.get_role_display()}.")
    return 0


@user.command()
@click.argument("mail")
@click.option("--name", required=True, help="How screens call them.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they may see and do.")
@click.option("--team", default="", help="The team they are in; it is made if it is new.")
@click.pass_obj
def invite(acting: Acting, mail: str, *, name: str, role: str, team: str) -> int:
    """Add the person with the address MAIL, and mail them a link to choose a password.

    The link works once, for seven days. It begins with EVENBOOK_URL; the worker sends the mail.
    """
    acting.ready()
    made = send_invitation(
        acting.writer(),
        mail,
        Given(name, role, team),
        token=secrets.token_urlsafe(32),
        base=base_address(),
        now=acting.now,
    )
    click.echo(f"An invitation to {made.name} <{made.mail}> waits to be sent.")
    return 0


@user.command()
@click.argument("mail")
@click.option("--password-stdin", "from_stdin", is_flag=True, help="Set the password from standard input.")
@click.option("--second-factor", "second", is_flag=True, help="Take off their second factor, nothing else.")
@click.pass_obj
def reset(acting: Acting, mail: str, *, from_stdin: bool, second: bool) -> int:
    """Mail the person with the address MAIL a link to a new password.

    With --password-stdin it is set at once and no mail is sent.
    """
    found, by = _found(acting, mail)
    if second:
        had = second_factor.take_off(by, found.pk, now=acting.now)
        click.echo(f"{found.name} {'has no second factor any more' if had else 'had no second factor'}.")
    elif from_stdin:
        change_password(by, found, _password(from_stdin=True), now=acting.now)
        click.echo(f"{found.name} has a new password and is signed out everywhere.")
    else:
        token, base = secrets.token_urlsafe(32), base_address()
        send_new_link(by, found.pk, token=token, base=base, now=acting.now)
        click.echo(f"A link for {found.name} <{found.mail}> waits to be sent.")
    return 0


@user.command()
@click.argument("mail")
@click.option("--undo", is_flag=True, help="Let them in again.")
@click.pass_obj
def deactivate(acting: Acting, mail: str, *, undo: bool) -> int:
    """Let the person with the address MAIL in no longer, and end their sessions; what they own stays."""
    found, by = _found(acting, mail)
    (reactivate_user if undo else deactivate_user)(by, found.pk, now=acting.now)
    click.echo(f"{found.name} is {'let in again' if undo else 'deactivated and signed out everywhere'}.")
    return 0


@user.command("end-sessions")
@click.argument("mail")
@click.pass_obj
def end_all(acting: Acting, mail: str) -> int:
    """Sign the person with the address MAIL out everywhere."""
    found, by = _found(acting, mail)
    sign_out_everywhere(by, found.pk, now=acting.now)
    click.echo(f"{found.name} is signed out everywhere.")
    return 0


@user.command("list")
@AS_JSON
@click.pass_obj
def list_users(acting: Acting, *, as_json: bool) -> int:
    """List the people who sign in."""
    acting.ready()
    found = users(acting.viewer)
    if as_json:
        click.echo(json.dumps([_row(each) for each in found], ensure_ascii=False))
        return 0
    if not found:
        click.echo("Nobody signs in yet. The first: evenbook user add MAIL --name NAME --role operations")
        return 0
    table = Table(box=None, pad_edge=False)
    for head in ("Name", "Mail", "Role", "Team", "Signs in"):
        table.add_column(head, overflow="fold", no_wrap=head == "Mail")
    for each in found:
        cells = (each.name, each.mail, each.role_name, each.team, "yes" if each.signs_in else "no")
        table.add_row(*map(Text, cells))
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)
    return 0


def _may_add(by: Viewer, mail: str, role: str) -> None:
    if not by.is_operations:
        raise UserRefused("Only operations adds people.", fix="Ask somebody whose role is operations.")
    others = [each for each in users(by) if each.mail != mail.lower()]
    if role != "operations" and not any(each.role == "operations" for each in others):
        raise UserRefused(
            "Somebody has to be operations: nobody else may add people.",
            fix="Add such a person first: evenbook user add MAIL --name NAME --role operations",
        )


def _found(acting: Acting, mail: str) -> tuple[User, Viewer]:
    """Return the person with an address, and who acts on them: operations."""
    acting.ready()
    by = acting.writer()
    require_operations(by)
    found = User.objects.filter(mail__iexact=mail.strip()).first()
    if found is None:
        raise UserRefused(f"Nobody has the address '{mail[:80]}'.", fix="See: evenbook user list")
    return found, by


def _password(*, from_stdin: bool) -> str:
    """Return the password: asked for twice at a terminal, else the first line of standard input."""
    if not from_stdin and not sys.stdin.isatty():
        raise UserRefused(
            "No terminal to ask for a password.",
            fix="Pipe it in with --password-stdin, or use --no-password.",
        )
    if not from_stdin:
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    line = sys.stdin.readline(LONGEST_PASSWORD + 2).rstrip("\r\n")
    if not line or len(line) > LONGEST_PASSWORD:
        raise UserRefused(
            f"Standard input holds no password of 1 to {LONGEST_PASSWORD} characters.",
            fix="Pipe in one line.",
        )
    return line


def _row(each: SignsIn) -> dict[str, object]:
    return {
        "mail": each.mail,
        "name": each.name,
        "role": each.role,
        "team": each.team or None,
        "signs_in": each.signs_in,
    }
