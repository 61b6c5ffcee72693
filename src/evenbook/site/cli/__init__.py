"""The ``evenbook`` command: who acts, how it prints, how it ends.

Exit codes: 0 done; 1 done, and something waits for a person; 2 could not run. What a command is for
is no finding: a hot sheet with rows and a week with red accounts end with 0, gaps that an audit was
asked for and findings of the doctor with 1.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from evenbook import __version__

if TYPE_CHECKING:
    from evenbook.kit.errors import EvenbookError


@dataclass(frozen=True)
class Known:
    """A command by the module that holds it, so that one loads no other.

    Attributes:
        module: where it stands.
        help: its first line.
        waits: what waits for a person when it ends with 1; empty where it never does.
        looks: whether it is about an instance that is there, and makes none.
        acts: whether something may happen in it that figures are refreshed on.
    """

    module: str
    help: str
    waits: str = ""
    looks: bool = False
    acts: bool = False


LOOK, EXAMINE, INSTANCE = (f"evenbook.site.cli.{name}" for name in ("look", "examine", "instance"))

CLOSING = "evenbook.site.cli.closing"
DECIDING = "evenbook.site.cli.deciding"
COPIES = "evenbook.site.cli.copies"

COMMANDS = {
    "acknowledge": Known(
        CLOSING,
        "Say that you have read the brief of LOOP; without LOOP, list those that wait for you.",
        waits="a brief waits for you, or the one that you read for others",
        acts=True,
    ),
    "acknowledge-reviews": Known(
        CLOSING,
        "Sign health reviews of accounts that have not moved: those of LOOPS, or all that you owe.",
        waits="a review was refused, or waits to be signed",
        acts=True,
    ),
    "audit": Known(
        LOOK,
        "Say which accounts hold the artifacts that their tier asks for, and which do not.",
        waits="an artifact is missing or has expired",
        looks=True,
    ),
    "backup": Known(
        COPIES, "Write everything into one FILE, proved by digests, while people go on working.", looks=True
    ),
    "bench": Known(
        "evenbook.site.cli.bench", "Measure speed, memory and detection, as ratios within one run."
    ),
    "book": Known(
        "evenbook.site.cli.booking",
        "Show each person's book; propose who should own what, approve it, undo it.",
        waits="a rule can't hold, a proposal waits to be decided, or an account has moved on",
        looks=True,
        acts=True,
    ),
    "calibrate": Known(
        "evenbook.site.cli.calibrating",
        "Learn the weights of effort from logged hours, and ceilings from weeks of work.",
        waits="a proposal waits to be adopted",
        looks=True,
    ),
    "capacity": Known(
        "evenbook.site.cli.pacing",
        "Show the weekly seven of each person: load, strategic interactions, detection, calls.",
        looks=True,
    ),
    "close": Known(
        CLOSING,
        "Close LOOP with an artifact that meets its standard; else say what it lacks.",
        waits="the artifact does not meet its standard (nothing was changed), or leaders are to see it",
        acts=True,
    ),
    "decisions": Known(
        DECIDING,
        "What waits for a leader: list, decide, say that it is done, take back.",
        waits="a decision waits",
        looks=True,
    ),
    "demo": Known(INSTANCE, "Make the sample company with two years of history, run its week, and open it."),
    "diagnose": Known(
        DECIDING,
        "Confirm or overrule why KIND is missing at ACCOUNT, as `evenbook audit` suggests it.",
        looks=True,
    ),
    "doctor": Known(
        EXAMINE,
        "Say what needs a person: the machine, the database, the data, each with how to mend it.",
        waits="a check found something",
        looks=True,
    ),
    "escalate": Known(
        "evenbook.site.cli.escalating",
        "Open an escalation at ACCOUNT, say that one was resolved, or list those that are open.",
        acts=True,
    ),
    "executive": Known(
        "evenbook.site.cli.executive",
        "Show NRR and GRR with what moved them, how they are misread, and cohorts.",
        looks=True,
    ),
    "expansion": Known(
        "evenbook.site.cli.expanding",
        "Many openers, one closer: openings, the expansion list, the scoreboards, keys of products.",
        waits="an opening waits past its day, or a trial is over without a word of what came of it",
        looks=True,
    ),
    "handoff": Known(
        "evenbook.site.cli.handing",
        "Hand a book over: who receives what, what is confirmed, and its pack as a file.",
        looks=True,
        acts=True,
    ),
    "hotsheet": Known(
        LOOK, "Print the Monday list: the accounts most at risk, and why each is on it.", looks=True
    ),
    "import": Known(
        "evenbook.sources.cli",
        "Load files or folders of them: CSV, XLSX, JSON, Parquet, zip.",
        waits="a question is open, or rows were rejected or wait for an answer",
        acts=True,
    ),
    "leave": Known(
        "evenbook.site.cli.absences",
        "Bring leave in from a calendar's file, type it, or take it back.",
        looks=True,
        acts=True,
    ),
    "loops": Known(CLOSING, "List loops: what is open or overdue, who owes it, and by when.", looks=True),
    "mails": Known(
        "evenbook.site.cli.mails",
        "List the mails that may be chosen and which of them you get; choose with --on and --off.",
        looks=True,
    ),
    "measures": Known(EXAMINE, "List what is measured, or show the card of the measure NAME."),
    "metrics": Known(
        "evenbook.site.cli.executive",
        "Show the metrics in three tiers, each against its target; what is not recorded is named.",
        looks=True,
    ),
    "monthly": Known(
        "evenbook.site.cli.monthly",
        "Show the pack of a month for the calibration meeting, or write it as PDF or slides.",
        looks=True,
    ),
    "move-database": Known(
        COPIES,
        "Copy the instance into another, empty database, and prove counts and digests there.",
        looks=True,
    ),
    "person": Known(
        "evenbook.site.cli.person", "What is stored of one person: take it out for them, or forget them."
    ),
    "outcomes": Known(
        "evenbook.site.cli.pacing",
        "Say what came of interventions, beside comparable people, and what follows what.",
        looks=True,
    ),
    "policy": Known(
        "evenbook.policy.cli", "The organization's own numbers: show, change, compare, carry as a file."
    ),
    "record-cohort": Known(
        "evenbook.site.cli.recording",
        "Record the silent accounts of COHORT with one artifact; without it, list the cohorts that you owe.",
        waits="an account was refused, the record does not meet its standard, or a cohort waits",
        acts=True,
    ),
    "pulse": Known(
        "evenbook.site.cli.pacing", "Say how your own load FELT this week, from 1 (light) to 5 (too much)."
    ),
    "replay": Known(
        "evenbook.site.cli.replaying",
        "Say how the hot sheet would have done on every past Monday, beside simpler sheets.",
        waits="points that were learned wait to be adopted",
        looks=True,
    ),
    "reports": Known(
        "evenbook.site.cli.reports",
        "List the reports and what became of each; show the report KIND, or write it as PDF.",
        looks=True,
    ),
    "restore": Known(
        COPIES, "Bring the backup FILE back into an empty instance, and prove each table there."
    ),
    "reviews": Known(
        "evenbook.site.cli.reviewing",
        "Business reviews that customers read without a meeting: preview, batch, approve, send, log.",
        waits="a batch waits for approval, or a raised hand for an answer",
        looks=True,
    ),
    "runs": Known(
        "evenbook.runs.cli",
        "Durable work: what waits, what is under way, how it ended.",
        waits="work waits and no worker runs",
        looks=True,
    ),
    "serve": Known(INSTANCE, "Serve the pages until stopped, with a worker beside."),
    "size": Known(
        "evenbook.site.cli.sizing",
        "Say what team the base can fund, and what it does all day; what would change that.",
        looks=True,
    ),
    "tiers": Known(
        "evenbook.site.cli.tiers",
        "Which accounts should move to another tier: list, approve, decline, lock, mark as strategic.",
        waits="a move waits, or one of several was refused",
        looks=True,
        acts=True,
    ),
    "token": Known(
        "evenbook.site.cli.tokens", "The tokens that programs sign in to the API with: make, list, end."
    ),
    "trail": Known(
        "evenbook.site.cli.trail",
        "Say who changed what, and who took which file away.",
        looks=True,
    ),
    "user": Known(
        "evenbook.people.cli", "The people who sign in: add, invite, list, reset, deactivate them."
    ),
    "waive": Known(
        CLOSING,
        "Waive LOOP with a reason; it is counted, closes nothing and covers nobody.",
        acts=True,
    ),
    "week": Known(
        "evenbook.site.cli.week",
        "Run the week: load, states, coverage, retention and the hot sheet, as of a day.",
        waits="today's week is worked out but not stored, for nobody who may write was named",
        looks=True,
    ),
    "worker": Known(
        "evenbook.runs.cli", "Do what was asked for, the weekly run and the mails, until stopped."
    ),
    "why": Known(
        LOOK,
        "Say why ACCOUNT stands where it stands, from its owner down to the last facts.",
        waits="the name is not exactly one account; the candidates are listed",
        looks=True,
    ),
}
"""Every command. Where a person waits for the first line, half a second of loading is long."""


class Root(click.Group):
    """Loads a command, and the settings before it, when it is called; ``--help`` loads none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return command_called(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx)])


