/* SPDX-License-Identifier: Apache-2.0
 *
 * The checks that the tables name, one attribute each.
 *
 * Errors: what the text is and what it must be; never the text itself where it may be a secret.
 * Thread: no shared state.
 */
#include "checks.h"

#include "glm/mesh.h"
#include "glm/spec.h"
#include "installers.h"

#include <string.h>

#define FIELD_MANAGER_MAX 128
#define PARALLEL_MAX 1000

static bool starts_with(const char *text, const char *prefix)
{
    return !strncmp(text, prefix, strlen(prefix));
}

/* ---- one of a few words ---- */

static bool check_word(const struct glm_value *v, const char *const *words, size_t count,
                       const char *list, const struct glm_path *at, struct glm_diags *d)
{
    const char *text = glm_string_or(v, "");
    for (size_t i = 0; i < count; i++)
        if (!strcmp(text, words[i]))
            return true;
    const char *nearest = glm_nearest(text, words, count);
    if (nearest)
        return glm_error(d, at, "Not one of the values possible",
                         "\"%s\" must be %s. Did you mean \"%s\"?", text, list, nearest);
    return glm_error(d, at, "Not one of the values possible", "\"%s\" must be %s.", text, list);
}

bool glm_check_installer(struct glm_arena *arena, const struct glm_value *v,
                         const struct glm_path *at, struct glm_diags *d)
{
    const char *const *known;
    size_t count = glm_provider_installer_words(arena, &known);
    const char **words = GLM_NEW_ARRAY(arena, count + 1, const char *);
    const char *list = "";
    for (size_t i = 0; i < count; i++) {
        const char *between = i == 0 ? "" : i + 1 < count ? ", " : " or ";
        words[i] = known[i];
        list = glm_sprintf(arena, "%s%s\"%s\"", list, between, known[i]);
    }
    words[count] = "directory";
    return check_word(v, words, count + 1,
                      glm_sprintf(arena,
                                  "%s (or \"directory\", which a cluster with a directory has "
                                  "anyway)",
                                  list),
                      at, d);
}

bool glm_check_on_unreachable(struct glm_arena *arena, const struct glm_value *v,
                              const struct glm_path *at, struct glm_diags *d)
{
    static const char *const words[] = {"warn", "error"};
    (void)arena;
    return check_word(v, words, 2, "\"warn\" or \"error\"", at, d);
}

bool glm_check_exec_api_version(struct glm_arena *arena, const struct glm_value *v,
                                const struct glm_path *at, struct glm_diags *d)
{
    static const char *const words[] = {"client.authentication.k8s.io/v1",
                                        "client.authentication.k8s.io/v1beta1"};
    (void)arena;
    return check_word(v, words, 2,
                      "\"client.authentication.k8s.io/v1\" or "
                      "\"client.authentication.k8s.io/v1beta1\", whichever the command prints",
                      at, d);
}

/* ---- names ---- */

bool glm_check_cluster_name(struct glm_arena *arena, const struct glm_value *v,
                            const struct glm_path *at, struct glm_diags *d)
{
    const char *name = glm_string_or(v, "");
    if (glm_dns_label_valid(name))
        return true;
    const char *better = glm_dns_label_suggest(arena, name);
    const char *hint =
        better ? glm_sprintf(arena, " For example \"%s\".", better) : glm_placeholder_said(name);
    if (strchr(name, '_'))
        return glm_error(d, at, "Not a cluster name",
                         "The key \"%s\" has an underscore, which Gloo Mesh and Kubernetes do not "
                         "take in a cluster name: use \"-\".%s The key need not be the name of the "
                         "context: `context` may be any text.",
                         name, hint);
    return glm_error(d, at, "Not a cluster name",
                     "The key \"%s\" must be 1 to 63 lower-case letters, digits and \"-\", and "
                     "must begin and end with a letter or a digit.%s The key need not be the name "
                     "of the context: `context` may be any text.",
                     name, hint);
}

