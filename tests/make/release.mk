# SPDX-License-Identifier: Apache-2.0
# Part of the Makefile: the release, one static file, and the benchmark.
.PHONY: release release-plugin release-again dist bench

OS_ARCH := linux_$(patsubst x86_64,amd64,$(patsubst aarch64,arm64,$(shell uname -m)))
RELEASE_PLUGIN := build/release/terraform-provider-glm
# Everything from the static archives of the -dev packages. The list of absl's has no order that
# suits a linker, hence the group. g++ brings libstdc++, which gRPC core is written in. Packed
# relocations keep a position-independent executable as small as one without. libcurl and nghttp2 are
# built from Debian's sources, once: see tests/make/static-libs. Nothing in it says where it was built: the
# same sources give the same bytes in any folder. Assertions are those of generated code; we have none. No exception
# passes through C, and nobody unwinds a process that leaves no core, so that tables for it are room wasted.
RELEASE = BUILD=build/release \
  OPTIMISE="-O2 -DNDEBUG -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables \
  -ffile-prefix-map=$(CURDIR)/=" \
  LINK="$(CXX) -static-pie -Wl,-z,relro,-z,now,-z,pack-relative-relocs -Wl,--gc-sections -s" \
  LIBS="-L$(STATIC_LIBS)/lib -Wl,--start-group -lgrpc -lgpr -lupb -laddress_sorting -lre2 -lcares -lprotobuf-c \
  $(shell pkg-config --static --libs-only-l grpc | tr ' ' '\n' | awk '/^-labsl/ && !seen[$$0]++') \
  -lssl -lcrypto -lnghttp2 $(GLM_LIBS) -Wl,--end-group"
STATIC_LIBS := build/static-libs
$(STATIC_LIBS)/ready: tests/make/static-libs | build/deps/release
	@tests/make/static-libs && touch $@

release-plugin: build/deps/build $(STATIC_LIBS)/ready
	@$(MAKE) $(RELEASE) $(RELEASE_PLUGIN)
release-again: release-plugin ## build the release in another folder and compare the bytes
	@tests/make/release-again $(RELEASE_PLUGIN)
release: build/deps/build $(STATIC_LIBS)/ready ## one static file, checked in an empty chroot (14 MB at most)
	@$(MAKE) $(RELEASE) $(RELEASE_PLUGIN) build/release/tests/https-probe
	@tests/make/release-check $(RELEASE_PLUGIN) $(VERSION) build/release/tests/https-probe
$(BUILD)/tests/https-probe: $(BUILD)/obj/tests/make/https_probe.o $(BUILD)/libglm.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LIBS)

DIST := terraform-provider-glm_$(VERSION)_$(OS_ARCH)
dist: release ## the archive that a registry wants, with its checksum, in build/dist
	@mkdir -p build/dist && cp $(RELEASE_PLUGIN) build/dist/terraform-provider-glm_v$(VERSION)
	@cd build/dist && rm -f $(DIST).zip && python3 -m zipfile -c $(DIST).zip terraform-provider-glm_v$(VERSION)
	@cp terraform-registry-manifest.json build/dist/terraform-provider-glm_$(VERSION)_manifest.json
	@cd build/dist && sha256sum $(DIST).zip *_manifest.json > terraform-provider-glm_$(VERSION)_SHA256SUMS
	@ls -l build/dist

# BEFORE=/path/to/another/build/release/terraform-provider-glm takes turns with ours.
bench: release build/deps/test build/tools/go-ready terraform-present ## start, memory, CPU, requests, beside others (BEFORE=another plugin)
	@tests/bench/run --plugin $(RELEASE_PLUGIN) --terraform "$(TERRAFORM)" $(BEFORE:%=--before %)
	@$(MAKE) bench-resources
	@$(MAKE) bench-plans
	@$(MAKE) bench-requests
	@$(MAKE) bench-render
.PHONY: bench-plans bench-render bench-requests bench-resources
bench-render: all build/deps/test build/tools/go-ready ## rendering of gateways beside istioctl and helm's engine
	@tests/bench/render $(CURDIR)/$(BUILD)
bench-resources: release build/deps/test terraform-present ## CPU and memory of 50 resources, and of large specs (BEFORE=another plugin)
	@tests/bench/resources --plugin $(RELEASE_PLUGIN) --terraform "$(TERRAFORM)" $(BEFORE:%=--before %)
bench-plans: release build/deps/test terraform-present ## lines, state, CPU and memory of 1 to 2000 pairs (BEFORE=another plugin)
	@tests/bench/plans --plugin $(RELEASE_PLUGIN) --terraform "$(TERRAFORM)" $(BEFORE:%=--before %)
bench-requests: all peers bench-peers terraform-present ## requests to API servers beside kubectl_manifest, counted
	@tests/bench/requests --plugin $(PLUGIN) --terraform "$(TERRAFORM)" \
	  --kubectl-provider $(PEERS_BIN)/terraform-provider-kubectl
