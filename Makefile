# Two commands set everything up and show that it works: `make demo` and `make test`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
SCORES ?= scores
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint release benchmarks lock clean

help:            ## what can be made
	@grep -E '^[a-z-]+: .*##|^[a-z-]+:  +##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up .venv with $(PYTHON) (once; takes a minute)"
	@$(PYTHON) -m venv .venv || { echo "python's venv module is missing; on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[plot,grade,dev]'
	@touch $@

demo: .venv/installed            ## grade the example class and show its scores
	@$(BIN)/autograder grade tests/submitted --out $(SCORES) -j 2

lint: .venv/installed            ## style, types, and that assignments/ is what solutions/ generate
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/autograder release --check

test: lint            ## everything that CI checks
	$(BIN)/python -m pytest tests/autograder tests/tasks -q --durations=10 -n $(JOBS) --dist loadfile -m "not long"

test-all: lint            ## the long proofs too
	$(BIN)/python -m pytest tests/autograder tests/tasks -q --durations=10 -n $(JOBS) --dist loadfile

release: .venv/installed            ## write assignments/ from solutions/
	$(BIN)/autograder release

benchmarks: .venv/installed            ## measure the grader against fresh pytest processes
	$(BIN)/python benchmarks/class_speed.py

lock: .venv/installed            ## write constraints.txt from what is installed
	$(BIN)/python -m pip freeze --exclude-editable --disable-pip-version-check > constraints.txt

clean:            ## remove what was set up and written
	rm -rf .venv $(SCORES) .pytest_cache .mypy_cache .ruff_cache .hypothesis
