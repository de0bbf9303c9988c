# Everything this project does from a shell. `make` alone lists it.
#
#   PYTHON=/path/to/python3.12   the Python to build the environment with (3.11 to 3.13; found by itself otherwise)
#   ARGS="..."                   handed on: make test ARGS="-k stays", make demo ARGS="--once --json"

VENV := .venv
TRAIN_VENV := .venv-train
RENDER_VENV := .venv-render
BLENDER := bpy==4.5.15
PYTHON :=
ARGS :=
BIN := $(VENV)/bin
LOCK := constraints/serve.txt
TRAIN_LOCK := constraints/train.txt
PIP_INSTALL := -m pip install --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test static check bench train-setup render-setup lock clean

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1|/' | while IFS='|' read -r name what; do printf '%-20s %s\n' "$$name" "$$what"; done

setup: $(VENV)/.serve ## install what serving needs into .venv (no torch)
	@echo "Ready: make demo, make test, $(BIN)/jiexun --help"

demo: $(VENV)/.serve ## watch real detections become filed cases: prints an address for the browser
	@$(BIN)/jiexun demo $(ARGS)

test: $(VENV)/.dev ## run all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

static: $(VENV)/.dev ## lint, format, types, layers
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/pyright
	@$(BIN)/lint-imports

check: ## what CI runs: the static checks, then all tests
	@.ci/run

bench: $(VENV)/.serve ## measure the path on this machine, as ratios
	@$(BIN)/jiexun bench $(ARGS)

train-setup: $(TRAIN_VENV)/.train ## install the training stack into .venv-train (torch, 1.6 GB and more)

render-setup: $(RENDER_VENV)/.render ## install Blender as a Python module into .venv-render (Python 3.11, 1.2 GB)

lock: ## renew constraints/serve.txt: the newest versions that pyproject.toml allows
	rm -rf build/lock && mkdir -p build
	sh deploy/make_venv.sh build/lock $(PYTHON)
	$(call FRESH_PIP,build/lock)
	build/lock/bin/python $(PIP_INSTALL) -e '.[dev]'
	{ sed '/^[^#]/d' $(LOCK); build/lock/bin/python -m pip freeze --exclude-editable; } > build/serve.txt
	mv build/serve.txt $(LOCK)

clean: ## remove the environments and everything built; data/ stays
	rm -rf $(VENV) $(TRAIN_VENV) $(RENDER_VENV) build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip 23.2, which many a Python brings along, fails on some extras ("Candidate is not for this requirement").
FRESH_PIP = $1/bin/python $(PIP_INSTALL) --quiet 'pip>=25'

# An environment is made and filled once; after that nothing asks the network until pyproject.toml or a lock changes.

$(VENV)/.serve: pyproject.toml $(LOCK) | $(BIN)/python
	@echo "Installing what serving needs (550 MB on disk) ..."
	@$(call FRESH_PIP,$(VENV))
	@$(BIN)/python $(PIP_INSTALL) -c $(LOCK) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.serve
	@echo "Installing the test and lint tools (about 300 MB) ..."
	@$(BIN)/python $(PIP_INSTALL) -c $(LOCK) -e '.[dev]'
	@touch $@

$(TRAIN_VENV)/.train: pyproject.toml $(LOCK) $(TRAIN_LOCK) | $(TRAIN_VENV)/bin/python
	@echo "Installing the training stack; where pip finds no CPU build of torch, the CUDA one comes to 6 GB ..."
	@$(call FRESH_PIP,$(TRAIN_VENV))
	@$(TRAIN_VENV)/bin/python $(PIP_INSTALL) -c $(LOCK) -c $(TRAIN_LOCK) -e '.[train,dev]'
	@touch $@

# bpy asks for NumPy below 2, which only its add-ons need; the product needs 2.1. So it is installed without what it asks for.
$(RENDER_VENV)/.render: pyproject.toml $(LOCK) | $(RENDER_VENV)/bin/python
	@echo "Installing Blender as a Python module ..."
	@$(call FRESH_PIP,$(RENDER_VENV))
	@$(RENDER_VENV)/bin/python $(PIP_INSTALL) -c $(LOCK) -e .
	@$(RENDER_VENV)/bin/python $(PIP_INSTALL) --no-deps $(BLENDER)
	@touch $@

%/bin/python:
	@sh deploy/make_venv.sh $* $(PYTHON)
