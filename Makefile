# Every habit is a target. Nothing is needed but python3 (3.11 to 3.13) with venv, and make.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp

.DEFAULT_GOAL := help
.PHONY: help setup contract test mock check format bench fuzz mutants sdk sandbox-plan sandbox sandbox-writes sandbox-invoice sandbox-capture sandbox-parity lock clean

PORT ?= 8000
WORLD ?= demo
SEED ?=
ARGS ?=
# An account to judge: BASE_URL from the command line, the environment or .env; else the sandbox that the contract names.
# The tools read tokens themselves, from the environment or .env, so that make never holds one.
ENV_FILE := $(wildcard .env)
BASE_URL ?=
TARGET = $(or $(BASE_URL),$(if $(ENV_FILE),$(shell $(BIN)/dotenv -f .env get BASE_URL 2>/dev/null)),sandbox)
ACCOUNT = '$(subst ','\'',$(TARGET))' $(if $(ENV_FILE),--env-file .env)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## install both tools into .venv

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Python 3.11 to 3.13 is needed; $$($(PYTHON) --version) was found. Name another: make PYTHON=python3.12"; exit 1; }
	@echo "setting up .venv (once; takes about half a minute)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

contract: $(STAMP) ## start the mock and judge it against the contract (SEED=7, ARGS='--only core')
	@$(BIN)/polar-contract run $(if $(SEED),--seed $(SEED)) $(ARGS)

test: $(STAMP) ## run the tests of our own code
	@$(BIN)/python -m pytest tests -n auto --dist worksteal

mock: $(STAMP) ## serve the demo world on http://127.0.0.1:8000 (PORT=9000, WORLD=members or a file)
	@$(BIN)/polar-mock serve --port $(PORT) --world '$(WORLD)' $(ARGS)

check: $(STAMP) ## lint, types, import floors, the bundled contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/polar-mock spec check

format: $(STAMP) ## format the code and mend what lint can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(STAMP) ## what a request, a start and an hour of load cost, and what judging costs
	@$(BIN)/python -m bench

fuzz: $(STAMP) ## 20,000 hostile requests against the mock
	@$(BIN)/python -m bench.fuzz

mutants: $(STAMP) ## every planted defect has to be caught, and the good mock spared
	@$(BIN)/python -m mutants

sdk: $(STAMP) ## Polar's published SDKs as clients of the mock
	@$(BIN)/python -m sdk

sandbox-plan: $(STAMP) ## what `make sandbox` would send to BASE_URL; sends nothing
	@$(BIN)/polar-contract run --as-live --dry-run --base-url $(ACCOUNT) $(ARGS)

sandbox: $(STAMP) ## judge the account at BASE_URL; changes no order, may open one customer session
	@$(BIN)/polar-contract run --as-live --base-url $(ACCOUNT) $(ARGS)

sandbox-writes: $(STAMP) ## the same, and changes billing details of one order and puts them back; each change sends order.updated
	@$(BIN)/polar-contract run --as-live --allow-writes --base-url $(ACCOUNT) $(ARGS)

sandbox-invoice: $(STAMP) ## asks for the invoice of ORDER=..., once; it can't be taken back
	@if [ -z "$$ORDER" ]; then echo "ORDER is missing: make sandbox-invoice ORDER=the-id-of-an-order" >&2; exit 2; fi
	@$(BIN)/polar-contract run --as-live --only scenarios --allow-invoice "$$ORDER" --base-url $(ACCOUNT) $(ARGS)

sandbox-capture: $(STAMP) ## write reports/account.yaml, a copy of the account for the mock; changes nothing at BASE_URL
	@mkdir -p reports
	@$(BIN)/polar-contract capture -o reports/account.yaml --base-url $(ACCOUNT) $(ARGS)

sandbox-parity: $(STAMP) ## where the mock and the account differ, by reads and refusals; changes nothing at BASE_URL
	@$(BIN)/polar-contract compare --as-live right --right $(ACCOUNT) $(ARGS)

lock: ## renew constraints.txt in a fresh environment
	@rm -rf .venv-lock
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@{ echo "# Made by 'make lock'."; .venv-lock/bin/python -m pip freeze --exclude-editable --disable-pip-version-check; } > constraints.txt
	@rm -rf .venv-lock
	@echo "constraints.txt: $$(grep -c == constraints.txt) packages"

clean: ## remove what was built, cached or reported
	@rm -rf .venv .venv-lock .venv-sdk build dist reports .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
