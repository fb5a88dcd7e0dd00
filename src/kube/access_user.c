/* SPDX-License-Identifier: Apache-2.0
 *
 * Who we are: the credentials of a kubeconfig's user, or those of the provider's entry instead.
 *
 * Rule:   of a kubeconfig, tokenFile goes before token, and either before exec, as in client-go.
 *         Credentials of the entry replace all of the kubeconfig's: a client certificate left over
 *         would win over the token without anybody noticing.
 * Source: client-go, tools/clientcmd/client_config.go (getUserIdentificationPartialConfig),
 *         validation.go (validateAuthInfo).
 * Errors: by name of the setting; never a value.
 */
#include "access_parts.h"

#include <string.h>

/* The names that one kind of map has for its settings. */
struct names {
    const char *token, *token_file, *username, *password, *exec;
    const char *certificate, *key; /* a file in a kubeconfig, the PEM text in the entry */
};
static const struct names theirs = {"token", "tokenFile",          "username",  "password",
                                    "exec",  "client-certificate", "client-key"};
static const struct names ours = {"token", "token_file",         "username",  "password",
                                  "exec",  "client_certificate", "client_key"};

/* ---- what is not supported ---- */

/* Gone from client-go with 1.26, for plugins. */
static const struct {
    const char *name, *instead;
} auth_providers[] = {
    {"gcp", "`gcloud container clusters get-credentials` writes one for gke-gcloud-auth-plugin"},
    {"azure", "`kubelogin convert-kubeconfig` makes one of it"},
    {"oidc", "`kubectl oidc-login setup` (int128/kubelogin) writes one"},
    {"openstack", "client-keystone-auth is the program for it"},
};

static bool refuse_auth_provider(struct resolver *r, const struct settings *from)
{
    const struct glm_value *v = glm_get(from->map, "auth-provider");
    if (glm_is_null(v))
        return true;
    const char *name = glm_string_or(glm_get(v, "name"), "");
    for (size_t i = 0; i < sizeof auth_providers / sizeof *auth_providers; i++)
        if (strcmp(name, auth_providers[i].name) == 0)
            return glm_error(r->d, NULL, "Not supported: auth-provider",
                             "%s is \"%s\": such logins are not supported, and gone from kubectl "
                             "or going. Use an `exec` plugin: %s.",
                             access_name(r, from, "auth-provider"), name,
                             auth_providers[i].instead);
    return glm_error(r->d, NULL, "Not supported: auth-provider",
                     "%s is not supported, nor by kubectl any more. Use an `exec` plugin.",
                     access_name(r, from, "auth-provider"));
}

/* ---- certificates ---- */

static bool check_pem(struct resolver *r, enum pem_use use, const char *pem, const char *label)
{
    const char *problem = pem ? access_pem_problem(use, pem) : NULL;
    if (!problem)
        return true;
    return glm_error(r->d, NULL,
                     use == PEM_KEY ? "Not a usable private key" : "Not a usable certificate",
                     "%s must be %s as PEM text, and %s.", label,
                     use == PEM_KEY ? "a private key" : "a certificate", problem);
}

static bool take_certificate(struct resolver *r, const struct settings *from, bool kubeconfig,
                             struct access *access)
{
    const char *certificate = NULL, *key = NULL, *certificate_label = NULL, *key_label = NULL;
    bool ok;
    if (kubeconfig) {
        ok = access_material(r, from, "client-certificate-data", theirs.certificate, &certificate,
                             &certificate_label);
        ok = access_material(r, from, "client-key-data", theirs.key, &key, &key_label) && ok;
    } else {
        ok = access_text(r, from, ours.certificate, &certificate);
        ok = access_text(r, from, ours.key, &key) && ok;
        certificate_label = access_name(r, from, ours.certificate);
        key_label = access_name(r, from, ours.key);
    }
    if (!ok)
        return false;
    const struct names *names = kubeconfig ? &theirs : &ours;
    if (!certificate != !key)
        return glm_error(r->d, NULL, "Half a client certificate",
                         "%s is set and `%s` is not: a certificate and its key are needed both.",
                         access_name(r, from, certificate ? names->certificate : names->key),
                         certificate ? names->key : names->certificate);
    ok = check_pem(r, PEM_CERTIFICATE, certificate, certificate_label);
    ok = check_pem(r, PEM_KEY, key, key_label) && ok;
    access->route.certificate = certificate;
    access->route.key = key;
    return ok;
}

