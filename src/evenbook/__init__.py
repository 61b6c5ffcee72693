"""Evenbook: an operating system for customer success teams.

The folders in here are slices, in river order; `docs/map.md` is their map and
`pyproject.toml` holds the order that a machine checks.
"""

import os

__version__ = "0.1.0"

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
"""Read when numpy is loaded, which is later. Threads for matrices as small as ours wait for each other longer
than they work: a calibration of 10,000 accounts took 41 s of two processors, and takes 7 s of one."""
