"""Tags and filters that every template may use: figures, tags of state, charts, tables, empty pages.

Everything takes plain values or the dataclasses of ``screens``; what it writes is escaped. State is
said in a word, never by color alone; a chart says its numbers in its title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from evenbook.screens import charts, clock
from evenbook.screens import shown as saying
from evenbook.screens.queries import View
from evenbook.screens.sentences import Figure, Part
from evenbook.screens.tables import Listing

register = template.Library()

TONES = {"good", "warn", "bad", "quiet", ""}
TONE_OF_COLOR = {"green": "good", "yellow": "warn", "amber": "warn", "red": "bad"}


@register.simple_tag
def figure(value: Figure | float | None, unit: str = "number", **more: str) -> SafeString:
    """Write a number that opens; where there is none there is nothing to open.

    Takes a ``Figure``, or value and unit with href, name, text, currency.
    """
    made = value if isinstance(value, Figure) else Figure(more.pop("name", ""), value, unit, **more)
    said = made.shown
    if not made.href or made.value is None:
        return format_html('<span title="{}">{}</span>', said.exact, said.text)
    return format_html(
        '<a class="figure" href="{}" data-figure="{}" data-value="{}" title="{}">{}</a>',
        made.href,
        made.name,
        said.value,
        said.exact,
        said.text,
    )


@register.simple_tag
def sentence(parts: Sequence[Part] | str) -> SafeString:
    """Write a sentence of text and figures."""
    if isinstance(parts, str):
        return format_html("{}", parts)
    written = ((figure(part) if isinstance(part, Figure) else part,) for part in parts)
    return format_html_join("", "{}", written)


@register.simple_tag
def tag(label: str, tone: str = "quiet", title: str = "") -> SafeString:
    """Write a state as a word with its shape. ``tone`` is good, warn, bad, quiet or a color's name."""
    shape = TONE_OF_COLOR.get(tone, tone if tone in TONES else "quiet")
    return format_html('<span class="tag {}"{}>{}</span>', shape, _title(title), words(label))


@register.simple_tag
def bar(value: float | None, **more: Any) -> SafeString:
    """Write a bar from 0 with its target mark. Takes most, target, tone, label, unit."""
    drawn = charts.bar(
        value, most=more.get("most", 125.0), target=more.get("target"), tone=more.get("tone", "")
    )
    said = saying.shown(value, more.get("unit", "percent"))
    target = saying.shown(more.get("target"), more.get("unit", "percent")).text
    text = f"{more.get('label', '')} {said.text}{f', mark at {target}' if drawn.mark else ''}".strip()
    mark = (
        format_html('<line class="mark" x1="{}%" x2="{}%" y1="0" y2="14"/>', drawn.mark, drawn.mark)
        if drawn.mark
        else SafeString("")
    )
    return format_html(
        '<svg class="bar {}" role="img" aria-label="{}"><title>{}</title>'
        '<rect class="all" y="3" width="100%" height="8" rx="4"/>'
        '<rect class="filled" y="3" width="{}%" height="8" rx="4"/>{}</svg>',
        TONE_OF_COLOR.get(drawn.tone, drawn.tone),
        text,
        text,
        drawn.filled,
        mark,
    )


@register.simple_tag
def step(low: float, high: float, **more: Any) -> SafeString:
    """Write a step of a bridge between two amounts. Takes most, tone, label."""
    drawn = charts.step(low, high, most=more.get("most", 100.0))
    return format_html(
        '<svg class="bar {}" role="img" aria-label="{}"><title>{}</title>'
        '<rect class="all" y="3" width="100%" height="8" rx="4"/>'
        '<rect class="filled" x="{}%" y="3" width="{}%" height="8" rx="4"/></svg>',
        more.get("tone", ""),
        more.get("label", ""),
        more.get("label", ""),
        drawn.left,
        drawn.width,
    )


