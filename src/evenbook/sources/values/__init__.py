"""What cells mean: pure parsers from a cell to a value, a ``Problem`` in words, or None for blank.

A parser never raises on what a file holds and never guesses what belongs to the column: the order
of day and month, the decimal mark and the currency are arguments (``profile`` finds them out or
says that a person has to be asked).
"""

from evenbook.sources.values.addresses import FREE_MAIL, company_domain, parse_domain, parse_email
from evenbook.sources.values.blanks import is_blank, is_formula, is_nothing, text_of
from evenbook.sources.values.booleans import parse_boolean
from evenbook.sources.values.dates import DateOrder, Moment, Window, date_shape, parse_date, parse_moment
from evenbook.sources.values.names import match_name, name_of, parse_id, salesforce_id, same_id
from evenbook.sources.values.numbers import (
    DecimalMark,
    Money,
    currency_of,
    decimal_evidence,
    minor_units,
    parse_integer,
    parse_money,
    parse_number,
)
from evenbook.sources.values.problem import Problem, ProblemKind, quoted

__all__ = [
    "FREE_MAIL",
    "DateOrder",
    "DecimalMark",
    "Money",
    "Moment",
    "Problem",
    "ProblemKind",
    "Window",
    "company_domain",
    "currency_of",
    "date_shape",
    "decimal_evidence",
    "is_blank",
    "is_formula",
    "is_nothing",
    "match_name",
    "minor_units",
    "name_of",
    "parse_boolean",
    "parse_date",
    "parse_domain",
    "parse_email",
    "parse_id",
    "parse_integer",
    "parse_money",
    "parse_moment",
    "parse_number",
    "quoted",
    "salesforce_id",
    "same_id",
    "text_of",
]
