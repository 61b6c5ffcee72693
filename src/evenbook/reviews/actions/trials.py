"""A reader of a review ends a trial of their own account: the link is who did it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from evenbook.expansion.actions.trials import NoSuchTrial, opt_out
from evenbook.reviews.actions.links import READER, OpenedReview


def end_trial_by_link(found: OpenedReview, number: int, *, today: date, now: datetime) -> bool:
    """End a trial of the account whose review a link opens; return whether that is new.

    A number that is no trial of theirs, or one that can't be ended any more, changes nothing.
    """
    by = replace(READER, name=f"Reader of review {found.review_id} by link {found.link_id}")
    try:
        return opt_out(number, found.account_id, today=today, by=by, now=now)
    except NoSuchTrial:
        return False