@register.simple_tag
def span(low: float, high: float, value: float, **more: Any) -> SafeString:
    """Write an interval of a multiplier on a scale of ratios. Takes mark, most, label."""
    mark = more.get("mark", 1.0)
    drawn = charts.span(low, high, value, mark=mark, most=more.get("most", 4.0))
    said = f"{value:.2f}, between {low:.2f} and {high:.2f}; mark at {mark:.2f}"
    text = f"{more.get('label', '')} {said}".strip()
    return format_html(
        '<svg class="span" role="img" aria-label="{}"><title>{}</title>'
        '<line class="all" x1="0" x2="100%" y1="7" y2="7"/>'
        '<line class="reach" x1="{}%" x2="{}%" y1="7" y2="7"/>'
        '<line class="mark" x1="{}%" x2="{}%" y1="0" y2="14"/><circle cx="{}%" cy="7" r="3"/></svg>',
        text,
        text,
        drawn.low,
        drawn.high,
        drawn.mark,
        drawn.mark,
        drawn.value,
    )


@register.simple_tag
def sparkline(values: Sequence[float | None], label: str, unit: str = "number") -> SafeString:
    """Write a line of weeks, oldest first, with a gap where a week has no value."""
    drawn = charts.line(values, label=label, unit=unit)
    dot = (
        format_html('<circle cx="{}" cy="{}" r="2"/>', drawn.last_x, drawn.last_y)
        if drawn.last_x
        else SafeString("")
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>'
        '<path d="{}"/>{}</svg>',
        f"{charts.WIDTH:.0f}",
        f"{charts.HEIGHT:.0f}",
        drawn.text,
        drawn.text,
        drawn.path,
        dot,
    )


@register.simple_tag
def bands(rows: Sequence[tuple[str, Sequence[tuple[float, float, float]]]], label: str) -> SafeString:
    """Write lines with their intervals: each a name and (low, middle, high) in order."""
    drawn, (floor, top) = charts.bands([row for _, row in rows])
    said = "; ".join(
        f"{name}: from {row[0][1]:,.0f} to {row[-1][1]:,.0f}, "
        f"at the end {row[-1][0]:,.0f} to {row[-1][2]:,.0f}"
        for name, row in rows
        if row
    )
    inside = format_html_join(
        "",
        '<path class="area is-{}" d="{}"/><path class="line is-{}" d="{}"/>',
        ((place, each.area, place, each.path) for place, each in enumerate(drawn)),
    )
    names = format_html_join(
        "", '<span class="key is-{}">{}</span>', ((place, name) for place, (name, _) in enumerate(rows))
    )
    return format_html(
        '<figure class="bands"><svg viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
        'aria-label="{}">'
        '<title>{}</title>{}</svg><figcaption>{}<span class="why">{}</span></figcaption></figure>',
        f"{charts.WIDE:.0f}",
        f"{charts.TALL:.0f}",
        f"{label}: {said}",
        f"{label}: {said}",
        inside,
        names,
        f"the scale goes from {floor:,.0f} to {top:,.0f}",
    )


@register.simple_tag
def delta(
    now: float | None, before: float | None, unit: str = "number", since: str = "last week"
) -> SafeString:
    """Write a difference with its sign and since when; nothing where either is missing."""
    if now is None or before is None:
        return SafeString("")
    said = f"{saying.difference(now - before, unit)} since {since}"
    return format_html(
        '<span class="delta" title="before: {}">{}</span>', saying.shown(before, unit).exact, said
    )


@register.simple_tag
def empty(what: str, then: str = "", command: str = "") -> SafeString:
    """Write an empty page: what is not there, what will appear, and the command that fills it."""
    filled = format_html("<p><code>{}</code></p>", command) if command else SafeString("")
    return format_html('<div class="empty"><p><strong>{}</strong> {}</p>{}</div>', what, then, filled)


@register.inclusion_tag("screens/_table_head.html")
def table_head(listing: Listing) -> dict[str, Any]:
    """Write a table's caption and headings, each a link that sorts."""
    return {"listing": listing}


@register.inclusion_tag("screens/_table_filters.html")
def table_filters(listing: Listing) -> dict[str, Any]:
    """Write a table's filters as a form, and what of the address was not understood."""
    return {"listing": listing}


