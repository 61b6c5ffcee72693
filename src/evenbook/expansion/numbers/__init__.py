"""Who closes what is opened, how soon it is answered, and who stands on the expansion list."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Row, Section, flag, number, rows, text


class Route(Row):
    """Who takes what is opened for a region or a product to yes or no; an empty one is any."""

    key = ("region", "product")

    region: str = text("", unit="name of the region", reason="As accounts have it; empty is any.", longest=60)
    product: str = text("", unit="name of the product", reason="As it is sold; empty is any.", longest=120)
    owner: str = text(
        unit="key of a person", reason="One person closes, so that no customer hears two.", longest=80
    )


class ExpansionNumbers(Section):
    """Expansion."""

    name: ClassVar[str] = "expansion"
    title: ClassVar[str] = "Expansion"

    routes: tuple[Route, ...] = rows(
        (),
        unit="owner by region and product",
        reason="The closest fit closes: product and region, then product, then region, then any.",
    )
    answer_days: int = number(
        2,
        unit="working days",
        reason="A hand that was raised falls again within days; later answers close far less.",
        at_least=1,
        at_most=30,
    )
    mails: bool = flag(
        True, reason="Who closes learns at once of what was opened. Each may choose otherwise."
    )
