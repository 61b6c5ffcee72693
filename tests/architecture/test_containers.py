"""The container files say what they should, and what they name is there. They can't be built in a test."""

from __future__ import annotations

import json
import re
import shlex

import yaml

from river import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
STEPS = [
    step.replace("\\\n", " ").split(None, 1)
    for step in re.findall(r"^[A-Z]+ (?:.*\\\n)*.*$", DOCKERFILE, flags=re.MULTILINE)
]
WANTED = {"database", "web", "worker"}


def steps(word: str) -> list[str]:
    return [rest for name, rest in STEPS if name == word]


def test_the_image_runs_as_nobody_special_says_whether_it_lives_and_pins_its_base():
    assert steps("USER") == ["10001"] and STEPS.index(["USER", "10001"]) > max(
        map(STEPS.index, [s for s in STEPS if s[0] == "RUN"])
    )
    assert all(re.match(r"python:3\.\d+-slim\b", image) for image in steps("FROM"))
    assert "/health" in steps("HEALTHCHECK")[0] and steps("VOLUME") == ["/data"] and not steps("ADD")
    assert all("--no-cache-dir" in run for run in steps("RUN") if "pip install" in run)
    commands = [*steps("ENTRYPOINT"), *steps("CMD"), steps("HEALTHCHECK")[0].partition("CMD ")[2]]
    assert all(isinstance(json.loads(command), list) for command in commands)


def test_what_the_image_copies_is_there_and_is_let_through_to_the_build():
    copied = [word for step in steps("COPY") if "--from" not in step for word in shlex.split(step)[:-1]]
    let = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert [name for name in copied if name.split("/")[0] not in let] == []


def test_the_services_are_the_database_the_pages_and_the_worker_and_no_password_is_written_down():
    services = COMPOSE["services"]
    assert set(services) == WANTED and "healthcheck" in services["database"]
    for name in ("web", "worker"):
        waits = services[name]["depends_on"]["database"]
        assert waits == {"condition": "service_healthy"} and services[name]["volumes"] == ["data:/data"]
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"] and "ports" not in services["database"]
    said = [
        text
        for each in services.values()
        for text in each["environment"].values()
        if "PASSWORD" in text or "SECRET" in text
    ]
    assert len(said) == 5 and all(":?" in text for text in said)


def test_the_variables_of_the_services_and_of_the_image_exist():
    from evenbook.site.variables import unknown

    named = {name for each in COMPOSE["services"].values() for name in each["environment"]}
    in_image = re.findall(r"\b(EVENBOOK_[A-Z_]+)=", DOCKERFILE)
    assert unknown([*named, *in_image]) == []


def test_the_command_of_the_image_and_of_each_service_exists_with_its_options():
    from evenbook.site.cli import command_called

    services = [each["command"] for each in COMPOSE["services"].values() if "command" in each]
    assert len(services) == 2
    for name, *options in [json.loads(steps("CMD")[0]), *services]:
        known = {option for parameter in command_called(name).params for option in parameter.opts}
        known |= {option for parameter in command_called(name).params for option in parameter.secondary_opts}
        assert [word for word in options if word.startswith("--") and word not in known] == []
