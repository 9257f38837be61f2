# Every target sets up what it needs; `make` alone lists them.
# The first Python from 3.11 up that is found will do; name another with PYTHON=/path/to/python3.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OLD_VENV := .venv-pandas2
OLD_READY := $(OLD_VENV)/.ready
LOCK_VENV := .venv-lock
BENCH_VENV := .venv-bench
BENCH_READY := $(BENCH_VENV)/.ready
BENCH_OUT := benchmarks/out
# Every command in benchmarks/, those of the tables first; BENCHMARKS="totals speed" runs some.
BENCHMARKS := totals rossmann_1w rollup pacing speed
BENCHMARKS += $(filter-out report $(BENCHMARKS),$(basename $(notdir $(sort \
	$(shell grep -l '^if __name__ == "__main__"' benchmarks/*.py)))))
PIP_QUIET := --quiet --disable-pip-version-check --progress-bar off
pip = PYTHONWARNINGS=ignore $(1)/bin/python -m pip
NOTEBOOKS = $(basename $(notdir $(sort $(wildcard notebooks/*.ipynb))))

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format types notebooks bench bench-setup bench-lock lab compat lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## create .venv and install the pinned dependencies (once)

demo: $(READY) ## write the demo shop, set targets for its next quarter, print the answer
	$(BIN)/workbench demo-data demo
	$(BIN)/workbench run 20_target_setting -f params/20_target_setting.yaml

test: $(READY) ## run all tests, on all cores
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder

lint: $(READY) ## style, import order of the rooms, notebooks without outputs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb notebooks/explore/*.ipynb

format: $(READY) ## put the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/nbstripout --keep-id notebooks/*.ipynb notebooks/explore/*.ipynb

types: $(READY) ## check the types of the package
	$(BIN)/mypy

notebooks: $(READY) ## run every notebook on the demo shop
	$(BIN)/workbench demo-data demo
	@for name in $(NOTEBOOKS); do \
		echo; echo "$$name"; \
		$(BIN)/workbench run $$name -f params/$$name.yaml || exit $$?; \
	done

bench: $(BENCH_READY) ## measure accuracy, seconds and memory beside other libraries (hours)
	@mkdir -p $(BENCH_OUT)
	@failed=; for name in $(BENCHMARKS); do \
		echo "$$name"; \
		if $(BENCH_VENV)/bin/python benchmarks/$$name.py >$(BENCH_OUT)/$$name.json.part; then \
			mv $(BENCH_OUT)/$$name.json.part $(BENCH_OUT)/$$name.json; \
		else failed="$$failed $$name"; fi; \
	done; \
	$(BENCH_VENV)/bin/python benchmarks/report.py $(BENCH_OUT); \
	if [ -n "$$failed" ]; then echo "Failed:$$failed" >&2; exit 1; fi

bench-setup: $(BENCH_READY) ## create .venv-bench with the libraries that we compare with (once)

bench-lock: ## renew benchmarks/constraints.txt
	@$(call new_venv,$(LOCK_VENV))
	@grep -v '^pandas' constraints.txt >$(LOCK_VENV)/known.txt
	$(call pip,$(LOCK_VENV)) install $(PIP_QUIET) --constraint $(LOCK_VENV)/known.txt \
		--editable '.[fonts,bench]'
	$(call freeze,make bench-lock,benchmarks/constraints.txt)

lab: $(READY) ## open JupyterLab on the notebooks
	JUPYTER_PREFER_ENV_PATH=1 $(BIN)/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks

compat: $(OLD_READY) ## run the tests with pandas 2.3 in a second environment
	$(OLD_VENV)/bin/python -m pytest --numprocesses logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder

lock: ## renew constraints.txt from the bounds in pyproject.toml
	@$(call new_venv,$(LOCK_VENV))
	$(call pip,$(LOCK_VENV)) install $(PIP_QUIET) --editable '.[dev,fonts]'
	$(call freeze,make lock,constraints.txt)

clean: ## remove the environments and all caches; data and runs stay
	rm -rf $(VENV) $(OLD_VENV) $(LOCK_VENV) $(BENCH_VENV) build *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(READY): pyproject.toml constraints.txt
	@$(call new_venv,$(VENV))
	@echo "Installing the pinned dependencies into $(VENV); once, a few minutes."
	@$(call pip,$(VENV)) install $(PIP_QUIET) --constraint constraints.txt --editable '.[dev,fonts]'
	@$(BIN)/python -m ipykernel install --sys-prefix --display-name "Sales-target workbench" >/dev/null
	@touch $@

$(OLD_READY): pyproject.toml constraints.txt
	@$(call new_venv,$(OLD_VENV))
	@echo "Installing pandas 2.3 and the rest into $(OLD_VENV); once, a few minutes."
	@grep -v '^pandas' constraints.txt > $(OLD_VENV)/constraints.txt
	@$(call pip,$(OLD_VENV)) install $(PIP_QUIET) --constraint $(OLD_VENV)/constraints.txt \
		--editable '.[dev,fonts]' 'pandas>=2.3,<3'
	@touch $@

$(BENCH_READY): pyproject.toml benchmarks/constraints.txt
	@$(call new_venv,$(BENCH_VENV))
	@echo "Installing what the benchmarks compare with into $(BENCH_VENV); once, a few minutes."
	@$(call pip,$(BENCH_VENV)) install $(PIP_QUIET) --constraint benchmarks/constraints.txt \
		--editable '.[fonts,bench]'
	@$(BENCH_VENV)/bin/python -m ipykernel install --sys-prefix \
		--display-name "Sales-target workbench" >/dev/null
	@touch $@

# Write the versions in the environment of locks to a file: $(1) wrote it, $(2) is it.
define freeze
{ echo "# Written by '$(1)'; the versions that make installs."; \
  $(call pip,$(LOCK_VENV)) freeze --exclude-editable; } > $(LOCK_VENV)/constraints.txt
@! grep -nE ' @ |://' $(LOCK_VENV)/constraints.txt
mv $(LOCK_VENV)/constraints.txt $(2)
rm -rf $(LOCK_VENV)
endef

# Keep an environment that works; otherwise make one with the first Python that is new enough.
new_enough = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
define new_venv
$(1)/bin/python -m pip --version >/dev/null 2>&1 || { \
	found=; for python in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3 python; do \
		if $$python -c "$(new_enough)" >/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "No Python of version 3.11 or newer with the modules venv and ensurepip was found." >&2; \
		echo "Install one (Debian and Ubuntu: apt install python3 python3-venv), or name it:" >&2; \
		echo "    make setup PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	echo "Creating $(1) with $$($$found --version)"; \
	$$found -m venv --clear $(1); \
}
endef
