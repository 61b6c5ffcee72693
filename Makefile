# The dozen things one does here. `make` alone lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := list

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name))))
PIP := $(BIN)/python -m pip --disable-pip-version-check
export PYTHONUNBUFFERED := 1

.PHONY: list setup run test proofs check fix docs demo golden bench load faults reviews slides release

list:
	@echo "Evenbook: make <target>"; echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.dev ## install Evenbook and all that checks and tests need into .venv, nothing else
	@echo "setup: ready in $(VENV). Next: make demo, make test or make check."

run: $(VENV)/.runtime ## serve the instance in EVENBOOK_HOME (default .evenbook)
	@$(BIN)/evenbook serve

test: $(VENV)/.dev ## run all tests, on SQLite and on PostgreSQL
	@tools/test

proofs: $(VENV)/.dev ## the long proofs whole: all weeks, pages, roles and requests, on both databases
	@tools/proofs

check: $(VENV)/.dev ## style, types, contracts, templates, migrations, generated pages
	@tools/check

fix: $(VENV)/.dev ## mend what can be mended by machine: order of imports, format
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@echo "fix: done. See git diff."

docs: $(VENV)/.dev ## write the generated pages of docs/reference again
	@$(BIN)/python tools/reference.py

demo: $(VENV)/.runtime ## make the sample company and open it on a free loopback port
	@$(BIN)/evenbook demo

golden: $(VENV)/.dev ## write the golden files again and show what changed in them
	@EVENBOOK_GOLDEN=write $(BIN)/pytest -q -m golden
	@git --no-pager diff --stat -- tests
	@echo "golden: written. Read the difference before you commit it."

bench: $(VENV)/.dev ## measure the weekly run and the detection (minutes)
	@$(BIN)/evenbook bench week
	@$(BIN)/evenbook bench detection

load: $(VENV)/.dev ## fifty people at work for a minute, on SQLite and then on PostgreSQL
	@$(BIN)/python tools/load.py

faults: $(VENV)/.dev ## kill processes, fill the disk, stop the database: nothing may be lost (minutes)
	@$(BIN)/pytest -q -n 0 -m slow tests/faults

reviews: $(VENV)/.dev ## a thousand reviews whose worker is killed, a hundred thousand guessed links (minutes)
	@$(BIN)/python tools/reviews.py

slides: $(VENV)/.dev ## decks of reviews with hard names, as pictures where an office program is installed
	@$(BIN)/python tools/slides.py

release: $(VENV)/.dev ## gather changes/ into CHANGELOG.md and build the package: make release VERSION=0.2.0
	@$(BIN)/python tools/release.py "$(VERSION)"

# What stands below is not meant to be called.

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Evenbook needs Python 3.11 or later. Install it, then run make again."; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Evenbook needs Python 3.11 or later; $(PYTHON) is older. Name another: make PYTHON=/path/to/python3.11 ..."; exit 2; }
	@echo "[1/3] making $(VENV) with $(PYTHON)"
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make environments: install its venv package (Debian: python3-venv)."; exit 2; }

$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/bin/python
	@echo "[2/3] installing what Evenbook runs on ($$(grep -c == $<) packages)"
	@tools/install $<
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "[3/3] installing what checks and tests need ($$(grep -c == $<) packages)"
	@tools/install $<
	@touch $@
