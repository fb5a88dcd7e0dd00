# SPDX-License-Identifier: Apache-2.0
# terraform-provider-glm: one Makefile for everything. `make help` lists the targets.
#
# Parts: this file builds, checks and installs; tests/make/quality.mk lints, sanitises and fuzzes;
# tests/make/release.mk makes the static release and the benchmark; tests/make/tofu.mk builds OpenTofu;
# tests/make/peers.mk builds real servers and starts real clusters.
MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec

# All cores, unless the caller said how many. Sub-makes share the jobs of the one above.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
# `make clean all` must not clean while it builds.
ifneq ($(filter clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

# ---- settings: any of these may be given on the command line ----

VERSION   := 0.1.0
# The address under which Terraform knows the provider: HOST/SOURCE.
SOURCE    := terraform-provider-glm/glm
HOSTS     := registry.terraform.io registry.opentofu.org
# Where a build goes. Two builds with other flags have two directories.
BUILD     ?= build/dev
CC        := gcc
CXX       := g++
# Neither on PATH: OpenTofu as tests/make/tofu.mk builds it, once a target needs it.
TOFU      := build/peers/bin/tofu
ifeq ($(TERRAFORM),)
TERRAFORM := $(or $(shell command -v terraform || command -v tofu),$(CURDIR)/$(TOFU))
endif
export TERRAFORM

WERROR   ?= -Werror
OPTIMISE ?= -O2 -g
HARDEN   ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE \
  -fvisibility=hidden
SANITISE ?=
# Not empty: one exact allocation for every request, so that ASan and valgrind see each overrun.
ARENA_DEBUG ?= $(findstring address,$(SANITISE))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual \
  -Wcast-align=strict -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
  -Wold-style-definition -Wredundant-decls -Wwrite-strings -Wundef -Wformat=2 \
  -Wformat-truncation=2 -Wformat-overflow=2 -Wformat-signedness -Wlogical-op -Wduplicated-cond \
  -Wduplicated-branches -Wnull-dereference -Wvla -Walloca -Wimplicit-fallthrough=5 \
  -Wdouble-promotion -Wjump-misses-init
CPPFLAGS := -D_GNU_SOURCE -DGLM_VERSION='"$(VERSION)"' \
  -DGLM_ADDRESS='"$(firstword $(HOSTS))/$(SOURCE)"' $(if $(ARENA_DEBUG),-DGLM_ARENA_DEBUG) \
  -Iinclude -isystem $(BUILD)/gen
CFLAGS   := -std=gnu17 $(OPTIMISE) $(HARDEN) $(SANITISE)
LDFLAGS  ?= -pie -Wl,-z,relro,-z,now -Wl,--as-needed
GLM_LIBS := -lcurl -lmsgpackc -ljansson -lyaml -lz -lpthread -lm
LIBS     ?= -lgrpc -lgpr -lprotobuf-c -lssl -lcrypto $(GLM_LIBS)
LINK     ?= $(CC) $(LDFLAGS) $(SANITISE)

# A Go toolchain that tests/make/go fetched comes first; on most machines there is none.
export PATH := $(CURDIR)/build/tools/go/bin:$(PATH)

# ---- sources and products: found by wildcard, nothing to register ----

LIB_SRC      := $(sort $(wildcard src/*/*.c src/*/*/*.c))
PROVIDER_SRC := $(sort $(wildcard provider/*.c))
PROTO        := $(sort $(wildcard proto/*.proto))
UNIT_SRC     := $(sort $(wildcard tests/unit/*_test.c))
RPC_SRC      := $(sort $(wildcard tests/rpc/*_test.c))
SUPPORT_SRC  := $(sort $(wildcard tests/support/*.c))
FUZZ_SRC     := $(sort $(wildcard tests/fuzz/*_fuzz.c))
NEGATIVE_SRC := $(sort $(wildcard tests/fuzz/negative/*.c))
PUBLIC_H     := $(sort $(wildcard include/glm/*.h))

LIB_OBJ      := $(LIB_SRC:%.c=$(BUILD)/obj/%.o)
PROVIDER_OBJ := $(PROVIDER_SRC:%.c=$(BUILD)/obj/%.o)
SUPPORT_OBJ  := $(SUPPORT_SRC:%.c=$(BUILD)/obj/%.o)
UNIT_OBJ     := $(UNIT_SRC:%.c=$(BUILD)/obj/%.o)
RPC_OBJ      := $(RPC_SRC:%.c=$(BUILD)/obj/%.o)
FUZZ_OBJ     := $(FUZZ_SRC:%.c=$(BUILD)/obj/%.o) $(NEGATIVE_SRC:%.c=$(BUILD)/obj/%.o)
GEN_C        := $(PROTO:proto/%.proto=$(BUILD)/gen/%.pb-c.c)
GEN_OBJ      := $(GEN_C:%.c=%.o)
PLUGIN       := $(BUILD)/terraform-provider-glm
UNIT_BIN     := $(UNIT_SRC:tests/%.c=$(BUILD)/tests/%)
RPC_BIN      := $(RPC_SRC:tests/%.c=$(BUILD)/tests/%)
FUZZ_BIN     := $(FUZZ_SRC:tests/%.c=$(BUILD)/tests/%)
HEADER_OK    := $(PUBLIC_H:%.h=$(BUILD)/headers/%.ok)

.PHONY: all check test units headers fuzz-replay peers-check terraform-check hostile lives reliability \
  quickstart install docs docs-check tables clean help deps FORCE
all: $(BUILD)/libglm.a $(PLUGIN) ## build the plugin and libglm (BUILD=build/dev)

# ---- dependencies: probed once for each group; see tests/make/deps ----

build/deps/%: tests/make/deps
	@tests/make/deps $*
	@mkdir -p $(@D) && touch $@
build/tools/go-ready: tests/make/go | build/deps/build
	@tests/make/go
	@mkdir -p $(@D) && touch $@
deps: build/deps/build build/deps/test build/deps/lint build/deps/fuzz build/deps/release build/tools/go-ready ## install what building and testing need, or name it

# ---- compile and link ----

# A line for each thing that is made; the whole commands with V=1.
say = $(if $(V),,@echo "  $(1)  $(2)"; )

# Changed flags rebuild everything that was built with the old ones.
FLAGS := $(CC) $(CFLAGS) $(CPPFLAGS) $(WARNINGS) $(WERROR) $(LINK) $(LIBS)
$(BUILD)/flags: FORCE | build/deps/build
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(FLAGS))' | cmp -s - $@ || echo '$(subst ','\'',$(FLAGS))' > $@

$(BUILD)/gen/%.pb-c.c $(BUILD)/gen/%.pb-c.h &: proto/%.proto | build/deps/build
	@mkdir -p $(@D)
	$(call say,PROTO,$<)protoc-c --proto_path=proto --c_out=$(BUILD)/gen $<
# Generated code keeps its own, silent flags.
$(BUILD)/gen/%.o: $(BUILD)/gen/%.pb-c.c
$(GEN_OBJ): %.o: %.c $(BUILD)/flags | $(GEN_C)
	$(call say,CC   ,$<)$(CC) $(CFLAGS) -w -I$(BUILD)/gen -c -o $@ $<

# Generated headers are system headers to the compiler, so -MMD does not list them.
$(PROVIDER_OBJ) $(SUPPORT_OBJ) $(RPC_OBJ) $(FUZZ_OBJ): $(GEN_C)
$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC   ,$<)$(CC) $(CFLAGS) $(CPPFLAGS) $(WARNINGS) $(WERROR) $(if $(filter tests/%,$<),-Itests/support -Iprovider) -MMD -MP -c -o $@ $<

$(BUILD)/libglm.a: $(LIB_OBJ)
	@rm -f $@; ar rcs $@ $^
$(BUILD)/libprovider.a: $(filter-out %/main.o,$(PROVIDER_OBJ)) $(GEN_OBJ)
	@rm -f $@; ar rcs $@ $^
$(PLUGIN): $(BUILD)/obj/provider/main.o $(BUILD)/libprovider.a $(BUILD)/libglm.a
	$(call say,LINK ,$@)$(LINK) -o $@ $^ $(LIBS)

# Unit tests need libglm only; rpc tests and fuzz targets may use the provider too.
$(UNIT_BIN): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(SUPPORT_OBJ) $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(call say,LINK ,$@)$(LINK) -o $@ $^ -lcmocka -lssl -lcrypto $(GLM_LIBS)
$(RPC_BIN): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(SUPPORT_OBJ) $(BUILD)/libprovider.a $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(call say,LINK ,$@)$(LINK) -o $@ $^ -lcmocka $(LIBS)
# The same harness that libFuzzer drives, with a main that replays files.
$(FUZZ_BIN): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(BUILD)/obj/tests/fuzz/standalone.o $(BUILD)/libprovider.a $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(call say,LINK ,$@)$(LINK) -o $@ $^ $(LIBS)

# The plugin with the tests' own types behind it: what tests/rpc and tests/peers talk to.
FAKE_PLUGIN := $(BUILD)/tests/rpc/fake-plugin
FAKE_OBJ    := $(BUILD)/obj/tests/rpc/fake_types.o $(BUILD)/obj/tests/rpc/fake_grpc.o
$(FAKE_OBJ): | $(GEN_C)
$(FAKE_PLUGIN): $(BUILD)/obj/provider/main.o $(FAKE_OBJ) $(BUILD)/libprovider.a $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(call say,LINK ,$@)$(LINK) -o $@ $^ $(LIBS)

# ---- tests ----

# Sub-makes in a row: what the tests print stays in order, and they do not disturb each other.
check: ## unit and byte-level tests, fuzz corpora, headers, layers, banned functions, format (under a minute)
	@$(MAKE) all $(UNIT_BIN) $(RPC_BIN) $(FUZZ_BIN)
	@$(MAKE) headers layers banned globals
	@if command -v clang-format-14 >/dev/null; then $(MAKE) format-check; \
	else echo "format: left to make lint, which installs clang-format-14"; fi
	@$(MAKE) fuzz-replay $(if $(findstring address,$(SANITISE)),fuzz-negative)
	@$(MAKE) units

# What each run of the terraform tests adds is in CONTRIBUTING.md.
test: ## everything: check, lint, peers, terraform, tofu, real clusters, sanitisers, release
	@tests/make/deps build test lint fuzz release go
	@$(tofu-notice)
	@$(MAKE) deps terraform-present
	+@tests/make/parts --first check release \
	  --beside peers tofu cluster-check tofu-cluster-part \
	  --then lint release-again peers-check fuzz-floors quickstart asan-terraform tofu-release-check asan-check \
	    valgrind-terraform hostile

# What the lifecycle does, it does by any installer: these run again with the tests' own, traced.
LIFECYCLE := lifecycle lifecycle_kept shapes two_applies intake operation_timeout read_timeout upgrades rivals
LIFECYCLE_BIN := $(filter $(LIFECYCLE:%=$(BUILD)/tests/unit/%_test),$(UNIT_BIN))

units: $(UNIT_BIN) $(RPC_BIN) all $(FAKE_PLUGIN)
	@tests/make/run-tests $(UNIT_BIN) $(RPC_BIN)
	@echo "== again, with the installer config_map"
	@GLM_TEST_INSTALLER=config_map GLM_TEST_TRACE=1 tests/make/run-tests $(LIFECYCLE_BIN)
	@tests/rpc/run-plugin $(BUILD)

# Every public header alone, as C and as C++ (23: the first that knows C's <stdatomic.h>).
headers: $(HEADER_OK)
$(BUILD)/headers/%.ok: %.h $(PUBLIC_H) $(BUILD)/flags
	@mkdir -p $(@D)
	@$(CC) -std=gnu17 $(WARNINGS) -Werror -Iinclude -fsyntax-only -x c $<
	@$(CXX) -std=c++2b -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -x c++ $<
	@touch $@

fuzz-replay: $(FUZZ_BIN)
	@tests/make/replay $(FUZZ_BIN)

# tests/peers/run-NAME BUILD holds us against somebody else's implementation; see its own comment.
peers-check: all $(FAKE_PLUGIN) build/deps/test build/tools/go-ready ## hold codecs, protocol and plugin against their Go originals
	@set -e; for run in $(sort $(wildcard tests/peers/run-*)); do echo "== $$run"; $$run $(BUILD); done

terraform-check: all build/deps/test terraform-present ## drive the plugin with the real terraform (K=parts of names)
	@tests/terraform/run --plugin $(PLUGIN) --terraform "$(TERRAFORM)" $(K:%=-k %)

hostile: all ## drive the plugin against a hostile API server, every attack at every stage (K=parts of names)
	@tests/hostile/run --plugin $(PLUGIN) $(K:%=-k "%")
reliability: all ## the same, and write docs/reliability.md
	@tests/hostile/run --plugin $(PLUGIN) --write
lives: all ## whole lives of a resource on bad connections, by chance (T=seconds, SEED=n)
	@tests/hostile/lives --plugin $(PLUGIN) --seconds $(or $(T),60) --seed $(or $(SEED),1)

# Builds OpenTofu when it is what TERRAFORM says, and nothing otherwise.
.PHONY: terraform-present
own_tofu := $(if $(filter $(abspath $(TOFU)),$(abspath $(TERRAFORM))),$(TOFU))
terraform-present: $(own_tofu)
ifneq ($(own_tofu),)
tofu-notice = test -x $(TOFU) || echo "neither terraform nor tofu is on PATH: OpenTofu is built from its Go module, once, in some five minutes (TERRAFORM=/path/to/it takes another)"
endif

# ---- for users ----

quickstart: ## run examples/quickstart: plan, apply, the files written, the status
	@tests/make/deps build $(if $(own_tofu),go)
	@$(tofu-notice)
	@$(MAKE) all terraform-present
	@tests/make/quickstart $(PLUGIN) $(VERSION) $(SOURCE) "$(HOSTS)"

# The registry's pages come from the provider's tables; architecture.md, overlays.md, plans.md, rendering.md and which-istio.md are written by hand,
# reliability.md by tests/hostile.
DOCS_BIN := $(BUILD)/tests/docs
$(DOCS_BIN): $(BUILD)/obj/tests/make/docs.o $(BUILD)/libprovider.a $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(call say,LINK ,$@)$(LINK) -o $@ $^ $(LIBS)
docs: $(DOCS_BIN) ## write docs/ from the schema tables
	@$(DOCS_BIN) docs
docs-check: $(DOCS_BIN)
	@rm -rf build/lint/docs && mkdir -p build/lint && $(DOCS_BIN) build/lint/docs
	@diff -ru --exclude=architecture.md --exclude=overlays.md --exclude=plans.md --exclude=rendering.md --exclude=reliability.md --exclude=which-istio.md --exclude=guides docs build/lint/docs || { echo "docs/ is not what the tables say: run make docs" >&2; exit 1; }
	@echo "docs: as the tables say"

# The tables of the input language come from the Go modules of those who define it.
tables: build/tools/go-ready ## write src/spec/table* from Istio's and Kubernetes' Go modules
	@cd tests/peers/tables && go run . $(CURDIR)/src/spec

PREFIX ?= $(HOME)/.terraform.d/plugins
install: release ## install the release where terraform init finds it (PREFIX=~/.terraform.d/plugins)
	@set -e; for host in $(HOSTS); do \
	  dir="$(DESTDIR)$(PREFIX)/$$host/$(SOURCE)/$(VERSION)/$(OS_ARCH)"; mkdir -p "$$dir"; \
	  install -m 755 $(RELEASE_PLUGIN) "$$dir/terraform-provider-glm_v$(VERSION)"; \
	  echo "installed $$dir/terraform-provider-glm_v$(VERSION)"; done

clean: ## remove everything that was built
	rm -rf build

help: ## this list (V=1 shows whole commands)
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

include tests/make/quality.mk tests/make/release.mk tests/make/tofu.mk tests/make/peers.mk
-include $(patsubst %.o,%.d,$(LIB_OBJ) $(PROVIDER_OBJ) $(SUPPORT_OBJ) $(UNIT_OBJ) $(RPC_OBJ) $(FUZZ_OBJ) $(BUILD)/obj/tests/fuzz/standalone.o $(BUILD)/obj/tests/make/docs.o $(BUILD)/obj/tests/make/https_probe.o)
