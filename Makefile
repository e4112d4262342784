# Set-up follows the lock file; a stamp says which lock file the environment was made from.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
WARM := $(VENV)/.warm
COMPILED := $(wildcard $(addprefix src/pratique/flow/,screening/*.py learning/*.py compiled.py ke*_code.py kept_files.py))
DEMO := demo
DESK := desk

# A test settles its files on the disk as a node does, tens of thousands of times in all: in memory where there is room.
MEMORY := /dev/shm
ROOM := $(shell df -m --output=avail $(MEMORY) 2>/dev/null | tail -n 1)
PYTEST := $(if $(shell [ "$(ROOM)0" -gt 40000 ] 2>/dev/null && echo yes),TMPDIR=$(MEMORY) )$(BIN)/python -m pytest
unexport PYTHONDONTWRITEBYTECODE  # every process of the tests would compile them again

# Which tests `make check` runs; CI leaves out what `make test` has just run.
LEFT := not soak

.DEFAULT_GOAL := help
.PHONY: help demo demo-partners desk test check lint left bench bench-peers bench-risk bench-screening soak lock words clean

help:  ## Say what each target does
	@awk 'BEGIN {FS = ":.*## "} /^[a-z%-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src
	@touch $@

# Machine code is of the very sources it was compiled from: a change of theirs has it compiled again.
$(WARM): $(STAMP) $(COMPILED)
	$(BIN)/python -m pratique.flow.screening.warm
	$(BIN)/python -m pratique.flow.learning.warm
	@touch $@

demo: $(WARM)  ## Write the sample port, assess its three vessels, print the list with reasons
	$(BIN)/pratique demo --out $(DEMO)

demo-partners: $(WARM)  ## Two administrations share under an agreement, with a witness, over HTTP: the story, checked
	$(BIN)/pratique demo-partners --out $(DEMO)-partners

desk: $(WARM)  ## Load the sample port and serve the officers' desk on it; Ctrl-C stops it
	$(BIN)/pratique desk --out $(DESK)

test: $(WARM)  ## Run the tests that need no server, no root and little time
	$(PYTEST) -n auto --dist worksteal -m "not server and not long and not soak"

# What is read off the source takes one processor for a minute or two, most of it types: beside the tests, not before them.
check: $(WARM)  ## What lint does, and every test but the soak
	$(MAKE) --jobs=2 lint left

lint: $(STAMP)  ## Formatting, lint, types, import rules, known vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python .ci/audit.py
	$(BIN)/mypy

left: $(WARM)
	$(PYTEST) -n auto --dist worksteal -m "$(LEFT)" --ignore=tests/browser
	$(PYTEST) -n auto --dist loadfile -m "not soak" tests/browser

$(VENV)/.bench: $(STAMP) requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

bench: bench-read bench-risk bench-screening bench-assess bench-console  ## Run every benchmark

# nomenklatura needs other versions than the product and PyICU built from source (libicu-dev): an environment of its own.
bench-peers: bench/peers/.venv/.set-up  ## Set up the peers of bench-screening that need an environment of their own
bench/peers/.venv/.set-up: bench/peers/requirements.lock
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

bench-screening: $(VENV)/.bench $(WARM)
	-$(MAKE) bench-peers
	$(BIN)/python -m bench.screening

bench-risk: $(VENV)/.bench $(WARM)  ## Rules, then learning: public declarations, the port world at rest and in a closed loop
	$(BIN)/python -m bench.risk
	$(BIN)/python -m bench.learning

bench-%: $(VENV)/.bench $(WARM)  ## Run one benchmark: read, risk, screening, assess, console
	$(BIN)/python -m bench.$(subst -,_,$*)

soak: $(WARM)  ## Long torture: hundreds of kills, many mutated messages
	$(PYTEST) -m soak
	PROPERTY_EXAMPLES=300 $(PYTEST) tests/property

lock: $(STAMP)  ## Resolve the lock files again
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile -q pyproject.toml --group dev --group bench --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -c requirements-dev.lock -o requirements-bench.lock
	$(BIN)/uv pip compile -q bench/peers/requirements.in --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o bench/peers/requirements.lock

words: $(STAMP)  ## Bring the catalogues of the pages up to date and say what is left to translate
	$(BIN)/python -m pratique.desk.extraction

clean:  ## Remove the environment and what the demo wrote
	rm -rf $(VENV) $(DEMO) $(DESK) build dist
