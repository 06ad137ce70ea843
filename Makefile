# Every common task is a target. You need only python3 (3.11 to 3.13) with venv, and make.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp

.DEFAULT_GOAL := help
.PHONY: help setup contract contract-all test mock check format bench fuzz mutants sdk screenshots dist sandbox-plan sandbox sandbox-writes sandbox-invoice sandbox-capture sandbox-compare lock clean

# Tests and defects start the programs hundreds of times: these are compiled once even where the environment says not to.
COMPILED := PYTHONDONTWRITEBYTECODE=

PORT ?= 8000
WORLD ?=
SEED ?=
ARGS ?=
# One revision of the contract; without it the default one. All that have a folder of their own, and how many requests are generated for each.
REVISION ?=
REVISIONS := $(notdir $(patsubst %/,%,$(sort $(wildcard spec/*/))))
EXAMPLES ?= 2
# The account to test: BASE_URL from the command line, the environment or .env; else the sandbox that the contract names.
# The tools read tokens themselves, from the environment or .env, so make never has one.
ENV_FILE := $(wildcard .env)
# A misspelt or empty BASE_URL would mean the real sandbox: each of these targets refuses it before it sends anything.
CHECKED := $(dir $(abspath $(lastword $(MAKEFILE_LIST)))).ci/base_url.py
GIVEN = $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),'$(subst ','\'',$(name))'))
BASE_URL ?=
TARGET = $(or $(BASE_URL),$(if $(ENV_FILE),$(shell $(BIN)/dotenv -f .env get BASE_URL 2>/dev/null)),sandbox)
COMPARE = $(BIN)/polar-contract compare --as-live right --right $(ACCOUNT) $(ARGS)
ACCOUNT = '$(subst ','\'',$(TARGET))' $(if $(ENV_FILE),--env-file .env)

help: ## list all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## create .venv and install polar-mock and polar-contract into it

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Python 3.11 to 3.13 is needed; $$($(PYTHON) --version) was found. Name another: make PYTHON=python3.12"; exit 1; }
	@echo "setting up .venv (once; takes about half a minute)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

contract: $(STAMP) ## start the mock server and run the contract tests against it (REVISION=2026-10, SEED=7, ARGS='--only core')
	@$(BIN)/polar-contract run $(if $(REVISION),--revision '$(REVISION)') $(if $(SEED),--seed $(SEED)) $(ARGS)

contract-all: $(STAMP) ## the same with every revision at once, with fewer generated requests; reports in reports/REVISION
	@out=$$(mktemp -d); jobs=; failed=; \
	end() { [ $$# -eq 0 ] || kill $$* 2>/dev/null; wait; rm -rf "$$out"; }; \
	trap 'end $$jobs; exit 130' INT TERM HUP; \
	for revision in $(REVISIONS); do \
	  $(BIN)/polar-contract run --revision "$$revision" --reports "reports/$$revision" --max-examples $(EXAMPLES) \
	    --workers 1 $(if $(SEED),--seed $(SEED)) $(ARGS) > "$$out/$$revision" 2>&1 & jobs="$$jobs $$!"; \
	done; \
	set -- $$jobs; \
	for revision in $(REVISIONS); do \
	  echo "Revision $$revision:"; code=0; wait "$$1" || code=$$?; shift; cat "$$out/$$revision"; \
	  [ "$$code" -le 1 ] || { end $$*; exit "$$code"; }; [ "$$code" -eq 0 ] || failed="$$failed $$revision"; \
	done; \
	end; [ -z "$$failed" ] || { echo "The contract is broken in:$$failed." >&2; exit 1; }

test: $(STAMP) ## run the tests of this project's own code
	@$(COMPILED) $(BIN)/python -m pytest tests -n auto --dist worksteal

mock: $(STAMP) ## serve the demo and today's service on http://127.0.0.1:8000 (PORT=9000, REVISION=2026-10, WORLD=members or a file)
	@$(BIN)/polar-mock serve --port $(PORT) $(if $(WORLD),--world '$(WORLD)') $(if $(REVISION),--revision '$(REVISION)') $(ARGS)

check: $(STAMP) ## check formatting, lint, types, import layers, the bundled contract, known vulnerabilities of dependencies, what a request costs in calls
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/polar-mock spec check
	@$(BIN)/python .ci/audit.py
	@$(COMPILED) $(BIN)/python -m pytest -q tests/mock_server/web/test_call_counts.py

format: $(STAMP) ## format the code and apply the lint fixes that can be automated
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(STAMP) ## measure the mock (a request, a start, large worlds, memory) and the contract tests (PEERS=1: other mocks too, from npm)
	@$(BIN)/python -m bench $(if $(PEERS),--peers) $(ARGS)

fuzz: $(STAMP) ## send 20,000 malformed requests to the mock
	@$(BIN)/python -m bench.fuzz

mutants: $(STAMP) ## plant every defect: a rule that it names has to catch it; run the contract tests on the good mock
	@$(COMPILED) $(BIN)/python -m mutants

sdk: $(STAMP) ## run Polar's published SDKs as clients of the mock
	@$(BIN)/python -m sdk

screenshots: $(STAMP) ## make the pictures of docs/images anew (needs Chromium and its driver)
	@$(BIN)/python -m tests.browser.screenshots

dist: $(STAMP) ## build wheel and sdist in dist/; install the wheel, also by the steps of the Dockerfile, and run both tools
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation >/dev/null
	@ls dist
	@$(COMPILED) POLAR_DIST=$(CURDIR)/dist $(BIN)/python -m pytest -q -m installs tests/packaging

.PHONY: account
account:
	@$(PYTHON) '$(CHECKED)' $(GIVEN)

sandbox-plan: account $(STAMP) ## list what `make sandbox` would send to the account at BASE_URL; sends nothing
	@$(BIN)/polar-contract run --as-live --dry-run --base-url $(ACCOUNT) $(ARGS)

sandbox: account $(STAMP) ## run the contract tests on the account at BASE_URL; changes no order, may open one customer session
	@$(BIN)/polar-contract run --as-live --base-url $(ACCOUNT) $(ARGS)

sandbox-writes: account $(STAMP) ## like sandbox, but also changes and restores the billing details of up to two orders (portal, organization); each change sends order.updated
	@$(BIN)/polar-contract run --as-live --allow-writes --base-url $(ACCOUNT) $(ARGS)

sandbox-invoice: account $(STAMP) ## request the invoice of ORDER=... once; this can't be undone
	@if [ -z "$$ORDER" ]; then echo "ORDER is missing: make sandbox-invoice ORDER=the-id-of-an-order" >&2; exit 2; fi
	@$(BIN)/polar-contract run --as-live --only scenarios --allow-invoice "$$ORDER" --base-url $(ACCOUNT) $(ARGS)

sandbox-capture: account $(STAMP) ## write reports/account.yaml, a copy of the account for the mock; changes nothing at BASE_URL
	@mkdir -p reports
	@$(BIN)/polar-contract capture -o reports/account.yaml --base-url $(ACCOUNT) $(ARGS)

sandbox-compare: account $(STAMP) ## compare the mock with the account at BASE_URL; changes nothing there
	@$(COMPARE)

# Scripts use this name. It stays supported throughout version 0.
.PHONY: sandbox-parity
sandbox-parity: account $(STAMP)
	@echo "make sandbox-parity is now make sandbox-compare." >&2
	@$(COMPARE)

lock: ## rewrite constraints.txt from a new environment
	@rm -rf .venv-lock
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@{ echo "# Made by 'make lock'."; .venv-lock/bin/python -m pip freeze --exclude-editable --disable-pip-version-check; } > constraints.txt
	@rm -rf .venv-lock
	@echo "constraints.txt: $$(grep -c == constraints.txt) packages"

# A request that restores an order of a real account stays.
clean: ## remove environments, builds, caches and reports
	@[ ! -d reports ] || find reports -depth ! -name 'restore-*.txt' ! -name reports -delete 2>/dev/null; rmdir reports 2>/dev/null || true
	@rm -rf .venv .venv-audit .venv-lock .venv-sdk .bench-peers build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
