"""What an instance keeps in its folder, and what of it a backup takes along."""

from __future__ import annotations

from evenbook.site.database import FILE

MARK = "demo.json"
"""Marks a demo: whose passwords everybody knows."""

CARRIED = ("files", "imports", "mappings", "rejects", MARK)
"""What people put in and what can't be made again."""

DATABASE = (FILE, f"{FILE}-wal", f"{FILE}-shm")

WORK = ("work", "work.sqlite3", "work.sqlite3-wal", "work.sqlite3-shm")
"""How far pieces of work are on this machine; which ones there are, the database says."""

MADE_AGAIN = ("cache", "static", "metrics", "starting.lock", "restoring", "backup.json", "moved.json", *WORK)
"""Caches and marks of this machine; what is missing here is made again or not missed."""

ITS_OWN = ("secret", "backups")
"""Never taken along, never thrown away: what signs, and the backups themselves."""

OURS = (*ITS_OWN, *DATABASE, *MADE_AGAIN, *(name for name in CARRIED if name != MARK))
"""All that is Evenbook's; anything else in the folder is somebody's and is never touched."""
