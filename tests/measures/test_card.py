"""Cards of measures, and figures that open into the rows that add up to them."""

from __future__ import annotations

from datetime import date

import pytest
from tests.as_of import hold
from tests.tables import world

from evenbook.measures.card import CardIncomplete, card_of, figures_sql, read_card, rows_sql, whole_sql
from evenbook.measures.catalogue import UnknownMeasure, catalogue_of

TEXT = """\
-- measure: late
-- label:   Late accounts
-- unit:    share, 0 to 1
-- better:  down
-- window:  the as-of day
-- empty:   no accounts give no value
-- edges:   an account that starts today counts;
--          one that starts tomorrow does not
-- fold:    late accounts ÷ accounts
-- by:      csm, tier, all
with picked as (select * from fact where (account > 0)),
detail as (
  select as_of, account, person, tier, late as part, 1 as whole from picked
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
"""
FACTS = [
    {"as_of": date(2025, 3, 10), "account": 1, "person": 7, "tier": 1, "late": 1},
    {"as_of": date(2025, 3, 10), "account": 2, "person": 7, "tier": 2, "late": 0},
    {"as_of": date(2025, 3, 10), "account": 3, "person": None, "tier": 2, "late": 0},
]
COLUMNS = {"as_of": "DATE", "account": "BIGINT", "person": "BIGINT", "tier": "BIGINT", "late": "BIGINT"}


def test_a_card_says_all_that_the_file_says():
    card = card_of(TEXT, package="evenbook.measures")

    assert (card.name, card.label, card.better, card.by) == ("late", "Late accounts", "down", ("csm", "tier"))
    assert card.edges == "an account that starts today counts; one that starts tomorrow does not"


@pytest.mark.parametrize("line", ["label", "unit", "empty", "edges", "fold", "by"])
def test_a_card_without_a_line_is_refused_by_its_name(line):
    cut = "\n".join(row for row in TEXT.splitlines() if not row.startswith(f"-- {line}:"))

    with pytest.raises(CardIncomplete, match=line):
        card_of(cut, package="evenbook.measures")


def test_a_query_that_does_not_fold_its_detail_is_refused():
    with pytest.raises(CardIncomplete, match="does not fold"):
        card_of(TEXT.replace("sum(part)", "avg(part)"), package="evenbook.measures")
    with pytest.raises(CardIncomplete, match="does not fold"):
        card_of(TEXT.replace("detail as (", "other as ("), package="evenbook.measures")


def test_a_kind_of_subject_that_does_not_exist_is_refused():
    with pytest.raises(CardIncomplete, match="planet"):
        card_of(TEXT.replace("csm, tier, all", "planet"), package="evenbook.measures")


def test_figures_are_given_for_every_subject_and_the_file_gives_the_whole_base():
    card = card_of(TEXT, package="evenbook.measures")
    with world(["2025-03-10"], person=[{"person": 7, "key": "amara", "name": "Amara"}]) as session:
        hold(session, "fact", FACTS, COLUMNS)
        found = session.rows(figures_sql(card)).to_pylist()
        whole = session.rows(whole_sql(card)).to_pylist()

    values = {(row["subject_kind"], row["subject"]): (row["value"], row["count"]) for row in found}
    assert values == {
        ("all", "all"): (1 / 3, 3),
        ("csm", "amara"): (0.5, 2),
        ("tier", "1"): (1, 1),
        ("tier", "2"): (0, 2),
    }
    assert whole == [{"as_of": date(2025, 3, 10), "value": 1 / 3, "count": 3}]


def test_a_figure_opens_into_the_rows_that_add_up_to_it():
    card = card_of(TEXT, package="evenbook.measures")
    with world(["2025-03-10"], person=[{"person": 7, "key": "amara", "name": "Amara"}]) as session:
        hold(session, "fact", FACTS, COLUMNS)
        for figure in session.rows(figures_sql(card)).to_pylist():
            asked = {"as_of": figure["as_of"], "subject": figure["subject"]}
            rows = session.rows(rows_sql(card, figure["subject_kind"]), asked).to_pylist()
            assert sum(row["part"] for row in rows) / sum(row["whole"] for row in rows) == figure["value"]
            assert len(rows) == figure["count"]


def test_a_figure_is_not_opened_by_a_subject_that_it_is_not_given_for():
    with pytest.raises(CardIncomplete, match="not given by segment"):
        rows_sql(card_of(TEXT, package="evenbook.measures"), "segment")


def test_the_catalogue_finds_measures_by_name():
    catalogue = catalogue_of(["evenbook.measures"])

    names = [card.name for card in catalogue.cards]
    assert {"grr", "logo", "nrr", "nrr_lazy"} < set(names) and names == sorted(names)
    assert catalogue.card("grr") == read_card("evenbook.measures", "grr")
    with pytest.raises(UnknownMeasure):
        catalogue.card("nothing")


def test_two_measures_of_one_name_are_a_fault():
    with pytest.raises(ValueError, match="twice: churned, .*grr"):
        catalogue_of(["evenbook.measures", "evenbook.measures"])
