"""What the form that opens an expansion at an account starts with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evenbook.book.queries import products_sold
from evenbook.expansion.models import Opening
from evenbook.expansion.rules.moving import HUMAN
from evenbook.people.viewer import Viewer

OF_MOMENT = {"interaction": "call", "ticket": "ticket", "artifact": "artifact"}
"""Where an opening is seen, by the kind of moment in an account's history."""


@dataclass(frozen=True)
class OpenForm:
    """The form's account, its key that makes sending it twice harmless, and what is chosen from."""

    account: str
    key: str
    source: str
    about: str
    product: str
    role: str
    roles: tuple[tuple[str, str], ...]
    products: tuple[str, ...]


def open_form(viewer: Viewer, account: str, *, key: str, asked: Mapping[str, str]) -> OpenForm | None:
    """Return the form for who may open something, None for others.

    Args:
        viewer: who asks.
        account: the key of the account.
        key: made by chance, once a form.
        asked: what the address says: ``source``, ``about``, ``product``.
    """
    if not viewer.may_write:
        return None
    source = OF_MOMENT.get(asked.get("source", ""), asked.get("source", ""))
    return OpenForm(
        account=account,
        key=key,
        source=source if source in Opening.Source.values else Opening.Source.ACCOUNT.value,
        about=asked.get("about", "")[:320],
        product=asked.get("product", "")[:120],
        role=Opening.Role.CSM.value,
        roles=tuple(each for each in Opening.Role.choices if each[0] in HUMAN),
        products=products_sold(viewer),
    )
