/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests that got no answer: what the server did instead, and what to do.
 *
 * Owner:  texts live in the arena given, or are constant.
 * Errors: none; refusal.c makes them.
 * Thread: no shared state.
 */
#include "internal.h"

/* The environment does, and not the entry. */
static bool names_proxy(const struct access *access)
{
    struct http_environment environment;
    http_environment(&environment);
    return access && !access->proxy && (environment.https_proxy || environment.http_proxy);
}

const char *api_refusal_remedy(struct glm_arena *arena, const struct access *access,
                               enum http_outcome outcome)
{
    switch (outcome) {
    case HTTP_NO_NAME:
        return "Check the host name in the cluster's entry, and the DNS and VPN of the machine "
               "that runs Terraform.";
    case HTTP_NO_CONNECT:
        return "Check that the cluster is up, that its address is right, and that the machine "
               "that runs Terraform may reach it (VPN, firewall, `proxy_url`).";
    case HTTP_NO_PROXY:
        return "Check `proxy_url` of the cluster's entry, or HTTPS_PROXY and NO_PROXY in the "
               "environment.";
    case HTTP_UNTRUSTED_PROXY:
        return "A proxy that is reached by https:// is verified with the certificate authorities "
               "of this cluster and those of the machine that runs Terraform. Add the one that "
               "signed the proxy's certificate to `cluster_ca_certificate`, or to the system's, or "
               "name a file with it in SSL_CERT_FILE.";
    case HTTP_BAD_PROXY:
        return "Look at the clock of this machine. Let whoever serves the proxy renew its "
               "certificate, or reach the cluster another way: `proxy_url` of the cluster's entry, "
               "or HTTPS_PROXY and NO_PROXY in the environment, name the proxy.";
    case HTTP_BAD_CERTIFICATE:
        return "Look at the clock of this machine. Let whoever serves the certificate renew it "
               "(`kubeadm certs check-expiration` shows those of a cluster made with kubeadm) or, "
               "where the authority was renewed, give the new one (`cluster_ca_certificate`).";
    case HTTP_UNTRUSTED:
        return glm_sprintf(
            arena,
            "The certificate was checked against %s. Give the authority that signed the API "
            "server's certificate (`cluster_ca_certificate`), or `tls_server_name` when the "
            "certificate is for another name.",
            access && access->ca_label ? access->ca_label : "the system's authorities");
    case HTTP_NO_TLS:
        return "Check the address and port, the client certificate and key, and whether something "
               "between here and the cluster intercepts TLS.";
    case HTTP_TIMEOUT:
        return "Check that the cluster is up and that the machine that runs Terraform may reach it "
               "(VPN, firewall, `proxy_url`); `request_timeout` says how long is waited.";
    case HTTP_TOO_LARGE:
        return "That is no answer of a Kubernetes API server of reasonable size: check the "
               "address.";
    case HTTP_BROKEN:
        return "Something between here and the API server ends connections or changes what goes "
               "over them, or the API server was restarted: try again, and check the address.";
    case HTTP_NO_MEANS:
        return "A limit of the machine or the shell that runs Terraform is reached. Raise it "
               "(`ulimit -n` for files and connections, `ulimit -u` for threads, or those of the "
               "container), or lower terraform's -parallelism and `max_parallel_clusters`.";
    case HTTP_UNUSABLE:
        return names_proxy(access) ? "Correct the cluster's entry, or HTTPS_PROXY in the "
                                     "environment, which names the proxy."
                                   : "Correct the cluster's entry.";
    case HTTP_STOPPED:
    case HTTP_ANSWERED:
        break;
    }
    return "";
}

const char *api_refusal_failing(const struct http_response *http)
{
    switch (http->outcome) {
    case HTTP_TIMEOUT:
        return http->sent ? "did not answer in time" : "cannot be reached";
    case HTTP_UNTRUSTED:
    case HTTP_BAD_CERTIFICATE:
        return "is not trusted";
    case HTTP_BROKEN:
        return "did not answer to the end";
    case HTTP_TOO_LARGE:
        return "answers too much";
    case HTTP_NO_MEANS:
    case HTTP_UNUSABLE:
        return "cannot be asked";
    default:
        return "cannot be reached";
    }
}
