# NAMESPACE/NAME of the gateway lifecycle manager.
terraform import glm_gateway_lifecycle_manager.ingress gloo-mesh/istio-ingressgateway
