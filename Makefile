# ShapeLab: `make run` starts the explorer, `make test` checks it. Both set up all they need.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test lint format bench weights browser clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-8s %s\n", $$1, $$2}'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.test-ready: tests/requirements.txt requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@ $(VENV)/.run-ready

run: $(VENV)/.run-ready ## start the explorer at http://localhost:8501 (PORT=... to change)
	@echo "ShapeLab: http://localhost:$(PORT)"
	@exec $(BIN)/python -m streamlit run streamlit_app.py --server.port $(PORT) --server.headless true

test: $(VENV)/.test-ready browser ## all tests, in a real browser too
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/.test-ready ## ruff check, ruff format --check, mypy strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.test-ready ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test-ready browser ## speed as ratios: a table, then one JSON object
	@$(BIN)/python -m tests.bench

weights: $(VENV)/.run-ready ## train the network that comes with the explorer anew
	$(BIN)/python -m lib.core.training.bundled

browser: $(VENV)/.test-ready
	@$(BIN)/python -m tests.e2e.browser

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis build
