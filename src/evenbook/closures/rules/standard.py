"""The completion standard: whether the answers of a form close a loop, field by field, in words.

The forms are policy (``closures.numbers.artifacts``); what an answer is and how it is kept is in
``closures.rules.answers``. Whether the loop is open, whether it is this person's, and whether the
people named are still there is not decided here: that takes the records.

Pure.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.artifacts import Question
from evenbook.closures.rules.answers import (
    CHANNELS,
    PARTS,
    channel_of,
    day_of,
    is_blank,
    line_of,
    plain,
    rows_given,
    said,
    said_name,
)
from evenbook.closures.rules.writing import (
    cleaned,
    folded,
    has_letters,
    is_placeholder,
    is_repeated,
    letters_of,
    short,
    words_in,
)

LONGEST_WORDS = 10_000
"""Characters of a text: some five pages, where half of one is asked."""
LONGEST_NAME = 200
"""Characters."""
LONGEST_TASK = 300
"""Characters of what a follow-up asks to be done: it stands in a list."""
LEAST_TASK_WORDS = 2
"""A follow-up says what to do with what."""
MOST_FOLLOW_UPS = 20
FARTHEST_DAYS = 731
"""Two years: what is farther away is a slip of the pen or never looked at."""
MOST_UNKNOWN = 20
"""Unknown fields that are named one by one."""
NO_ONE = frozenset(
    """
    someone somebody anyone anybody everyone everybody noone nobody me myself i we us you they them
    team theteam ourteam customer thecustomer client theclient
    """.split()
)
"""Who is nobody in particular; a follow-up without a name is done by nobody."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an answer does not meet the standard: the field, and one sentence for who wrote it."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the standard of one form depends on besides the answers."""

    today: date
    asynchronous: bool


def form_of(numbers: ClosuresNumbers, artifact: str) -> tuple[Question, ...]:
    """Return the questions of an artifact's form, in their order; empty for a kind without a form."""
    return tuple(row for row in numbers.questions if row.artifact == artifact)


def allows_channels(numbers: ClosuresNumbers, tier: int | None) -> bool:
    """Return whether the next touchpoint of an account in this tier may be a channel instead of a day."""
    return tier is not None and str(tier) in {each.strip() for each in numbers.asynchronous_tiers.split(",")}


def asks_chain(numbers: ClosuresNumbers, artifact: str) -> bool:
    """Return whether the leaders above the owner are to see an artifact of this kind before it counts."""
    return artifact in {each.strip() for each in numbers.chain_artifacts.split(",")}


def refusals(
    questions: Sequence[Question], answers: object, *, today: date, asynchronous: bool
) -> tuple[Refusal, ...]:
    """Return why the answers do not meet the standard, in the order of the form; empty where they do.

    Args:
        questions: of one artifact, in the order of its form.
        answers: by field; anything that a page, JSON or a YAML file can hold. Never raises.
        today: in the zone of the organization; a day before it is refused.
        asynchronous: whether the account's tier allows a channel in the place of the next date.

    Returns:
        One for each fault; a field may have several, as each follow-up has three parts. An unknown
        field is named as it was given, shortened.
    """
    if not isinstance(answers, Mapping):
        first = questions[0].field if questions else "answers"
        return (Refusal(first, f"The answers must be given by name, as in '{first}: …'."),)
    standing = _Standing(today=today, asynchronous=asynchronous)
    by_field = {row.field: row for row in questions}
    found = [
        Refusal(row.field, reason)
        for row in questions
        for reason in _faults(row, answers, by_field=by_field, standing=standing)
    ]
    return (*found, *_unknown(by_field, answers))


def _faults(
    question: Question,
    answers: Mapping[object, object],
    *,
    by_field: Mapping[str, Question],
    standing: _Standing,
) -> Iterator[str]:
    value = answers.get(question.field)
    if not is_blank(value):
        yield from _JUDGES[question.asks](question, value, standing)
        return
    after = _needed_after(question, answers, by_field)
    if question.needed == "always" or after:
        asked = ": say what, who and by when" if question.asks == "follow_ups" else ""
        yield f"'{question.title}' has no answer{asked}{after}."


def _needed_after(
    question: Question, answers: Mapping[object, object], by_field: Mapping[str, Question]
) -> str:
    """Return after which other answer this one is owed, in words; empty where that was not given."""
    field, equals, wanted = question.needed.partition("=")
    other = by_field.get(field)
    if not equals or other is None:
        return ""
    chosen = plain(other, answers.get(field))
    if chosen is None or folded(str(chosen)) != folded(wanted):
        return ""
    return f"; it is needed where '{other.title}' is '{wanted}'"


def _unknown(by_field: Mapping[str, Question], answers: Mapping[object, object]) -> Iterator[Refusal]:
    """Return the fields that the form does not ask, with what was perhaps meant; of very many, the first."""
    meant = {row.title.casefold(): row.field for row in by_field.values()} | {name: name for name in by_field}
    names = sorted(said_name(key) for key in answers if not (isinstance(key, str) and key in by_field))
    for name in names[:MOST_UNKNOWN]:
        near = difflib.get_close_matches(name.casefold(), list(meant), n=1)
        hint = f"; did you mean '{meant[near[0]]}'?" if near else "."
        yield Refusal(name, f"'{name}' is not asked in this form{hint}")
    if len(names) > MOST_UNKNOWN:
        name, rest = names[MOST_UNKNOWN], len(names) - MOST_UNKNOWN - 1
        are = f" and {rest:,} more are" if rest else " is"
        yield Refusal(name, f"'{name}'{are} not asked in this form.")


