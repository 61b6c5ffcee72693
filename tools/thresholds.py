"""Make the detector's thresholds for its usual setting, and put them beside their module.

A simulation takes a second and is needed for a handful of steps of noise in each history; all the steps
that fleets have take some minutes, once: whenever the simulation or the usual setting changes.

    .venv/bin/python tools/thresholds.py
"""

from __future__ import annotations

from dataclasses import astuple
from itertools import product
from pathlib import Path

import numpy as np

from evenbook import engine
from evenbook.engine import null_thresholds as null
from evenbook.engine.detector_params import DetectorParams

DISPERSIONS = range(-31, 3)
"""Steps of the logarithm of the noise: from none to speak of to half as much again as the level."""

WANDERS = range(-11, -2)
"""Steps of the logarithm of a week's wander: 1 to 30 percent."""


def main() -> None:
    """Simulate every pair of steps and write one file."""
    keys = list(product(DISPERSIONS, WANDERS))
    found = []
    for dispersion, wander in keys:
        print(f"noise {dispersion}, wander {wander}")
        found.append(astuple(null.simulated(null.NullFleet(dispersion, wander, DetectorParams()))))
    rows = np.rint(np.array(found) * 10**null.DECIMALS).astype(np.int32)
    assert engine.__file__ is not None
    np.savez_compressed(
        Path(engine.__file__).with_name(null.MADE_BEFOREHAND), keys=np.array(keys), thresholds=rows
    )


if __name__ == "__main__":
    main()
