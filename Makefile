# ralphd: make demo shows it at work, make test is what CI runs.

SWIFT ?= swift
PREFIX ?= /usr/local
PACKAGES = libsqlite3-dev libcmark-gfm-dev libcmark-gfm-extensions-dev git bubblewrap make python3
LINTED = Package.swift Sources Tests

.PHONY: test-api all deps build test check lint format demo bench fuzz test-prd chaos chaos-landing chaos-variants storm soak release install uninstall deb test-agents test-systemd clean

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

# What takes too long for every day: each way of stopping, a gigabyte from four agents at once.
test-long: build
	RALPH_LONG_TESTS=1 $(SWIFT) test --disable-xctest --filter 'StopTests|MisbehaviourTests'

demo: build
	@sh demo/run

# Loop overhead against a bash loop that does the same durable steps.
bench: deps
	$(SWIFT) build -c release --product ralphd
	$(SWIFT) build -c release --product ralphctl
	@bench/overhead
	@bench/history
	@bench/edit
	$(SWIFT) build -c release --product prd-trials
	@.build/release/prd-trials measure

FUZZ_INPUTS ?= 5000000
FUZZ_SEED ?= 1

# Random documents for the PRD's reader, the same ones for the same seed; then hostile ones of doubled size.
fuzz: deps
	$(SWIFT) build -c release --product prd-trials
	nice .build/release/prd-trials fuzz --inputs $(FUZZ_INPUTS) --seed $(FUZZ_SEED)
	nice .build/release/prd-trials grow

# The boxes that we see beside those that cmark-gfm sees: every example of the CommonMark and GFM specifications, which are
# fetched, and what RALPH_DOCUMENTS names (a directory of Markdown).
test-prd: deps
	$(SWIFT) build -c release --product prd-trials
	@sh Tests/Specifications/fetch.sh .build/specifications
	.build/release/prd-trials compare .build/specifications $(RALPH_DOCUMENTS)

# Kills the daemon 500 times, at every named point and at random instants, and looks whether it kept its promises.
# docs/chaos.md has the details; SEED=n makes the same choices again.
chaos: build
	@chaos/run --kills 500 --items 300 --all-points $(if $(SEED),--seed $(SEED))

# The same in other weather: asked to end, dying agents, a full disk on either side, a slow git, deaths while it starts.
chaos-variants: build
	@sh chaos/variants $(if $(SEED),--seed $(SEED))

# An author saves the PRD a thousand times, by six styles and often from a stale buffer, while a loop of 50 items runs.
storm: build
	@chaos/storm --saves 1000 $(if $(SEED),--seed $(SEED))

# A landing alone, killed at each of its system calls that change a file. Needs strace.
chaos-landing: build
	@chaos/landing

# 5,000 iterations in one life: memory, open files, threads, database, store, early and late. Takes most of an hour.
soak: build
	@chaos/soak

# The real claude and codex, alone and driven by ralphd on a real repository, against a stand-in for their model APIs.
# Downloads their wheels from PyPI; skipped where they cannot be had.
test-agents: build
	@sh Tests/AgentStandIn/run.sh "$(SWIFT)" .build/agents

# Where the built programs are; the package and the tests can be made of others.
BINARIES ?= .build/release

# ralphd and ralphctl with the Swift runtime linked in: they need no Swift where they run.
release: deps
	$(SWIFT) build -c release --static-swift-stdlib --product ralphd
	$(SWIFT) build -c release --static-swift-stdlib --product ralphctl
	$(SWIFT) build -c release --static-swift-stdlib --product manual

# Programs, units, man pages, completions, documents.
install: release
	@scripts/install $(BINARIES) "$(PREFIX)" "$(DESTDIR)"

uninstall:
	@scripts/install --remove "$(PREFIX)" "$(DESTDIR)"

# A Debian package, .build/ralphd_VERSION_ARCHITECTURE.deb.
deb: release
	@scripts/deb $(BINARIES) .build

# As root: the package in a Debian that boots in a container, driven by its systemd. Says so and passes where it cannot run.
test-systemd: deb
	@$(SWIFT) build --product scripted-agent
	@Tests/Systemd/run .build/ralphd_*.deb "$$($(SWIFT) build --show-bin-path)/scripted-agent"

# The HTTP interface against schemathesis (PyPI) and promtool (Debian's prometheus), on a running daemon.
test-api: build
	@scripts/test-api .build/debug

clean:
	$(SWIFT) package clean
