# Everything runs in .venv, which the first target that needs it makes.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# How many processes share the tests.
JOBS ?= auto
# Tests start `lrs` some hundred times: without bytecode on the disk it would compile all of itself each time.
unexport PYTHONDONTWRITEBYTECODE

# The JavaScript clients that tests use, where there is an npm; without it those tests are skipped.
CLIENTS := tests/interop/javascript
NPM     := $(shell command -v npm 2>/dev/null)

# How long `make soak` harms its servers.
SECONDS ?= 300

.PHONY: help install run test soak lint docs bench bench-peers bench-check bench-page wheel clean

help:          ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Rapport needs Python 3.11 or newer; try: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

# Each stamp is an installed set of extras; setup.cfg is what they depend on.
$(VENV)/.run: $(BIN)/python setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[raters]'
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

$(VENV)/.dev: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,dev]'
	@touch $@

$(CLIENTS)/node_modules/.installed: $(CLIENTS)/package.json $(CLIENTS)/package-lock.json
	cd $(CLIENTS) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

install: $(VENV)/.dev  ## Virtual environment with everything to develop

run: $(VENV)/.run      ## A demo academy, served on http://127.0.0.1:8000/
	$(BIN)/lrs demo

test: $(VENV)/.test $(if $(NPM),$(CLIENTS)/node_modules/.installed) ## Every test
	$(BIN)/python -m pytest --numprocesses=$(JOBS) --dist=worksteal $(ARGS)

soak: $(VENV)/.test    ## Both engines under faults, for SECONDS=300
	$(BIN)/python -m tests.faults.soak --seconds $(SECONDS) $(ARGS)

lint: $(VENV)/.dev     ## Style, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.dev     ## The manual, in docs/_build/html
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

bench: $(VENV)/.test   ## Speed beside the limits of this machine
	$(BIN)/python -m tests.benchmarks $(ARGS)
	$(BIN)/python -m tests.benchmarks.starting
	$(BIN)/python -m tests.benchmarks.scoring

bench-peers: $(VENV)/.test  ## Speed beside Ralph, which it installs in var/peers
	$(BIN)/python -m tests.benchmarks.peers $(ARGS)

bench-check: $(VENV)/.test  ## Whether a ratio has fallen by half
	$(BIN)/python -m tests.benchmarks --quick --check $(ARGS)

bench-page: $(VENV)/.test  ## What was measured, into the page on performance
	$(BIN)/python -m tests.benchmarks.page $(ARGS)

wheel: $(VENV)/.dev    ## The wheel, installed and tried in a clean environment
	$(BIN)/python tests/try_wheel.py

clean:         ## Remove what was built
	rm -rf $(VENV) $(CLIENTS)/node_modules build dist *.egg-info docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis
