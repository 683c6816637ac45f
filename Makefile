# make demo     train the digit LeNet; leaves one picture, digits.png
# make lessons  the short lessons, one after the other
# make test     the whole suite            make parity   agreement with torch, one line an op
# make strict   the suite under CuPy's rules, on the host
# make parity-full  every sample and dtype of torch's OpInfo; out/parity.html and out/parity.json
# make coverage     README's figures from out/parity.json
# make bench    side by side with torch    make fuzz     10000 random programs, or FUZZ=n
# make lint     ruff and mypy              make clean    remove what make made
#
# Needs make and Python 3.11 or newer; another interpreter: make demo PYTHON=python3.12
# torch is pinned in pyproject.toml. On Linux its default wheel brings CUDA along, some GB;
# PIP_EXTRA_INDEX_URL set to PyTorch's index of CPU wheels is obeyed, and avoids that.

PYTHON ?= python3
VENV ?= .venv
DEMO_ARGS ?=
PYTEST_ARGS ?= -n 2
PARITY_ARGS ?=
FULL_ARGS ?= --full --speed --messages 1 --html out/parity.html --json out/parity.json
BENCH_ARGS ?=
FUZZ ?= 10000
FUZZ_ARGS ?= -n 2 -v

RUN = $(VENV)/bin/python
export OMP_NUM_THREADS ?= 1

# $(call timed,what,command): run it, and say how long it took; its failure is make's.
timed = @start=$$(date +%s); echo "$(2)"; $(2) && echo "$(1): $$(($$(date +%s) - start)) s"

.PHONY: help demo lessons test strict parity parity-full coverage bench fuzz lint clean

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

demo: $(VENV)/.examples
	$(call timed,demo,$(RUN) examples/08_lenet_on_digits.py $(DEMO_ARGS))

lessons: $(VENV)/.examples
	@for lesson in examples/0[1-79]_*.py examples/1*.py; do echo "--- $$lesson"; $(RUN) $$lesson || exit 1; echo; done

test: $(VENV)/.parity
	$(call timed,test,$(RUN) -m pytest $(PYTEST_ARGS))

# Files that choose backends themselves, and those that test the suite, have nothing to run again.
strict: $(VENV)/.parity
	$(call timed,strict,$(RUN) -m pytest $(PYTEST_ARGS) --backend=strict \
	    $(patsubst %,--ignore=parity_tests/test_%.py,backends contract cuda_source faults report suite))

parity: $(VENV)/.parity
	$(call timed,parity,$(RUN) -m parity_tests $(PARITY_ARGS))

parity-full: $(VENV)/.parity
	$(call timed,parity-full,$(RUN) -m parity_tests $(FULL_ARGS) $(PARITY_ARGS))

coverage: $(VENV)/.parity
	$(call timed,coverage,$(RUN) -m parity_tests.coverage out/parity.json)

bench: $(VENV)/.parity
	$(call timed,bench,$(RUN) -m benchmarks $(BENCH_ARGS))

fuzz: $(VENV)/.parity
	$(call timed,fuzz,MINIGRAD_FUZZ=$(FUZZ) $(RUN) -m pytest $(FUZZ_ARGS) parity_tests/test_fuzz.py)

lint: $(VENV)/.dev
	$(call timed,ruff,$(VENV)/bin/ruff check .)
	$(call timed,mypy,$(VENV)/bin/mypy)

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .hypothesis .ruff_cache .mypy_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp for each set of extras, as new as pyproject.toml: installing twice costs nothing.
$(VENV)/.examples: EXTRAS = examples
$(VENV)/.parity: EXTRAS = parity,examples
$(VENV)/.dev: EXTRAS = dev

$(VENV)/.examples $(VENV)/.parity $(VENV)/.dev: pyproject.toml | $(VENV)/.made
	$(call timed,install,$(RUN) -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRAS)]')
	@touch $@

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "minigrad needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." \
	         "Name another: make PYTHON=python3.12" >&2; exit 1; }
	$(call timed,venv,$(PYTHON) -m venv $(VENV))
	@touch $@
