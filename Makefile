# One way to do everything. On a fresh machine with Python 3.11 and the network, `make demo` and `make test` set up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
STAMP := $(VENV)/.synced
# Most tests wait for a server more than they compute.
PYTEST := $(BIN)/pytest -q -n 4 --dist worksteal

.PHONY: help demo site test full full-crash full-race full-prisma full-fuzz full-diff full-plan full-dev full-histories full-generate full-prove full-parity full-smoke full-init full-online full-backfill full-backoffice hazards-truth accuracy conformance docs lint types imports check format matrix bench clean

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check uv

$(STAMP): $(UV) pyproject.toml uv.lock src/launcher/pgready
	$(UV) sync -q --locked --inexact --all-extras --reinstall-package pgready
	@touch $@

demo: $(STAMP) ## the back office from nothing: every service and worker, every list, the proofs, the report
	@$(BIN)/pgready demo --prepare || true
	$(BIN)/pgready demo

test: $(STAMP) ## the tests, on the embedded server (PGREADY_TEST_PG=<bindir> picks another)
	$(PYTEST)

full: $(STAMP) ## every test, also those that a default run leaves out (tests/conftest.py says why)
	PGREADY_FULL=1 PGREADY_REQUIRE_PRISMA=1 $(PYTEST)

full-crash: $(STAMP) ## every fault at every step of the protocol
	PGREADY_FULL=1 PGREADY_FULL_CRASH=1 $(BIN)/pytest tests/crash --timeout 7200 -s

full-race: $(STAMP) ## 30 boots at once, 20 times over, direct and through PgBouncer
	PGREADY_RACE_ROUNDS=20 $(BIN)/pytest tests/race --timeout 3600 -s

full-prisma: $(STAMP) ## 20 races with both of Prisma's engines
	PGREADY_PRISMA_ROUNDS=20 PGREADY_REQUIRE_PRISMA=1 $(BIN)/pytest tests/prisma/test_prisma_race.py --timeout 3600 -s

full-fuzz: $(STAMP) ## ten minutes of odd texts for the schema language
	PGREADY_FULL_FUZZ=600 $(BIN)/pytest tests/psl/test_psl_fuzz.py -k full_run --timeout 1200 -s

conformance: $(STAMP) ## schemas, diffs and pulls beside Prisma's own engines, of 6.19 and of 7 (N=2000 by chance)
	PGREADY_CONFORMANCE=$${N:-2000} PGREADY_REQUIRE_PRISMA=1 $(BIN)/pytest -q -n 2 tests/conformance --timeout 600 \
	  --deselect tests/conformance/test_diff_live_conformance.py --deselect tests/conformance/test_push_conformance.py

full-diff: $(STAMP) ## each pair of schemas carried out on a server, pgready's SQL and Prisma's; db push beside Prisma's
	PGREADY_FULL=1 PGREADY_CONFORMANCE=$${N:-250} PGREADY_REQUIRE_PRISMA=1 $(BIN)/pytest -q -n 2 tests/diff \
	  tests/conformance/test_diff_live_conformance.py tests/conformance/test_push_conformance.py --timeout 900

full-plan: $(STAMP) ## full mode on 14 to 18: catalogs made, read back, turned into each other
	set -e; for v in 14 15 16 17 18; do \
	  echo "== PostgreSQL $$v"; PGREADY_TEST_PG=$$($(BIN)/python tools/servers.py $$v) \
	  PGREADY_FULL_ROUNDTRIP=40 PGREADY_FULL_DIFF=14 $(BIN)/pytest -q -n 2 tests/plan --timeout 1800; done

full-dev: $(STAMP) ## migrate dev, both engines, renames by chance
	PGREADY_FULL=1 PGREADY_REQUIRE_PRISMA=1 PGREADY_RENAMES=300 $(BIN)/pytest -q -n 2 tests/dev --timeout 900

full-histories: $(STAMP) ## real histories beside Prisma's engines (HISTORIES=<folder of NAME/{migrations,prisma}> for more)
	PGREADY_FULL=1 PGREADY_REQUIRE_PRISMA=1 PGREADY_HISTORIES=$(HISTORIES) $(BIN)/pytest -q tests/histories --timeout 3600

