"""What about a column is open, and how it is asked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evenbook.sources.profile import ColumnProfile, ScoreFinding, SheetProfile
from evenbook.sources.profile.scores import score_of
from evenbook.sources.rules.cells import Waits
from evenbook.sources.rules.fields import Field
from evenbook.sources.rules.mapping import FileMapping
from evenbook.sources.rules.questions import Question, question_id
from evenbook.sources.rules.vocabulary import CUSTOMER, told
from evenbook.sources.values import parse_number

Ask = Callable[[Question], str | None]

KEEP = "custom"
GOOD, BAD = "high is good", "high is bad"
LONGEST_MEETING = 8 * 60
UNITS = {"minutes": 1.0, "seconds": 1 / 60, "milliseconds": 1 / 60_000, "hours": 60.0}
SURVEYS = frozenset({"csat", "satisfaction", "quality"})
GUESSES = {
    "arr": "the yearly recurring revenue that the customer pays",
    "mrr": "the monthly recurring revenue that the customer pays",
    "renews_on": "the day on which the contract renews",
    "tier": "the tier in which the account is served (1 to 4)",
    "owner_name": "the CSM who owns the account",
    "owner_mail": "the address of the CSM who owns the account",
    "owner_id": "the CSM who owns the account",
    "health": "a health score",
    "risk": "a risk score",
    "stage": "the lifecycle stage of the account",
}
"""Fields that a tool's own custom column is never taken for without asking."""
LEAST_FOR_EVIDENCE = 5


def date_order(file: str, column: ColumnProfile, mapping: FileMapping) -> Question:
    """Return the question which of day and month a column writes first."""
    dates = column.dates
    example = dates.example if dates else ""
    asks = f"Is the day or the month first in '{column.name}' (such as {example})?"
    if dates and dates.verdict == "mixed" and dates.day_first and dates.month_first:
        asks = (
            f"'{column.name}' contradicts itself: {dates.day_first.text} (row {dates.day_first.row}) has "
            f"the day first, {dates.month_first.text} (row {dates.month_first.row}) the month. Which holds "
            "for the others?"
        )
    return Question(
        id=question_id("date-order", file, mapping.table, column.name),
        kind="date-order",
        file=file,
        column=column.name,
        asks=asks,
        choices=("dmy", "mdy"),
        notes={"dmy": "day first: 03/04/2025 is 3 April", "mdy": "month first: 03/04/2025 is 4 March"},
    )


def decimal_mark(file: str, column: ColumnProfile, mapping: FileMapping) -> Question:
    """Return the question what the one mark in a column's numbers stands for."""
    example = next((value for value in column.distinct if "." in value), "1.250")
    plain = example.replace(".", "")
    return Question(
        id=question_id("decimal", file, mapping.table, column.name),
        kind="decimal",
        file=file,
        column=column.name,
        asks=f"Is {example} in '{column.name}' {plain}, or a number with three decimals?",
        choices=("comma", "point"),
        notes={
            "comma": f"{example} is {plain}; decimals have a comma",
            "point": f"{example} has three decimals",
        },
    )


def exchange_rate(file: str, column: str, currency: str, home: str) -> Question:
    """Return the question what a currency is worth."""
    return Question(
        id=question_id("rate", currency, home),
        kind="rate",
        file=file,
        column=column,
        asks=f"What is 1 {currency} worth in {home}? The policy has no exchange rate for it.",
        choices=("rate=<number>", "reject"),
        notes={"rate=<number>": "such as rate=1.08; adopt it in the policy to keep it for all imports",
               "reject": f"rows with amounts in {currency} are rejected"},
    )  # fmt: skip


def unit(file: str, column: ColumnProfile, mapping: FileMapping, ask: Ask) -> float | Waits:
    """Return minutes in one unit of a duration, or what to wait for."""
    numbers = column.numbers
    if numbers is None:
        return 1.0
    largest = float(numbers.maximum)
    if largest <= LONGEST_MEETING and (numbers.whole or largest > 24):
        return 1.0
    question = Question(
        id=question_id("unit", file, mapping.table, column.name),
        kind="unit",
        file=file,
        column=column.name,
        asks=f"In what is '{column.name}' measured? It runs from {numbers.minimum:g} to {numbers.maximum:g}.",
        choices=tuple(UNITS)
        if largest <= LONGEST_MEETING
        else ("seconds", "milliseconds", "minutes", "hours"),
    )
    answer = ask(question)
    return UNITS[answer] if answer in UNITS else Waits(question.id)


def scale(
    file: str, column: ColumnProfile, name: str, mapping: FileMapping, *, is_reversed: bool, ask: Ask
) -> tuple[str, bool] | Waits:
    """Return the scale of a score and whether a high one is good, or what to wait for."""
    if name == "nps":
        return _nps_scale(column), True
    finding = _finding(column, name)
    if finding is None:
        return _typed_scale(column), True
    doubtful = is_reversed or (finding.may_be_reversed and name not in SURVEYS)
    if name in SURVEYS or name == "sentiment":
        return _survey_scale(column, finding, name), True
    if finding.certain and not doubtful:
        return finding.scales[0], True
    question = _scale_question(file, column, mapping, finding, doubtful=doubtful)
    answer = ask(question)
    if answer is None:
        return Waits(question.id)
    chosen, _, side = answer.partition(", ")
    return chosen, side != BAD


