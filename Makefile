# SPDX-License-Identifier: Apache-2.0
# terraform-provider-glm: one Makefile for everything. `make help` lists the targets.
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DEFAULT_GOAL := all

VERSION := 0.1.0
BUILD   ?= build/dev
CC      := gcc
CXX     := g++

PACKAGES := grpc libprotobuf-c msgpack jansson yaml-0.1 libcurl openssl zlib
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual \
  -Wcast-align=strict -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
  -Wold-style-definition -Wredundant-decls -Wwrite-strings -Wundef -Wformat=2 \
  -Wformat-truncation=2 -Wformat-overflow=2 -Wformat-signedness -Wlogical-op -Wduplicated-cond \
  -Wduplicated-branches -Wnull-dereference -Wvla -Walloca -Wimplicit-fallthrough=5 \
  -Wdouble-promotion -Wjump-misses-init
WERROR   ?= -Werror
OPTIMISE ?= -O2 -g
HARDEN   ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE \
  -fvisibility=hidden
SANITISE ?=
CPPFLAGS := -D_GNU_SOURCE -DGLM_VERSION='"$(VERSION)"' -Iinclude -isystem $(BUILD)/gen
CFLAGS   := -std=gnu17 $(OPTIMISE) $(HARDEN) $(SANITISE)
LDFLAGS  := -pie -Wl,-z,relro,-z,now $(SANITISE)
LIBS     := -lgrpc -lgpr -lprotobuf-c -lmsgpackc -ljansson -lyaml -lssl -lcrypto -lz -lpthread -lm

LIB_SRC      := $(sort $(wildcard src/*/*.c))
PROVIDER_SRC := $(sort $(wildcard provider/*.c))
PROTO        := $(sort $(wildcard proto/*.proto))
UNIT_SRC     := $(sort $(wildcard tests/unit/*_test.c))
RPC_SRC      := $(sort $(wildcard tests/rpc/*_test.c))
SUPPORT_SRC  := $(sort $(wildcard tests/support/*.c))

LIB_OBJ      := $(LIB_SRC:%.c=$(BUILD)/obj/%.o)
PROVIDER_OBJ := $(PROVIDER_SRC:%.c=$(BUILD)/obj/%.o)
GEN_C        := $(PROTO:proto/%.proto=$(BUILD)/gen/%.pb-c.c)
GEN_OBJ      := $(GEN_C:%.c=%.o)
SUPPORT_OBJ  := $(SUPPORT_SRC:%.c=$(BUILD)/obj/%.o)
PLUGIN       := $(BUILD)/terraform-provider-glm
UNIT_BIN     := $(UNIT_SRC:tests/%.c=$(BUILD)/tests/%)
RPC_BIN      := $(RPC_SRC:tests/%.c=$(BUILD)/tests/%)

.PHONY: all check clean
all: $(BUILD)/libglm.a $(PLUGIN)

$(BUILD)/libglm.a: $(LIB_OBJ)
	@rm -f $@; ar rcs $@ $^
$(BUILD)/libprovider.a: $(filter-out %/main.o,$(PROVIDER_OBJ)) $(GEN_OBJ)
	@rm -f $@; ar rcs $@ $^
$(PLUGIN): $(BUILD)/obj/provider/main.o $(BUILD)/libprovider.a $(BUILD)/libglm.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/gen/%.pb-c.c $(BUILD)/gen/%.pb-c.h &: proto/%.proto
	@mkdir -p $(@D)
	protoc-c --proto_path=proto --c_out=$(BUILD)/gen $<
$(BUILD)/gen/%.o: $(BUILD)/gen/%.pb-c.c
	$(CC) -std=gnu17 $(OPTIMISE) $(HARDEN) $(SANITISE) -w -I$(BUILD)/gen -c -o $@ $<

$(BUILD)/obj/provider/%.o: | $(GEN_C)
$(BUILD)/obj/tests/%.o: | $(GEN_C)
$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) $(WARNINGS) $(WERROR) -Itests/support -MMD -MP -c -o $@ $<

# Unit tests need libglm only; rpc tests need the provider too.
$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(SUPPORT_OBJ) $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -lmsgpackc -ljansson -lyaml -lz -lpthread -lm
$(BUILD)/tests/rpc/%: $(BUILD)/obj/tests/rpc/%.o $(SUPPORT_OBJ) $(BUILD)/libprovider.a $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS)

check: $(UNIT_BIN) $(RPC_BIN)
	@set -e; for t in $^; do echo "== $$t"; $$t; done

clean:
	rm -rf build

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
