/* SPDX-License-Identifier: Apache-2.0
 *
 * Operators: which Istio operators run in a cluster, what they serve, and what stops them.
 *
 * Source: the chart istio-operator of Istio 1.23: the container runs `operator server` with its
 *         settings in the environment; its decoder (protobuf's JSON) refuses fields it does not
 *         know and values of the wrong type, and then stops for every IstioOperator.
 */
#include "internal.h"
#include "glm/look.h"
#include "glm/observe.h"
#include "glm/text.h"

#include <string.h>

/* ---- which they are ---- */

static const struct glm_value *env(const struct glm_value *container, const char *name)
{
    const struct glm_value *list = glm_get(container, "env");
    for (size_t i = 0; i < glm_live_count(list); i++)
        if (glm_string_is(glm_get(glm_at(list, i), "name"), name))
            return glm_at(list, i);
    return &glm_null;
}

static bool ends_with(const char *text, const char *end)
{
    size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

/* `operator server`, over command and args as they are joined when the container starts. */
static bool runs_operator_server(const struct glm_value *container)
{
    static const char *const keys[] = {"command", "args"};
    bool operator_seen = false;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        const struct glm_value *words = glm_get(container, keys[k]);
        for (size_t i = 0; i < glm_live_count(words); i++) {
            const char *word = glm_string_or(glm_at(words, i), "");
            if (operator_seen && strcmp(word, "server") == 0)
                return true;
            operator_seen = strcmp(word, "operator") == 0 || ends_with(word, "/operator");
        }
    }
    return false;
}

/* The image without its tag and digest ends in this path. */
static bool image_is(struct glm_arena *arena, const struct glm_value *container, const char *path)
{
    const char *image = glm_string_or(glm_get(container, "image"), "");
    const char *slash = strrchr(image, '/');
    const char *name = slash ? slash : image;
    return ends_with(glm_strndup(arena, image, (size_t)(name - image) + strcspn(name, ":@")), path);
}

/* Many operators are called "operator" and have a WATCH_NAMESPACE and an OPERATOR_NAME; only
 * Istio's also has these. */
static bool is_operator(struct glm_arena *arena, const struct glm_value *container)
{
    bool watches = glm_is_map(env(container, "WATCH_NAMESPACE"));
    bool named = glm_is_map(env(container, "OPERATOR_NAME"));
    bool istios = glm_is_map(env(container, "REVISION")) ||
                  glm_is_map(env(container, "WAIT_FOR_RESOURCES_TIMEOUT")) ||
                  glm_is_map(env(container, "LEADER_ELECTION_NAMESPACE"));
    return runs_operator_server(container) || image_is(arena, container, "istio/operator") ||
           image_is(arena, container, "pluma-operator") ||
           (watches && istios && (named || image_is(arena, container, "/operator")));
}

static void read_watched(struct glm_arena *arena, const struct glm_value *container,
                         struct glm_operator *op)
{
    const struct glm_value *watch = env(container, "WATCH_NAMESPACE");
    const struct glm_value *field = glm_get_path(watch, "valueFrom", "fieldRef", "fieldPath", NULL);
    const char *s = glm_string_or(glm_get(watch, "value"), "");
    if (glm_string_is(field, "metadata.namespace"))
        s = op->namespace_;
    const char **watched = GLM_NEW_ARRAY(arena, strlen(s) / 2 + 1, const char *);
    while (*s) {
        s += strspn(s, ", \t\n");
        size_t len = strcspn(s, ", \t\n");
        if (len)
            watched[op->watched_count++] = glm_strndup(arena, s, len);
        s += len;
    }
    op->watched = watched;
}

size_t glm_operators(struct glm_arena *arena, const struct glm_value *deployments,
                     const struct glm_operator **ret_operators)
{
    struct glm_operator *operators =
        GLM_NEW_ARRAY(arena, glm_live_count(deployments), struct glm_operator);
    size_t count = 0;
    for (size_t i = 0; i < glm_live_count(deployments); i++) {
        const struct glm_value *deployment = glm_at(deployments, i);
        const struct glm_value *containers =
            glm_get_path(deployment, "spec", "template", "spec", "containers", NULL);
        for (size_t c = 0; c < glm_live_count(containers); c++) {
            const struct glm_value *container = glm_at(containers, c);
            if (!is_operator(arena, container))
                continue;
            struct glm_operator *op = &operators[count++];
            op->namespace_ = glm_live_namespace(deployment);
            op->name = glm_live_name(deployment);
            op->revision = glm_string_or(glm_get(env(container, "REVISION"), "value"), "");
            op->ready = glm_live_integer(glm_get(deployment, "status"), "availableReplicas", 0) > 0;
            read_watched(arena, container, op);
            break;
        }
    }
    *ret_operators = operators;
    return count;
}

