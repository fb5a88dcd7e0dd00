/* SPDX-License-Identifier: Apache-2.0
 *
 * What an entry of `clusters` says itself, and the way in of a Pod.
 *
 * Rule:   an attribute takes the place of what the way in has. Credentials go together: who gives
 *         one of them in the entry logs in with nothing of the kubeconfig, or a certificate there
 *         would win over the token here.
 */
#include "internal.h"

#include <string.h>

bool access_from_pod(struct access_draft *a)
{
    const struct access_surroundings *around = a->around;
    size_t len;
    if (!around->service_host || !around->service_port)
        return glm_error(a->d, NULL, "Not in a Pod",
                         "`in_cluster` is for Terraform that runs in a Pod of the cluster itself, "
                         "and KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, which every "
                         "Pod has in its environment, are not both set here.");
    /* An IPv6 address needs brackets in a URL. */
    bool six = strchr(around->service_host, ':') && around->service_host[0] != '[';
    a->server = glm_sprintf(a->arena, "https://%s%s%s:%s", six ? "[" : "", around->service_host,
                            six ? "]" : "", around->service_port);
    a->server_label = "KUBERNETES_SERVICE_HOST";
    a->token_file = glm_sprintf(a->arena, "%s/token", around->service_account);
    a->credential_label = "the Pod's service account";
    if (a->own_trust)
        return true;
    a->ca.label = glm_sprintf(a->arena, "%s/ca.crt", around->service_account);
    return access_file(a->arena, a->ca.label, KUBE_FILE_MAX, "The certificate authority of the Pod",
                       &a->ca.text, &len, NULL, a->d) &&
           access_check_pem(a->d, ACCESS_CERTIFICATE, a->ca.text, len,
                            glm_sprintf(a->arena, "\"%s\"", a->ca.label));
}

/* NULL where the attribute is null. */
static const char *text_of(const struct glm_value *entry, const char *name)
{
    return glm_string_or(glm_get(entry, name), NULL);
}

static bool pem_of(struct access_draft *a, const struct glm_value *entry, const char *name,
                   enum access_pem_kind kind, struct access_pem *ret_pem)
{
    const struct glm_value *v = glm_get(entry, name);
    if (!glm_is_string(v))
        return true;
    *ret_pem = (struct access_pem){v->as.text, name};
    return access_check_pem(a->d, kind, v->as.text, v->len, glm_sprintf(a->arena, "`%s`", name));
}

static bool has_credentials(const struct glm_value *entry)
{
    static const char *const names[] = {
        "client_certificate", "client_key", "token", "token_file", "username", "password", "exec",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!glm_is_null(glm_get(entry, names[i])))
            return true;
    return false;
}

void access_own(struct access_draft *a, const struct glm_value *entry)
{
    a->own_trust = glm_is_true(glm_get(entry, "insecure")) ||
                   !glm_is_null(glm_get(entry, "cluster_ca_certificate"));
    a->own_credentials = has_credentials(entry);
    a->own_impersonation = !glm_is_null(glm_get(entry, "impersonate"));
}

static bool read_credentials(struct access_draft *a, const struct glm_value *entry)
{
    const struct glm_value *exec = glm_get(entry, "exec");
    const char *token_file = text_of(entry, "token_file");
    bool ok = true;
    if (!a->own_credentials)
        return true;
    a->token_file = a->credential_label = NULL;
    a->token = text_of(entry, "token");
    a->username = text_of(entry, "username");
    a->password = text_of(entry, "password");
    int ways = (a->token != NULL) + (token_file != NULL) + (a->username || a->password) +
               !glm_is_null(exec);
    if (ways > 1)
        ok = glm_error(a->d, NULL, "Several ways to log in",
                       "Only one of `token`, `token_file`, `username` with `password`, and `exec` "
                       "can be set.");
    if (a->token)
        a->credential_label = "the attribute `token`";
    if (a->username || a->password)
        a->credential_label = "the attributes `username` and `password`";
    if (token_file && !access_check_path(a->d, token_file, "`token_file`")) {
        ok = false;
    } else if (token_file) {
        ok &= access_path(a, token_file, NULL, &a->token_file);
        a->credential_label = glm_sprintf(a->arena, "the token in %s", token_file);
    }
    if (!glm_is_null(exec))
        ok &= access_exec_of_entry(a, exec);
    ok &= pem_of(a, entry, "client_certificate", ACCESS_CERTIFICATE, &a->certificate);
    return pem_of(a, entry, "client_key", ACCESS_KEY, &a->key) && ok;
}

static bool read_trust(struct access_draft *a, const struct glm_value *entry)
{
    const struct glm_value *insecure = glm_get(entry, "insecure");
    const struct glm_value *ca = glm_get(entry, "cluster_ca_certificate");
    if (glm_is_true(insecure) && !glm_is_null(ca))
        return glm_error(a->d, NULL, "Trust everybody or only some",
                         "`insecure` is set, so the certificate of the API server is not checked, "
                         "and `cluster_ca_certificate` says what to check it against. Remove one.");
    if (insecure->kind == GLM_BOOL)
        a->insecure = glm_is_true(insecure);
    else if (glm_is_string(ca))
        a->insecure = false;
    return pem_of(a, entry, "cluster_ca_certificate", ACCESS_CERTIFICATE, &a->ca);
}

bool access_from_entry(struct access_draft *a, const struct glm_value *entry)
{
    const struct glm_value *impersonate = glm_get(entry, "impersonate");
    const char *server_name = text_of(entry, "tls_server_name");
    const char *proxy = text_of(entry, "proxy_url");
    bool ok = read_trust(a, entry);
    if (server_name)
        a->server_name = server_name;
    if (proxy) {
        a->proxy = proxy;
        a->proxy_resolves = false;
    }
    if (a->own_impersonation) {
        const struct glm_value *groups = glm_get(impersonate, "groups");
        const struct glm_value *extra = glm_get(impersonate, "extra");
        a->user = text_of(impersonate, "user");
        a->uid = text_of(impersonate, "uid");
        a->groups = glm_is_list(groups) ? groups : NULL;
        a->extra = glm_is_map(extra) ? extra : NULL;
        a->impersonation_label = "`impersonate`";
    }
    return read_credentials(a, entry) && ok;
}