def _judge_words(question: Question, value: object, _: _Standing) -> Iterator[str]:
    fault = _text_fault(value, longest=LONGEST_WORDS, least_words=question.least_words)
    if fault:
        yield f"'{question.title}' {fault}."


def _judge_choice(question: Question, value: object, _: _Standing) -> Iterator[str]:
    if plain(question, value) is None:
        *others, last = question.answers
        options = f"{', '.join(others)} or {last}" if others else last
        yield f"'{question.title}' must be {options}, not {said(value)}."


def _judge_day(question: Question, value: object, standing: _Standing) -> Iterator[str]:
    fault = _day_fault(value, standing.today)
    if fault:
        yield f"'{question.title}' {fault}."


def _judge_number(question: Question, value: object, _: _Standing) -> Iterator[str]:
    if plain(question, value) is None:
        yield f"'{question.title}' must be a number such as 72.5, not {said(value)}."


def _judge_person(question: Question, value: object, _: _Standing) -> Iterator[str]:
    fault = _name_fault(value)
    if fault:
        yield f"'{question.title}' {fault}."


def _judge_touchpoint(question: Question, value: object, standing: _Standing) -> Iterator[str]:
    channel = channel_of(value)
    if channel and not standing.asynchronous:
        yield f"'{question.title}' must be a day: this tier asks for a date, and {channel} has none."
    if channel or not (fault := _day_fault(value, standing.today)):
        return
    if standing.asynchronous and day_of(value) is None:
        fault = f"must be a day such as {standing.today}, or one of {', '.join(CHANNELS)}; not {said(value)}"
    yield f"'{question.title}' {fault}."


def _judge_follow_ups(question: Question, value: object, standing: _Standing) -> Iterator[str]:
    rows = rows_given(value)
    if len(rows) > MOST_FOLLOW_UPS:
        yield f"'{question.title}' has {len(rows):,} follow-ups; at most {MOST_FOLLOW_UPS} can be kept."
        return
    for place, row in rows:
        name = "the follow-up" if len(rows) == 1 else f"follow-up {place}"
        yield from (f"{fault[0].upper()}{fault[1:]}." for fault in _row_faults(name, row, standing.today))


def _row_faults(name: str, row: object, today: date) -> Iterator[str]:
    """Return what is wrong with one follow-up, without capital and full stop."""
    if not isinstance(row, Mapping):
        yield f"{name} must say what, who and by when, as in 'what: …, who: …, by: …'"
        return
    judged: dict[str, Callable[[object], str]] = {
        "what": lambda value: _text_fault(value, longest=LONGEST_TASK, least_words=LEAST_TASK_WORDS),
        "who": _name_fault,
        "by": lambda value: _day_fault(value, today),
    }
    for part, noun in PARTS.items():
        if is_blank(row.get(part)):
            yield f"{name} has no {noun}"
        elif fault := judged[part](row[part]):
            yield f"the {noun} of {name} {fault}"
    strange = sorted(said_name(key) for key in row if not (isinstance(key, str) and key in PARTS))
    if strange:
        yield f"{name} says '{strange[0]}', and only {', '.join(PARTS)} are asked"


def _text_fault(value: object, *, longest: int, least_words: int) -> str:
    """Return why a text says too little or too much; empty where it is right."""
    if not isinstance(value, str):
        return f"must be text, not {said(value)}"
    text = cleaned(value)
    if len(text) > longest:
        return f"has {len(text):,} characters; at most {longest:,} can be kept"
    if is_placeholder(text):
        return f"says only '{short(text)}'; if there is nothing to tell, say so in a sentence"
    if not has_letters(text):
        return "has no words in it"
    if is_repeated(text, least_words=least_words):
        return "says the same thing again and again"
    count, least = len(words_in(text)), max(least_words, 1)
    if count < least:
        return f"has {count} {'word' if count == 1 else 'words'}; at least {least} are needed"
    return ""


def _name_fault(value: object) -> str:
    line = line_of(value)
    if line is not None and len(line) > LONGEST_NAME:
        return f"has {len(line):,} characters; a name has at most {LONGEST_NAME}"
    if line is None or not has_letters(line) or is_placeholder(line) or letters_of(line) in NO_ONE:
        return f"must be a name, not {said(value)}"
    return ""


def _day_fault(value: object, today: date) -> str:
    day = day_of(value)
    if day is None:
        return f"must be a day such as {today}, not {said(value)}"
    if day < today:
        return f"must be today or later, not {day}"
    if (day - today).days > FARTHEST_DAYS:
        return f"must be within two years, not {day}"
    return ""


_JUDGES: dict[str, Callable[[Question, object, _Standing], Iterator[str]]] = {
    "words": _judge_words,
    "choice": _judge_choice,
    "day": _judge_day,
    "number": _judge_number,
    "person": _judge_person,
    "follow_ups": _judge_follow_ups,
    "touchpoint": _judge_touchpoint,
}