@register.inclusion_tag("screens/_table_views.html", takes_context=True)
def table_views(context: template.Context, listing: Listing, views: Sequence[View]) -> dict[str, Any]:
    """Write the views that the viewer keeps of a table, and the form that keeps this one."""
    request = context.get("request")
    return {
        "listing": listing,
        "views": views,
        "viewer": context.get("viewer"),
        "csrf_token": context.get("csrf_token"),
        "path": request.path if request else "",
    }


@register.inclusion_tag("screens/_table_foot.html")
def table_foot(listing: Listing) -> dict[str, Any]:
    """Write which rows are shown, the pages around them, and the exports."""
    return {"listing": listing}


@register.filter
def words(text: str) -> str:
    """Return a value of the records as words: at_risk is at risk."""
    return str(text).replace("_", " ")


@register.filter
def first_capital(text: str) -> str:
    """Return words with a capital at the start."""
    said = words(text)
    return said[:1].upper() + said[1:]


@register.filter
def role_word(role: str) -> str:
    """Return a role of the team as people call it: csm is CSM, mid_market is Mid market."""
    return "CSM" if role == "csm" else first_capital(role)


@register.filter
def of(key: str, titles: Mapping[str, str]) -> str:
    """Return what ``titles`` calls a value, else the value as words."""
    return titles.get(key) or first_capital(key)


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a day as 9 Mar 2026, of an instant by the reader's clock; a dash where there is none."""
    on = clock.local_day(value) if value else None
    return saying.day_text(on) if on else saying.MISSING


@register.filter
def long_day(value: date | datetime | None) -> str:
    """Return a day as Monday 9 March 2026."""
    on = clock.local_day(value) if value else None
    return f"{on:%A} {on.day} {on:%B %Y}" if on else saying.MISSING


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """Write an instant by the reader's clock: 9 Mar 2026, 14:05 CET."""
    return _time(at, day(at), f"{clock.hour(at)} {clock.zone_word(at)}")


@register.simple_tag
def soon(at: datetime) -> SafeString:
    """Write an instant of these days by the reader's clock: Mon 9 Mar, 14:05."""
    on = clock.local_day(at)
    return _time(at, f"{on:%a} {on.day} {on:%b}", clock.hour(at))


@register.simple_tag
def zone() -> str:
    """Return the zone that the page's times are in: Europe/London."""
    return str(clock.here()).replace("_", " ")


@register.filter
def exact(value: float | None, unit: str = "count") -> str:
    """Return a number exactly, with its unit."""
    return saying.shown(value, unit).exact if value is not None else saying.MISSING


@register.filter
def brief(value: float | None, unit: str = "number") -> str:
    """Return a number with at most three significant figures."""
    return saying.shown(value, unit).text


@register.filter
def machine(value: float | None) -> str:
    """Return a number for an attribute that a program reads; empty where there is none."""
    return "" if value is None else saying.machine(value)


@register.filter
def tier(number: int) -> str:
    """Return a tier as it is tagged: T1."""
    return f"T{number}"


@register.filter
def weeks(count: int) -> str:
    """Return how long something has gone on, in weeks."""
    return f"{count} {saying.plural(count, 'week')}"


@register.filter
def cell(value: Any) -> str:
    """Return a value of any kind as a cell says it."""
    if value is None:
        return saying.MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    return exact(float(value), "number") if isinstance(value, int | float | Decimal) else words(str(value))


@register.filter
def major(cents: int | None) -> str:
    """Return minor units as major ones for an attribute that a program reads; empty where there is none."""
    return "" if cents is None else saying.machine(cents / 100)


@register.filter
def typed(text: str) -> SafeString:
    """Return a sentence with what stands in it between backticks, to be typed, as code."""
    pieces = str(text).split("`")
    shapes = ("{}", "<code>{}</code>")
    return SafeString("".join(format_html(shapes[at % 2], piece) for at, piece in enumerate(pieces)))


def _time(at: datetime, on: str, hour: str) -> SafeString:
    if clock.is_whole_day(at):
        return format_html('<time datetime="{}">{}</time>', clock.local_day(at).isoformat(), on)
    title = f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return format_html('<time datetime="{}" title="{}">{}, {}</time>', at.isoformat(), title, on, hour)


def _title(title: str) -> SafeString:
    return format_html(' title="{}"', title) if title else SafeString("")
