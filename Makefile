# ralphd: make demo shows it at work, make test is what CI runs.

SWIFT ?= swift
PREFIX ?= /usr/local
PACKAGES = libsqlite3-dev libcmark-gfm-dev libcmark-gfm-extensions-dev git bubblewrap make
LINTED = Package.swift Sources Tests

.PHONY: all deps build test check lint format demo bench install test-agents clean

all: build

# Installs the libraries that are missing, and says so; does nothing when all are there.
deps:
	@sh scripts/deps $(PACKAGES)

build: deps
	$(SWIFT) build

lint:
	$(SWIFT) format lint --strict --recursive $(LINTED)

format:
	$(SWIFT) format --in-place --recursive $(LINTED)

# Lint, build and all tests; the last line is the count.
test: lint build
	@sh scripts/test "$(SWIFT)"

check: test

demo: build
	@sh demo/run

# Loop overhead against a bash loop that does the same durable steps.
bench: deps
	$(SWIFT) build -c release --product ralphd
	@bench/overhead

# The real claude and codex against a stand-in for their model APIs. Downloads their wheels from PyPI.
test-agents: build
	@sh Tests/AgentStandIn/fetch.sh .build/agents
	RALPH_AGENT_PATH="$(CURDIR)/.build/agents/bin" $(SWIFT) test --filter RealAgentTests

# ralphd and ralphctl with the Swift runtime linked in.
install: deps
	$(SWIFT) build -c release --static-swift-stdlib --product ralphd
	$(SWIFT) build -c release --static-swift-stdlib --product ralphctl
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/lib/systemd/user"
	install .build/release/ralphd .build/release/ralphctl "$(DESTDIR)$(PREFIX)/bin/"
	sed 's|@PREFIX@|$(PREFIX)|' systemd/user/ralphd@.service > "$(DESTDIR)$(PREFIX)/lib/systemd/user/ralphd@.service"

clean:
	$(SWIFT) package clean
