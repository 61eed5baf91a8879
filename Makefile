# `make lab` and `make test` are for everyone; the rest is for those who work on imagekit.

PYTHON ?= python3
LESSON ?= $(firstword $(sort $(wildcard notebooks/*.ipynb)))
LAB    ?=
TESTS  ?= -n auto --dist worksteal
BIN    := .venv/bin
READY  := .venv/ready

.PHONY: lab test check bench judge notebooks lock clean .venv

lab: $(READY)
	@set -- --ServerApp.root_dir=. --LabApp.default_url="/lab$(if $(LESSON),/tree/$(LESSON))"; \
	[ "$$(id -u)" -ne 0 ] || set -- "$$@" --allow-root; \
	[ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ] || set -- "$$@" --no-browser; \
	exec $(BIN)/jupyter lab "$$@" $(LAB)

test: $(READY)
	@$(BIN)/pytest $(TESTS)

check: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

bench: $(READY)
	@for file in benchmarks/*.py; do $(BIN)/python "$$file" || exit 1; done

# The real az judges our reader of its words. AZ=/usr/bin/az takes one that is there instead of installing it.
AZ        ?=
AZURE_CLI ?= azure-cli==2.91.0

judge: $(READY) $(if $(AZ),,.venv-judge/ready)
	@$(BIN)/python tests/judge/run.py $(or $(AZ),.venv-judge/bin/az)

.venv-judge/ready:
	@echo "Setting up .venv-judge with $(AZURE_CLI) (once; a minute or two)"
	@if uv --version >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing .venv-judge && \
		uv pip install --quiet --python .venv-judge/bin/python "$(AZURE_CLI)"; \
	else \
		$(PYTHON) -m venv .venv-judge && \
		.venv-judge/bin/python -m pip install --quiet "$(AZURE_CLI)"; \
	fi
	@touch $@

notebooks: $(READY)
	@$(BIN)/python tests/notebooks.py notebooks/*.ipynb exercises/*.toml
	@$(BIN)/python tests/readme.py
	@$(BIN)/python tests/fidelity.py

.venv: $(READY)

$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv (once; about 10 seconds with uv, a minute with pip)"
	@if uv --version >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing .venv && \
		uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
		$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("imagekit needs Python 3.11 or newer; name one with make PYTHON=python3.12")' && \
		$(PYTHON) -m venv .venv && \
		$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .; \
	fi
	@# JupyterLab would ask on first start whether to fetch its news.
	@$(BIN)/jupyter labextension disable --log-level=ERROR --level=sys_prefix "@jupyterlab/apputils-extension:announcements"
	@touch $@

LOCK := uv pip compile --quiet --universal --generate-hashes --no-header $(UPGRADE)

lock:
	@$(LOCK) --all-extras pyproject.toml -o requirements.lock
	@# Binder's own image has JupyterLab, the kernel and the widgets.
	@$(LOCK) --extra azure --extra cli --extra pictures --extra serve --no-annotate -c requirements.lock pyproject.toml -o binder/requirements.txt

clean:
	@rm -rf .venv .venv-judge .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	@find . -name __pycache__ -prune -exec rm -rf {} +
