"""Which table a file is, and what its columns mean. Pure.

A tool's export is told by headers that only it has, by what the file calls its own records, or by
a file name that fits headers which fit. Anything else is matched word by word against the tables
of ``generic``. Where two tables fit about as well, a person is asked; where none fits, the nearest
is proposed and nothing is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from evenbook.sources.profile import ColumnProfile, SheetProfile
from evenbook.sources.rules.catalogue import hubspot, others, salesforce, zendesk
from evenbook.sources.rules.exports import Export, letters
from evenbook.sources.rules.fields import Field, Table
from evenbook.sources.rules.generic_facts import all_tables
from evenbook.sources.rules.headers import header
from evenbook.sources.rules.mapping import CUSTOM, MEASURE, SKIP, FileMapping
from evenbook.sources.rules.special import TABLES as SPECIAL

CATALOGUE: tuple[Export, ...] = (
    *salesforce.EXPORTS,
    *zendesk.EXPORTS,
    *hubspot.EXPORTS,
    *others.EXPORTS,
)
NOT_USED = {"Salesforce": salesforce.NOT_USED, "HubSpot": hubspot.NOT_USED, "Zendesk": zendesk.NOT_USED}
TOOL_MARKS = frozenset({"_fivetran_synced", "url", "via.channel", "portal_id"})
"""Headers that only tools and loaders write."""
CLEAR_LEAD = 1.5
FILE_NAME_WEIGHT = 3.0
LEAST_SCORE = 3.0
USAGE_WORDS = re.compile(
    r"(^|_)(active|logins?|sessions?|events?|users?|views?|api|calls?|queries|actions?|clicks?|exports?|reports?|usage"
    r"|minutes|seconds|secs|hours|errors?|messages?|storage|visits?|opens?|dau|wau|mau|requests?|count|records|rows"
    r"|jobs|runs|features?|adoption|seats_used|duration|logged|documents?|projects?|tasks_completed|transactions)(_|$)"
)
_URL_OBJECT = re.compile(r"/api/v\d+/(?:[a-z_]+/\d+/)*([a-z_]+)/\d+(?:\.json)?$")
_STEM_NOISE = re.compile(
    r"((^|_)(data|export|extract|dump|full|all|raw|seed|table|report|list|final|copy|new|v\d+|\d+))+$"
)
_STEM_DATA = re.compile(r"(_data)+$")
_STEM_VENDOR = re.compile(
    r"^(sf|salesforce|hubspot|zendesk|zoho|pipedrive|freshsales|gainsight|intercom|stg|src|dim|fct|fact)_"
)


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a file was taken for.

    Args:
        mapping: the table and its columns; of the nearest guess where the file is in doubt.
        verdict: ``known``, ``doubt`` (two tables fit), ``unknown`` (none does) or ``unused``.
        rivals: other tables that fit, the likeliest first.
        why: why a known file is not used.
    """

    mapping: FileMapping
    verdict: str
    rivals: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What recognition looks at.

    Args:
        file: the file's name, with its folder.
        headers: its columns.
        object_type: what the file calls its own records, or "".
        profile: its columns in figures.
        repeats: whether a column's values repeat, by header; only where it was looked at.
    """

    file: str
    headers: Sequence[str]
    object_type: str
    profile: SheetProfile
    repeats: dict[str, bool] = field(default_factory=dict)


def recognize(look: Look) -> Recognized:
    """Return what a file is taken for."""
    unused = _unused(look)
    if unused is not None:
        return unused
    export = _export_of(look)
    if export is not None:
        return Recognized(_export_mapping(export, look), "known")
    return _generic(look)


def mapping_for(table: str, look: Look, *, source: str = "generic") -> FileMapping:
    """Return the mapping of a file to a table that somebody chose."""
    kind = all_tables()[table]
    return FileMapping(table, source, kind.label, _generic_columns(kind, look))


def stem_of(file: str, *, noise: re.Pattern[str] | None = None) -> str:
    """Return a file's name without folder, ending, numbers and words such as "export"."""
    name = PurePosixPath(file.rpartition("#")[2] or file).name
    stem = name.rsplit(".", 1)[0] if "." in name else name
    plain = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")
    return (noise or _STEM_NOISE).sub("", plain).strip("_") or plain


