"""Where several processes of one server count together.

The library that counts looks for the folder when it is loaded, so this module loads it not.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which the library knows the folder."""


def gather_in(home: Path, *, server: int) -> None:
    """Have all processes of a server count into one new folder; called before any of them counts.

    Folders of servers that no longer run are taken away.

    Args:
        home: the instance's folder.
        server: the number of the process that the others come from.
    """
    folder = home / "metrics"
    for left in folder.glob("[0-9]*"):
        if left.name == str(server) or not _runs(int(left.name)):
            shutil.rmtree(left, ignore_errors=True)
    mine = folder / str(server)
    mine.mkdir(parents=True, exist_ok=True)
    os.environ[FOLDER] = str(mine)


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
