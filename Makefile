# Everything happens in .venv, from hash-locked requirements: with uv where it is there, else pip.
.DEFAULT_GOAL := help
.PHONY: help install run test lint lock strings torture bench

VENV := .venv
BIN := $(VENV)/bin
# The first Python that runs and is new enough; name another with `make PYTHON=… install`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

install: $(VENV)/run.done ## Make .venv with what the portal needs

run: install ## Start the portal with demo conversations
	$(BIN)/portal serve --demo

test: $(VENV)/test.done ## Run all tests
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/test.done ## Check style, types and the rooms' borders
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/test.done ## Measure a running portal against controls; SHORT=1 for a minute
	$(BIN)/python -m bench $(if $(SHORT),--short --guard)

torture: $(VENV)/test.done ## Kill, flood and poison a running portal; SHORT=1 for a few minutes
	$(BIN)/python -m torture $(if $(SHORT),--short)

strings: $(VENV)/test.done ## Collect the sentences of the interface into app/locale/portal.pot
	$(BIN)/pybabel -q extract -F babel.cfg -k marked --no-location --sort-output --omit-header -o app/locale/portal.pot .

lock: ## Write the lock files anew (needs uv); they hold hashes and no address
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 pyproject.toml requirements/build.in --extra test -o requirements/test.txt

$(VENV)/%.done: requirements/%.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
ifeq ($(UV),uv)
	@test -x $(BIN)/python || uv venv -q --python "$$(command -v $(PYTHON))" $(VENV)
	uv pip install -q --python $(BIN)/python --require-hashes -r $<
	uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@
