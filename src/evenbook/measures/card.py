"""A measure: one SQL file with its card in the opening comment.

The card says what a figure is, for the page, the tooltip, the docs and the API. The query has a
common table ``detail``, one row a thing counted, with a ``part`` and a ``whole``; its last select
folds them: a figure is the sum of the parts over the sum of the wholes. So every figure
opens into rows that add up to it, and an organisation can add a file of its own. Where the rows are
times that have not all come to their end, the fold is a restricted mean (``measures.restricted``) of
``days`` and ``answered``.

From one file come three queries: the figures of every subject, the rows of one figure, and the
figure of the whole base, which is the text as it stands.

Pure: text in, text out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources

from evenbook.frames.step import Step, read_sql, tables_read
from evenbook.kit.errors import EvenbookError
from evenbook.measures.restricted import restricted_figures

SUBJECTS = {"csm": "person", "team": "person", "pool": "pool", "tier": "tier", "segment": "segment"}
"""Who or what a figure can be of, and the column of ``detail`` that it needs. ``all`` needs none."""

DIRECTIONS = ("up", "down", "neither")
ASKED = ("measure", "label", "unit", "better", "window", "empty", "edges", "fold", "by")

_LINE = re.compile(r"^--\s?(?:([a-z]+):\s+)?(.*)$")
_FOLD = re.compile(
    r"^select as_of, sum\(part\) / nullif\(sum\(whole\), 0\) as value, count\(account\) as count "
    r"from detail group by as_of;?$"
)
_RESTRICTED = re.compile(
    r"^select as_of, restricted_mean\(days, answered, \$([a-z_]+)\) as value, count\(account\) as count "
    r"from detail group by as_of;?$"
)
_WORD = re.compile(r"'(?:[^']|'')*'|[a-z_]+|[()]", re.IGNORECASE)


class CardIncomplete(EvenbookError):
    """A measure's file does not say all that a measure must say."""

    kind = "card-incomplete"


@dataclass(frozen=True)
class Card:
    """What is said of a measure.

    Attributes:
        name: the measure, as commands and the API call it.
        label: as pages call it.
        unit: what 1 means.
        better: up, down or neither.
        window: the time that counts.
        empty: what an empty case gives.
        edges: what is in and what is out.
        fold: the fold in words, part over whole.
        by: the kinds of subject that it is given for, besides the whole base.
        package: the slice that the file stands in.
        sql: the file.
        horizon: the number of policy up to which a restricted mean counts days; empty where the figure
            is parts over wholes.
    """

    name: str
    label: str
    unit: str
    better: str
    window: str
    empty: str
    edges: str
    fold: str
    by: tuple[str, ...]
    package: str
    sql: str
    horizon: str = ""


def card_of(sql: str, *, package: str) -> Card:
    """Return the card that a measure's file opens with.

    Raises:
        CardIncomplete: a line is missing, or the query does not fold ``detail``.
    """
    said = _said(sql)
    missing = [name for name in ASKED if not said.get(name)]
    if missing:
        raise CardIncomplete(
            f"The measure '{said.get('measure', 'without a name')}' does not say: {', '.join(missing)}.",
            fix="Add a line such as '-- unit: share, 0 to 1' to the comment at the head of its file.",
        )
    by = tuple(word.strip() for word in said["by"].split(",") if word.strip() != "all")
    unknown = [word for word in by if word not in SUBJECTS]
    if unknown or said["better"] not in DIRECTIONS:
        raise CardIncomplete(
            f"The measure '{said['measure']}' is by {said['by']} and better {said['better']}.",
            fix=f"Choose from {', '.join([*SUBJECTS, 'all'])}, and one of {', '.join(DIRECTIONS)}.",
        )
    _, fold = _parted(sql, said["measure"])
    restricted = _RESTRICTED.match(fold)
    horizon = restricted.group(1) if restricted else ""
    rest = {name: said[name] for name in ASKED if name not in {"measure", "by"}}
    return Card(name=said["measure"], by=by, package=package, sql=sql, horizon=horizon, **rest)


def read_card(package: str, name: str) -> Card:
    """Return the card of ``<package>/rules/<name>.sql``."""
    return card_of(read_sql(package, name), package=package)


def cards_in(package: str) -> tuple[Card, ...]:
    """Return the cards of all measures that stand in a slice's rules, by name."""
    folder = resources.files(package).joinpath("rules")
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    texts = [folder.joinpath(name).read_text(encoding="utf-8") for name in files]
    return tuple(card_of(text, package=package) for text in texts if text.startswith("-- measure:"))


def measure_step(package: str, name: str) -> Step:
    """Return the step that gives the measure for every subject.

    It writes a table of the measure's name: ``as_of``, ``subject_kind``, ``subject`` (its key; the
    whole base is ``all``), ``value`` and ``count``, the accounts behind the value.
    """
    sql = figures_sql(read_card(package, name))
    return Step(writes=name, reads=tables_read(sql), sql=sql)