bool glm_operator_serves(const struct glm_operator *op, const char *revision,
                         const char *namespace_)
{
    if (*op->revision && strcmp(op->revision, revision) != 0)
        return false;
    for (size_t i = 0; i < op->watched_count; i++)
        if (strcmp(op->watched[i], namespace_) == 0)
            return true;
    return op->watched_count == 0;
}

/* ---- what stops them ---- */

struct blocker {
    struct glm_arena *arena;
    const char *found; /* what is wrong; NULL: nothing so far */
};

#define UNKNOWN_FIELD "is a field that the operator does not know"

static void refuse(struct blocker *b, const struct glm_path *where, const char *what)
{
    b->found = glm_sprintf(b->arena, "spec%s%s %s", where ? "." : "",
                           glm_said(b->arena, glm_path_text(b->arena, where)), what);
}

/* protobuf's JSON takes numbers in quotes for numbers. */
static bool is_integer(const struct glm_value *v, enum glm_spec_kind kind)
{
    struct glm_value number = {.kind = GLM_NUMBER, .len = v->len, .as.text = v->as.text};
    int64_t n, min = INT64_MIN, max = INT64_MAX;
    if (v->kind == GLM_STRING) {
        size_t sign = v->len && v->as.text[0] == '-';
        if (v->len == sign || strspn(v->as.text + sign, "0123456789") != v->len - sign)
            return false;
    } else if (v->kind != GLM_NUMBER) {
        return false;
    }
    if (kind == GLM_SPEC_INT32 || kind == GLM_SPEC_INT_OR_STRING) {
        min = INT32_MIN;
        max = INT32_MAX;
    } else if (kind == GLM_SPEC_UINT32) {
        min = 0;
        max = UINT32_MAX;
    }
    return glm_number_int64(&number, &n) && n >= min && n <= max;
}

static void must_be(struct blocker *b, bool ok, const struct glm_path *where, const char *what,
                    const struct glm_value *v)
{
    if (!ok)
        refuse(b, where,
               glm_sprintf(b->arena, "is %s instead of %s", glm_kind_name(v->kind), what));
}

static void check(struct blocker *b, const struct glm_spec_field *f, const struct glm_value *v,
                  const struct glm_path *where);

static const struct glm_spec_field *field_of(const struct glm_spec_type *type, const char *name)
{
    return glm_spec_field(type, name, GLM_SPEC_OPERATOR);
}

static void check_fields(struct blocker *b, const struct glm_spec_type *type,
                         const struct glm_value *v, const struct glm_path *where)
{
    for (size_t i = 0; i < v->len && !b->found; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const struct glm_path *at = GLM_AT_ATTR(where, pair->key);
        const struct glm_spec_field *field = field_of(type, pair->key);
        if (!field || strcmp(field->name, "defaultRevision") == 0)
            refuse(b, at, UNKNOWN_FIELD);
        else if (!glm_is_null(pair->value))
            check(b, field, pair->value, at);
    }
}

static void check_elements(struct blocker *b, const struct glm_spec_field *f,
                           const struct glm_value *v, const struct glm_path *where)
{
    struct glm_spec_field one = *f;
    one.shape = GLM_SPEC_ONE;
    must_be(b, v->kind == (f->shape == GLM_SPEC_LIST ? GLM_LIST : GLM_MAP), where,
            f->shape == GLM_SPEC_LIST ? "a list" : "a map", v);
    for (size_t i = 0; i < v->len && !b->found; i++) {
        if (f->shape == GLM_SPEC_LIST)
            check(b, &one, v->as.list[i], GLM_AT_INDEX(where, i));
        else
            check(b, &one, v->as.map[i].value, GLM_AT_KEY(where, v->as.map[i].key));
    }
}

