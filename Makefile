# Two commands matter: `make demo` and `make test`. Everything else is a part of them, or a tool of the workshop.
SHELL := /bin/bash
PYTHON ?=# scripts/python chooses
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check bench pictures long setup setup-test system-demo system-test messages clean

demo: $(BIN)/python ## Set everything up and serve the demo city
	@make --no-print-directory --jobs=2 setup system-demo
	@scripts/messages
	$(BIN)/zhengtong demo

test: $(BIN)/python ## Every test but the long ones, beside them lint, types and contracts (told last)
	@make --no-print-directory --jobs=2 setup-test system-test
	@scripts/messages
	@mkdir -p build; make --no-print-directory check >build/check.log 2>&1 & checking=$$!; status=0; \
	scripts/test || status=1; wait $$checking || status=1; cat build/check.log; exit $$status

check: ## Lint, types and import contracts
	$(BIN)/ruff check src tests scripts
	$(BIN)/ruff format --check src tests scripts
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: setup-test messages build/bench-venv/.made ## Every figure the issues ask for, ratios in one run
	scripts/bench

pictures: setup-test system-test messages ## README pictures, from the running system
	$(BIN)/python scripts/pictures.py

long: setup-test messages ## The suites too long for every day: kill -9, a million rows
	$(BIN)/pytest -m long --timeout 5400 tests

# The peers that the bench compares with live apart; they are never among our dependencies.
build/bench-venv/.made: requirements/bench.txt | $(BIN)/python
	$(BIN)/python -m venv --clear build/bench-venv
	build/bench-venv/bin/pip install --quiet --require-hashes -r requirements/bench.txt
	touch $@

setup: $(VENV)/.runtime
setup-test: $(VENV)/.development

$(BIN)/python:
	@[ -n "$(PYTHON)" ] || scripts/system venv
	python=$$(scripts/python $(PYTHON)) && "$$python" -m venv --clear $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --require-hashes -r requirements/runtime.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.development: requirements/development.txt $(VENV)/.runtime
	$(BIN)/pip install --quiet --require-hashes -r requirements/development.txt
	touch $@

system-demo:
	scripts/system fonts

system-test:
	scripts/system fonts browser driver sqlite3

messages:
	@scripts/messages

clean:
	rm -rf $(VENV) build var
