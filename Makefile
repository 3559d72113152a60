BIN := .venv/bin

.PHONY: check format lint typecheck imports test cassettes build lock licences audit sbom wheel-check

check: lint typecheck imports test

format:
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lint:
	$(BIN)/ruff check
	$(BIN)/ruff format --check

typecheck:
	$(BIN)/pyright --pythonpath $(BIN)/python

imports:
	$(BIN)/lint-imports

test:
	$(BIN)/pytest

# Asks the embedded model anew for every recorded test; look at what changed before committing it.
cassettes:
	env -u EXTRACTOR_MODEL -u EXTRACTOR_BASE_URL $(BIN)/pytest --record-cassettes
	cd tests/testing/example && env -u EXTRACTOR_MODEL -u EXTRACTOR_BASE_URL $(abspath $(BIN))/pytest --record-cassettes

# What is built has the date of the last commit, so that anyone who builds it gets the same bytes.
build sbom: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1580601600)

build:
	$(BIN)/python -m build --no-isolation

LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --group build --quiet

# requirements.txt is what a user installs; requirements-dev.txt holds the same versions, and what the checks need.
lock:
	$(LOCK) --all-extras -o requirements-dev.txt
	$(LOCK) --extra embedded --extra evals -c requirements-dev.txt -o requirements.txt

# Licences against tests/supply/policy.toml.
licences:
	$(BIN)/python -m tests.supply.licences

# Known vulnerabilities. Needs the network; ends with 3 where no database could be asked.
audit:
	$(BIN)/python -m tests.supply.audit

# What a user installs, weights included, as CycloneDX.
sbom:
	$(BIN)/python -m tests.supply.sbom dist/sbom.cdx.json

# The wheel of the last commit, built from two clones and from the source distribution: the same bytes.
wheel-check:
	$(BIN)/python -m tests.supply.wheel
