# One command each; `make` alone lists them. Needs only make and Python 3.11 or newer.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := examples/musterhausen
FRONTEND := maps/frontend
WORKERS ?= 2

# Packages are put into .venv, nothing else on the machine is changed. Where the home folder
# is missing or read-only, what pip and npm keep for the next time lies in .tmp instead.
ifeq ($(shell test -d "$$HOME" && test -w "$$HOME" && echo yes),)
export PIP_CACHE_DIR := $(CURDIR)/.tmp/cache/pip
export npm_config_cache := $(CURDIR)/.tmp/cache/npm
export XDG_CACHE_HOME := $(CURDIR)/.tmp/cache
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The Node that a Python package carries; none needs to be on the machine.
NPM := $(BIN)/python -c "import sys, pathlib, hatch_build; hatch_build.npm(pathlib.Path('$(FRONTEND)'), *sys.argv[1:])"

# An editable install builds the front end once, so its sources count as inputs, too.
INSTALL_INPUTS := pyproject.toml $(wildcard hatch_build.py maps/data/symbols.toml) \
	$(shell find maps/frontend -name node_modules -prune -o -type f -print 2>/dev/null)
DEMO_READY := $(if $(wildcard $(VENV)/ready-dev),$(VENV)/ready-dev,$(VENV)/ready)

# An environment that does not run, or was made before this folder was moved, is made anew.
ifneq ($(shell $(BIN)/python -c "import pip" 2>/dev/null && cat $(VENV)/made-in 2>/dev/null),$(CURDIR))
$(VENV)/made-in: FORCE
endif
# Without its built front end an installed package draws no map.
ifeq ($(wildcard maps/static/*),)
$(VENV)/ready $(VENV)/ready-dev: FORCE
endif

.PHONY: help demo test test-all check lint types imports frontend-test pytest format docs bench clean clean-all FORCE
FORCE:

help: ## list these commands
	@echo "Sozialraumkarte"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) \
		| awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

demo: $(DEMO_READY) ## set everything up, build the example and say where its map lies
	@$(BIN)/sozialraum build $(EXAMPLE)
	@$(BIN)/python -c "import pathlib; print('\nDie Karte liegt hier, mit dem Browser zu öffnen / open this map in a browser:\n  ' + pathlib.Path('$(EXAMPLE)/out/karte.html').resolve().as_uri())"

test: pytest ## set everything up and run all checks and tests

test-all: export TEST_ALL = 1
test-all: pytest ## the same with the long runs of property tests

check: lint types imports frontend-test ## all checks without the Python tests

lint: $(VENV)/ready-dev ## style and form of the Python code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready-dev ## types
	$(BIN)/mypy

imports: $(VENV)/ready-dev ## who may import what
	$(BIN)/lint-imports --no-cache

frontend-test: $(FRONTEND)/node_modules/.package-lock.json ## the TypeScript of the map: types, tests
	$(NPM) run --silent check
	$(NPM) run --silent test

# Last, so that its closing line is the last that is seen.
pytest: check
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

format: $(VENV)/ready-dev ## bring the Python code into form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/ready-dev ## write the generated parts of the documentation anew
	$(BIN)/python docs/generate.py

bench: $(VENV)/ready-dev ## time the whole job against the usual way
	$(BIN)/python benchmarks/whole_job.py

clean: ## remove what builds and tests have made, but not the environment
	rm -rf maps/static layers/static maps/frontend/node_modules $(EXAMPLE)/out dist build .tmp
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
	find geo layers maps api tests benchmarks examples docs -name __pycache__ -prune -exec rm -rf {} +

clean-all: clean ## remove the environment, too
	rm -rf $(VENV)

$(FRONTEND)/node_modules/.package-lock.json: $(FRONTEND)/package-lock.json | $(VENV)/ready-dev
	$(NPM) ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(VENV)/made-in:
	@if test -e $(VENV)/made-in || ! $(BIN)/python -c "import pip, sys; assert sys.version_info >= (3, 11)" 2>/dev/null; then \
		rm -rf $(VENV); \
		python=$$(sh .ci/find-python) || exit 1; \
		echo "Umgebung wird angelegt / creating the environment: $(VENV) ($$python)"; \
		"$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; \
	fi
	@printf '%s' "$(CURDIR)" > $@

$(VENV)/ready: $(VENV)/made-in $(INSTALL_INPUTS)
	@echo "Pakete werden geholt, das dauert ein bis drei Minuten / fetching packages, one to three minutes"
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/ready-dev: $(VENV)/made-in $(INSTALL_INPUTS)
	@echo "Pakete werden geholt, das dauert ein bis drei Minuten / fetching packages, one to three minutes"
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@