full-generate: $(STAMP) ## generated models: the whole corpus, 400 schemas by chance, a real Prisma client in TypeScript
	PGREADY_FULL=1 PGREADY_REQUIRE_PRISMA=1 $(BIN)/pytest -q -n 2 tests/generate tests/codegen tests/generate_ts --timeout 3600

full-prove: $(STAMP) ## sizes, the rule, contracts, ways out and prove on 14 to 18, with what a default run leaves out
	set -e; for v in 14 15 16 17 18; do \
	  echo "== PostgreSQL $$v"; PGREADY_TEST_PG=$$($(BIN)/python tools/servers.py $$v) PGREADY_FULL=1 $(BIN)/pytest -q -n 2 \
	  tests/proof_size tests/proof_rule tests/contracts tests/way_out tests/prove --timeout 900; done

full-parity: $(STAMP) ## every planted difference found, named, weighed and mended, on 14 to 18
	set -e; for v in 14 15 16 17 18; do \
	  echo "== PostgreSQL $$v"; PGREADY_TEST_PG=$$($(BIN)/python tools/servers.py $$v) PGREADY_FULL_PARITY=1 $(BIN)/pytest \
	  tests/parity --timeout 1800 -s; done

full-smoke: $(STAMP) ## smoke's steps, rows and planted faults, whole
	PGREADY_FULL=1 $(BIN)/pytest -q -n 2 tests/smoke --timeout 900

full-init: $(STAMP) ## five repositories set up by init, each then through smoke
	PGREADY_FULL=1 $(BIN)/pytest -q -n 2 tests/init tests/doctor -rP --timeout 900

full-online: $(STAMP) ## every offered rewrite on a million rows under an application that works on (VERSIONS=14,18)
	$(BIN)/python bench/online.py $${VERSIONS:+--versions $$VERSIONS}

full-backfill: $(STAMP) ## two million rows, writers beside them, twenty kills, two runners; wants a quiet machine
	$(BIN)/python bench/backfill.py
	PGREADY_FULL=1 $(BIN)/pytest -q tests/backfill tests/failover/test_backfill_replica.py --timeout 900

full-backoffice: $(STAMP) ## the reference platform: fifty cold starts with faults, fuzzing, kills, 200,000 rows, images, CI's steps
	PGREADY_FULL=1 PGREADY_REQUIRE_PRISMA=1 PGREADY_BACKOFFICE_STARTS=50 $(BIN)/pytest tests/backoffice tests/backoffice_deploy tests/demo -s --timeout 7200

hazards-truth: $(STAMP) ## what lint says, held against stalls measured on a million rows, beside squawk and pgfence
	$(BIN)/python bench/hazards/run.py all --versions $${VERSIONS:-14,18}

accuracy: $(STAMP) ## what prove says on an empty database, held against two million rows (VERSIONS=14,18 SCHEMAS=…)
	$(BIN)/python bench/accuracy/run.py all --versions $${VERSIONS:-14,15,16,17,18} $${SCHEMAS:+--schemas $$SCHEMAS}

docs: $(STAMP) ## the generated pages of docs/reference
	$(BIN)/python tools/rules_page.py
	$(BIN)/python tools/hazards_page.py
	$(BIN)/python tools/parity_page.py
	$(BIN)/python tools/cli_page.py

site: $(STAMP) ## the documentation as a site, in .cache/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

lint: $(STAMP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

check: lint types imports test ## ruff, mypy --strict, the floors, the tests

format: $(STAMP)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

matrix: $(STAMP) ## the PostgreSQL-facing tests on 14, 15, 16, 17 and 18
	set -e; for v in 14 15 16 17 18; do \
	  echo "== PostgreSQL $$v"; PGREADY_TEST_PG=$$($(BIN)/python tools/servers.py $$v) $(PYTEST) -m matrix; done

bench: $(STAMP) ## medians and ratios against the peers, whole processes in one run
	$(BIN)/python bench/run.py $(BENCH)

clean:
	rm -rf $(VENV) .cache dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
