# Two commands do it all: `make demo` and `make test`. Each sets up what it needs.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
PLUGINS := $(VENV)/share/jupyter/labextensions
CORPUS ?= ../shared/corpus
BENCH ?= ../shared/bench
SHEETS ?= contact-sheets
MINUTES ?= 30
# Processes that run tests at once; each file of tests runs in one of them.
JOBS ?= 2

.PHONY: help setup demo lab notebooks test check bench faults soak contact-sheets train evaluate wheel clean

help:
	@echo "make demo            run the first tour on real data, write demo/*.html and demo/start.ipynb"
	@echo "make lab             open JupyterLab on the tours"
	@echo "make notebooks       run the tours and keep them with their outputs"
	@echo "make test            every check and test"
	@echo "make check           style and types only"
	@echo "make bench           figures of speed and size"
	@echo "make faults          kill writers and servers 100 times, 20 writers at once; half an hour"
	@echo "make soak            the chart service under mixed load (MINUTES=$(MINUTES)): memory stays flat"
	@echo "make contact-sheets  all charts of some tables, one picture a table (TABLES='a.csv b.csv')"
	@echo "make train           train the network from the corpus (CORPUS=$(CORPUS))"
	@echo "make evaluate        score the lists against people's charts (BENCH=$(BENCH))"
	@echo "make wheel           build dist/erp_widget-*.whl"
	@echo "make clean           remove all that was set up and built"

setup: $(STAMPS)/python $(STAMPS)/browser

$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	scripts/make_venv.sh $(PYTHON)
	@touch $@

$(STAMPS)/python: $(STAMPS)/venv pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e '.[dev]'
	@touch $@

$(STAMPS)/npm: package.json package-lock.json js/plugin/package.json deploy/proxy/package.json
	@command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a * 100 + +b < 2019 ? 1 : 0)' || \
	  { echo "Node 20.19 or newer with npm is needed: https://nodejs.org" >&2; exit 1; }
	@mkdir -p $(STAMPS)
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The JupyterLab plugin is built by JupyterLab's own builder, so Python comes first.
$(STAMPS)/browser: $(STAMPS)/npm $(STAMPS)/python tsconfig.json $(shell find js -type f -not -path '*/lib/*')
	PATH="$(abspath $(BIN)):$$PATH" npm run --silent build
	@mkdir -p $(PLUGINS)
	@rm -rf $(PLUGINS)/erp-widget  # the install copies what was built before
	@ln -s $(abspath erp_widget/labextension) $(PLUGINS)/erp-widget
	@touch $@

demo: setup
	$(BIN)/python scripts/demo.py

lab: setup
	$(BIN)/jupyter lab notebooks/start.ipynb

notebooks: setup
	$(BIN)/python scripts/tours.py

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npm run --silent check

test: check
	scripts/test_system.sh
	npm run --silent test
	$(BIN)/pytest -n $(JOBS)

bench: setup
	scripts/test_system.sh
	$(BIN)/python -m benchmarks

faults: setup
	scripts/test_system.sh
	ERP_FAULT_ROUNDS=100 $(BIN)/pytest -q -s tests/store/test_faults.py \
	  tests/store/test_outbox.py tests/store/test_random_operations.py \
	  tests/store/test_network_folder.py

soak: setup
	$(BIN)/python -m benchmarks.soak --minutes $(MINUTES)

contact-sheets: setup
	@test -n "$(TABLES)" || { echo "name the tables: make contact-sheets TABLES='a.csv b.csv'" >&2; exit 2; }
	$(BIN)/python scripts/contact_sheets.py $(TABLES) --out $(SHEETS)

train: setup
	$(BIN)/python -m vizmodel.training.fit --corpus $(CORPUS) --resume

evaluate: setup
	$(BIN)/python -m vizmodel.training.metrics --corpus $(CORPUS) --bench $(BENCH)

wheel: setup
	$(BIN)/uv build --quiet --wheel --out-dir dist .

clean:
	rm -rf $(VENV) $(STAMPS) node_modules dist demo erp_widget/static erp_widget/labextension js/plugin/lib