/* Kubernetes: not empty, at most 128 bytes, printable. */
bool glm_check_field_manager(struct glm_arena *arena, const struct glm_value *v,
                             const struct glm_path *at, struct glm_diags *d)
{
    (void)arena;
    bool printable = v->len > 0;
    for (size_t i = 0; i < v->len; i++) {
        unsigned char c = (unsigned char)v->as.text[i];
        printable = printable && c >= 0x20 && c != 0x7f;
    }
    if (printable && v->len <= FIELD_MANAGER_MAX)
        return true;
    return glm_error(d, at, "Not a field manager",
                     "The name must be 1 to %d printable characters; this one has %zu bytes%s.",
                     FIELD_MANAGER_MAX, v->len,
                     printable || v->len == 0 ? "" : " and some that cannot be printed");
}

bool glm_check_operator_namespace(struct glm_arena *arena, const struct glm_value *v,
                                  const struct glm_path *at, struct glm_diags *d)
{
    static const char placeholder[] = "{revision}";
    const char *text = glm_string_or(v, "");
    struct glm_text with, without;
    glm_text_init(&with, arena, v->len + 64);
    glm_text_init(&without, arena, v->len + 64);
    for (const char *p = text; *p;) {
        if (starts_with(p, placeholder)) {
            glm_text_adds(&with, "r");
            p += sizeof placeholder - 1;
            continue;
        }
        if (p[0] != '-' || !starts_with(p + 1, placeholder))
            glm_text_addc(&without, *p);
        glm_text_addc(&with, *p++);
    }
    if (glm_dns_label_valid(with.data) && glm_dns_label_valid(without.data))
        return true;
    if (glm_dns_label_valid(with.data))
        return glm_error(d, at, "Not a namespace",
                         "\"%s\" is \"%s\" for a control plane without a revision, which is no "
                         "namespace. Put something before \"{revision}\": \"istio-{revision}\".",
                         text, without.data);
    return glm_error(d, at, "Not a namespace",
                     "\"%s\" must be a Kubernetes namespace: 1 to 63 lower-case letters, digits "
                     "and \"-\". \"{revision}\" in it stands for the control-plane revision and "
                     "is the only placeholder: \"istio-system\", \"gm-iop-{revision}\".",
                     text);
}

bool glm_check_distribution_revision(struct glm_arena *arena, const struct glm_value *v,
                                     const struct glm_path *at, struct glm_diags *d)
{
    const char *text = glm_string_or(v, "");
    if (!strcmp(text, "auto"))
        return glm_error(d, at, "Not a revision",
                         "This is what gateway_revision = \"auto\" stands for, so it cannot be "
                         "\"auto\" itself: name a revision, such as \"1-24\".");
    if (glm_dns_label_valid(text))
        return true;
    const char *better = glm_dns_label_suggest(arena, text);
    return glm_error(d, at, "Not a revision",
                     "\"%s\" must be lower-case letters, digits and \"-\": \"%s\".", text,
                     better ? better : "1-24");
}

/* ---- texts, files, addresses ---- */

bool glm_check_not_empty(struct glm_arena *arena, const struct glm_value *v,
                         const struct glm_path *at, struct glm_diags *d)
{
    (void)arena;
    if (v->len > 0)
        return true;
    return glm_error(d, at, "Empty text",
                     "This must not be empty. Leave the attribute out, or set it to null, when it "
                     "is not wanted.");
}

/* What Linux takes as a path, without the NUL. */
#define PATH_BYTES_MAX ((size_t)4095)

/* A shell knows "~somebody" too; nothing here does. */
static bool check_home(const char *text, const struct glm_path *at, struct glm_diags *d)
{
    if (text[0] != '~' || text[1] == '/' || !text[1])
        return true;
    return glm_error(d, at, "Not a path",
                     "\"%s\": of paths that begin with \"~\" only \"~/...\" is known, the home "
                     "directory. Write the whole path, or \"./%s\" if that is its name.",
                     text, text);
}

