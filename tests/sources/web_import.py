"""Sending files to the import pages and reading what comes back, for the tests of those pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evenbook.people.actions import add_user
from evenbook.people.viewer import SYSTEM

MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
ACCOUNTS = (
    b"Account ID,Account Name,Website,ARR\n"
    b"A-1,Northwind Foods,northwind.example,120000\nA-2,Kestrel Bio,kestrel.example,80000\n"
)
DOUBTFUL = (
    b"Account ID,Account Name,Renewal Date\nA-1,Northwind Foods,03/04/2026\nA-2,Kestrel Bio,05/06/2026\n"
)
BAD_ROW = (
    b"Account ID,Account Name,Renewal Date\nA-1,Northwind Foods,2026-04-03\nA-2,Kestrel Bio,31.31.2026\n"
)


def signed_in(role: str, *, name: str = "", **more: Any) -> Client:
    """Return a client with a new user of this role."""
    named = name or role.capitalize()
    user = add_user(SYSTEM, mail=f"{named.lower()}@evenbook.example", name=named, role=role, now=MORNING)
    client = Client(**more)
    client.force_login(user)
    return client


def sent(name: str, data: bytes) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, data)


def send(client: Client, *files: SimpleUploadedFile, **more: Any) -> Any:
    """Send files and return what the page with the form answers."""
    return client.post("/import", {"files": list(files), **more})


def send_raw(client: Client, name: str, data: bytes) -> Any:
    """Send a file under exactly this name, as no browser would but somebody might."""
    edge = "----edge"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        + data
        + f"\r\n--{edge}--\r\n".encode()
    )
    return client.generic("POST", "/import", body, content_type=f"multipart/form-data; boundary={edge}")


def preview_of(client: Client, *files: SimpleUploadedFile, **more: Any) -> tuple[str, str]:
    """Send files; return the address of their preview and its text."""
    answer = send(client, *files, **more)
    assert answer.status_code == 302, answer.text
    return answer["Location"], client.get(answer["Location"]).text


def words(html: str) -> str:
    """Return the text of a page without its tags, white space folded."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def stored(home: Path) -> list[str]:
    """Return every file below the folder of the instance, by its path."""
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())
