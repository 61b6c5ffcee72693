"""To whom an opening goes: the closest route, else whoever is staffed to expansion, else nobody, said in words."""

from __future__ import annotations

from evenbook.expansion.numbers import Route
from evenbook.expansion.rules.routing import Closer, Routed, route

ESME, TOMA, RUI = (
    Closer(1, "esme", "Esme Varr", "EMEA"),
    Closer(2, "toma", "Toma Heik", "AMER"),
    Closer(3, "rui", "Rui Sand", "EMEA"),
)
HERE = {each.key: each for each in (ESME, TOMA, RUI)}


def routed(
    product: str = "", region: str = "", *, routes: tuple[Route, ...] = (), staffed: tuple[Closer, ...] = ()
) -> Routed:
    return route(product, region, routes=routes, here=HERE, staffed=staffed)


def test_the_closest_route_closes_product_and_region_before_product_before_region_before_any():
    routes = (
        Route(owner="esme"),
        Route(region="AMER", owner="toma"),
        Route(product="Insights", owner="rui"),
        Route(product="Insights", region="AMER", owner="esme"),
    )

    assert routed("Insights", "amer", routes=routes).owner == ESME
    assert routed("Insights", "EMEA", routes=routes).owner == RUI
    assert routed("Flows", "AMER", routes=routes).owner == TOMA
    assert routed(routes=routes).owner == ESME


def test_a_route_whose_owner_has_left_is_passed_over_and_said():
    found = routed("Insights", routes=(Route(product="Insights", owner="gone"),), staffed=(TOMA,))

    assert found.owner == TOMA
    assert "names nobody who is here" in found.why


def test_without_a_route_who_is_staffed_closes_in_their_own_region_first():
    assert routed(region="EMEA", staffed=(TOMA, RUI)).owner == RUI
    assert routed(region="APAC", staffed=(TOMA, RUI)).owner == TOMA


def test_where_nobody_closes_it_is_said_and_not_left_to_chance():
    assert routed() == Routed(None, "Nobody is staffed to expansion, and no route fits.")
