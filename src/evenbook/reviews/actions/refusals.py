"""Why a batch, a review or a link can't be had or changed so."""

from __future__ import annotations

from evenbook.kit.errors import EvenbookError
from evenbook.people.viewer import Viewer
from evenbook.reviews.queries.batches import may_draw_up


class ReviewsNotYours(EvenbookError):
    """Somebody who is neither leader nor operations, or does not lead all these accounts, tried to decide."""

    kind = "reviews-not-yours"
    status = 403


class ReviewGone(EvenbookError):
    """There is no such batch or review, or the viewer may not see it."""

    kind = "review-gone"
    status = 404


class ReviewsRefused(EvenbookError):
    """A batch or a review can't be changed so: it was decided before, or something is not done yet."""

    kind = "reviews-refused"
    status = 409


def require_may_draw_up(by: Viewer) -> None:
    """Refuse whoever may not draw up, approve and cancel batches.

    Raises:
        ReviewsNotYours: they may not.
    """
    if not may_draw_up(by):
        raise ReviewsNotYours(
            "Reviews are drawn up and approved by leaders and operations.",
            fix="Ask one of them, or use --as with their mail.",
        )


def require_person(by: Viewer) -> None:
    """Refuse a program: nothing reaches a customer before a person has looked at it and approved it.

    Raises:
        ReviewsNotYours: a service token asks.
    """
    if by.token_id is not None:
        raise ReviewsNotYours(
            "A program can't look at reviews or approve them: a person does.",
            fix="Sign in, and approve there.",
        )
