# An egress gateway. The spec is YAML as the API has it; file("egress.yaml") would do as well.
resource "glm_gateway_lifecycle_manager" "egress" {
  name = "istio-egressgateway"

  installations = {
    "1-30" = {
      clusters = {
        cluster1 = { active_gateway = true }
        cluster2 = { active_gateway = true }
      }

      istio_operator_spec = <<-YAML
        hub: registry.example.com/istio
        tag: 1.30.3
        values:
          global:
            meshID: mesh1 # both clusters are in one mesh
        meshConfig:
          outboundTrafficPolicy:
            mode: REGISTRY_ONLY
          accessLogFile: /dev/stdout
          defaultConfig:
            proxyMetadata:
              # The agent answers DNS requests for hosts that it knows.
              ISTIO_META_DNS_CAPTURE: "true"
        components:
          egressGateways:
            - name: istio-egressgateway
              namespace: gloo-mesh-gateways
              enabled: true
              label:
                istio: egressgateway
                app: istio-egressgateway
                traffic: egress
              k8s:
                service:
                  type: LoadBalancer
                  selector:
                    istio: egressgateway
                  ports:
                    - name: status-port
                      port: 15021
                      targetPort: 15021
                    - name: tls # passthrough between clusters
                      port: 15443
                      targetPort: 15443
                    - name: https
                      port: 443
                      targetPort: 8443
      YAML
    }
  }
}