def _export_of(look: Look) -> Export | None:
    spelled = {letters(each) for each in look.headers}
    stem = _STEM_VENDOR.sub("", stem_of(look.file))
    kind = (_object_of_urls(look) or look.object_type).lower()
    best: tuple[float, Export] | None = None
    for export in CATALOGUE:
        strength = _strength(export, spelled, stem, kind)
        if strength is not None and (best is None or strength > best[0]):
            best = (strength, export)
    return best[1] if best else None


def _strength(export: Export, spelled: set[str], stem: str, kind: str) -> float | None:
    """Return how well an export fits, or None where it doesn't."""
    is_named = kind in {each.lower() for each in export.objects} if kind else False
    if kind and export.objects and not is_named:
        return None
    marks = len(set(export.some) & spelled)
    fits = set(export.needs) <= spelled and marks >= export.least
    present = sum(1 for each in export.needs if each in spelled)
    if not fits and not (is_named and present >= 0.6 * len(export.needs)):
        return None
    carried = sum(1 for headers in export.columns.values() if spelled & set(headers))
    is_stem = stem in export.stems
    if export.stems and not is_named and not is_stem and "fivetransynced" in spelled:
        return None
    return carried + marks + 5 * is_named + 4 * is_stem + len(export.needs) + 3 * fits


def _object_of_urls(look: Look) -> str:
    """Return what the records' own addresses call them, as Zendesk's do."""
    column = next((each for each in look.profile.columns if each.name == "url"), None)
    found = _URL_OBJECT.search(column.distinct[0]) if column and column.distinct else None
    return found[1] if found else ""


def _unused(look: Look) -> Recognized | None:
    if not (look.object_type or TOOL_MARKS & set(look.headers) or _has_synced(look)):
        return None
    stem = _STEM_VENDOR.sub("", stem_of(look.file, noise=_STEM_DATA))
    said = _object_of_urls(look) or look.object_type.lower()
    names = [said.removesuffix("s"), stem] if said else [stem]
    folder = look.file.lower()
    for tool, reasons in sorted(NOT_USED.items(), key=lambda pair: pair[0].lower() not in folder):
        name = next((each for each in names if each in reasons), "")
        if name:
            label = f"{tool} {name.replace('_', ' ')}"
            mapping = FileMapping("", tool.lower(), label, dict.fromkeys(look.headers, SKIP))
            return Recognized(mapping, "unused", why=reasons[name])
    return None


def _has_synced(look: Look) -> bool:
    return any(each.lower().endswith("_synced") for each in look.headers)


def _export_mapping(export: Export, look: Look) -> FileMapping:
    by_letters: dict[str, str] = {}
    for each in look.headers:
        by_letters.setdefault(letters(each), each)
    columns: dict[str, str] = {}
    for name, spellings in export.columns.items():
        carrier = next((by_letters[each] for each in spellings if each in by_letters), None)
        if carrier is not None and carrier not in columns:
            columns[carrier] = name
    complete = {each: columns.get(each, _rest(each)) for each in look.headers}
    return FileMapping(export.table, export.source, export.label, complete, export.constants, is_vendor=True)


def _rest(name: str) -> str:
    return SKIP if name.startswith("_fivetran") or name == "url" else CUSTOM


def _generic(look: Look) -> Recognized:
    scores = sorted(
        ((score, table) for table in all_tables().values() if (score := _score(table, look)) is not None),
        key=lambda pair: (-pair[0], pair[1].name),
    )
    if not scores or scores[0][0] < LEAST_SCORE:
        nearest = scores[0][1] if scores else _nearest(look)
        if nearest is None:
            return Recognized(FileMapping("", "generic", "", dict.fromkeys(look.headers, CUSTOM)), "unknown")
        mapping = FileMapping(nearest.name, "generic", nearest.label, _generic_columns(nearest, look))
        return Recognized(mapping, "unknown", tuple(each.name for _, each in scores[1:4]))
    best = scores[0][1]
    mapping = FileMapping(best.name, "generic", best.label, _generic_columns(best, look))
    rivals = tuple(table.name for score, table in scores[1:] if scores[0][0] - score < CLEAR_LEAD)
    return Recognized(mapping, "doubt" if rivals else "known", rivals)