/* ---- what goes into the Authorization header ---- */

static bool take_basic(struct resolver *r, const struct settings *from, const struct names *names,
                       struct access *access)
{
    if (!access->username && !access->password)
        return true;
    if (!access->username || strchr(access->username, ':'))
        return glm_error(r->d, NULL, "Unusable user name", "%s %s.",
                         access_name(r, from, names->username),
                         access->username ? "has a \":\" in it, which basic authentication cannot "
                                            "carry"
                                          : "is not set, and a password is");
    if (!access->token && !access->token_file)
        return true;
    return glm_error(r->d, NULL, "Several ways to log in",
                     "%s is set, and so is a token: both go into the same header. Remove one.",
                     access_name(r, from, names->username));
}

static bool check_token(struct resolver *r, const struct settings *from, const struct names *names,
                        const char *token)
{
    const char *problem = token ? access_header_problem(token, strlen(token)) : NULL;
    if (!problem)
        return true;
    return glm_error(r->d, NULL, "Unusable token", "%s cannot be sent: %s.",
                     access_name(r, from, names->token), problem);
}

static bool take_authorization(struct resolver *r, const struct settings *from,
                               const struct settings *cluster, bool kubeconfig,
                               struct access *access)
{
    const struct names *names = kubeconfig ? &theirs : &ours;
    bool ok = access_text(r, from, names->token, &access->token);
    ok = access_text(r, from, names->token_file, &access->token_file) && ok;
    ok = access_text(r, from, names->username, &access->username) && ok;
    ok = access_text(r, from, names->password, &access->password) && ok;
    if (!ok)
        return false;
    ok = take_basic(r, from, names, access);
    if (access->token_file) {
        access->token_file = access_path(r, access->token_file, from->directory);
        access->token = NULL;
    }
    ok = check_token(r, from, names, access->token) && ok;
    bool enough = access->token || access->token_file || access->username;
    if (enough || glm_is_null(glm_get(from->map, names->exec)))
        return ok;
    return access_exec(r, from, cluster, kubeconfig, &access->exec) && ok;
}

/* ---- in words ---- */

static const char *label_of(struct resolver *r, const struct settings *from,
                            const struct names *names, const struct access *access)
{
    const char *certificate =
        access->route.certificate ? access_name(r, from, names->certificate) : NULL;
    const char *other = NULL;
    if (access->token_file)
        other = glm_sprintf(r->arena, "the token file %s", access->token_file);
    else if (access->token)
        other = access_name(r, from, names->token);
    else if (access->username)
        other = access_name(r, from, names->username);
    else if (access->exec && from->label)
        other =
            glm_sprintf(r->arena, "the exec plugin %s of %s", access->exec->command, from->label);
    else if (access->exec)
        other = glm_sprintf(r->arena, "the exec plugin %s", access->exec->command);
    if (!certificate)
        return other ? other : "no credentials";
    return other ? glm_sprintf(r->arena, "%s and %s", certificate, other) : certificate;
}

static bool has_own(const struct settings *own)
{
    const char *const keys[] = {ours.token, ours.token_file,  ours.username, ours.password,
                                ours.exec,  ours.certificate, ours.key};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!glm_is_null(glm_get(own->map, keys[i])))
            return true;
    return false;
}

static bool take_impersonation(struct resolver *r, const struct settings *given,
                               const struct settings *own, struct access *access)
{
    struct settings inner = {glm_get(own->map, "impersonate"), "`impersonate`", NULL};
    if (glm_is_null(inner.map))
        return access_impersonate(r, given, true, &access->headers);
    return access_impersonate(r, &inner, false, &access->headers);
}

bool access_user(struct resolver *r, const struct settings *given, const struct settings *cluster,
                 const struct settings *own, struct access *access)
{
    bool mine = has_own(own);
    const struct settings *from = mine ? own : given;
    if (glm_is_null(from->map))
        return glm_error(r->d, NULL, "Context without a user",
                         "The %s names no `user`, and the entry of this cluster has no credentials "
                         "either. Add one of them.",
                         given->label);
    bool ok = mine || refuse_auth_provider(r, from);
    ok = take_certificate(r, from, !mine, access) && ok;
    ok = take_authorization(r, from, cluster, !mine, access) && ok;
    ok = take_impersonation(r, given, own, access) && ok;
    if (ok)
        access->credential_label = label_of(r, from, mine ? &ours : &theirs, access);
    return ok;
}
