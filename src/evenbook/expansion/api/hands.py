"""The signed door for hands that customers raise inside a product."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from pydantic import Field

from evenbook.expansion.actions.hands import Signed, take_hand, verify
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Body, Shape, said_or_none

router = Router("Expansion")


class Hand(Body):
    """A hand that a customer raised in a product."""

    id: str = Field(
        min_length=1,
        max_length=120,
        pattern=NO_NULL,
        description="Its id in the product: one id is one hand.",
    )
    account: str = Field(
        min_length=1, max_length=200, pattern=NO_NULL, description="The account's key, or its id in the CRM."
    )
    product: str = Field("", max_length=120, pattern=NO_NULL)
    note: str = Field("", max_length=500, pattern=NO_NULL)
    contact: str = Field("", max_length=200, pattern=NO_NULL)
    wants: Literal["expansion", "meeting"] = "expansion"


class HandTaken(Shape):
    """What became of a hand."""

    opening: int
    account: str
    owner_name: str | None = Field(description="Who takes it to yes or no; null: nobody is there yet.")
    is_held: bool
    is_new: bool = Field(description="False where a hand of this id was taken before.")


def verified(request: HttpRequest, body: bytes) -> None:
    """Let a signed request pass, refuse any other."""
    now = request.arrived_at  # type: ignore[attr-defined]
    verify(_signed(request, body), now=now)


@router.takes_signed("/expansion/hands", HandTaken, verifies=verified)
def raise_a_hand(request: HttpRequest, given: Hand) -> HandTaken:
    """Take a hand that a customer raised in a product: it is an opening at once.

    Signed with a key of operations instead of a token: `Evenbook-Key` is its id, `Evenbook-Timestamp` the
    time in seconds since 1970, `Evenbook-Signature` is `v1=` and the HMAC-SHA256 in hex of the time, a point
    and the body. The very same request is refused the second time; a retry is signed anew.
    """
    opened = take_hand(
        _signed(request, request.body),
        hand=given.id,
        account=given.account,
        product=given.product,
        note=given.note,
        contact=given.contact,
        wants=given.wants,
        now=request.arrived_at,  # type: ignore[attr-defined]
    )
    return HandTaken(
        opening=opened.id,
        account=opened.account,
        owner_name=said_or_none(opened.owner),
        is_held=opened.held,
        is_new=opened.is_new,
    )


def _signed(request: HttpRequest, body: bytes) -> Signed:
    return Signed(
        key=request.headers.get("Evenbook-Key", ""),
        timestamp=request.headers.get("Evenbook-Timestamp", ""),
        signature=request.headers.get("Evenbook-Signature", ""),
        body=body,
        address=request.META.get("REMOTE_ADDR", ""),
    )