def figures_sql(card: Card) -> str:
    """Return the query for the figures of all subjects of a measure."""
    before, _ = _parted(card.sql, card.name)
    if card.horizon:
        return _restricted_sql(card, before, card.by)
    columns = ["as_of", *dict.fromkeys(SUBJECTS[kind] for kind in card.by)]
    sets = ", ".join(["(as_of)", *(f"(as_of, {kind})" for kind in card.by)])
    return f"""{before},
sums as (
  select {", ".join(columns)}, sum(part) as part, sum(whole) as whole, count(account) as accounts
  from detail
  group by {", ".join(columns)}
),
named as (
  select {", ".join(["s.as_of", *(_KEYS[kind] for kind in card.by), "s.part", "s.whole", "s.accounts"])}
  from sums s
  {" ".join(join for column, join in _KEYS_FROM.items() if column in columns)}
),
folded as (
  select
    as_of,
    {_subject_kind(card)} as subject_kind,
    {_subject(card)} as subject,
    sum(part) / nullif(sum(whole), 0) as value,
    cast(sum(accounts) as BIGINT) as count
  from named
  group by grouping sets ({sets})
)
select as_of, subject_kind, subject, value, count from folded where subject is not null"""


def whole_sql(card: Card) -> str:
    """Return the query for the figure of the whole base: ``as_of``, ``value`` and ``count``."""
    if not card.horizon:
        return card.sql
    before, _ = _parted(card.sql, card.name)
    return f"select as_of, value, count from ({_restricted_sql(card, before, ())})"


def _restricted_sql(card: Card, before: str, by: tuple[str, ...]) -> str:
    kinds = ", ".join(["s.as_of", "s.account", "s.days", "s.answered", *(_KEYS[kind] for kind in by)])
    joins = " ".join(join for column, join in _KEYS_FROM.items() if column in {SUBJECTS[kind] for kind in by})
    subjects = [*((kind, kind) for kind in by), ("all", "'all'")]
    return f"""{before},
named as (
  select {kinds}
  from detail s
  {joins}
),
{restricted_figures("named", subjects, horizon=f"${card.horizon}")}"""


_KEYS = {
    "csm": "p.key as csm",
    "team": "nullif(p.team, '') as team",
    "pool": "q.key as pool",
    "tier": "cast(s.tier as VARCHAR) as tier",
    "segment": "nullif(s.segment, '') as segment",
}
_KEYS_FROM = {
    "person": "left join person p on p.person = s.person",
    "pool": "left join pool q on q.pool = s.pool",
}


def _subject_kind(card: Card) -> str:
    cases = " ".join(f"when grouping({kind}) = 0 then '{kind}'" for kind in card.by)
    return f"case {cases} else 'all' end" if cases else "'all'"


def _subject(card: Card) -> str:
    """Return the expression for a subject's key; null for what stands under no owner, tier or segment."""
    if not card.by:
        return "'all'"
    ungrouped = " + ".join(f"grouping({kind})" for kind in card.by)
    return f"case {ungrouped} when {len(card.by)} then 'all' else coalesce({', '.join(card.by)}) end"


def rows_sql(card: Card, subject_kind: str) -> str:
    """Return the query for the rows of ``detail`` behind one figure.

    It asks for ``$as_of`` and, unless the subject is the whole base, ``$subject``, its key.

    Raises:
        CardIncomplete: the measure is not given for such subjects.
    """
    before, _ = _parted(card.sql, card.name)
    return f"{before}\nselect d.* from detail d where d.as_of = $as_of{_only(card, subject_kind)}"


def _only(card: Card, subject_kind: str) -> str:
    if subject_kind == "all":
        return ""
    if subject_kind not in card.by:
        raise CardIncomplete(
            f"{card.label} is not given by {subject_kind}.", fix=f"Ask by {', '.join([*card.by, 'all'])}."
        )
    asked = {
        "csm": "d.person in (select person from person where key = $subject)",
        "team": "d.person in (select person from person where team = $subject)",
        "pool": "d.pool in (select pool from pool where key = $subject)",
        "tier": "d.tier = cast($subject as BIGINT)",
        "segment": "d.segment = $subject",
    }
    return f" and {asked[subject_kind]}"


def _said(sql: str) -> dict[str, str]:
    """Return the lines ``-- name: words`` at the head of a file; further lines go on with the last."""
    said: dict[str, str] = {}
    last = ""
    for line in sql.splitlines():
        found = _LINE.match(line)
        if found is None:
            break
        name, words = found.groups()
        if name:
            last = name
            said[last] = words.strip()
        elif last:
            said[last] = f"{said[last]} {words.strip()}".strip()
    return said


def _parted(sql: str, name: str) -> tuple[str, str]:
    """Return the common tables of a measure's query, and its last select."""
    text = re.sub(r"--[^\n]*", "", sql).strip()
    start = _last_select(text)
    before, fold = text[:start].rstrip(), " ".join(text[start:].split())
    folds = _FOLD.match(fold) or _RESTRICTED.match(fold)
    if not re.search(r"\bdetail\s+as\s+(?:materialized\s+)?\(", before) or not folds:
        raise CardIncomplete(
            f"The query of the measure '{name}' does not fold its detail.",
            fix="End it with: select as_of, sum(part) / nullif(sum(whole), 0) as value, "
            "count(account) as count from detail group by as_of",
        )
    return before, fold


def _last_select(text: str) -> int:
    """Return where the first ``select`` outside all brackets stands, or the end."""
    depth = 0
    for found in _WORD.finditer(text):
        word = found.group().lower()
        depth += (word == "(") - (word == ")")
        if word == "select" and depth == 0:
            return found.start()
    return len(text)
