# Every habit is a target. Nothing is needed but python3 (3.11 to 3.13) with venv, and make.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.stamp

.DEFAULT_GOAL := help
.PHONY: help setup contract test mock check format bench fuzz mutants sdk lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## install both tools into .venv

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Python 3.11 to 3.13 is needed; $$($(PYTHON) --version) was found. Name another: make PYTHON=python3.12"; exit 1; }
	@echo "setting up .venv (once; takes about half a minute)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

contract: $(STAMP) ## start the mock and judge it against the contract
	@$(BIN)/polar-contract run

test: $(STAMP) ## run the tests of our own code
	@$(BIN)/python -m pytest tests -n auto --dist worksteal

mock: $(STAMP) ## serve the demo world on http://127.0.0.1:8000
	@$(BIN)/polar-mock serve

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
