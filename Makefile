# Every target sets up its own .venv where that is missing: a fresh clone needs only python3 and make.
#
#   make PYTHON=python3.13 test     another Python for the .venv (3.11 or newer)
#   make WORKERS=8 test             more test processes
#   make PIP_FLAGS="..." parity     more options for pip, such as an index with torch's CPU builds
#   make THOROUGH=1 parity          all of the long comparisons, of which a part is usual

PYTHON ?= python3
WORKERS ?= 2
PIP_FLAGS ?=
export THOROUGH ?= 0

VENV := .venv
BIN := $(VENV)/bin
# What JAX compiles is kept: the workers share it, and so does the next run.
KEPT := JAX_COMPILATION_CACHE_DIR=$(CURDIR)/.cache/jax JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0 \
	JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES=-1
PYTEST := $(KEPT) $(BIN)/python -m pytest
# Neighbours stay together: what one test compiled, the next one in its file has at hand.
PARALLEL := -n $(WORKERS) --dist worksteal

.PHONY: help demo test test-slow test-all check lint types docs parity bench clean
.DELETE_ON_ERROR:
.NOTPARALLEL:

help:
	@echo "make demo      the introduction's digits out of JAX, then an MLP that learns real data"
	@echo "make test      the tests, without the exhaustive ones"
	@echo "make test-all  the exhaustive tests too"
	@echo "make check     what CI checks besides: lint, format, types, documentation"
	@echo "make parity    every number against the real torch, live"
	@echo "make bench     the benchmarks, against torch"
	@echo "make clean     remove .venv and everything that was made"

demo: $(VENV)/.with-demo
	$(BIN)/python -m jaxnn

test: $(VENV)/.with-test
	$(PYTEST) -q $(PARALLEL) -m "not slow"

test-slow: $(VENV)/.with-test
	$(PYTEST) -q $(PARALLEL) -m slow

test-all: test test-slow

check: lint types docs

lint: $(VENV)/.with-check
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.with-check
	$(BIN)/pyright

docs: $(VENV)/.with-test
	$(PYTEST) -q tests/test_documentation.py

parity: $(VENV)/.with-parity
	$(PYTEST) -q $(PARALLEL) tests/parity

bench: $(VENV)/.with-parity
	set -e; for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script; done

clean:
	rm -rf $(VENV) .cache demo dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp for each extra of pyproject.toml: it is installed again when that file changes.
$(VENV)/.with-%: pyproject.toml | $(VENV)/.created
	@echo "installing jaxnn[$*] and what it needs into $(VENV), once"
	@$(BIN)/python -m pip install --quiet $(PIP_FLAGS) --editable ".[$*]"
	@touch $@

.PRECIOUS: $(VENV)/.with-%

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"jaxnn needs Python 3.11 or newer, and $(PYTHON) is " + sys.version.split()[0] + \
		". Name a newer one: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@
