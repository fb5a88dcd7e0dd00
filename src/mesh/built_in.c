/* SPDX-License-Identifier: Apache-2.0
 *
 * Kinds that API servers have built in: how their lists and maps are owned, by element or whole, what is
 * filled in where nothing was said, and which texts are one quantity.
 *
 * Source: the markers x-kubernetes-list-type, -list-map-keys and -map-type of Kubernetes' own types (apps/v1,
 *         autoscaling/v2, core/v1, networking.k8s.io/v1, policy/v1, rbac.authorization.k8s.io/v1) and their
 *         defaults.
 */
#include "built_in.h"
#include "glm/spec.h"
#include "glm/text.h"
#include "internal.h"

#include <string.h>

/* ---- lists whose elements are owned one by one ---- */

/* Fields that elements of a list are told apart by; a number may have a protocol beside it. */
static const struct {
    const char *list, *first, *second;
    bool protocol; /* TCP where none is said */
} keyed[] = {
    {"claims", "name", NULL, false},
    {"containers", "name", NULL, false},
    {"env", "name", NULL, false},
    {"hostAliases", "ip", NULL, false},
    {"imagePullSecrets", "name", NULL, false},
    {"initContainers", "name", NULL, false},
    {"ports", "containerPort", NULL, true},
    {"ports", "port", NULL, true},
    {"schedulingGates", "name", NULL, false},
    {"secrets", "name", NULL, false},
    {"topologySpreadConstraints", "topologyKey", "whenUnsatisfiable", false},
    {"volumeDevices", "devicePath", NULL, false},
    {"volumeMounts", "mountPath", NULL, false},
    {"volumes", "name", NULL, false},
};
#define KEYED (sizeof keyed / sizeof *keyed)

static const char *part_of(const struct glm_value *v)
{
    return v->kind == GLM_NUMBER || v->kind == GLM_STRING ? v->as.text : "";
}

/* NULL: it has nothing to be told apart by. */
static const char *key_of(struct glm_arena *arena, const char *list,
                          const struct glm_value *element)
{
    for (size_t i = 0; i < KEYED; i++) {
        const char *first = part_of(glm_get(element, keyed[i].first));
        if (strcmp(keyed[i].list, list) != 0 || !*first)
            continue;
        const char *second = keyed[i].second ? part_of(glm_get(element, keyed[i].second)) : "";
        const char *protocol =
            keyed[i].protocol ? glm_string_or(glm_get(element, "protocol"), "TCP") : "";
        if (keyed[i].protocol && !*protocol)
            protocol = "TCP";
        return glm_sprintf(arena, "%s/%s%s", first, second, protocol);
    }
    return NULL;
}

const struct glm_value *mesh_built_in_elements(struct glm_arena *arena, const char *field,
                                               const struct glm_value *list)
{
    const struct glm_pair *twice = NULL;
    struct glm_map_builder b;
    if (!glm_is_list(list))
        return NULL;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < list->len; i++) {
        const char *key = key_of(arena, field, glm_at(list, i));
        if (!key)
            return NULL;
        glm_map_append(&b, key, (uint32_t)i, 0, glm_at(list, i));
    }
    const struct glm_value *map = glm_map_finish(&b, &twice);
    return twice ? NULL : map;
}

const char *mesh_built_in_key(struct glm_arena *arena, const char *field,
                              const struct glm_value *element)
{
    return key_of(arena, field, element);
}

/* A single port may have no name. */
static bool same_name(const struct glm_value *a, const struct glm_value *b)
{
    return strcmp(glm_string_or(glm_get(a, "name"), ""), glm_string_or(glm_get(b, "name"), "")) ==
           0;
}

const struct glm_value *mesh_built_in_renumbered(struct glm_arena *arena, const char *field,
                                                 const struct glm_value *ours,
                                                 const struct glm_value *live,
                                                 const struct glm_value *element)
{
    for (size_t i = 0; strcmp(field, "ports") == 0 && i < live->len; i++) {
        const char *key = key_of(arena, field, glm_at(live, i));
        if (key && !glm_has(ours, key) && same_name(glm_at(live, i), element))
            return glm_at(live, i);
    }
    return &glm_null;
}

/* A variable may name those before it; containers that run before others run one after another. */
bool mesh_built_in_is_ordered(const char *field)
{
    static const char *const fields[] = {"env", "initContainers"};
    return MESH_IS_ONE_OF(field, fields);
}

/* ---- what is owned whole ---- */

bool mesh_built_in_is_whole(const char *field)
{
    static const char *const fields[] = {
        "configMapKeyRef",  "fieldRef", "labelSelector", "namespaceSelector", "podSelector",
        "resourceFieldRef", "roleRef",  "secretKeyRef",  "selector",
    };
    return MESH_IS_ONE_OF(field, fields);
}

bool mesh_built_in_is_default(const char *key, const struct glm_value *live)
{
    static const struct {
        const char *key, *text;
    } defaults[] = {
        {"apiGroup", ""}, {"apiVersion", "v1"},          {"defaultMode", "420"},
        {"divisor", "0"}, {"expirationSeconds", "3600"}, {"protocol", "TCP"},
    };
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (strcmp(defaults[i].key, key) == 0 &&
            (live->kind == GLM_NUMBER || live->kind == GLM_STRING) &&
            strcmp(live->as.text, defaults[i].text) == 0)
            return true;
    return false;
}

/* ---- quantities ---- */

static bool is_quantity(const char *parent, const char *key)
{
    static const char *const keys[] = {"averageValue", "divisor", "sizeLimit"};
    static const char *const parents[] = {"limits", "requests"};
    return MESH_IS_ONE_OF(key, keys) || MESH_IS_ONE_OF(parent, parents) ||
           (strcmp(parent, "target") == 0 && strcmp(key, "value") == 0);
}

static bool number_of(const struct glm_value *v, double *ret_number)
{
    return (v->kind == GLM_NUMBER || v->kind == GLM_STRING) &&
           glm_spec_quantity(v->as.text, ret_number);
}

bool mesh_built_in_same_quantity(const char *parent, const char *key, const struct glm_value *live,
                                 const struct glm_value *owned)
{
    double is, wanted;
    if (!is_quantity(parent, key) || !number_of(live, &is) || !number_of(owned, &wanted))
        return false;
    double difference = is > wanted ? is - wanted : wanted - is;
    double size = wanted > 0 ? wanted : -wanted;
    return difference <= size * 1e-12; /* suffixes are powers of ten and of two */
}
