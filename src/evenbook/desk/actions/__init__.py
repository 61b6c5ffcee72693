"""Choosing one's mails; of the reports, that one was opened, what was decided, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from evenbook.closures.actions.sending import Sending, readers, sending
from evenbook.closures.rules.told import Letter
from evenbook.closures.rules.writing import one_line
from evenbook.desk.models import ReportTouch
from evenbook.desk.queries.mails import kinds_of_mails
from evenbook.desk.queries.reports import NoReport, mail_kinds, may_read, report_of
from evenbook.desk.rules.reports import DAILY, LEAD, MONTHLY, REPORTS, WEEKLY, period_of
from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.mail_choices import MailsRefused, choose_mails
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.queries import in_force
from evenbook.runs.actions import is_newest
from evenbook.runs.queries import Week, week_days, week_on_or_before
from evenbook.screens.places import address

LONGEST = 300
TOLD = """{name},

{headline}

{listed}

The report, as a page and a PDF, and where to write down what was decided from it:

{link}
"""


class DecisionWithoutWords(EvenbookError):
    """Nothing was written, or more than fits a line."""

    kind = "decision-without-words"
    status = 422


def choose(by: Viewer, wanted: Mapping[str, bool], *, now: datetime) -> bool:
    """Keep which mails one wants, by kind; return whether anything was otherwise before.

    Raises:
        MailsRefused: there is no such kind, or nobody who signs in is behind the choice.
    """
    known = kinds_of_mails(by)
    strange = next((kind for kind in wanted if kind not in known), None)
    if strange is not None:
        raise MailsRefused(f"There is no mail '{strange[:40]}'.", fix=f"The mails are: {', '.join(known)}.")
    return choose_mails(by, wanted, now=now)


def note_opened(by: Viewer, kind: str, period: str, *, now: datetime) -> None:
    """Keep that somebody opened the report of a period; again changes nothing. Programs are not counted."""
    if by.user_id is None or by.token_id is not None or kind not in REPORTS:
        return
    asked = {"user_id": by.user_id, "report": kind, "period": period, "what": ReportTouch.What.OPENED}
    if ReportTouch.objects.filter(**asked).exists():
        return
    try:
        with transaction.atomic():
            ReportTouch.objects.create(**asked, at=now)
    except IntegrityError:
        return  # two pages at once: it is there


@transaction.atomic
def decide_from(by: Viewer, kind: str, period: str, words: str, *, now: datetime) -> bool:
    """Keep what was decided from the report of a period; return whether it was not there before.

    Raises:
        NoReport: there is none of this kind, or it is not for whoever decides.
        DecisionWithoutWords: nothing was written, or too much.
    """
    if kind not in REPORTS or kind == MONTHLY or not may_read(by) or not by.may_write or by.user_id is None:
        raise NoReport("There is no such report for you.", fix="The reports are listed at /reports.")
    said = one_line(words).strip()
    if not said or len(said) > LONGEST:
        raise DecisionWithoutWords(
            "What was decided is one line, of 300 letters at most.", fix="Write it in a sentence."
        )
    asked = {"user_id": by.user_id, "report": kind, "period": period, "what": ReportTouch.What.DECIDED}
    if ReportTouch.objects.filter(**asked, words=said).exists():
        return False
    ReportTouch.objects.create(**asked, words=said, at=now)
    audit.record(by, "report.decided", audit.Thing("report", f"{kind} {period}", REPORTS[kind].title), at=now,
                 after={"words": said})  # fmt: skip
    return True


def tell_of_run(as_of: date, *, run: int) -> None:
    """Tell who wants it of the reports of a run that was stored with the rows behind its figures.

    Of a run of a past day nobody is told.
    """
    keeper = replace(SYSTEM, worked_out={})  # who is in the team may have changed since the last run
    found = week_on_or_before(keeper, as_of)
    if found is not None and found.id == run and is_newest(as_of):
        tell_of_reports(Week(found, in_force(found.as_of).policy))


def tell_of_reports(shown: Week) -> None:
    """Tell each reader of the reports that are due, once a period: the first run of a period does.

    The quarterly and the yearly report wait until an earlier period has a stored week.
    """
    sender = sending(mail_kinds(SYSTEM, shown.policy), now=shown.run.ended_at)
    if sender is None:
        return
    before = [day for day in week_days(SYSTEM, limit=400) if day < shown.run.as_of]
    for kind in REPORTS:
        period = period_of(kind, shown.run.as_of)
        is_due = kind in {DAILY, WEEKLY} or any(period_of(kind, day) != period for day in before)
        if is_due and f"report_{kind}" in sender.kinds:
            _tell(sender, shown, kind, period)


def _tell(sender: Sending, shown: Week, kind: str, period: str) -> None:
    for reader in readers(LEAD - {"reader"}):
        if not sender.wanted(f"report_{kind}", reader.mail):
            continue
        try:
            found = report_of(reader, shown, kind)
        except NoReport:
            continue
        listed = "\n".join(one_line(each.sentence) for each in found.parts[1:])
        text = TOLD.format(
            name=one_line(reader.name), headline=one_line(found.headline), listed=listed,
            link=f"{sender.base}{address('report', kind)}",
        )  # fmt: skip
        letter = Letter(f"{found.report.title}: {period}", text)
        sender.send(f"report_{kind}", reader.mail, letter, key=f"report-{kind}-{period}-{reader.user_id}")
