# Everything runs in .venv, which is made when it is missing; only Python 3.11 or later and make are needed.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: try test quick format clean

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "constat needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

try: .venv/installed  ## file one report of each kind against the stand-ins
	$(BIN)/constat try

test: .venv/installed  ## lint, types, and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto

quick: .venv/installed  ## the working loop: every test that needs neither kills nor a browser
	$(BIN)/pytest -n auto -m 'not slow'

format: .venv/installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .try
