"""The seven written artifacts and their forms: at most six fields each, every one with its standard."""

from __future__ import annotations

from collections.abc import Mapping

from evenbook.policy.schema import Row, choice, number, text

MOST_FIELDS = 6
"""A form with more is not short any more."""

ASKS = {
    "words": "Text, of at least so many words",
    "choice": "One of the options",
    "day": "A day from today on",
    "number": "A number",
    "person": "A named person",
    "follow_ups": "What, who and by when; one or several",
    "touchpoint": "A day from today on, or an asynchronous channel where the tier allows it",
}


class Kind(Row):
    """A kind of artifact."""

    key = ("kind",)

    kind: str = text(
        unit="kind of artifact", reason="As the records name it.", pattern="[a-z][a-z0-9_]*", longest=40
    )
    title: str = text(unit="words", reason="How pages and files call it.", longest=60)


class Question(Row):
    """One field of an artifact's form, and the standard that the answer has to meet."""

    key = ("artifact", "field")

    artifact: str = text(unit="kind of artifact", reason="Whose form it belongs to.", longest=40)
    field: str = text(
        unit="name", reason="As files and programs name the answer.", pattern="[a-z][a-z0-9_]*", longest=40
    )
    title: str = text(unit="words", reason="What the form asks.", longest=80)
    asks: str = choice(options=ASKS, reason="What kind of answer the machine can check.")
    needed: str = text(
        "always",
        unit="always, never, or field=answer",
        reason="Some answers are owed only after another: what was found, where the band moved.",
        pattern="always|never|[a-z][a-z0-9_]*=[^=]{1,60}",
        longest=120,
    )
    least_words: int = number(
        0, unit="words", reason="Below it nothing is said that others could use.", at_least=0, at_most=200
    )
    options: str = text("", unit="answers, with | between", reason="The answers of a choice.", longest=300)

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the options of a choice."""
        return tuple(each.strip() for each in self.options.split("|") if each.strip())


KINDS = tuple(
    Kind(kind=kind, title=title)
    for kind, title in (
        ("check_in_note", "Check-in note"),
        ("health_review_log", "Health review log"),
        ("renewal_risk_brief", "Renewal risk brief"),
        ("escalation_handoff", "Escalation handoff"),
        ("silence_record", "Silence record"),
        ("decision_record", "Decision record"),
        ("transfer_brief", "Transfer brief"),
    )
)

STABLE = "acknowledged stable"

QUESTIONS = tuple(
    Question(
        artifact=artifact,
        field=field,
        title=title,
        asks=asks,
        needed=needed,
        least_words=words,
        options=options,
    )
    for artifact, field, title, asks, needed, words, options in (
        ("check_in_note", "summary", "Summary", "words", "always", 5, ""),
        ("check_in_note", "follow_ups", "Follow-up", "follow_ups", "always", 0, ""),
        ("check_in_note", "next_touchpoint", "Next touchpoint", "touchpoint", "always", 0, ""),
        ("health_review_log", "score", "Score", "number", "never", 0, ""),
        ("health_review_log", "band", "Band", "choice", "always", 0, "green | yellow | red"),
        ("health_review_log", "moved", "Has it moved?", "choice", "always", 0, "no | yes"),
        ("health_review_log", "found", "What the investigation found", "words", "moved=yes", 5, ""),
        ("health_review_log", "outcome", "Outcome", "choice", "always", 0, f"{STABLE} | action"),
        ("health_review_log", "follow_ups", "Action", "follow_ups", "outcome=action", 0, ""),
        ("renewal_risk_brief", "summary", "Brief", "words", "always", 8, ""),
        ("renewal_risk_brief", "level", "Risk level", "choice", "always", 0, "low | medium | high"),
        ("renewal_risk_brief", "follow_ups", "Action", "follow_ups", "always", 0, ""),
        ("escalation_handoff", "outside_owner", "Owner outside CS", "person", "always", 0, ""),
        ("escalation_handoff", "path", "Path to the resolution", "words", "always", 5, ""),
        ("escalation_handoff", "own_part", "Your own part", "choice", "always", 0, "closed | transitioned"),
        ("escalation_handoff", "transitioned_to", "To whom", "person", "own_part=transitioned", 0, ""),
        ("silence_record", "tried", "What was tried, on which channels", "words", "always", 3, ""),
        (
            "silence_record", "verdict", "Verdict", "choice", "always", 0,
            "re-engaged | moved to digital | risk confirmed | closed out",
        ),
        ("silence_record", "next_look", "Next look", "day", "always", 0, ""),
        ("decision_record", "decisions", "Decisions taken, and by whom", "words", "always", 5, ""),
        ("decision_record", "follow_ups", "Who does what", "follow_ups", "always", 0, ""),
        ("decision_record", "promised", "What was promised", "words", "never", 0, ""),
        ("decision_record", "next_review", "Next review", "day", "always", 0, ""),
        ("transfer_brief", "state", "Where the account stands", "words", "always", 8, ""),
        ("transfer_brief", "people", "People on both sides", "words", "always", 3, ""),
        ("transfer_brief", "promises", "Promises open", "words", "always", 1, ""),
        ("transfer_brief", "open_loops", "Open loops, and who takes each", "words", "always", 1, ""),
        ("transfer_brief", "told", "What the customer was told", "words", "always", 3, ""),
        ("transfer_brief", "receiver", "Receiver", "person", "always", 0, ""),
    )
)  # fmt: skip


def fault_of(known: frozenset[str], closing: frozenset[str], questions: tuple[Question, ...]) -> str:
    """Return what is wrong with the forms together, in words; empty where nothing is.

    Args:
        known: all kinds of artifacts.
        closing: those that close a loop; each needs a form.
        questions: of all forms.
    """
    for row in questions:
        if row.artifact not in known:
            return f"{_called(row)} is of an artifact that kinds does not have"
        by_field = {each.field: each for each in questions if each.artifact == row.artifact}
        fault = _options_fault(row) or _needed_fault(row, by_field)
        if fault:
            return f"{_called(row)} {fault}"
    for kind in sorted(known):
        form = [row for row in questions if row.artifact == kind]
        if len(form) > MOST_FIELDS:
            return f"the form of '{kind}' has {len(form)} questions; at most {MOST_FIELDS} are short"
        if kind in closing and not any(row.needed == "always" for row in form):
            return f"'{kind}' closes a loop, and its form has no question that is always answered"
    return ""


def _called(row: Question) -> str:
    return f"the question '{row.field}' of '{row.artifact}'"


def _options_fault(row: Question) -> str:
    if row.asks != "choice":
        return ""
    alike = [each.casefold() for each in row.answers]
    if len(alike) < 2:
        return "is a choice and needs two options with | between"
    twice = next((each for each in alike if alike.count(each) > 1), None)
    return f"has the option '{twice}' twice" if twice else ""


def _needed_fault(row: Question, by_field: Mapping[str, Question]) -> str:
    """Return why an answer could never be needed after another one; empty where it can."""
    asked, equals, wanted = row.needed.partition("=")
    other = by_field.get(asked)
    if not equals:
        return ""
    if other is None or other is row:
        return f"is needed after '{asked}', which the form does not ask"
    if other.asks != "choice":
        return f"is needed after '{asked}', which is no choice"
    if wanted.strip().casefold() not in [each.casefold() for each in other.answers]:
        return f"is needed after '{asked}={wanted}', which is no option of it"
    return ""
