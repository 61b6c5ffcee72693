"""A file of ten million rows is read and profiled in bounded memory.

The reading runs in a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = 10_000_000
ROOM_MB = 120

MEASURE = """
import json, resource, sys, time
from evenbook.sources.profile import Profiler
from evenbook.sources.reading import Sheet, open_paths

def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

before, started = peak_mb(), time.perf_counter()
(sheet,) = open_paths([sys.argv[1]])
assert isinstance(sheet, Sheet), sheet
surveyed = time.perf_counter()
rows = sum(len(batch.rows) for batch in sheet.batches())
read = time.perf_counter()
profiler = Profiler(sheet.header)
for batch in sheet.batches():
    profiler.see(batch)
order = profiler.result().column("used_on").dates.verdict
print(json.dumps({
    "rows": rows, "order": order, "grown_mb": peak_mb() - before,
    "survey_s": surveyed - started, "read_s": read - surveyed, "profile_s": time.perf_counter() - read,
}))
"""


def write_usage(path: Path, rows: int) -> None:
    """Write usage rows whose only proof of the date order stands in the last one."""
    header = "usage_id,subscription_id,used_on,feature,count,seconds,errors,is_beta\n"
    with path.open("w", encoding="utf-8") as file:
        file.write(header)
        for start in range(0, rows - 1, 10_000):
            file.writelines(
                f"U-{n:08x},S-{n % 5000:06x},{1 + n % 12:02d}/{1 + n // 12 % 12:02d}/2024,feature_{n % 40},"
                f"{n % 17},{n % 6000},{n % 3},{'True' if n % 9 else 'False'}\n"
                for n in range(start, min(start + 10_000, rows - 1))
            )
        file.write("U-last,S-000001,31/12/2024,feature_1,1,1,0,False\n")


@pytest.mark.slow
def test_ten_million_rows_are_read_in_bounded_memory(tmp_path: Path):
    path = tmp_path / "usage.csv"
    write_usage(path, ROWS)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    path.unlink()
    found = json.loads(done.stdout)
    print(found)

    assert (found["rows"], found["order"]) == (ROWS, "dmy")
    assert found["grown_mb"] < ROOM_MB