bool glm_check_hub(struct glm_arena *arena, const struct glm_value *v, const struct glm_path *at,
                   struct glm_diags *d)
{
    const char *fault = glm_hub_fault(arena, glm_string_or(v, ""));
    return !fault || glm_error(d, at, "Not a hub", "hub %s", fault);
}

bool glm_check_tag(struct glm_arena *arena, const struct glm_value *v, const struct glm_path *at,
                   struct glm_diags *d)
{
    const char *fault = glm_tag_fault(arena, glm_string_or(v, ""), false);
    return !fault || glm_error(d, at, "Not a tag", "tag %s", fault);
}

/* Characters that no path has that somebody means, and a length that no system call takes. */
static bool check_path_text(const struct glm_value *v, const struct glm_path *at,
                            struct glm_diags *d)
{
    const char *text = v->as.text;
    size_t len = strlen(text);
    if (strchr(text, '\n'))
        return glm_error(d, at, "Not a path",
                         "A path is wanted here, and this has several lines: is it the content of "
                         "a file?");
    for (size_t i = 0; i < v->len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return glm_error(d, at, "Not a path",
                             "A path is wanted here, and the character number %zu of this is a "
                             "control character (U+%04X). Write the path without it.",
                             i + 1, (unsigned)(unsigned char)text[i]);
    if (len > PATH_BYTES_MAX)
        return glm_error(d, at, "Not a path", "This has %zu bytes, and a path has at most %zu.",
                         len, PATH_BYTES_MAX);
    return check_home(text, at, d);
}

bool glm_check_path(struct glm_arena *arena, const struct glm_value *v, const struct glm_path *at,
                    struct glm_diags *d)
{
    return glm_check_not_empty(arena, v, at, d) && check_path_text(v, at, d);
}

/* True for the content of a kubeconfig: YAML or JSON, never one bare word. */
static bool looks_like_content(const char *text)
{
    return strchr(text, '\n') || strchr(text, '{') || strstr(text, ": ");
}

bool glm_check_config_paths(struct glm_arena *arena, const struct glm_value *v,
                            const struct glm_path *at, struct glm_diags *d)
{
    bool ok = true;
    (void)arena;
    for (size_t i = 0; glm_is_list(v) && i < v->len; i++) {
        const struct glm_value *item = v->as.list[i];
        const struct glm_path *here = GLM_AT_INDEX(at, i);
        if (glm_is_unknown(item))
            continue;
        const char *text = glm_string_or(item, "");
        if (!*text)
            ok = glm_error(d, here, "Not a path",
                           "Each element must be the path of a kubeconfig file, such as "
                           "\"~/.kube/config\"; this one is empty.");
        else if (looks_like_content(text))
            ok = glm_error(d, here, "Not a path",
                           "This is the content of a kubeconfig, not its path. Give the content "
                           "to the `kubeconfig` of one of the clusters.");
        else
            ok &= check_path_text(item, here, d);
    }
    return ok;
}

bool glm_check_kubeconfig(struct glm_arena *arena, const struct glm_value *v,
                          const struct glm_path *at, struct glm_diags *d)
{
    (void)arena;
    const char *text = glm_string_or(v, "");
    if (looks_like_content(text))
        return true;
    if (!*text)
        return glm_error(d, at, "Empty kubeconfig",
                         "`kubeconfig` takes the content of a kubeconfig, and this is empty.");
    return glm_error(d, at, "Not the content of a kubeconfig",
                     "`kubeconfig` takes the content, and this looks like a path. Write "
                     "kubeconfig = file(\"...\"), or put the path into the provider's "
                     "`config_paths` and name a `context` of it here.");
}

/* As much as is read of a file that holds one; a real one has some kilobytes. */
#define CREDENTIAL_MAX ((size_t)1 << 20)

static bool check_credential_size(const struct glm_value *v, const struct glm_path *at,
                                  struct glm_diags *d)
{
    return v->len <= CREDENTIAL_MAX ||
           glm_error(d, at, "Too long for a credential",
                     "The value has %zu bytes, and at most %zu are taken. Is it the content of "
                     "another file?",
                     v->len, CREDENTIAL_MAX);
}

bool glm_check_pem(struct glm_arena *arena, const struct glm_value *v, const struct glm_path *at,
                   struct glm_diags *d)
{
    (void)arena;
    const char *text = glm_string_or(v, "");
    if (!check_credential_size(v, at, d))
        return false;
    if (strstr(text, "-----BEGIN "))
        return true;
    if (starts_with(text, "LS0t"))
        return glm_error(d, at, "Not a PEM text",
                         "This is base64, as cloud APIs and kubeconfig files have it. Wrap it: "
                         "base64decode(...).");
    return glm_error(d, at, "Not a PEM text",
                     "This takes the PEM text itself, which has a line \"-----BEGIN ...-----\". "
                     "For a file write file(\"...\"); for base64, base64decode(...).");
}

bool glm_check_secret(struct glm_arena *arena, const struct glm_value *v, const struct glm_path *at,
                      struct glm_diags *d)
{
    (void)arena;
    const char *text = glm_string_or(v, "");
    if (!check_credential_size(v, at, d))
        return false;
    if (v->len > 0 && strcspn(text, "\r\n") == v->len)
        return true;
    if (v->len == 0)
        return glm_error(d, at, "Empty credential", "The value is empty.");
    return glm_error(d, at, "Credential with a line break",
                     "The value has a line break. Where it comes from a file, write "
                     "trimspace(file(\"...\")).");
}

static bool check_url(const struct glm_value *v, const char *const *schemes, const char *list,
                      const struct glm_path *at, struct glm_diags *d)
{
    const char *text = glm_string_or(v, "");
    for (; *schemes; schemes++)
        if (starts_with(text, *schemes) && text[strlen(*schemes)] &&
            strcspn(text, " \t\r\n") == v->len)
            return true;
    /* An address may hold a password: it is not repeated. */
    return glm_error(d, at, "Not an address", "This must be a URL that begins with %s.", list);
}

bool glm_check_host(struct glm_arena *arena, const struct glm_value *v, const struct glm_path *at,
                    struct glm_diags *d)
{
    static const char *const schemes[] = {"https://", "http://", NULL};
    (void)arena;
    return check_url(v, schemes, "https:// (or http://), such as \"https://10.0.0.1:6443\"", at, d);
}

bool glm_check_proxy_url(struct glm_arena *arena, const struct glm_value *v,
                         const struct glm_path *at, struct glm_diags *d)
{
    static const char *const schemes[] = {"http://", "https://", "socks5://", "socks5h://", NULL};
    (void)arena;
    if (!check_url(v, schemes,
                   "http://, https://, socks5:// or socks5h://, such as "
                   "\"socks5h://127.0.0.1:1080\"",
                   at, d))
        return false;
    /* A password may hold a "/" that nobody escaped. What is too much may be one: it is not repeated. */
    const char *text = glm_string_or(v, ""), *user_end = strrchr(text, '@');
    const char *host = user_end ? user_end + 1 : strstr(text, "://") + strlen("://");
    const char *rest = host + strcspn(host, "/?#");
    if (!*rest || strcmp(rest, "/") == 0)
        return true;
    return glm_error(
        d, at, "A proxy has no path",
        "Behind host and port of a proxy there is nothing: no path, no \"?\", no \"#\". "
        "User and password stand before an \"@\": \"http://user:password@proxy:3128\".");
}

bool glm_check_max_parallel(struct glm_arena *arena, const struct glm_value *v,
                            const struct glm_path *at, struct glm_diags *d)
{
    (void)arena;
    int64_t number;
    if (glm_number_int64(v, &number) && number >= 1 && number <= PARALLEL_MAX)
        return true;
    return glm_error(d, at, "Number out of range", "%s must be a whole number from 1 to %d.",
                     v->kind == GLM_NUMBER ? v->as.text : "This", PARALLEL_MAX);
}
