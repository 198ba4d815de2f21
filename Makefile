# Every target says what it does in its ## line; `make` prints them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

PYTHON ?= python3
DATA ?= build/store
SHARED_DATA ?= ../shared/data
IMAGE ?= onramp

SERVING := .venv
DEV := .venv-dev
TRAINING := .venv-training
BENCH := .venv-bench
LOCKING := .venv-lock

# The last thing that a set-up writes, so that one that was interrupted is redone, not believed.
# It carries a sum of the path: an environment that was moved no longer works, and is made anew.
PLACE := $(shell printf '%s' '$(CURDIR)' | cksum | cut -d ' ' -f 1)
READY := .ready-$(PLACE)
LOCKED := .locked-$(PLACE)

PIP := -m pip --disable-pip-version-check --quiet
ONRAMP := --no-build-isolation --no-deps --editable .
FRESH = rm -rf $(1) && echo "Setting up $(1) …" && $(PYTHON) -m venv $(1)
# Two processes, each with whole files, whose costly fixtures are then made once.
SPREAD := --numprocesses 2 --dist loadfile
# Branch coverage below this fails `make test`.
COVERED := $(addprefix --cov=,service.domain service.matching index embeddings) \
	--cov-branch --cov-report= --cov-fail-under=95
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
NEEDS_TORCH := training tests/training $(wildcard benchmarks)
FREE_OF_TORCH := embeddings index service tests $(wildcard scripts) $(wildcard clients/python/src)

.PHONY: help
help: ## Print this table.
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- what a person asks for ----------------------------------------------------------------------

.PHONY: demo
demo: $(SERVING)/$(READY) ## Recommend and match on the sample data, then serve it at http://127.0.0.1:8000.
	$(SERVING)/bin/onramp --data build/demo demo

.PHONY: serve
serve: $(SERVING)/$(READY) ## Serve the store in DATA (build/store unless told) at http://127.0.0.1:8000.
	$(SERVING)/bin/onramp --data $(DATA) serve

.PHONY: test
test: $(DEV)/$(READY) ## Run every test that needs no torch.
	$(DEV)/bin/python -m pytest $(SPREAD) -m "not training" $(COVERED)

.PHONY: test-browser
test-browser: $(DEV)/$(READY) has-chromium ## Run the tests that drive a browser; they are part of `make test`.
	$(DEV)/bin/python -m pytest -m browser

.PHONY: install-browser
install-browser: ## Install Debian's Chromium, which the browser tests drive.
	@command -v chromium >/dev/null || { $(AS_ROOT) apt-get update && $(AS_ROOT) apt-get install --yes --no-install-recommends chromium; }
	@$(MAKE) --no-print-directory has-chromium

.PHONY: test-training
test-training: check-training ## Set up torch, then run the tests that need it.
	$(TRAINING)/bin/python -m pytest -m training

.PHONY: check
check: lint ## Do `make lint`, then run the quick tests.
	$(DEV)/bin/python -m pytest $(SPREAD) -m "not slow and not training and not browser"

.PHONY: lint
lint: $(DEV)/$(READY) ## Check format, lint, types, imports and spelling.
	$(DEV)/bin/ruff format --check .
	$(DEV)/bin/ruff check .
	$(DEV)/bin/mypy --exclude '^tests/training/' $(FREE_OF_TORCH)
	$(DEV)/bin/lint-imports
	$(DEV)/bin/codespell

.PHONY: check-training
check-training: $(TRAINING)/$(READY) ## Check the types of what needs torch.
	$(TRAINING)/bin/mypy $(NEEDS_TORCH)

.PHONY: fix
fix: $(DEV)/$(READY) ## Format, and mend what the linter can mend.
	$(DEV)/bin/ruff check --fix .
	$(DEV)/bin/ruff format .

.PHONY: openapi
openapi: $(DEV)/$(READY) ## Describe the API anew: docs/openapi.json, and the Python client's types that are made from it.
	$(DEV)/bin/python -m service.cli.describing docs/openapi.json
	$(DEV)/bin/python -m scripts.client_types docs/openapi.json clients/python/src/onramp_client/types.py
	$(DEV)/bin/ruff format clients/python/src/onramp_client/types.py

.PHONY: bench
bench: $(TRAINING)/$(READY) $(SERVING)/$(READY) ## Measure speed, memory and size beside the peers; writes build/bench.json.
	$(TRAINING)/bin/python -m benchmarks

.PHONY: bench-index
bench-index: $(BENCH)/$(READY) ## Measure the vector index at 1.1 million and beside the peers; writes build/bench-index.json and benchmarks/results/.
	$(BENCH)/bin/python -m benchmarks.index --data "$(SHARED_DATA)"

.PHONY: bench-index-large
bench-index-large: $(BENCH)/$(READY) ## Fill the index with ten million learners and search it (half an hour); writes build/bench-index-large.json.
	$(BENCH)/bin/python -m benchmarks.index.large --data "$(SHARED_DATA)"

