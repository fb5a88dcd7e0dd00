# SPDX-License-Identifier: Apache-2.0
# Part of the Makefile: what looks for mistakes, from greps to fuzzers.
.PHONY: lint layers banned globals lint-selftest format format-check tidy analyze cppcheck \
  asan asan-check asan-terraform tsan valgrind valgrind-units valgrind-terraform valgrind-all fuzz

OUR_C := $(LIB_SRC) $(PROVIDER_SRC)
OUR_H := $(PUBLIC_H) $(sort $(wildcard src/*/*.h src/*/*/*.h provider/*.h tests/support/*.h))
TEST_C := $(UNIT_SRC) $(RPC_SRC) $(SUPPORT_SRC) $(sort $(wildcard tests/fuzz/*.c)) $(NEGATIVE_SRC)
LINT := build/lint

lint: ## layers, circles, sizes, names, banned functions, format, gcc -fanalyzer, cppcheck, clang-tidy (each file once)
	@$(MAKE) layers banned globals lint-selftest format-check
	@$(MAKE) analyze cppcheck tidy docs-check

layers:
	@tests/lint/layers
	@tests/lint/circles
	@tests/lint/sizes
	@tests/lint/structs
	@tests/lint/names
banned:
	@tests/lint/banned
# A sanitiser adds data and symbols of its own, so only the plain library can tell.
globals: $(BUILD)/libglm.a $(BUILD)/libprovider.a
	@test -n "$(SANITISE)" || tests/lint/globals $(BUILD)/libglm.a
	@test -n "$(SANITISE)" || tests/lint/prefixes $(BUILD)/obj
# The checks themselves: each seeded violation is found.
lint-selftest: | build/deps/build
	@tests/lint/selftest
	@tests/make/selftest

format: build/deps/lint ## rewrite our C files in the house format
	clang-format-14 -i $(OUR_C) $(OUR_H) $(TEST_C)
format-check: build/deps/lint
	@clang-format-14 --dry-run -Werror $(OUR_C) $(OUR_H) $(TEST_C)
	@echo "format: $(words $(OUR_C) $(OUR_H) $(TEST_C)) files, as clang-format writes them"

# The three slow ones leave a stamp for each file: only what changed is looked at again.
TIDY_OK := $(OUR_C:%.c=$(LINT)/tidy/%.ok)
ANALYZE_OK := $(OUR_C:%.c=$(LINT)/analyze/%.o)
CPPCHECK_OK := $(OUR_C:%.c=$(LINT)/cppcheck/%.ok)
tidy: $(TIDY_OK)
analyze: $(ANALYZE_OK)
cppcheck: $(CPPCHECK_OK)
$(TIDY_OK) $(ANALYZE_OK): | $(GEN_C)
$(TIDY_OK): $(LINT)/tidy/%.ok: %.c $(OUR_H) .clang-tidy build/deps/lint
	@mkdir -p $(@D)
	@echo "clang-tidy $<"
	@clang-tidy-14 --quiet $< -- -std=gnu17 $(CPPFLAGS) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@
# The analyser finds least when it runs on optimised code.
$(ANALYZE_OK): $(LINT)/analyze/%.o: %.c $(OUR_H)
	@mkdir -p $(@D)
	@echo "gcc -fanalyzer $<"
	@$(CC) -std=gnu17 -O0 -fanalyzer -Wall -Werror $(CPPFLAGS) -c -o $@ $<
$(CPPCHECK_OK): $(LINT)/cppcheck/%.ok: %.c $(OUR_H) tests/lint/cppcheck.txt build/deps/lint
	@mkdir -p $(@D)
	@echo "cppcheck $<"
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	  --suppressions-list=tests/lint/cppcheck.txt --error-exitcode=1 -Iinclude -D_GNU_SOURCE \
	  -DGLM_VERSION='"0"' $<
	@touch $@

# ---- sanitisers: the same tests in a build of their own ----

ASAN := BUILD=build/asan WERROR= HARDEN= OPTIMISE="-O1 -g -fno-omit-frame-pointer" \
  SANITISE="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
TSAN := BUILD=build/tsan WERROR= HARDEN= OPTIMISE="-O1 -g" SANITISE=-fsanitize=thread
VALGRIND := valgrind --quiet --error-exitcode=99 --leak-check=full \
  --errors-for-leak-kinds=definite,indirect --show-leak-kinds=definite,indirect \
  --suppressions=tests/make/valgrind.supp

asan asan-check asan-terraform: export ASAN_OPTIONS := detect_leaks=1:detect_stack_use_after_return=1
asan asan-check asan-terraform: export UBSAN_OPTIONS := print_stacktrace=1
asan: ## check under AddressSanitizer and UBSan, and the terraform tests with that plugin
	@$(MAKE) asan-check
	@$(MAKE) asan-terraform
# Not under AddressSanitizer: what measures time, or looks through all of the process's memory, most of
# which is the sanitiser's then, terabytes of it.
NOT_UNDER_ASAN := tests/unit/growth_test.c tests/rpc/growth_test.c tests/unit/kube_wiped_test.c
asan-check:
	@$(MAKE) $(ASAN) UNIT_SRC="$(filter-out $(NOT_UNDER_ASAN),$(UNIT_SRC))" \
	  RPC_SRC="$(filter-out $(NOT_UNDER_ASAN),$(RPC_SRC))" check
asan-terraform:
	@$(MAKE) $(ASAN) terraform-check

tsan: export TSAN_OPTIONS := suppressions=$(CURDIR)/tests/make/tsan.supp:atexit_sleep_ms=0:report_thread_leaks=0
tsan: ## unit and byte-level tests under ThreadSanitizer, and tests in real clusters (K=part of a name)
	@$(MAKE) $(TSAN) units
	@$(if $(K),$(MAKE) $(TSAN) cluster-check)

# Not under valgrind: tests whose children die on purpose or run into limits of memory and files,
# which valgrind's own allocator and signals change, or that try programs which cannot be run: a
# failed execve is valgrind's own end; that fill memory to its ceilings, are sent faster than valgrind
# reads, or go through thousands of shapes and texts. AddressSanitizer sees them.
NOT_UNDER_VALGRIND := tests/unit/arena_test.c tests/unit/directory_crash_test.c \
  tests/unit/directory_trouble_test.c tests/unit/kube_exec_failure_test.c \
  tests/unit/ceilings_test.c tests/unit/kube_ceilings_test.c tests/unit/kube_http_storm_test.c \
  tests/unit/kube_exec_forked_test.c tests/unit/kube_list_test.c tests/unit/kube_turn_test.c \
  tests/unit/extent_test.c tests/unit/intake_test.c tests/unit/lifecycle_kept_test.c \
  tests/unit/shapes_test.c tests/unit/shown_test.c tests/rpc/wire_test.c $(NOT_UNDER_ASAN)
# A start under valgrind takes seconds, and Terraform starts a provider several times for each
# command: one test for each verb and for the ways out of trouble. All of them: make valgrind-all.
TERRAFORM_UNDER_VALGRIND := import_then_no_changes an_edited_file_is_drift_in_that_field \
  five_different_mistakes without_untaint_the_replacement_removes rename_removes_the_old_files \
  a_gateway_made_twice_in_one_run
VALGRIND_BUILD := BUILD=build/valgrind ARENA_DEBUG=1 OPTIMISE="-O1 -g"
valgrind: ## unit and byte-level tests under valgrind, and a part of the terraform tests
	@$(MAKE) valgrind-units
	@$(MAKE) valgrind-terraform
valgrind-units: build/deps/test
	@RUN="$(VALGRIND)" $(MAKE) $(VALGRIND_BUILD) \
	  UNIT_SRC="$(filter-out $(NOT_UNDER_VALGRIND),$(UNIT_SRC))" \
	  RPC_SRC="$(filter-out $(NOT_UNDER_VALGRIND),$(RPC_SRC))" units
valgrind-terraform: build/deps/test terraform-present
	@$(MAKE) $(VALGRIND_BUILD) all
	@tests/terraform/run --plugin build/valgrind/terraform-provider-glm --terraform "$(TERRAFORM)" \
	  --valgrind $(TERRAFORM_UNDER_VALGRIND:%=-k %)
valgrind-all: build/deps/test terraform-present
	@$(MAKE) $(VALGRIND_BUILD) all
	@tests/terraform/run --plugin build/valgrind/terraform-provider-glm --terraform "$(TERRAFORM)" \
	  --valgrind $(K:%=-k %)

# ---- fuzzing: make fuzz T=60 F=yaml ----

T ?= 60
F ?=
FUZZ := BUILD=build/fuzz CC=clang-14 WERROR= HARDEN= WARNINGS=-Wall OPTIMISE="-O1 -g" \
  SANITISE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined"

fuzz: build/deps/fuzz build/deps/test ## libFuzzer on every target for T seconds each (T=60, F=part of a name)
	@$(MAKE) $(FUZZ) libfuzzer
	@OPTIONS="-runs=100 -max_total_time=20 -artifact_prefix=build/fuzz/expected-" \
	  tests/fuzz/negative/run build/fuzz/libfuzzer/negative/*
	@tests/fuzz/run --build build/fuzz --seconds $(T) $(F:%=-k %)

# The corpus alone: no harness has died since.
fuzz-floors:
	@$(MAKE) fuzz T=0

.PHONY: libfuzzer fuzz-negative fuzz-floors
LIBFUZZER_BIN := $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/libfuzzer/%)
LIBFUZZER_NEGATIVE := $(NEGATIVE_SRC:tests/fuzz/%.c=$(BUILD)/libfuzzer/%)
libfuzzer: $(LIBFUZZER_BIN) $(LIBFUZZER_NEGATIVE)
$(LIBFUZZER_BIN): $(BUILD)/libfuzzer/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/libprovider.a $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(call say,LINK ,$@)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS)
$(LIBFUZZER_NEGATIVE): $(BUILD)/libfuzzer/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(call say,LINK ,$@)$(LINK) -fsanitize=fuzzer -o $@ $^ $(GLM_LIBS) -lssl -lcrypto

# The same mistakes for gcc's sanitisers, which `make asan` relies on.
NEGATIVE_BIN := $(NEGATIVE_SRC:tests/%.c=$(BUILD)/tests/%)
$(NEGATIVE_BIN): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(BUILD)/obj/tests/fuzz/standalone.o $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(call say,LINK ,$@)$(LINK) -o $@ $^ $(GLM_LIBS) -lssl -lcrypto
fuzz-negative: $(NEGATIVE_BIN)
	@tests/fuzz/negative/run $(NEGATIVE_BIN)
