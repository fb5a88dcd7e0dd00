# NAMESPACE/NAME of the gateway lifecycle manager.
terraform import glm_gateway_lifecycle_manager.ingress gloo-mesh/istio-ingressgateway

# Or with an import block and -generate-config-out. OpenTofu 1.12 writes the keys of the generated
# configuration without quotes: make "1-24" of its 1 - 24.

# What this provider did not make is imported too, as it is: where it has no labels of its own the
# plan is empty, and the first change makes it ours. Its specification stays as it was found until
# its installation changes; only then it gets what an installation of this provider always has.

# What is not healthy yet is imported as well: the plan then changes its status alone, and apply waits
# for it without writing anything.
