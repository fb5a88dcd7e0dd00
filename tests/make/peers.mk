# SPDX-License-Identifier: Apache-2.0
# Part of the Makefile: the real servers that tests/cluster starts, and the clusters themselves.
#
# Each peer is a small Go module, tests/peers/NAME, that fixes versions; its program is built once
# into build/peers/bin and again when its go.mod, go.sum or this file changes. Go's own caches are
# never touched. A first build takes some 800 CPU seconds, and one linker up to 2 GB.
.PHONY: peers bench-peers cluster-check cluster-up cluster-down

PEERS_BIN := build/peers/bin
KUBERNETES := kube-apiserver kube-controller-manager kube-scheduler kubectl
# Without it the API server reports a version that clients cannot read.
KUBERNETES_VERSION := -X k8s.io/component-base/version.gitVersion=v1.34.4
PEERS := $(addprefix $(PEERS_BIN)/,etcd $(KUBERNETES) kwok operator istioctl toxiproxy) \
  build/peers/crd-istiooperators.yaml

# $(call go-build,MODULE,PACKAGES,OUTPUT,MORE LINKER FLAGS): -buildvcs=false because the program is
# somebody else's.
go-build = @mkdir -p $(PEERS_BIN) && echo "go build $2" && cd tests/peers/$1 && \
  go build -mod=readonly -buildvcs=false -ldflags "-s -w $4" -o $(CURDIR)/$3 $2 && \
  cd $(CURDIR) && touch $@

peers: $(PEERS) ## build the real servers of the cluster tests (build/peers/bin), once: minutes

$(PEERS) $(PEERS_BIN)/terraform-provider-kubectl: tests/make/peers.mk | build/tools/go-ready

# One `go build` for the four: they have nearly all packages in common.
$(addprefix $(PEERS_BIN)/,$(KUBERNETES)) &: tests/peers/kubernetes/go.mod tests/peers/kubernetes/go.sum
	$(call go-build,kubernetes,$(KUBERNETES:%=k8s.io/kubernetes/cmd/%),$(PEERS_BIN)/,$(KUBERNETES_VERSION))
	@touch $(addprefix $(PEERS_BIN)/,$(KUBERNETES))
$(PEERS_BIN)/etcd: tests/peers/etcd/go.mod tests/peers/etcd/go.sum
	$(call go-build,etcd,go.etcd.io/etcd/server/v3,$@)
$(PEERS_BIN)/kwok: tests/peers/kwok/go.mod tests/peers/kwok/go.sum
	$(call go-build,kwok,sigs.k8s.io/kwok/cmd/kwok,$@)
$(PEERS_BIN)/toxiproxy: tests/peers/toxiproxy/go.mod tests/peers/toxiproxy/go.sum
	$(call go-build,toxiproxy,github.com/Shopify/toxiproxy/v2/cmd/server,$@)
# The name is the one in Istio's image: it becomes the field manager of what it writes.
$(PEERS_BIN)/operator: tests/peers/operator/go.mod tests/peers/operator/go.sum
	$(call go-build,operator,istio.io/istio/operator/cmd/operator,$@)
# Of istioctl what changes clusters; most of it is what peers-check builds of the same module as well.
$(PEERS_BIN)/istioctl: tests/peers/istioctl/go.mod tests/peers/istioctl/go.sum tests/peers/istioctl/commands/main.go
	$(call go-build,istioctl,./commands,$@)
build/peers/crd-istiooperators.yaml: tests/peers/operator/go.mod tests/peers/operator/go.sum
	@mkdir -p $(@D)
	@cd tests/peers/operator && go mod download istio.io/istio && \
	  install -m 644 "$$(go list -m -f '{{.Dir}}' istio.io/istio)/manifests/charts/istio-operator/crds/crd-operator.yaml" $(CURDIR)/$@

bench-peers: $(PEERS_BIN)/terraform-provider-kubectl ## build the provider that make bench compares us with
$(PEERS_BIN)/terraform-provider-kubectl: tests/peers/kubectl-provider/go.mod tests/peers/kubectl-provider/go.sum
	$(call go-build,kubectl-provider,github.com/gavinbunney/terraform-provider-kubectl,$@)

cluster-check: all peers build/deps/test terraform-present ## drive the plugin against three real clusters (K=parts of names)
	@tests/cluster/run --plugin $(PLUGIN) --terraform "$(TERRAFORM)" $(K:%=-k %)

# OPERATOR=none: as with every Istio since 1.24.
OPERATOR ?= istio
cluster-up: peers build/deps/test ## start three real clusters in the background: build/clusters/kubeconfig (OPERATOR=none: without Istio's operator)
	@tests/cluster/clusters up --operator $(OPERATOR)
cluster-down: ## stop what make cluster-up started
	@tests/cluster/clusters down
