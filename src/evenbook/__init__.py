"""Evenbook: an operating system for customer success teams.

The folders in here are slices, in river order; `docs/map.md` is their map and
`pyproject.toml` holds the order that a machine checks.
"""

__version__ = "0.1.0"
