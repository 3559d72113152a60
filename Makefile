BIN := .venv/bin

.PHONY: check format lint typecheck imports test cassettes build lock

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
	$(BIN)/pytest --record

build:
	$(BIN)/python -m build --no-isolation

LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --group build --quiet

# requirements.txt is what a user installs; requirements-dev.txt holds the same versions, and what the checks need.
lock:
	$(LOCK) --all-extras -o requirements-dev.txt
	$(LOCK) --extra embedded --extra evals -c requirements-dev.txt -o requirements.txt
