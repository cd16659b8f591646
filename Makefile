# Everything runs in .venv, which is made when it is missing; only Python 3.11 or later and make are needed.
PYTHON ?= python3
BIN := .venv/bin

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

# Python keeps what it compiled in .venv, so that each test process starts in a second.
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/pycache
unexport PYTHONDONTWRITEBYTECODE

.PHONY: try test quick bench screenshots fuzz format lock clean

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "constat needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv

# What trying takes, without the tests' tools: a newcomer waits for this.
.venv/tried: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) '.[page,photos]'
	touch $@

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) '.[dev,page]'
	touch $@

try: .venv/tried  ## file one report of each kind against the stand-ins, then open them as a page
	$(BIN)/constat try

test: .venv/installed  ## lint, types, and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist worksteal

quick: .venv/installed  ## the working loop: every test that needs neither kills nor a browser
	$(BIN)/pytest -n auto --dist worksteal -m 'not slow'

bench: .venv/installed  ## measure constat and empty Bolt apps side by side; write the tables into docs/performance.md
	$(BIN)/python -m bench --write docs/performance.md

screenshots: .venv/installed  ## the pictures in docs/pictures, taken anew; needs Chromium
	$(BIN)/python -m tests.page.screenshots

torture: .venv/installed  ## kill the bot a thousand times, and count what became of every report
	$(BIN)/python -m tests.torture
	$(BIN)/python -m tests.torture.events --events 10000
	$(BIN)/python -m tests.torture.outage
	$(BIN)/python -m tests.torture.duplicates
	$(BIN)/python -m tests.torture.fleet --photos --events

fuzz: .venv/installed  ## thousands of odd answers of the APIs and odd payloads of Slack, for ten minutes
	$(BIN)/python -m tests.fuzz --seconds 600

lock:  ## write requirements.lock, the pins and hashes of what production installs; needs pip-tools
	pip-compile --quiet --generate-hashes --no-emit-options --no-header --no-annotate --strip-extras \
		--allow-unsafe --build-deps-for wheel --constraint constraints.txt \
		--output-file requirements.lock pyproject.toml

format: .venv/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .try .bench
