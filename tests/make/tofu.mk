# SPDX-License-Identifier: Apache-2.0
# Part of the Makefile: OpenTofu, the other program that people run providers with. Built once from
# the versions that tests/peers/tofu fixes, and again when they change.
.PHONY: tofu tofu-check tofu-cluster-check tofu-release-check tofu-cluster-part

tofu: $(TOFU) ## build OpenTofu (build/peers/bin/tofu), once: some four minutes
# Without version.dev=no it calls itself a development build. -buildvcs=false: it is not ours.
$(TOFU): tests/peers/tofu/go.mod tests/peers/tofu/go.sum | build/tools/go-ready
	@mkdir -p $(@D) && echo "go build tofu" && cd tests/peers/tofu && \
	  CGO_ENABLED=0 go build -mod=readonly -buildvcs=false -trimpath \
	  -ldflags "-s -w -X github.com/opentofu/opentofu/version.dev=no" \
	  -o $(CURDIR)/$@ github.com/opentofu/opentofu/cmd/tofu
	@touch $@

tofu-check: all build/deps/test $(TOFU) ## the terraform tests with OpenTofu (K=parts of names)
	@tests/terraform/run --plugin $(PLUGIN) --terraform $(TOFU) $(K:%=-k %)
tofu-cluster-check: all peers build/deps/test $(TOFU) ## the tests against real clusters with OpenTofu (K=parts of names)
	@tests/cluster/run --plugin $(PLUGIN) --terraform $(TOFU) $(K:%=-k %)
# What `make test` runs with OpenTofu: the release, as users have it.
tofu-release-check: release build/deps/test $(TOFU)
	@tests/terraform/run --plugin $(RELEASE_PLUGIN) --terraform $(TOFU) $(K:%=-k %)
TOFU_CLUSTER_PART := test_install test_import test_identity test_direct_install test_direct_import
tofu-cluster-part: release peers build/deps/test $(TOFU)
	@tests/cluster/run --plugin $(RELEASE_PLUGIN) --terraform $(TOFU) $(TOFU_CLUSTER_PART:%=-k %)
