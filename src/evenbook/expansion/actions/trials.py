"""Opt-out trials of add-ons: when one began, whether the customer kept it, and a customer who ends one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from evenbook.book.access import answers_for, narrowed
from evenbook.book.queries import NamedAccount
from evenbook.book.queries import account as account_called
from evenbook.expansion.actions.opening import closer_of
from evenbook.expansion.actions.telling import tell_of_opt_out
from evenbook.expansion.models import LONGEST_NAME, LONGEST_REASON, Trial
from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import storable
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer

LONGEST_TRIAL = timedelta(days=400)
NEAR = timedelta(days=1200)


class NoSuchTrial(EvenbookError):
    """A trial, or an account to record one at, that is not there or that they may not see."""

    kind = "no-such-trial"
    status = 404


class TrialRefused(EvenbookError):
    """A trial of no product or of days that can't be meant, with no such outcome, or not theirs."""

    kind = "trial-refused"
    status = 422


def begin_trial(
    account: str, product: str, *, first_on: date, last_on: date, today: date, by: Viewer, now: datetime
) -> int:
    """Record that a customer tries an add-on unless they opt out; the same again changes nothing.

    Args:
        account: its key.
        product: the add-on.
        first_on, last_on: the days of the trial.
        today: the day where the organization works.
        by, now: whoever answers for the account, and when.

    Raises:
        NoSuchTrial: there is no such account that they may see.
        TrialRefused: it is not theirs, or product or days can't be meant.
    """
    product = " ".join(storable(product).split())
    found = account_called(by, account.strip())
    if found is None or found.merged_into_key:
        raise NoSuchTrial(f"There is no account '{account[:40]}' that you may see.", fix="Give its key.")
    if not answers_for(by, found.id):
        raise TrialRefused("A trial is recorded by whoever answers for the account.", fix="Ask them.")
    _must_be_meant(product, first_on, last_on, today)
    given = {"account_id": found.id, "product": product, "first_on": first_on}
    with transaction.atomic():
        said = {"last_on": last_on, "recorded_by": by.name[:LONGEST_NAME], "recorded_at": now}
        row, is_new = Trial.objects.get_or_create(**given, defaults=said)
        if not is_new:
            return row.pk
        after = {"product": product, "first_on": first_on.isoformat(), "last_on": last_on.isoformat()}
        record(by, "trial.recorded", Thing("account", found.key, found.name), at=now, after=after)
    return row.pk


def _must_be_meant(product: str, first_on: date, last_on: date, today: date) -> None:
    if not product or len(product) > 120:
        raise TrialRefused("A trial has a product of at most 120 characters.", fix="Name the add-on.")
    if not first_on <= last_on <= first_on + LONGEST_TRIAL or abs(first_on - today) > NEAR:
        raise TrialRefused("These days can't be meant.", fix="Give the first and the last day of the trial.")


def opt_out(number: int, account_id: int, *, today: date, by: Viewer, now: datetime) -> bool:
    """End a trial as its customer asked for it, and tell whoever closes; return whether that is new.

    Args:
        number, account_id: of the trial, and whose it must be.
        today: the day where the organization works.
        by: who asked, as the trail is to name them: nobody who signs in.
        now: when.

    Raises:
        NoSuchTrial: the account has no such trial that can be ended.
    """
    with transaction.atomic():
        rows = Trial.objects.filter(pk=number, account=account_id, last_on__gte=today)
        told = rows.exclude(outcome=Trial.Outcome.KEPT)
        row = told.select_related("account").select_for_update(of=("self",)).first()
        if row is None:
            raise NoSuchTrial("There is no such trial.", fix="Look at the page again.")
        if row.outcome:
            return False
        _end(row, Trial.Outcome.OPTED_OUT, "", today=today, by=by, now=now)
        account = NamedAccount(row.account_id, row.account.key, row.account.name)
        tell_of_opt_out(row.pk, closer_of(account, row.product, now).owner, now=now)
    return True


def _end(row: Trial, outcome: str, note: str, *, today: date, by: Viewer, now: datetime) -> None:
    row.outcome, row.note, row.ended_on = outcome, note, today
    row.decided_by, row.decided_at = by.name[:LONGEST_NAME], now
    row.save()
    thing = Thing("account", row.account.key, row.account.name)
    record(by, "trial.ended", thing, at=now, after={"product": row.product, "outcome": outcome})


def end_trial(number: int, outcome: str, note: str, *, today: date, by: Viewer, now: datetime) -> bool:
    """Keep what came of a trial; return whether that is new. An outcome is final.

    Raises:
        NoSuchTrial: there is none that they may see.
        TrialRefused: it is not theirs, it had ended otherwise, or there is no such outcome.
    """
    note = " ".join(storable(note).split())[:LONGEST_REASON]
    with transaction.atomic():
        rows = narrowed(Trial.objects.filter(pk=number), by).select_for_update(of=("self",))
        row = rows.select_related("account").first()
        if row is None:
            raise NoSuchTrial("There is no such trial that you may see.", fix="Look at the ladder again.")
        if not answers_for(by, row.account_id):
            raise TrialRefused("A trial is ended by whoever answers for the account.", fix="Ask them.")
        if outcome not in Trial.Outcome.values:
            raise TrialRefused(
                f"'{outcome[:40]}' is no outcome.", fix=f"Choose from: {', '.join(Trial.Outcome.values)}."
            )
        if row.outcome == outcome:
            return False
        if row.outcome:
            raise TrialRefused("This trial has ended.", fix="Record another one.")
        _end(row, outcome, note, today=today, by=by, now=now)
    return True
