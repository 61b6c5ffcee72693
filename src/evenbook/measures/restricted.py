"""The second way to fold rows into a figure: the mean time to something that has not yet happened to all.

A row has ``days``, and ``answered``: whether it ended then, or has only come so far. To leave out what has
not ended makes slow look quick. The restricted mean (Kaplan and Meier 1958, up to a horizon) counts it as
still standing: of those that had come as far, the same share will go on.

``parts`` gives the same figure as a sum over its rows: a row that ended counts its own days for itself and
for its share of those left open before it; what is open to the last counts the horizon (Efron 1967).

Pure: text in, text out; numbers in, numbers out.
"""

from __future__ import annotations

from collections.abc import Sequence

GROUP = "as_of, subject_kind, subject"

FIGURES = """told as ({each}),
placed as (
  select
    {group}, account,
    cast(least(days, {horizon}) as DOUBLE) as lasted,
    answered and days <= {horizon} as ended,
    row_number() over (partition by {group} order by least(days, {horizon}), not ended) as place,
    count(*) over (partition by {group}) as n
  from told
),
stood as (
  select
    *,
    coalesce(
      product(case when ended then 1 - 1.0 / (n - place + 1) else 1 end) over (
        partition by {group} order by place rows between unbounded preceding and 1 preceding
      ),
      1
    ) as before
  from placed
)
select
  {group},
  round(
    {horizon} - sum(case when ended then before / (n - place + 1) * ({horizon} - lasted) else 0 end), 9
  ) as value,
  count(account) as count
from stood
group by {group}"""
"""Every subject's rows in the order of their days, what stands before each, and the area that this leaves."""


def restricted_figures(named: str, subjects: Sequence[tuple[str, str]], *, horizon: str) -> str:
    """Return the query for the restricted mean of every subject.

    Args:
        named: a table with ``as_of``, ``account``, ``days``, ``answered`` and a column a subject.
        subjects: a subject's kind and the expression for its key; a row without a key is no subject's.
        horizon: the expression for the days up to which time counts.

    Returns:
        Common tables after those of the measure, and a select of ``as_of``, ``subject_kind``,
        ``subject``, ``value`` in days, and ``count``, the rows behind it.
    """
    each = " union all ".join(
        f"select as_of, '{kind}' as subject_kind, {key} as subject, account, days, answered "
        f"from {named} where {key} is not null"
        for kind, key in subjects
    )
    return FIGURES.format(each=each, group=GROUP, horizon=horizon)


def parts(days: Sequence[float], answered: Sequence[bool], *, horizon: float) -> list[float]:
    """Return for each row the days that it counts for: their sum over the number of rows is the figure.

    Args:
        days: days up to the answer, or so far. Shape (rows,).
        answered: whether it was answered. Shape (rows,).
        horizon: days up to which time counts.

    Returns:
        Days, in the order of the rows.
    """
    rows = len(days)
    ended = [bool(is_answered) and day <= horizon for day, is_answered in zip(days, answered, strict=True)]
    order = sorted(range(rows), key=lambda row: (min(days[row], horizon), not ended[row]))
    found, left = [0.0] * rows, 1.0
    for place, row in enumerate(order):
        if ended[row]:
            share = left / (rows - place)
            found[row], left = share * rows * days[row], left - share
    still = [row for row in order if not ended[row]]
    for row in still:
        found[row] = left * rows * horizon / len(still)
    return found