/* Components of the control plane, which the tables do not look into: ComponentSpec. */
static void check_component(struct blocker *b, const struct glm_value *v,
                            const struct glm_path *where)
{
    static const char *const fields[] = {"enabled", "hub", "namespace", "spec", "tag"};
    const struct glm_spec_type *k8s = glm_spec_type("KubernetesResourcesSpec", GLM_SPEC_OPERATOR);
    for (size_t i = 0; i < v->len && !b->found; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const struct glm_path *at = GLM_AT_ATTR(where, pair->key);
        bool known = strcmp(pair->key, "k8s") == 0;
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            known |= strcmp(fields[k], pair->key) == 0;
        if (!known)
            refuse(b, at, UNKNOWN_FIELD);
        else if (glm_is_null(pair->value))
            continue;
        else if (k8s && strcmp(pair->key, "k8s") == 0 && glm_is_map(pair->value))
            check_fields(b, k8s, pair->value, at);
        else if (strcmp(pair->key, "k8s") == 0)
            must_be(b, false, at, "a map", pair->value);
        else if (strcmp(pair->key, "enabled") == 0)
            must_be(b, pair->value->kind == GLM_BOOL, at, "true or false", pair->value);
    }
}

static bool is_component(const struct glm_spec_field *f)
{
    static const char *const names[] = {"base", "cni", "istiodRemote", "pilot", "ztunnel"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (f->kind == GLM_SPEC_FREE && strcmp(names[i], f->name) == 0)
            return true;
    return false;
}

/* A message; values and meshConfig are Structs: their keys are checked later, and stop nobody
 * else. */
static void check_message(struct blocker *b, const struct glm_spec_field *f,
                          const struct glm_value *v, const struct glm_path *where)
{
    const struct glm_spec_type *type = &glm_spec_types[f->index];
    must_be(b, glm_is_map(v), where, "a map", v);
    if (!b->found && !type->soft)
        check_fields(b, type, v, where);
}

static void check(struct blocker *b, const struct glm_spec_field *f, const struct glm_value *v,
                  const struct glm_path *where)
{
    if (f->shape != GLM_SPEC_ONE) {
        check_elements(b, f, v, where);
        return;
    }
    switch ((enum glm_spec_kind)f->kind) {
    case GLM_SPEC_STRING:
    case GLM_SPEC_ENUM: /* Kubernetes' are texts to the operator */
    case GLM_SPEC_QUANTITY:
        must_be(b, glm_is_string(v), where, "a string", v);
        break;
    case GLM_SPEC_BOOL:
        must_be(b, v->kind == GLM_BOOL, where, "true or false", v);
        break;
    case GLM_SPEC_INT32:
    case GLM_SPEC_UINT32:
    case GLM_SPEC_INT64:
    case GLM_SPEC_UINT64:
        must_be(b, is_integer(v, (enum glm_spec_kind)f->kind), where, "a whole number in its range",
                v);
        break;
    case GLM_SPEC_INT_OR_STRING:
        must_be(b, glm_is_string(v) || is_integer(v, GLM_SPEC_INT_OR_STRING), where,
                "a whole number or a string", v);
        break;
    case GLM_SPEC_FREE:
        must_be(b, glm_is_map(v), where, "a map", v);
        if (!b->found && is_component(f))
            check_component(b, v, where);
        break;
    case GLM_SPEC_OBJECT:
        check_message(b, f, v, where);
        break;
    case GLM_SPEC_ANY:
    case GLM_SPEC_DOUBLE:
    case GLM_SPEC_DURATION:
    case GLM_SPEC_BYTES:
    case GLM_SPEC_TIME:
    default:
        break;
    }
}

static void check_spec(struct blocker *b, const struct glm_value *spec)
{
    must_be(b, glm_is_map(spec), NULL, "a map", spec);
    if (!b->found)
        check_fields(b, glm_spec_root(GLM_SPEC_OPERATOR), spec, NULL);
}

const char *glm_operator_blocked_by(struct glm_arena *arena, const struct glm_value *istio_operator)
{
    struct blocker b = {.arena = arena};
    const struct glm_value *spec = glm_get(istio_operator, "spec");
    if (!glm_is_null(spec))
        check_spec(&b, spec);
    if (!b.found)
        return NULL;
    return glm_sprintf(arena, "IstioOperator %s cannot be read: %s",
                       glm_live_place(arena, istio_operator), b.found);
}
