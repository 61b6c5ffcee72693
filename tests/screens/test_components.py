"""Components: charts, tags, tables and places, each from plain values, all escaped."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import Client

from evenbook.people.actions import add_user
from evenbook.people.viewer import SYSTEM
from evenbook.screens.charts import bar, line
from evenbook.screens.places import links_for
from evenbook.screens.sentences import Figure, counted
from evenbook.screens.tables import Ask, Choice, Column, Filter, Listing

COLUMNS = (
    Column("name", "Name"),
    Column("arr", "ARR", is_number=True, starts_down=True),
    Column("why", "Why", sorts=False),
)
FILTERS = (Filter("tier", "Tier", (Choice("1", "T1"),)), Filter("q", "Name", kind="text"))


def written(text: str, **given: object) -> str:
    return Template(text).render(Context(given))


def asked(**query: str) -> Ask:
    return Ask.of(query, columns=COLUMNS, filters=FILTERS, sort="-arr")


def test_a_bar_starts_at_zero_and_ends_at_the_edge():
    assert [bar(value, most=125, target=90).filled for value in (0, 62.5, 125, 400, -3, None)] == [
        "0.0",
        "50.0",
        "100.0",
        "100.0",
        "0.0",
        "0.0",
    ]
    assert bar(400, most=125).is_over_edge and bar(50, most=125, target=90).mark == "72.0"


def test_a_line_has_a_gap_where_a_week_has_no_value():
    drawn = line([1.0, 2.0, None, 3.0, 4.0], label="Load")

    assert drawn.path.count("M") == 2 and "no value" in drawn.text


@pytest.mark.parametrize("values", [(), (None, None), (5.0,), (5.0, 5.0), (None, 5.0, None)])
def test_a_line_of_little_is_drawn_without_a_fault(values):
    drawn = line(values, label="Load")

    assert "nan" not in drawn.path and drawn.text


def test_a_lone_week_between_gaps_is_still_seen():
    assert "h0.01" in line([None, 5.0, None, 6.0, 7.0], label="Load").path


def test_a_figure_opens_and_says_it_exactly():
    html = written(
        "{% figure each %}", each=Figure("arr", 31_000_000, "money", "/accounts?a=1&b=2", currency="USD")
    )

    assert (
        'href="/accounts?a=1&amp;b=2"' in html
        and 'title="310,000 USD"' in html
        and 'data-value="310000"' in html
    )
    assert written("{% figure 5 'count' name='accounts' href='/x' %}").startswith(
        '<a class="figure" href="/x"'
    )
    assert "<a" not in written("{% figure 5 'count' %}")


def test_a_sentence_holds_text_and_figures():
    html = written(
        "{% sentence parts %}", parts=(counted(3, "accounts", href="/x", start=True), " of <them>")
    )

    assert ">Three</a> of &lt;them&gt;" in html


def test_what_components_are_given_is_escaped():
    evil = '"><script>alert(1)</script>'
    tags = (
        "tag e",
        "tag 'x' 'bad' e",
        "sparkline v e",
        "bar 5 label=e",
        "empty e e e",
        "figure 1 href=e name=e text=e",
    )
    text = "".join(f"{{% {tag} %}}" for tag in tags) + "{{ e|words }}"

    assert "<script>" not in written(text, e=evil, v=(1.0, 2.0))


def test_a_state_is_a_word_besides_its_color():
    assert written("{% tag 'at_risk' 'red' %}") == '<span class="tag bad">at risk</span>'
    assert 'class="tag quiet"' in written("{% tag 'x' 'onmouseover=1' %}")


def test_an_address_that_asks_the_same_keeps_filters_and_order():
    ask = asked(tier="1", q="a&b", sort="name")

    assert ask.query(page="2") == "tier=1&q=a%26b&sort=name&page=2"
    assert asked(tier="9", evil="1").query() == "sort=-arr" and asked(tier="9").refused


@pytest.mark.parametrize(
    ("query", "sort"),
    [
        ({}, ("arr", True)),
        ({"sort": "name"}, ("name", False)),
        ({"sort": "-name"}, ("name", True)),
        ({"sort": "why"}, ("arr", True)),
        ({"sort": "password"}, ("arr", True)),
    ],
)
def test_only_columns_that_sort_are_sorted_by(query, sort):
    ask = asked(**query)

    assert (ask.sort, ask.descending) == sort


@pytest.mark.parametrize(
    ("page", "shown"), [("1", (1, 50)), ("3", (101, 120)), ("99", (101, 120)), ("0", (1, 50)), ("x", (1, 50))]
)
def test_pages_stay_within_the_rows(page, shown):
    listing = Listing("x", "X", COLUMNS, asked(page=page), 120)

    assert (listing.first, listing.last) == shown and listing.pages == 3


def test_a_table_without_rows_has_one_page_and_no_exports_to_offer():
    listing = Listing("x", "X", COLUMNS, asked(), 0, noun="account")
    html = written("{% table_foot listing %}", listing=listing)

    assert (
        (listing.first, listing.last, listing.next_query) == (0, 0, "")
        and "No accounts" in html
        and "CSV" not in html
    )


def test_a_heading_sorts_the_other_way_when_it_is_sorted():
    html = written("{% table_head listing %}", listing=Listing("x", "X", COLUMNS, asked(sort="name"), 5))

    assert 'aria-sort="ascending"><a href="?sort=-name">' in html and '<a href="?sort=-arr">ARR' in html
    assert html.count('scope="col"') == 3 and "<caption>X</caption>" in html


def test_places_that_are_not_built_are_not_shown():
    labels = [link.label for link in links_for("operations")]

    assert "Team week" in labels and "Expansion" in labels and "Playbooks" not in labels


def test_the_gallery_shows_every_component(db):
    from datetime import UTC, datetime

    client = Client()
    client.force_login(
        add_user(SYSTEM, mail="a@example.com", name="A", role="reader", now=datetime(2026, 1, 1, tzinfo=UTC))
    )
    html = client.get("/-/patterns").content.decode()

    for part in (
        "figure",
        "tag good",
        "tag warn",
        "tag bad",
        "tag quiet",
        'class="bar',
        'class="spark"',
        "delta",
        "filters",
        "empty",
        "note bad",
        "strip",
        "timeline",
        "foot",
    ):
        assert part in html
