# `make drill` runs a whole drill, `make test` runs the tests; each sets everything up by itself, once.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
STAMP := $(VENV)/.ready

.NOTPARALLEL:
.PHONY: drill test test-postgresql prove check format bench calibrate docs docs-site clean

# Another drill each time: the first with the seed of the picture in docs/, and each after it beside those before.
drill: $(INSTALLED)
	@seed=10; while [ -e drills-run/login-outage-$$seed ]; do seed=$$((seed + 1)); done; \
	$(BIN)/drillroom run login-outage --players average --seed $$seed

test: $(STAMP)
	@$(BIN)/python -m pytest -n auto --dist worksteal

# The tests of records, live drills and the web, once more on PostgreSQL, which comes as a wheel with the other tools.
test-postgresql: $(STAMP)
	@$(BIN)/python -m pytest -n 2 --dist worksteal --database=postgresql $(addprefix tests/drills/,records live web)

# Tests too long for every change: a hundred faults of servers that share fifty drills, and all other long ones.
prove: $(STAMP)
	@FULL_TESTS=1 PROVE_TESTS=1 $(BIN)/python -m pytest $(addprefix tests/drills/,servers cli/test_hooks.py live/test_crash.py web/test_fold_agrees.py) tests/scoring/statistics

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP)
	@$(BIN)/python -m tests.benchmarks

# How hard the library's scenarios are, measured anew; Ctrl-C keeps what is done. Their page in the reference follows.
calibrate: $(STAMP)
	@$(BIN)/drillroom calibrate --library -n 1000 --anew --into scenarios/library/incidents
	@$(BIN)/drillroom calibrate alarm-at-noon -n 1500 --into scenarios/library/incidents  # luck decides more of a short one
	@$(BIN)/python -m drills.cli.library_page > docs/reference/library.md

# What is generated from the program: pictures (the timeline of the drill that `make drill` plays,
# and pages of a drill in Chromium) and the reference.
docs: $(STAMP)
	@$(BIN)/drillroom run login-outage --players average --seed 10 --out build/drill --force >/dev/null
	@cp build/drill/charts/timeline.svg docs/images/timeline.svg
	@$(BIN)/python -m drills.cli.commands_page > docs/reference/commands.md
	@$(BIN)/python -m drills.cli.library_page > docs/reference/library.md
	@$(BIN)/python -m drills.cli.files_page > docs/reference/files.md
	@$(BIN)/python -m drills.cli.acts_page > docs/reference/acts-and-events.md
	@$(BIN)/python -m drills.cli.scorecard_page > docs/reference/scorecard.md
	@$(BIN)/python -m drills.cli.history_page > docs/reference/history.md
	@$(BIN)/python -m tests.support.http_page > docs/reference/http.md
	@$(BIN)/python -m tests.support.typescript > drills/web/server.d.ts
	@$(BIN)/python -m tests.support.pictures docs/images

# The documents as a site in build/site, searchable without a server: a dead link, or a page that no list has, stops it.
docs-site: $(STAMP)
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going -q -b dirhtml -d build/doctrees docs build/site
	@$(BIN)/python -m tests.support.site build/site
	@echo "The site is in build/site; open build/site/index.html"

clean:
	rm -rf build $(VENV) drills-run .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Sets up the environment: with nothing for what a drill needs, with [dev] for tests and checks as well.
define set_up
	@command -v $(PYTHON) >/dev/null || { echo "drillroom needs Python 3.11 or newer, and there is no $(PYTHON) here. Install it, or name it: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("drillroom needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv or pip is missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up in $(VENV); this takes a minute, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.$(1)' || { echo "Setting up did not work; pip says above why. Without a network: name a mirror or a folder of wheels to pip (PIP_INDEX_URL, PIP_FIND_LINKS), then make again." >&2; exit 1; }
endef

$(INSTALLED): pyproject.toml
	$(call set_up)
	@touch $@

$(STAMP): pyproject.toml
	$(call set_up,[dev])
	@touch $(INSTALLED) $@
