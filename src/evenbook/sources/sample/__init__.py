"""The sample company: one seeded, date-shifted generator for the demo, tests, docs and benchmarks.

``company`` gives its tables, ``parquet`` writes them as rules see them, ``actions`` loads them
into an empty instance. What it is drawn from, and what was fixed before any detector was tuned,
stands in ``ranges``; who plays which part in ``story``.
"""