def command_called(name: str) -> click.Command:
    """Return a command, loaded with the settings that it needs."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenbook.site.settings")
    if not apps.ready:
        django.setup()
    commands: tuple[click.Command, ...] = import_module(COMMANDS[name].module).COMMANDS
    return next(command for command in commands if command.name == name)


QUIET = "evenbook.quiet"
"""Whether the command prints one JSON document and nothing else."""

CODES = "Exit codes: 0 done; 1 done, and something waits for a person; 2 could not run."


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]}, epilog=CODES)
@click.version_option(__version__, prog_name="evenbook")
@click.option("--as", "mail", metavar="MAIL", default="", help="Act as this person; else only read.")
@click.pass_context
def evenbook(ctx: click.Context, mail: str) -> None:
    """Load, coverage, risk and the Monday list of a customer success team.

    EVENBOOK_HOME chooses the instance; without it, the folder .evenbook here.
    """
    from evenbook.site.actor import Acting

    ctx.meta[QUIET] = bool(ctx.obj)
    looks = COMMANDS[ctx.invoked_subcommand or ""].looks
    ctx.obj = Acting(mail=mail, now=datetime.now(UTC), makes=not looks)


@evenbook.result_callback()
@click.pass_context
def afterwards(ctx: click.Context, answer: Any, mail: str) -> Any:
    """Refresh on what a command did, where no worker will."""
    if not COMMANDS[ctx.invoked_subcommand or ""].acts:
        return answer
    from evenbook.site.work import follow_up

    for line in follow_up(datetime.now(UTC)):
        if not ctx.meta[QUIET]:
            click.echo(line, err=True)
    return answer


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run the command and return its exit code; refusals are printed, not raised."""
    from evenbook.kit.errors import EvenbookError

    wants_json = "--json" in arguments
    _lift_who_acts(arguments)
    _choose_home(arguments)
    try:
        answer: Any = evenbook.main(
            args=arguments, prog_name="evenbook", standalone_mode=False, obj=wants_json
        )
        return answer if isinstance(answer, int) else 0
    except click.exceptions.Abort:
        return _refuse("Stopped.", wants_json=wants_json)
    except click.ClickException as error:
        return _refuse(error.format_message(), wants_json=wants_json)
    except EvenbookError as error:
        return _refuse(str(error), wants_json=wants_json, document=error.as_json())
    except Exception as error:
        if told := _storage_fault(error):
            return _refuse(str(told), wants_json=wants_json, document=told.as_json())
        if not _is_database_fault(error):
            raise
        return _refuse(_database_words(error), wants_json=wants_json)


