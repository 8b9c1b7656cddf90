# SPDX-License-Identifier: Apache-2.0
# Everything that is done often. Each step says what it does, installs what it needs and is quick the second time.
.DEFAULT_GOAL := help
.PHONY: help serve wasm site test test-native test-sanitize test-fuzz test-wasm test-hub test-site test-browser \
  bench fuzz blueprints sweep format clean real-libraries native-packages fuzz-packages browser-packages

MAKEFLAGS += --no-print-directory
jobs ?= 2
python ?= python3
fuzz_seconds ?= 600
node := tools/with-node.sh
emscripten := $(node) tools/with-emscripten.sh
venv := .venv
generator = OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1 $(CURDIR)/$(venv)/bin/python
say = @printf '\n== %s\n'

help: ## Say what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

serve: site ## Build everything and serve the page
	$(say) 'serving the page; Ctrl-C ends it'
	$(node) npm run --silent preview -w site

# Cheapest first, so that a mistake is told early.
test: test-native test-wasm test-hub test-site test-sanitize test-fuzz test-browser ## Run every test
	$(say) 'all tests passed'

wasm: native-packages node_modules/.package-lock.json ## Build the WebAssembly package, wasm/dist
	$(say) 'package: building the module and what goes with it'
	$(emscripten) cmake --preset wasm --log-level=WARNING
	$(emscripten) cmake --build --preset wasm -j $(jobs)
	$(node) npm run --silent build -w tare

site: wasm ## Build the page, site/dist
	$(say) 'page: building'
	$(node) npm run --silent build -w site

test-native: native-packages ## The core's own tests
	$(say) 'core: building and testing'
	cmake --preset dev --log-level=WARNING
	cmake --build --preset dev -j $(jobs)
	ctest --preset dev

test-sanitize: native-packages ## The same, watched by the address and undefined-behaviour sanitizers
	$(say) 'core: testing under sanitizers'
	cmake --preset sanitize --log-level=WARNING
	cmake --build --preset sanitize -j $(jobs)
	ctest --preset sanitize

test-fuzz: fuzz_seconds := 20
test-fuzz: fuzz ## The fuzz target, for a short while

fuzz: fuzz-packages ## The fuzz target, for long (fuzz_seconds=600)
	$(say) 'core: fuzzing for $(fuzz_seconds) s'
	cmake --preset fuzz --log-level=WARNING
	cmake --build --preset fuzz -j $(jobs)
	tools/fuzz.sh $(fuzz_seconds)

test-wasm: wasm ## The package, as built, in node
	$(say) 'package: testing the built one in node'
	$(node) npx tsc -p tests/wasm
	$(node) npx vitest run --root tests/wasm

test-hub: node_modules/.package-lock.json ## The Hub client against the fixture Hub
	$(say) 'Hub client: testing'
	$(node) npm run --silent hub -w tests

test-site: wasm ## The page's types and parts
	$(say) 'page: checking types, testing its parts'
	$(node) npm run --silent check -w site
	$(node) npm test --silent -w site

test-browser: site browser-packages ## The page, as built, in Chromium
	$(say) 'page: testing the built one in Chromium'
	$(node) npm run --silent browser -w tests

bench: site browser-packages ## Sizes and times (ACCELERATE_PYTHON=.../python adds the real accelerate)
	$(say) 'measuring'
	$(node) node bench/run.js

blueprints: real-libraries ## Make core/blueprints anew from the pinned libraries
	$(say) 'blueprints: testing the generator'
	cd core/blueprints && $(generator) -m unittest discover -s generate/tests -t .
	$(say) 'blueprints: generating and verifying'
	cd core/blueprints && $(generator) -m generate

sweep: real-libraries native-packages ## Hold the blueprints against the real libraries, one field changed at a time, or several (types="bert llama" mixtures=5 seed=1)
	$(say) 'sweep: asking the libraries'
	OMP_NUM_THREADS=1 $(CURDIR)/$(venv)/bin/python -W ignore tests/golden/sweep.py build/sweep $(types) --mixtures $(or $(mixtures),0) --seed $(or $(seed),0)
	$(say) 'sweep: comparing'
	cmake --preset dev --log-level=WARNING
	cmake --build --preset dev -j $(jobs) --target tare_golden
	build/dev/tests/golden/tare_golden build/sweep core/blueprints

format: ## Lay out the C++ as .clang-format says
	@tools/install-debian-packages.sh clang-format-19
	clang-format-19 -i $(shell git ls-files '*.cc' '*.h')

clean: ## Remove what was built; installed tools stay
	rm -rf build wasm/dist site/dist

node_modules/.package-lock.json: package-lock.json
	$(say) 'npm: installing what package-lock.json pins'
	$(node) npm ci --loglevel=error
	@touch $@

real-libraries:
	$(say) 'the real libraries, pinned, in $(venv)'
	@tools/install-debian-packages.sh python3-venv
	test -x $(venv)/bin/python || $(python) -m venv $(venv)
	$(venv)/bin/pip install --quiet -r core/blueprints/generate/requirements.txt

native-packages:
	@tools/install-debian-packages.sh cmake g++ libgtest-dev nlohmann-json3-dev

fuzz-packages: native-packages
	@tools/install-debian-packages.sh clang-19 lld-19 llvm-19 libclang-rt-19-dev

browser-packages:
	@tools/install-debian-packages.sh chromium
