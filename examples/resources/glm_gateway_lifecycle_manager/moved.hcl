# An IstioOperator with gateways that kubernetes_manifest or kubectl_manifest (of either publisher) has applied. Terraform
# 1.8 or later, or OpenTofu 1.10; the provider that it comes from stays in required_providers until this is applied.
moved {
  from = kubectl_manifest.ingress
  to   = glm_gateway_lifecycle_manager.ingress
}

# The old state does not say which cluster it was in. So the first read looks, as an import does, for what bears
# the name in all clusters of the provider and belongs to nobody. The plan shows no change beside a configuration that says
# the same, or what changes; where less is named than was found, it refuses, and nothing is removed.
# `name` is that of the IstioOperator, without the "-REVISION" at its end that its gateways have too; `namespace` may be any,
# and operator_namespace of the provider is the namespace of the IstioOperator.

# An IstioOperator that installs a control plane as well, or ingress and egress gateways, has to be split first. A
# GatewayLifecycleManager may be moved too: Terraform forgets it, and the gateways are installed beside Gloo's.

# What cannot be moved is let go of, and then imported or adopted (adopt_existing = true):
#
#   removed {
#     from = kubectl_manifest.ingress
#     lifecycle { destroy = false }
#   }