def _score(table: Table, look: Look) -> float | None:
    """Return how much speaks for a table, or None where something that it needs is missing."""
    if table.name in SPECIAL:
        return None
    columns = _generic_columns(table, look)
    found = {name for name in columns.values() if name not in {CUSTOM, SKIP, MEASURE}}
    if not all(set(group) & found for group in table.needs):
        return None
    score = sum(each.weight for each in table.fields if each.name in found and _is_first(each, table))
    stem = stem_of(look.file)
    if re.search(rf"(^|_)({table.files})(_|$)", stem):
        score += FILE_NAME_WEIGHT + (1 if re.fullmatch(table.files, stem) else 0)
    return score + _fitness(table, columns, look)


def _is_first(each: Field, table: Table) -> bool:
    return table.field(each.name) is each


def _fitness(table: Table, columns: dict[str, str], look: Look) -> float:
    """Return what the rows themselves say for or against a table."""
    found = set(columns.values())
    if table.name == "usage":
        measures = [each for each, name in columns.items() if name == MEASURE]
        named = sum(1 for each in measures if USAGE_WORDS.search(header(each).plain))
        if not (named or found & {"value", "user_id", "event"}):
            return -10.0
        return min(4.0, 1.5 * named)
    if table.is_unique_by_account:
        key = next((each for each, name in columns.items() if name in {"account_id", "account_name"}), "")
        return -6.0 if look.repeats.get(key) else 1.5
    if table.name == "people" and _speaks_of_accounts(look):
        return -6.0
    if table.name == "contacts":
        has_person = found & {"contact_mail", "first_name", "last_name", "title", "is_champion"}
        return (0.0 if _speaks_of_accounts(look) else -4.0) + (0.0 if has_person else -4.0)
    return 0.0


def _speaks_of_accounts(look: Look) -> bool:
    reference = [
        each for each in all_tables()["tickets"].fields if each.name in {"account_id", "account_name"}
    ]
    return any(field.fits(header(each).plain) for each in look.headers for field in reference)


def _generic_columns(table: Table, look: Look) -> dict[str, str]:
    """Return each header's field: the first pattern that fits wins, and each field is taken once."""
    plain = {each: header(each).plain for each in look.headers}
    columns: dict[str, str] = {}
    taken: set[str] = set()
    for each in table.fields:
        carriers = [name for name in look.headers if name not in columns and each.fits(plain[name])]
        carriers = [name for name in carriers if can_hold(each, _column(look, name))]
        if carriers and each.name not in taken:
            columns[carriers[0]] = each.name
            taken.add(each.name)
    return {each: columns.get(each) or _other(table, each, look) for each in look.headers}


def _other(table: Table, name: str, look: Look) -> str:
    if name.startswith("_fivetran"):
        return SKIP
    column = _column(look, name)
    is_number = column is not None and column.looks_like in {"number", "money"} and column.numbers is not None
    return MEASURE if table.rests == "measure" and is_number else CUSTOM


def _column(look: Look, name: str) -> ColumnProfile | None:
    return next((each for each in look.profile.columns if each.name == name), None)


NUMBERS = frozenset({"money", "rate", "number", "integer", "share", "minutes"})
DATES = frozenset({"past", "plan", "booked"})


def can_hold(each: Field, column: ColumnProfile | None) -> bool:
    """Return whether the cells of a column are at least of the kind that a field wants."""
    if column is None or column.looks_like == "empty":
        return True
    if each.type in DATES:
        return column.dates is not None or column.looks_like in {"date", "number", "text", "id"}
    if each.type in NUMBERS:
        return column.looks_like not in {"date", "email", "url"} and (
            column.numbers is not None
            or each.type == "minutes"
            or column.looks_like in {"text", "name", "category"}
        )
    if each.type == "boolean":
        return column.looks_like not in {"date", "money", "email", "url"}
    if each.type == "mail":
        return column.looks_like not in {"date", "number", "money", "boolean"}
    if each.type in {"name", "word"}:
        return column.looks_like not in {"date"} or each.type == "word"
    return True


def _nearest(look: Look) -> Table | None:
    """Return the table that most headers would fit, needs or not; None where none fits any."""
    best: tuple[float, Table | None] = (0.0, None)
    for table in all_tables().values():
        found = {
            name for name in _generic_columns(table, look).values() if name not in {CUSTOM, SKIP, MEASURE}
        }
        score = sum(each.weight for each in table.fields if each.name in found and _is_first(each, table))
        if table.name not in SPECIAL and score > best[0]:
            best = (score, table)
    return best[1]
