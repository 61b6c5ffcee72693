"""Which mails one gets, for programs."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from evenbook.desk.actions import choose
from evenbook.desk.queries.mails import chosen_mails
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.router import Router
from evenbook.rest.shapes import Body, Shape

router = Router("People")


class MailOut(Shape):
    """A kind of mail, and whether you get it."""

    kind: str
    kind_name: str
    wanted: bool
    chosen: bool = Field(description="Whether you chose so; else policy says it.")


class Mails(Shape):
    """The kinds of mails that may be chosen; what protects an account is always sent."""

    items: list[MailOut]


class MailsWanted(Body):
    """Which mails you want, by kind; others stay as they are."""

    mails: dict[str, bool] = Field(max_length=20)


@router.reads("/mails", Mails)
def list_mails(request: HttpRequest) -> Mails:
    """List the kinds of mails, and which of them you get."""
    return _mails(asking(request))


@router.writes("PUT", "/mails", Mails)
def choose_own_mails(request: HttpRequest, given: MailsWanted) -> Mails:
    """Choose which mails you get; a token that stands for nobody is refused."""
    viewer = asking(request)
    choose(viewer, given.mails, now=timezone.now())
    return _mails(viewer)


def _mails(viewer: Viewer) -> Mails:
    return Mails(
        items=[
            MailOut(kind=each.of.kind, kind_name=each.of.title, wanted=each.is_wanted, chosen=each.is_chosen)
            for each in chosen_mails(viewer)
        ]
    )