.PHONY: bench-widget
bench-widget: $(DEV)/$(READY) has-chromium ## Measure the widget in a browser: first result, moves, long tasks; writes build/bench-widget.json.
	$(DEV)/bin/python -m benchmarks.widget

.PHONY: bench-api
bench-api: $(BENCH)/$(READY) $(SERVING)/$(READY) ## Measure the API under load, among 100,000 learners; writes build/bench-api.json and benchmarks/results/.
	$(BENCH)/bin/python -m benchmarks.api --data "$(SHARED_DATA)"

.PHONY: eval
eval: $(TRAINING)/$(READY) ## Measure model and matching on SHARED_DATA (../shared/data unless told); writes build/eval.json and two pages.
	@test -d "$(SHARED_DATA)" || { echo "make eval needs the research data, and there is no folder $(SHARED_DATA). Name it: make eval SHARED_DATA=DIR" >&2; exit 1; }
	$(TRAINING)/bin/python -m training evaluate --data "$(SHARED_DATA)"
	$(TRAINING)/bin/python -m benchmarks.matching --data "$(SHARED_DATA)"

.PHONY: real
real: $(SERVING)/$(READY) ## Run on real catalogs from SHARED_DATA (../shared/data unless told); writes build/real-run.md.
	@test -d "$(SHARED_DATA)" || { echo "make real needs the research data, and there is no folder $(SHARED_DATA). Name it: make real SHARED_DATA=DIR" >&2; exit 1; }
	$(SERVING)/bin/python -m benchmarks.real "$(SHARED_DATA)"

.PHONY: torture
torture: $(DEV)/$(READY) ## Do every fault in full (90 minutes, resumed where it was cut off); writes the table of docs/reliability.md.
	$(DEV)/bin/python -m benchmarks.torture

.PHONY: fuzz
fuzz: $(DEV)/$(READY) ## Send 100,000 cases made from the API's description to it; writes docs/fuzz.md.
	$(DEV)/bin/python -m benchmarks.fuzz

.PHONY: image
image: ## Build the container image: non-root, the model inside, no torch.
	@command -v docker >/dev/null || { echo "docker is missing. On Debian: apt install docker.io" >&2; exit 1; }
	docker build --tag $(IMAGE) .

.PHONY: lock
lock: $(LOCKING)/$(READY) ## Lock the versions of all environments anew from pyproject.toml.
	PATH="$(CURDIR)/$(LOCKING)/bin:$$PATH" requirements/lock

.PHONY: clean
clean: ## Remove the environments and everything that was built.
	rm -rf $(SERVING) $(DEV) $(TRAINING) $(BENCH) $(LOCKING) build dist *.egg-info
	rm -rf .coverage .coverage.* htmlcov .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -type d -name __pycache__ -prune -exec rm -rf {} +

# --- environments --------------------------------------------------------------------------------

.PHONY: has-python
has-python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing. On Debian: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Onramp needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1). Install a newer one (Debian 12 and later: apt install python3 python3-venv), or name it: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "The venv module of $(PYTHON) is missing. On Debian: apt install python3-venv" >&2; exit 1; }

.PHONY: has-chromium
has-chromium:
	@command -v chromium >/dev/null || { echo "Chromium is missing. On Debian: make install-browser" >&2; exit 1; }

.PHONY: has-git
has-git:
	@command -v git >/dev/null || { echo "git is missing. On Debian: apt install git" >&2; exit 1; }

$(SERVING)/$(LOCKED): requirements/build.txt requirements/serving.txt | has-python
	@$(call FRESH,$(SERVING))
	$(SERVING)/bin/python $(PIP) install --require-hashes -r requirements/serving.txt
	$(SERVING)/bin/python $(PIP) install --require-hashes -r requirements/build.txt
	@touch $@

$(DEV)/$(LOCKED): requirements/dev.txt | has-python has-git
	@$(call FRESH,$(DEV))
	$(DEV)/bin/python $(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Torch comes first: where the index offers a CPU build, the rest then keeps it (CONTRIBUTING.md).
$(TRAINING)/$(LOCKED): requirements/training.txt | has-python has-git
	@$(call FRESH,$(TRAINING))
	$(TRAINING)/bin/python $(PIP) install "$$(grep '^torch==' requirements/training.txt)"
	$(TRAINING)/bin/python $(PIP) install -r requirements/training.txt
	@touch $@

$(BENCH)/$(LOCKED): requirements/bench.txt requirements/build.txt | has-python
	@$(call FRESH,$(BENCH))
	$(BENCH)/bin/python $(PIP) install --require-hashes -r requirements/bench.txt
	$(BENCH)/bin/python $(PIP) install --require-hashes -r requirements/build.txt
	@touch $@

$(LOCKING)/$(READY): Makefile | has-python
	@$(call FRESH,$(LOCKING))
	$(LOCKING)/bin/python $(PIP) install uv==0.13.9
	@touch $@

%/$(READY): %/$(LOCKED) pyproject.toml
	$*/bin/python $(PIP) install $(ONRAMP)
	@touch $@
