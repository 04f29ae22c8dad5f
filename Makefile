# Two commands:  make materials   (set up, then make a class's materials)
#                make test        (set up, then prove that everything works)
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
JOBS ?= 2
comma := ,
export PYTHONUTF8 := 1
export UV_COMPILE_BYTECODE := 1
export UV_LINK_MODE := copy
# The machine's own certificates: an office network often has one more.
export UV_SYSTEM_CERTS := true
# uv must install into our own environment, whatever else is active.
export VIRTUAL_ENV := $(abspath $(VENV))

.PHONY: materials test lint unit notebooks batch browser benchmark binder lock clean help

materials: $(VENV)/.ready
	$(BIN)/kit build half-day

test: lint unit notebooks batch browser

lint: $(VENV)/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/kit check --strict

unit: $(VENV)/.ready-test
	$(BIN)/pytest kit tests/unit -n $(JOBS) --durations 5

notebooks: $(VENV)/.ready-test
	$(BIN)/pytest --nbval --nbval-current-env -n $(JOBS) --dist loadfile -p no:cacheprovider workshops
	$(BIN)/pytest tests/notebooks -n $(JOBS) --dist loadfile

batch: $(VENV)/.ready-test
	$(BIN)/pytest tests/batch -n $(JOBS)

browser: $(VENV)/.ready-test chromium
	$(BIN)/pytest tests/browser -rs -n $(JOBS) --dist loadgroup

.PHONY: chromium
chromium:
	@if command -v chromium >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null; \
	else echo "chromium is missing and cannot be installed without root: browser tests are skipped"; fi

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The lock is used as constraints: the same versions everywhere, only what is asked for installed.
# uv is tried first because it is fast; where it cannot be had or cannot reach anything, pip does it.
define install
	@uv=$$(command -v uv || echo $(BIN)/uv); \
	[ -x "$$uv" ] || $(PIP) install --quiet uv || true; \
	if [ -x "$$uv" ] && "$$uv" pip install --quiet --python $(BIN)/python -c requirements.lock -e '$(1)'; \
	then :; else $(PIP) install --quiet -c requirements.lock -e '$(1)'; fi
	@touch $@
endef

$(VENV)/.ready: $(VENV)/bin/python requirements.lock pyproject.toml
	$(call install,.[plain])

$(VENV)/.ready-test: $(VENV)/.ready
	$(call install,.[plain$(comma)test])

# Written for every platform; holds versions only, no address.
lock:
	uv pip compile --universal --python-version 3.11 --all-extras --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header --quiet --upgrade pyproject.toml -o requirements.lock
	$(PYTHON) binder/requirements.py

benchmark: $(VENV)/.ready-test
	$(BIN)/python -m benchmarks

# What a Binder link starts, made and tried on this machine (needs the package index).
binder: $(VENV)/.ready-test
	$(BIN)/python binder/check.py

clean:
	rm -rf build $(VENV)

help:
	@sed -n '1,2p' Makefile
