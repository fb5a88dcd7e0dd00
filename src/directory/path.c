/* SPDX-License-Identifier: Apache-2.0
 *
 * Names and paths of the directory cluster, as text. Nothing here touches the disk.
 *
 * The tree is laid out for `kubectl apply -R -f`, which takes files in the order of their names:
 * "cluster" comes before "namespaces", so that a Namespace exists before what is in it.
 *
 * Owner:  texts live in the arena given.
 * Errors: none but a clause for a name that is not fit for a path.
 * Thread: no shared state.
 */
#include "glm/text.h"
#include "internal.h"

#include <string.h>

#define SUBDOMAIN_MAX ((size_t)253)
#define LABEL_MAX ((size_t)63)

static const char suffix[] = ".yaml";

const char *glm_directory_clean(struct glm_arena *arena, const char *path)
{
    bool rooted = *path == '/';
    size_t len = strlen(path), kept = 0, ups = 0;
    /* Where each kept name begins in path, and its length. */
    const char **names = GLM_NEW_ARRAY(arena, len / 2 + 1, const char *);
    size_t *lens = GLM_NEW_ARRAY(arena, len / 2 + 1, size_t);
    for (const char *p = path; *p;) {
        size_t n = strcspn(p, "/");
        bool up = n == 2 && p[0] == '.' && p[1] == '.';
        if (up && kept > ups) {
            kept--;
        } else if (n > 0 && !(n == 1 && *p == '.') && !(up && rooted)) {
            ups += up;
            names[kept] = p;
            lens[kept++] = n;
        }
        p += n + (p[n] == '/');
    }
    struct glm_text text;
    glm_text_init(&text, arena, len + 1);
    if (rooted)
        glm_text_addc(&text, '/');
    for (size_t i = 0; i < kept; i++) {
        if (i)
            glm_text_addc(&text, '/');
        glm_text_add(&text, names[i], lens[i]);
    }
    if (text.len == 0)
        glm_text_addc(&text, '.');
    return text.data;
}

/* Lower case letters, digits and '-' (and '.', between labels), ends included letters or digits:
 * such a name has no '/', is neither "." nor "..", and is not hidden. */
static bool is_dns1123(const char *name, bool dots, size_t max)
{
    size_t len = strlen(name);
    bool edge = true; /* the next character begins a label */
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        bool sign = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool dot = dots && c == '.';
        if (!sign && !dot && c != '-')
            return false;
        if (!sign && (edge || i + 1 == len || (dot && name[i - 1] == '-')))
            return false;
        edge = dot;
    }
    return len > 0 && len <= max;
}

bool directory_is_namespace(const char *name)
{
    return is_dns1123(name, false, LABEL_MAX);
}

bool directory_ref_valid(struct glm_arena *arena, const struct glm_object_ref *ref,
                         const char **ret_why)
{
    bool is_namespace = ref->kind == GLM_KIND_NAMESPACE;
    const char *namespace_ = is_namespace ? ref->name : ref->namespace_;
    if ((is_namespace || ref->kind->namespaced) &&
        (!namespace_ || !is_dns1123(namespace_, false, LABEL_MAX))) {
        *ret_why = glm_sprintf(arena,
                               "the namespace \"%s\" is not a Kubernetes name: lower case letters, "
                               "digits and '-' are expected, at most 63",
                               namespace_ ? namespace_ : "");
        return false;
    }
    if (!is_namespace && (!ref->name || !is_dns1123(ref->name, true, SUBDOMAIN_MAX))) {
        *ret_why = glm_sprintf(arena,
                               "the name \"%s\" is not a Kubernetes name: lower case letters, "
                               "digits, '-' and '.' are expected, at most 253",
                               ref->name ? ref->name : "");
        return false;
    }
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

const char *directory_prefix(struct glm_arena *arena, const struct glm_object_kind *kind)
{
    char *prefix = glm_sprintf(arena, "%s-", kind->name);
    for (char *c = prefix; *c; c++)
        *c = lower(*c);
    return prefix;
}

const char *directory_file_name(struct glm_arena *arena, const struct glm_object_ref *ref)
{
    return glm_sprintf(arena, "%s%s%s", directory_prefix(arena, ref->kind), ref->name, suffix);
}

bool directory_is_object(const struct glm_object_kind *kind, const char *file_name)
{
    size_t len = strlen(file_name), before = strlen(kind->name) + 1, after = sizeof suffix - 1;
    if (len <= before + after || file_name[before - 1] != '-' ||
        strcmp(file_name + len - after, suffix) != 0)
        return false;
    for (size_t i = 0; i + 1 < before; i++)
        if (file_name[i] != lower(kind->name[i]))
            return false;
    return true;
}

const char *directory_object_name(struct glm_arena *arena, const struct glm_object_kind *kind,
                                  const char *file_name)
{
    size_t len = strlen(file_name), before = strlen(kind->name) + 1, after = sizeof suffix - 1;
    return glm_strndup(arena, file_name + before, len - before - after);
}

struct directory_way directory_way_to(bool namespaced, const char *namespace_)
{
    if (!namespaced)
        return (struct directory_way){{"cluster", NULL, NULL}};
    return (struct directory_way){{"namespaces", namespace_, NULL}};
}

const char *directory_path_text(struct glm_arena *arena, const struct directory *dir,
                                const struct directory_way *way, const char *file)
{
    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    glm_text_adds(&text, dir->root);
    for (size_t i = 0; way && way->names[i]; i++)
        glm_text_addf(&text, "%s%s", text.data[text.len - 1] == '/' ? "" : "/", way->names[i]);
    if (file)
        glm_text_addf(&text, "%s%s", text.data[text.len - 1] == '/' ? "" : "/", file);
    return text.data;
}