def _scale_question(
    file: str, column: ColumnProfile, mapping: FileMapping, finding: ScoreFinding, *, doubtful: bool
) -> Question:
    scales: list[str] = list(finding.scales)
    if "0-10" in scales and "1-10" not in scales and column.numbers and column.numbers.minimum >= 1:
        scales.append("1-10")
    sides = (BAD, GOOD) if finding.may_be_reversed else (GOOD, BAD)
    shown = (
        f"Its values run from {column.numbers.minimum:g} to {column.numbers.maximum:g}."
        if column.numbers
        else ""
    )
    why = (
        " High values go with customers who left or do badly."
        if doubtful and not finding.may_be_reversed
        else ""
    )
    return Question(
        id=question_id("scale", file, mapping.table, column.name),
        kind="scale",
        file=file,
        column=column.name,
        asks=f"On which scale is '{column.name}', and is a high value good? {shown}{why}".strip(),
        choices=tuple(f"{each}, {side}" for side in sides for each in scales),
    )


def _finding(column: ColumnProfile, name: str) -> ScoreFinding | None:
    if column.score is not None:
        return column.score
    hint = {"risk": "risk score", "satisfaction": "csat score", "csat": "csat score"}.get(name, "score")
    return score_of(hint, column.numbers, column.distinct, closed=not column.has_more_values)


def _nps_scale(column: ColumnProfile) -> str:
    numbers = column.numbers
    if numbers is None:
        return "word"
    return "0-10" if numbers.minimum >= 0 and numbers.maximum <= 10 else "-100-100"


def _survey_scale(column: ColumnProfile, finding: ScoreFinding, name: str) -> str:
    """Return the scale of a survey answer; these have customs of their own, one to five above all."""
    numbers = column.numbers
    if numbers is None:
        return finding.scales[0]
    low, high = float(numbers.minimum), float(numbers.maximum)
    if name == "sentiment" and -1 <= low and high <= 1:
        return "-1-1"
    if high <= 1 and not numbers.whole:
        return "0-1"
    if high <= 5:
        return "1-5" if low >= 1 else "0-5"
    return "0-10" if high <= 10 else "0-100"


def _typed_scale(column: ColumnProfile) -> str:
    return "word" if column.numbers is None else "0-100"


def speaks_reversed(column: ColumnProfile, profile: SheetProfile, sample: Sequence[Sequence[object]]) -> bool:
    """Return whether customers who left, or are red, score higher than the others in the sample."""
    judge = next(
        (each for each in profile.columns if each is not column and _tells_good_from_bad(each)), None
    )
    if judge is None or column.numbers is None:
        return False
    good: list[float] = []
    bad: list[float] = []
    for row in sample:
        side = _side(str(row[judge.position]), judge)
        number = parse_number(row[column.position])
        if side and number is not None and hasattr(number, "as_tuple"):
            (bad if side == "bad" else good).append(float(str(number)))
    if len(good) < LEAST_FOR_EVIDENCE or len(bad) < LEAST_FOR_EVIDENCE:
        return False
    return sum(bad) / len(bad) > sum(good) / len(good) + 0.1 * float(
        column.numbers.maximum - column.numbers.minimum
    )


def _tells_good_from_bad(column: ColumnProfile) -> bool:
    name = column.name.lower()
    return any(word in name for word in ("status", "churn", "color", "colour", "rag", "state")) and bool(
        column.distinct
    )


def _side(text: str, judge: ColumnProfile) -> str:
    word = text.strip().lower()
    if "churn" in judge.name.lower() and word in {"true", "yes", "1", "y", "false", "no", "0", "n"}:
        return "bad" if word in {"true", "yes", "1", "y"} else "good"
    if word in {"red", "critical", "at risk", "at-risk"}:
        return "bad"
    if word in {"green", "healthy"}:
        return "good"
    return {"churned": "bad", "active": "good"}.get(told(word, CUSTOMER), "")


def meaning(
    file: str, mapping: FileMapping, column: ColumnProfile, field_: Field, *, ask: Ask
) -> str | Waits | None:
    """Return the field that a column is taken for, None for a custom field, or what to wait for."""
    if field_.name == "company_revenue":
        if mapping.has("arr", "mrr") or mapping.is_vendor:
            return None
        return _asked(_revenue(file, column, mapping), ask)
    if field_.name == "total_value":
        if mapping.has("arr", "mrr") or mapping.is_vendor:
            return None
        return _asked(_contract_value(file, column, mapping), ask)
    return field_.name


def _asked(question: Question, ask: Ask) -> str | Waits | None:
    answer = ask(question)
    if answer is None:
        return Waits(question.id)
    return None if answer == KEEP else answer


def _revenue(file: str, column: ColumnProfile, mapping: FileMapping) -> Question:
    return Question(
        id=question_id("meaning", file, mapping.table, column.name),
        kind="meaning",
        file=file,
        column=column.name,
        asks=f"Is '{column.name}' the customer's own turnover, or what the customer pays us?",
        choices=(KEEP, "arr", "mrr"),
        notes={KEEP: "the customer's own turnover, kept as a custom field",
               "arr": "what they pay us a year", "mrr": "what they pay us a month"},
    )  # fmt: skip


def _contract_value(file: str, column: ColumnProfile, mapping: FileMapping) -> Question:
    return Question(
        id=question_id("meaning", file, mapping.table, column.name),
        kind="meaning",
        file=file,
        column=column.name,
        asks=f"Is '{column.name}' what the contract brings a year, a month, or over its whole term?",
        choices=("arr", "mrr", "total_value", KEEP),
        notes={
            "arr": "a year",
            "mrr": "a month",
            "total_value": "over the whole term",
            KEEP: "a custom field",
        },
    )


def guess(file: str, mapping: FileMapping, column: ColumnProfile, name: str) -> Question:
    """Return the question whether a tool's custom column is what its name suggests."""
    return Question(
        id=question_id("guess", file, mapping.table, column.name),
        kind="guess",
        file=file,
        column=column.name,
        asks=f"Is '{column.name}' {GUESSES[name]}?",
        choices=("yes", "no"),
        notes={"yes": "it is read as such", "no": "it is kept as a custom field"},
    )