def _lift_who_acts(arguments: list[str]) -> None:
    """Let ``--as MAIL`` stand behind the command as well as before it."""
    for place, word in enumerate(arguments):
        if word == "--as" and place + 1 < len(arguments):
            pair = [arguments.pop(place), arguments.pop(place)]
            arguments[:0] = pair
            return
        if word.startswith("--as="):
            arguments.insert(0, arguments.pop(place))
            return


def _choose_home(arguments: list[str]) -> None:
    """Let ``demo --home DIR`` choose the instance: settings are read when Django starts, not later."""
    if "demo" not in arguments:
        return
    for word, after in zip(arguments, [*arguments[1:], ""], strict=True):
        given = (
            after if word == "--home" else word.removeprefix("--home=") if word.startswith("--home=") else ""
        )
        if given:
            os.environ["EVENBOOK_HOME"] = given


def _refuse(text: str, *, wants_json: bool, document: dict[str, object] | None = None) -> int:
    if wants_json:
        click.echo(json.dumps(document or {"error": "refused", "what": text, "fix": "See evenbook --help."}))
    else:
        click.echo(text, err=True)
    return 2


def _storage_fault(error: Exception) -> EvenbookError | None:
    """Return a full disk or a busy database; what else is wrong with one is told to whoever can mend it."""
    from evenbook.site.faults import DatabaseGone, fault_of

    told = fault_of(error)
    return None if isinstance(told, DatabaseGone) else told


def _is_database_fault(error: Exception) -> bool:
    from django.db import DatabaseError

    return isinstance(error, DatabaseError | OSError)


def _database_words(error: Exception) -> str:
    from evenbook.site.database import words

    if isinstance(error, OSError):
        what, fix = (
            f"The instance can't be read or written: {error.strerror or error}.",
            "See `evenbook doctor`.",
        )
    else:
        what, fix = words(error)
    return f"{what}\n  Fix:  {fix}"
