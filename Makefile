# The course's commands: `make` alone lists them. A line that begins with a target and ends in "## ..." is its help.
# GNU make 3.81 (macOS) is enough. ARGS="..." adds arguments; PYTHON=... names the Python that builds the environment.

VENV_PYTHON = .venv/bin/python

# The Pythons to try, in this order. The environment's own comes first, so that a Python installed later changes nothing;
# then 3.11, with which the stored outputs are made and the tests run most, and the newer ones that the lock serves too.
PYTHONS = $(VENV_PYTHON) python3.11 python3.12 python3.13 python3 python

.PHONY: help lab author test notebooks benchmark picture record lint lock clean install
help:  ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "make %-10s %s\n", $$1, $$2 }'

lab: install  ## open the course in JupyterLab, on your own copies in my_work/ (ARGS="--lesson 02 --no-browser")
	@$(VENV_PYTHON) -m helpers.start $(ARGS)

author: install  ## open notebooks/ itself, for those who write lessons
	@$(VENV_PYTHON) -m helpers.start --author $(ARGS)

test: install  ## run all tests: helpers, every notebook, a browser where there is one (ARGS="-k install")
	@$(VENV_PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

notebooks: install  ## run the notebooks again and store their outputs (NOTEBOOK=notebooks/01_....ipynb for one)
	@$(VENV_PYTHON) -m tests.store_notebooks $(if $(NOTEBOOK),"$(NOTEBOOK)") $(ARGS)

benchmark: install  ## measure the sliders, the notebooks and the tests, and print a table
	@$(VENV_PYTHON) -m tests.benchmark $(ARGS)

picture: install  ## draw the picture of the README again
	@$(VENV_PYTHON) -m tests.readme_picture $(ARGS)

record: install  ## run the recorded experiments where rows are missing (ARGS="learning_rates --fresh" for one anew)
	@$(VENV_PYTHON) -m helpers.record $(ARGS)

lint: install  ## check the style of the code and of the notebooks' cells; change nothing
	@$(VENV_PYTHON) -m ruff check $(ARGS) .
	@$(VENV_PYTHON) -m ruff format --check $(ARGS) .

# uv is no part of the environment: `pip install uv`, in an environment of its own, brings it.
lock:  ## write requirements.txt from requirements.in, with uv (ARGS=--upgrade for the newest versions)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv, in an environment of its own, brings it."; exit 1; }
	uv pip compile requirements.in --output-file requirements.txt --quiet --universal --fork-strategy fewest \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header $(ARGS)

clean:  ## remove the environment and the caches, never my_work/
	rm -rf .venv .pytest_cache .ruff_cache build *.egg-info
	find helpers tests notebooks \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

# The first Python that fits builds the environment or finds it up to date. Where none fits, the first one that understands
# the question (it answers with status 3) says in a sentence what is missing.
install:
	@if [ -n "$(PYTHON)" ]; then \
		"$(PYTHON)" helpers/install.py --fits 2>/dev/null; status=$$?; \
		if [ $$status = 0 ] || [ $$status = 3 ]; then exec "$(PYTHON)" helpers/install.py; fi; \
		echo "PYTHON=$(PYTHON) does not run, or is older than Python 3.6: name a Python 3.11, 3.12 or 3.13." >&2; exit 1; \
	fi; \
	refused=; \
	for python in $(PYTHONS); do \
		$$python helpers/install.py --fits 2>/dev/null; status=$$?; \
		if [ $$status = 0 ]; then exec $$python helpers/install.py; fi; \
		if [ $$status = 3 ] && [ -z "$$refused" ]; then refused=$$python; fi; \
	done; \
	if [ -n "$$refused" ]; then exec $$refused helpers/install.py; fi; \
	echo "No Python was found: install Python 3.11, 3.12 or 3.13, or name yours: make lab PYTHON=/path/to/python" >&2; exit 1
