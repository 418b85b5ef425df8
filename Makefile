# Assay: `make demo` shows the whole path, `make test` runs every test this machine can run.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3.11
VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.8
export CARGO_TARGET_DIR ?= $(HOME)/.cache/assay/target
export UV_COMPILE_BYTECODE ?= 1
CARGO_FEATURES := --features runtime-benchmarks,try-runtime

.PHONY: help setup demo testnet test lint test-python test-rust node test-network test-e2e-network test-chaos \
  bench-network kubo weights fuzz runtime bench clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

$(VENV)/.ready: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Assay needs CPython 3.11: install python3.11, or set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --require-hashes -r requirements.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.ready ## Create .venv with the locked dependencies

demo: $(VENV)/.ready ## Run the whole path: steward, developer, four validators, rewards, leaderboard
	$(BIN)/assay demo

testnet: $(VENV)/.ready node ## Start four native nodes, four validators and a steward on this machine
	$(BIN)/assay testnet up

test: lint test-python test-rust ## Run every test; say what was not run
	@$(BIN)/python tests/not_run.py

lint: $(VENV)/.ready ## Format, lint, types and import rules of the Python code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-python: $(VENV)/.ready ## Python tests
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not network"

test-rust: $(VENV)/.ready ## Rust format, lints, tests and benchmark tests, where Rust is
	@if command -v cargo >/dev/null; then \
	  cd runtime-specs && cargo fmt --all --check && \
	  cargo clippy --locked --workspace --exclude assay-node --all-targets $(CARGO_FEATURES) -- -D warnings && \
	  cargo test --locked --workspace --exclude assay-node $(CARGO_FEATURES); \
	elif [ -n "$${ASSAY_REQUIRE_RUST:-}" ]; then echo "Rust is required and absent: install cargo" >&2; exit 1; \
	else echo "NOT RUN: the Rust tests (cargo is absent)"; fi

node: $(VENV)/.ready ## Build the native node into the cache
	$(BIN)/python runtime-specs/build/node.py

test-network: $(VENV)/.ready node ## Tests on native nodes; the result goes to docs/figures.md
	$(BIN)/python tests/network/run.py

test-e2e-network: $(VENV)/.ready node ## The whole end-to-end suite on native nodes: an hour and more
	ASSAY_E2E=all $(BIN)/python tests/network/run.py tests/network/test_e2e.py

test-chaos: $(VENV)/.ready node ## Kill each kind of process at 20 random points of rounds on native nodes: an hour
	ASSAY_KILL_POINTS=20 $(BIN)/python tests/network/run.py tests/network/test_faults_agents.py -k killed -rP

bench-network: $(VENV)/.ready node ## Load four native nodes for 20 minutes, find the highest rate, soak for two hours
	$(BIN)/python benchmarks/load.py
	$(BIN)/python benchmarks/load.py --ramp
	$(BIN)/python benchmarks/soak.py

kubo: $(VENV)/.ready ## Build Kubo (IPFS) for the local network's store into the cache, with Go
	@command -v go >/dev/null || { echo "Kubo needs Go 1.26: install it, or put \`ipfs\` on PATH" >&2; exit 1; }
	@target=$$($(BIN)/python -c "from offchain.testnet import kubo_cache as f; print(f())"); test -x $$target || { mkdir -p $$(dirname $$target) && \
	  cd local-testnet/kubo && CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o $$target.part github.com/ipfs/kubo/cmd/ipfs && \
	  mv $$target.part $$target; }; echo $$target

weights: $(VENV)/.ready ## Measure every weight in the runtime's Wasm, on a machine that does nothing else; then run make runtime
	$(BIN)/python runtime-specs/build/benchmarks.py $(CARGO_TARGET_DIR)/benchmarks/assay_runtime.wasm
	@# With the node, whose build of each dependency it shares.
	cd runtime-specs && cargo build --locked --profile node -p assay-node -p assay-weights --bin assay-weights --features assay-weights/wasm
	cd runtime-specs && $(CARGO_TARGET_DIR)/node/assay-weights $(CARGO_TARGET_DIR)/benchmarks/assay_runtime.wasm --date $$(date -I)

FUZZ_SECONDS ?= 14400
FUZZ := $(HOME)/.cache/assay/fuzz

fuzz: ## Fuzz the whole runtime for FUZZ_SECONDS (nightly Rust and cargo-fuzz); what breaks it lands in runtime-specs/fuzz/regressions
	@cargo fuzz --version >/dev/null 2>&1 || { echo "Fuzzing needs cargo-fuzz and a nightly Rust: rustup toolchain install nightly && cargo install cargo-fuzz" >&2; exit 1; }
	mkdir -p $(FUZZ)/corpus
	cd runtime-specs && CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo +nightly fuzz run --fuzz-dir fuzz --sanitizer none --codegen-units 16 --features libfuzzer \
	  --target-dir $(FUZZ)/target runtime $(FUZZ)/corpus fuzz/corpus/runtime -- \
	  -max_total_time=$(FUZZ_SECONDS) -max_len=1500 -len_control=0 -timeout=300 -artifact_prefix=fuzz/regressions/

runtime: $(VENV)/.ready ## Build the runtime's Wasm, metadata and chain specs into runtime-specs/artifacts
	$(BIN)/python runtime-specs/build/build.py

bench: $(VENV)/.ready ## Measure the embedded chain and the evaluation against their peers
	$(BIN)/python benchmarks/devchain.py
	$(BIN)/python benchmarks/evaluation.py

clean: ## Remove what this clone made; the caches in ~/.cache/assay stay
	rm -rf .venv demo-out assay.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
