"""What a query says about itself: the tables it reads and the numbers it asks for."""

from __future__ import annotations

import pytest

from evenbook.frames.session import Session, UnknownNumber, from_rows
from evenbook.frames.step import Step, parameters, rule_step, tables_read


def test_tables_read_are_those_after_from_and_join_but_not_its_own_parts():
    sql = """
    -- from a comment, join nothing
    with first as (select * from weeks),
    second as materialized (select * from first join account using (account))
    select * from second asof left join ticket on true, unnest([1]) cross join weeks
    """
    assert tables_read(sql) == ("weeks", "account", "ticket")


def test_parameters_are_named_once_and_not_in_comments():
    assert parameters("select $a_days, $b, $a_days -- $c") == ("a_days", "b")


def test_a_step_is_sql_or_a_function():
    with pytest.raises(ValueError, match="not both"):
        Step(writes="x", reads=())


def test_steps_read_what_earlier_steps_wrote():
    doubled = Step(writes="doubled", reads=("given",), sql="select n * $by as n from given")
    total = rule_step("total", ("doubled",), lambda tables, numbers: {"total": tables["doubled"].slice(0, 1)})
    with Session({"by": 2}) as session:
        session.hold("given", from_rows([{"n": 4}], {"n": "BIGINT"}))
        session.run_all((doubled, total))
        assert session.table("total").to_pylist() == [{"n": 8}]


def test_a_number_that_the_policy_lacks_is_named():
    with Session({}) as session, pytest.raises(UnknownNumber, match="by"):
        session.rows("select $by")
