"""An instance, asked over real HTTP: by the Python client, and by the commands of the guide."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.test import Client
from tests.pages import company

from evenbook.client.asking import Instance, Refused
from evenbook.kit.http import NoAnswer
from evenbook.people.models import AuditEntry
from evenbook.policy.actions import ensure_first

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "api.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ACCOUNTS = b"Account ID,Account Name,Website\n001,Quarry Tools,quarry.example\n"


def blocks(kind: str) -> list[str]:
    return [text for name, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")) if name == kind]


def asked(line: str, values: dict[str, str]) -> tuple[str, str, dict[str, str], bytes | None]:
    """Return method, address, headers and body of a line of curl; what curl would need is all that is known."""
    for name, value in values.items():
        line = line.replace(f"${name}", value)
    words = shlex.split(line, comments=True)[1:]
    method, address, headers, body = "", "", {}, None
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word in {"-d", "--data-binary"}:
            given = words.pop(0)
            body = ACCOUNTS if given == "@accounts.csv" else given.encode()
        else:
            address = word
    return method or ("POST" if body else "GET"), address, headers, body


def test_the_commands_of_the_guide_do_what_it_says(program):
    ensure_first(company.NOW)
    header = program("operations", "read", "import", "policy").defaults["HTTP_AUTHORIZATION"]
    values = {"TOKEN": header.removeprefix("Bearer "), "EVENBOOK": "", "UPLOAD": ""}
    last = None
    lines = [line for text in blocks("sh") for line in text.splitlines() if line.startswith("curl")]
    for line in lines:
        method, address, headers, body = asked(line, values)
        kind = headers.pop("Content-Type", "")
        given = {"data": body, "content_type": kind} if body else {}
        last = Client(headers=headers).generic(method, address, **given)
        said = re.search(r"# (\d{3})$", line)
        assert last.status_code == int(said[1]) if said else last.status_code in {200, 201}, (
            line,
            last.content,
        )
        values["UPLOAD"] = last.json().get("upload", values["UPLOAD"])

    assert len(lines) >= 15
    example = eval(blocks("json")[0].replace("true", "True"))
    assert set(example) == set(last.json()) and example["type"] == last.json()["type"]
    assert example["fix"] == last.json()["fix"]


def test_the_client_pages_writes_sends_and_says_what_was_refused(
    program, live_server, capsys, tmp_path, settings
):
    settings.EVENBOOK_HOME = tmp_path
    token = program("operations").defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    exec(blocks("python")[0], names := {"ADDRESS": live_server.url, "TOKEN": token})
    assert names["at_risk"][0] == "Harbor Freight Lines"
    assert capsys.readouterr().out == "not-found 404 See /api/v1/accounts.\n"

    (tmp_path / "accounts.csv").write_bytes(ACCOUNTS)
    with Instance(live_server.url, token=token) as evenbook:
        assert len(list(evenbook.rows("accounts", limit=5))) == 24
        user = {"mail": "new@example.com", "name": "New", "role": "csm"}
        assert evenbook.write("POST", "users", user, key="k1") == evenbook.write(
            "POST", "users", user, key="k1"
        )
        both = {**user, "mail": "both@example.com"}
        with ThreadPoolExecutor(4) as at_once:
            answers = list(at_once.map(lambda _: evenbook.write("POST", "users", both, key="k3"), range(4)))
        assert answers == [answers[0]] * 4 and AuditEntry.objects.filter(thing_name="New").count() == 2
        upload = evenbook.send_file(tmp_path / "accounts.csv", key="k2")
        assert upload["files"][0]["file"] == "accounts.csv"
        assert evenbook.write("DELETE", f"uploads/{upload['upload']}") is None
        with pytest.raises(Refused) as refused:
            evenbook.get("accounts", nosuch=1)
        assert refused.value.kind == "invalid" and refused.value.errors[0]["where"] == "query.nosuch"
    with Instance(live_server.url, token="evb_wrong") as evenbook, pytest.raises(Refused) as refused:
        evenbook.get("me")
    assert refused.value.status == 401 and "evb_wrong" not in str(refused.value)


def test_a_server_that_is_not_there_or_is_another_is_told_apart_from_a_refusal():
    with Instance("http://127.0.0.1:9", token="x") as evenbook, pytest.raises(NoAnswer) as error:
        evenbook.get("me")

    assert error.value.retry is True and "127.0.0.1" in error.value.what


def test_the_client_loads_no_framework():
    code = "import sys; from evenbook.client.asking import Instance; print('django' in sys.modules, 'ninja' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False False\n"
