# `make demo` and `make test` set up everything they need; the other targets are for daily work.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
MORE := once or realdata or doors
SITE := $(BIN)/python example_site/manage.py
# What runs at the same time says so one after the other, where make can do it.
TOGETHER := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: help demo demo-data test test-custom-user test-example-site test-modelsearch test-more test-long test-browser lint format docs screenshots messages benchmarks clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip

$(VENV)/.package: $(BIN)/python setup.cfg pyproject.toml
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/.testing: $(VENV)/.package
	$(BIN)/pip install --quiet --editable '.[testing]'
	@touch $@

$(VENV)/.lint: $(VENV)/.testing
	$(BIN)/pip install --quiet --editable '.[testing,lint]'
	@touch $@

$(VENV)/.docs: $(VENV)/.package
	$(BIN)/pip install --quiet --editable '.[docs]'
	@touch $@

demo: demo-data  ## Set up the sample intranet on SQLite and serve it on http://localhost:8000
	@echo "The sample intranet is at http://localhost:$(PORT)/ - choose a persona at the top of the page."
	$(SITE) runserver $(PORT)

demo-data: $(VENV)/.package  ## Set up the sample intranet without serving it
	$(SITE) migrate --verbosity 0
	$(SITE) load_demo

test: $(VENV)/.testing  ## Set up and run the tests on SQLite
	$(BIN)/pytest --numprocesses=auto --maxprocesses=4 -m "not long and not once and not realdata and not doors and not browser and not wheel" $(ARGS)
	$(MAKE) --jobs=2 $(TOGETHER) test-custom-user test-example-site

test-custom-user: $(VENV)/.testing
	$(BIN)/pytest tests/custom_user --ds=tests.custom_user.settings

test-example-site: $(VENV)/.testing
	$(BIN)/pytest tests/example_site --ds=example_site.settings -m "not once"

test-modelsearch: $(VENV)/.testing  ## Run modelsearch's own suite against our backends
	$(BIN)/pytest tests/modelsearch_suite --ds=tests.modelsearch_suite.settings
	$(BIN)/pytest tests/modelsearch_suite --ds=tests.modelsearch_suite.server_settings

test-more: $(VENV)/.testing  ## Run what `make test` leaves out and takes minutes: doors, real data, long ones, browser
	$(BIN)/pytest --numprocesses=auto --maxprocesses=4 -m "($(MORE)) and not long and not browser and not wheel" $(ARGS)
	$(BIN)/pytest tests/example_site --ds=example_site.settings -m once $(ARGS)
	$(MAKE) test-modelsearch
	$(BIN)/pytest --numprocesses=2 -m "browser and not long or wheel" tests/browser $(ARGS) || \
		$(BIN)/pytest -m "browser and not long or wheel" --last-failed --last-failed-no-failures none tests/browser $(ARGS)

test-browser: $(VENV)/.testing  ## Run the browser and wheel tests (need Chromium)
	ALL_LOOKS=1 $(BIN)/pytest -m "browser or wheel" $(ARGS)

test-long: $(VENV)/.testing  ## Run the fault and load tests in full size (need PostgreSQL)
	$(BIN)/pip install --quiet --editable '.[testing,postgresql]'
	$(BIN)/pytest -m "long and not browser" --ignore tests/faults $(ARGS)
	ALL_LOOKS=1 $(BIN)/pytest -m "browser and long" $(ARGS)
	DATABASE=postgresql $(BIN)/pytest -m "long and not browser" $(ARGS)

lint: $(VENV)/.lint  ## Check style, templates, imports and migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet wagtail_personalize example_site
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(SITE) makemigrations --check --dry-run

format: $(VENV)/.lint  ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.docs  ## Build the documentation; warnings are errors
	$(BIN)/sphinx-build --fail-on-warning --keep-going --nitpicky -b html docs docs/_build/html

screenshots: $(VENV)/.testing demo-data  ## Make the README's screenshots anew
	$(BIN)/python docs/make_screenshots.py

messages: $(VENV)/.testing  ## Collect our strings into the German and Dutch catalogues and compile them
	$(BIN)/python docs/make_messages.py

benchmarks: $(VENV)/.testing  ## Run the benchmarks; they print ratios measured in one run
	for name in $(basename $(notdir $(wildcard benchmarks/[a-z]*.py))); do $(BIN)/python -m benchmarks.$$name || exit 1; done

clean:  ## Remove what the targets made
	rm -rf $(VENV) .tox build dist *.egg-info docs/_build example_site/db.sqlite3 example_site/media
