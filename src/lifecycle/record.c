/* SPDX-License-Identifier: Apache-2.0
 *
 * The shape of the record, by its objects and pairs:
 *   {"version": 2, "intent": "apply", "id": "ns/name",
 *    "clusters": {"east": {"place": "directory /home/me/estate/clusters/east",
 *                          "label": "directory clusters/east",
 *                          "leads_to": "API server with kube-system UID 1-2-3",
 *                          "objects": {"Deployment gateways/ingress-1-24":
 *                                        {"pair": "1-24", "role": "workload", "main": true,
 *                                         "cluster": "west", "leaves": true, "foreign": true,
 *                                         "owner": "ns/other",
 *                                         "altered": {PATH: TEXT}, "found": "{...}"},
 *                                      "Service gloo-mesh-gateways/ingress":
 *                                        {"role": "traffic"}},
 *                          "pairs": {"1-24": {"seat": "hub", "installer": "gloo",
 *                                             "healthy": "UID/3",
 *                                             "unsettled": true, "unwaited": true,
 *                                             "automatic": "1.24.3",
 *                                             "selected": [{"service": "ns/mine",
 *                                                           "selector": {"revision": "1-24"}},
 *                                                          {"more": 3}]}}}}}
 * What is false, or nothing, is left out. What each means, see record.h.
 */
#include "record.h"

#include "glm/text.h"

#include <string.h>

/* ---- clusters ---- */

/* Keys are constants, each there once. */
static void set(struct glm_map_builder *b, const char *key, const struct glm_value *v)
{
    glm_map_append(b, key, 0, 0, v);
}

static void set_text(struct glm_map_builder *b, const char *key, const char *text)
{
    if (text)
        set(b, key, glm_string(b->arena, text));
}

static void set_true(struct glm_map_builder *b, const char *key, bool is)
{
    if (is)
        set(b, key, &glm_true);
}

static void set_unless_empty(struct glm_map_builder *b, const char *key, const struct glm_value *v)
{
    if (v && v->len > 0)
        glm_map_set(b, key, v);
}

const struct glm_value *record_cluster_make(struct glm_arena *arena, const char *place,
                                            const char *label, const struct glm_value *objects,
                                            const struct glm_value *pairs)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    set_text(&b, "place", place);
    set_text(&b, "label", label);
    set(&b, "objects", objects);
    set_unless_empty(&b, "pairs", pairs);
    return glm_map_finish(&b, NULL);
}

const struct glm_value *record_cluster_objects(const struct glm_value *cluster_record)
{
    return glm_get(cluster_record, "objects");
}

const struct glm_value *record_cluster_pairs(const struct glm_value *cluster_record)
{
    return glm_get(cluster_record, "pairs");
}

const char *record_leads_to(const struct glm_value *cluster_record)
{
    return glm_string_or(glm_get(cluster_record, "leads_to"), NULL);
}

const struct glm_value *record_with_leads_to(struct glm_arena *arena,
                                             const struct glm_value *cluster_record,
                                             const char *place)
{
    return place ? glm_with(arena, cluster_record, "leads_to", glm_string(arena, place))
                 : glm_without(arena, cluster_record, "leads_to");
}

/* So many are named: what is said after them is not to be cut off. */
#define NAMES_MAX ((size_t)200)

const char *record_names(struct glm_arena *arena, const struct glm_value *cluster_record)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)1 << 20);
    const struct record_object *objects;
    size_t count = record_objects(arena, cluster_record, &objects);
    for (size_t i = 0; i < count && i < NAMES_MAX; i++)
        glm_text_addf(&text, "%s%s", text.len ? ", " : "", objects[i].text);
    if (count > NAMES_MAX)
        glm_text_addf(&text, " and %zu more", count - NAMES_MAX);
    return text.data;
}

/* ---- references ---- */

const char *record_ref_text(struct glm_arena *arena, const struct glm_object_ref *ref)
{
    return glm_sprintf(arena, "%s/%s", ref->namespace_ ? ref->namespace_ : "", ref->name);
}

bool record_ref_as(struct glm_arena *arena, const struct glm_object_kind *kind, const char *text,
                   struct glm_object_ref *ret_ref)
{
    const char *slash = strchr(text, '/');
    if (!slash || slash == text || !slash[1])
        return false;
    *ret_ref =
        (struct glm_object_ref){.kind = kind,
                                .namespace_ = glm_strndup(arena, text, (size_t)(slash - text)),
                                .name = slash + 1};
    return true;
}

const char *record_text(struct glm_arena *arena, const struct glm_object_ref *ref)
{
    const char *kind = ref->kind->name;
    return ref->namespace_ ? glm_sprintf(arena, "%s %s/%s", kind, ref->namespace_, ref->name)
                           : glm_sprintf(arena, "%s %s", kind, ref->name);
}

bool record_is_text(const char *text)
{
    const char *space = strchr(text, ' ');
    if (!space || space == text || !space[1])
        return false;
    const char *slash = strchr(space + 1, '/');
    return !slash || (slash > space + 1 && slash[1]);
}

#define NAME_MAX_BYTES ((size_t)253)

/* True for what an API server takes as a name (dots), or as that of a Namespace: no path leads out of its
 * folder by it, and no terminal takes it for a command. */
static bool is_name(const char *text, bool dots)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    static const char more[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:";
    size_t len = strlen(text);
    return len > 0 && len <= NAME_MAX_BYTES && *text != '.' && *text != '-' &&
           strspn(text, dots ? more : plain) == len;
}

bool record_is_ref(const struct glm_object_ref *ref)
{
    return ref->name && is_name(ref->name, true) &&
           ref->kind->namespaced == (ref->namespace_ != NULL) &&
           (!ref->namespace_ || is_name(ref->namespace_, false));
}

bool record_ref(struct glm_arena *arena, const struct glm_estate *estate, const char *text,
                struct glm_object_ref *ret_ref)
{
    if (!record_is_text(text))
        return false;
    const char *name = strchr(text, ' ') + 1;
    const struct glm_object_kind *kind = glm_installer_kind_find(
        estate->installers, glm_strndup(arena, text, (size_t)(name - text) - 1));
    struct glm_object_ref ref = {.kind = kind, .name = name};
    if (!kind || (strchr(name, '/') && !record_ref_as(arena, kind, name, &ref)) ||
        !record_is_ref(&ref))
        return false;
    *ret_ref = ref;
    return true;
}

/* ---- objects ---- */

static const char *const roles[GLM_ROLES] = {
    [GLM_ROLE_ACCESS] = "access", [GLM_ROLE_WORKLOAD] = "workload", [GLM_ROLE_TRAFFIC] = "traffic"};

/* Of one that has none that we know: Services alone outlive their pairs. */
static enum glm_role role_of(const char *text, const struct glm_value *object)
{
    const struct glm_value *name = glm_get(object, "role");
    for (size_t i = 0; i < GLM_ROLES; i++)
        if (roles[i] && glm_string_is(name, roles[i]))
            return (enum glm_role)i;
    return strncmp(text, "Service ", strlen("Service ")) == 0 ? GLM_ROLE_TRAFFIC
                                                              : GLM_ROLE_WORKLOAD;
}

const struct glm_value *record_object_make(struct glm_arena *arena,
                                           const struct record_object *object)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    set_text(&b, "pair", object->pair);
    set_text(&b, "cluster", object->cluster);
    set_text(&b, "role", roles[object->role]);
    set_true(&b, "main", object->main);
    set_true(&b, "leaves", object->leaves);
    set_true(&b, "foreign", object->foreign);
    set_text(&b, "owner", object->owner);
    if (object->altered)
        set(&b, "altered", object->altered);
    set_text(&b, "found", object->found);
    return glm_map_finish(&b, NULL);
}

/* Of what stands there is believed what could have been written. */
static const struct glm_value *altered_of(const struct glm_value *object)
{
    const struct glm_value *altered = glm_get(object, "altered");
    return glm_is_string(altered) || (glm_is_map(altered) && altered->len > 0) ? altered : NULL;
}

static struct record_object read_object(const char *text, const struct glm_value *v)
{
    return (struct record_object){.text = text,
                                  .pair = glm_string_or(glm_get(v, "pair"), NULL),
                                  .cluster = glm_string_or(glm_get(v, "cluster"), NULL),
                                  .role = role_of(text, v),
                                  .main = glm_is_true(glm_get(v, "main")),
                                  .leaves = glm_is_true(glm_get(v, "leaves")),
                                  .foreign = glm_is_true(glm_get(v, "foreign")),
                                  .owner = glm_string_or(glm_get(v, "owner"), NULL),
                                  .altered = altered_of(v),
                                  .found = glm_string_or(glm_get(v, "found"), NULL)};
}

bool record_object_find(const struct glm_value *cluster_record, const char *text,
                        struct record_object *ret_object)
{
    const struct glm_value *v = glm_get(glm_get(cluster_record, "objects"), text);
    if (!glm_is_map(v))
        return false;
    *ret_object = read_object(text, v);
    return true;
}

size_t record_objects(struct glm_arena *arena, const struct glm_value *cluster_record,
                      const struct record_object **ret_objects)
{
    const struct glm_value *objects = glm_get(cluster_record, "objects");
    size_t count = glm_is_map(objects) ? objects->len : 0;
    struct record_object *all = GLM_NEW_ARRAY(arena, count, struct record_object);
    for (size_t i = 0; i < count; i++)
        all[i] = read_object(objects->as.map[i].key, objects->as.map[i].value);
    *ret_objects = all;
    return count;
}

/* What an object has to be; pair NULL: of any. */
struct which {
    const char *pair, *of; /* see struct record_object */
    bool main, leaves;
};

static bool is_such(const struct glm_value *object, const struct which *which)
{
    const char *of = glm_string_or(glm_get(object, "cluster"), NULL);
    bool same = of && which->of ? strcmp(of, which->of) == 0 : of == which->of;
    return (!which->pair || (same && glm_string_is(glm_get(object, "pair"), which->pair))) &&
           (!which->main || glm_is_true(glm_get(object, "main"))) &&
           which->leaves == glm_is_true(glm_get(object, "leaves"));
}

/* The text of the first such object; NULL: there is none. */
static const char *find_object(const struct glm_value *cluster_record, const struct which *which)
{
    const struct glm_value *objects = glm_get(cluster_record, "objects");
    for (size_t i = 0; glm_is_map(objects) && i < objects->len; i++)
        if (is_such(objects->as.map[i].value, which))
            return objects->as.map[i].key;
    return NULL;
}

bool record_has_any(const struct glm_value *cluster_record)
{
    const struct glm_value *objects = glm_get(cluster_record, "objects");
    return glm_is_map(objects) && objects->len > 0;
}

bool record_has_mains(const struct glm_value *cluster_record)
{
    return find_object(cluster_record, &(struct which){.main = true}) ||
           find_object(cluster_record, &(struct which){.main = true, .leaves = true});
}

bool record_has_shared(const struct glm_value *cluster_record)
{
    const struct glm_value *objects = glm_get(cluster_record, "objects");
    for (size_t i = 0; glm_is_map(objects) && i < objects->len; i++) {
        const struct glm_value *o = objects->as.map[i].value;
        if (glm_is_true(glm_get(o, "main")) && !glm_is_string(glm_get(o, "pair")))
            return true;
    }
    return false;
}

const char *record_main_of(const struct glm_value *cluster_record, const char *of, const char *key)
{
    return find_object(cluster_record, &(struct which){.pair = key, .of = of, .main = true});
}

const char *record_main(const struct glm_value *cluster_record, const char *key)
{
    return record_main_of(cluster_record, NULL, key);
}

bool record_has_leaver_of(const struct glm_value *cluster_record, const char *of, const char *key)
{
    return find_object(cluster_record, &(struct which){.pair = key, .of = of, .leaves = true});
}

bool record_has_object_of(const struct glm_value *cluster_record, const char *of, const char *key)
{
    return find_object(cluster_record, &(struct which){.pair = key, .of = of}) ||
           record_has_leaver_of(cluster_record, of, key);
}

const char *record_pair_cluster(const char *in, const char *of)
{
    return strcmp(in, of) == 0 ? NULL : of;
}

static const struct glm_value *object_of(struct glm_arena *arena,
                                         const struct glm_value *cluster_record,
                                         const struct glm_object_ref *ref)
{
    return glm_get_path(cluster_record, "objects", record_text(arena, ref), NULL);
}

bool record_has(struct glm_arena *arena, const struct glm_value *cluster_record,
                const struct glm_object_ref *ref)
{
    return glm_is_map(object_of(arena, cluster_record, ref));
}

const struct glm_value *record_altered(struct glm_arena *arena,
                                       const struct glm_value *cluster_record,
                                       const struct glm_object_ref *ref)
{
    return altered_of(object_of(arena, cluster_record, ref));
}

const char *record_found(struct glm_arena *arena, const struct glm_value *cluster_record,
                         const struct glm_object_ref *ref)
{
    return glm_string_or(glm_get(object_of(arena, cluster_record, ref), "found"), NULL);
}

bool record_is_foreign(struct glm_arena *arena, const struct glm_value *cluster_record,
                       const struct glm_object_ref *ref)
{
    return glm_is_true(glm_get(object_of(arena, cluster_record, ref), "foreign"));
}

const struct glm_value *record_owners(struct glm_arena *arena,
                                      const struct glm_value *cluster_record)
{
    const struct glm_value *objects = glm_get(cluster_record, "objects");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(objects) && i < objects->len; i++) {
        const struct glm_value *owner = glm_get(objects->as.map[i].value, "owner");
        if (glm_is_string(owner))
            set(&b, objects->as.map[i].key, owner);
    }
    return glm_map_finish(&b, NULL);
}

const struct glm_value *record_with_owners(struct glm_arena *arena,
                                           const struct glm_value *cluster_record,
                                           const struct glm_value *owners)
{
    const struct glm_value *objects = glm_get(cluster_record, "objects");
    struct glm_map_builder b;
    if (!glm_is_map(objects) || glm_equal(owners, record_owners(arena, cluster_record)))
        return cluster_record;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < objects->len; i++) {
        const char *text = objects->as.map[i].key;
        const struct glm_value *v = glm_without(arena, objects->as.map[i].value, "owner");
        if (glm_has(owners, text))
            v = glm_with(arena, v, "owner", glm_get(owners, text));
        set(&b, text, v);
    }
    return glm_with(arena, cluster_record, "objects", glm_map_finish(&b, NULL));
}

/* ---- pairs ---- */

const struct glm_value *record_pair_make(struct glm_arena *arena, const struct record_pair *pair)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    set_text(&b, "seat", pair->seat);
    set_text(&b, "installer", pair->installer);
    set_text(&b, "from", pair->from);
    set_text(&b, "healthy", pair->healthy);
    set_true(&b, "unsettled", pair->unsettled);
    set_true(&b, "unwaited", pair->unwaited);
    set_text(&b, "automatic", pair->automatic);
    set_unless_empty(&b, "selected", pair->selected);
    return glm_map_finish(&b, NULL);
}

const struct glm_value *record_pair_unsettled(struct glm_arena *arena, const struct glm_value *pair)
{
    return glm_with(arena, glm_is_map(pair) ? pair : &glm_empty_map, "unsettled", &glm_true);
}

static const struct glm_value *pair_note(const struct glm_value *cluster_record, const char *key,
                                         const char *note)
{
    return glm_get_path(cluster_record, "pairs", key, note, NULL);
}

const char *record_generation(const struct glm_value *cluster_record, const char *key)
{
    return glm_string_or(pair_note(cluster_record, key, "healthy"), NULL);
}

const char *record_automatic(const struct glm_value *cluster_record, const char *key)
{
    return glm_string_or(pair_note(cluster_record, key, "automatic"), NULL);
}

const struct glm_value *record_selected_by(const struct glm_value *cluster_record, const char *key)
{
    return pair_note(cluster_record, key, "selected");
}

bool record_is_unsettled(const struct glm_value *cluster_record, const char *key)
{
    return glm_is_true(pair_note(cluster_record, key, "unsettled"));
}

bool record_is_unwaited(const struct glm_value *cluster_record, const char *key)
{
    return glm_is_true(pair_note(cluster_record, key, "unwaited"));
}

struct record_pair record_pair(const struct glm_value *cluster_record, const char *key)
{
    return (struct record_pair){
        .seat = glm_string_or(pair_note(cluster_record, key, "seat"), NULL),
        .installer = glm_string_or(pair_note(cluster_record, key, "installer"), NULL),
        .from = glm_string_or(pair_note(cluster_record, key, "from"), NULL),
        .healthy = record_generation(cluster_record, key),
        .unsettled = record_is_unsettled(cluster_record, key),
        .unwaited = record_is_unwaited(cluster_record, key),
        .automatic = record_automatic(cluster_record, key),
        .selected = record_selected_by(cluster_record, key)};
}

const struct glm_value *record_with_notes(struct glm_arena *arena,
                                          const struct glm_value *cluster_record,
                                          const struct glm_value *notes)
{
    static const char *const stay[] = {"seat", "installer", "from", "automatic"};
    struct glm_map_builder pairs;
    glm_map_init_from(&pairs, arena, record_cluster_pairs(cluster_record));
    for (size_t i = 0; i < notes->len; i++) {
        const char *key = notes->as.map[i].key;
        const struct glm_value *was = glm_map_peek(&pairs, key), *is = notes->as.map[i].value;
        for (size_t k = 0; k < sizeof stay / sizeof *stay; k++)
            if (glm_is_string(glm_get(was, stay[k])))
                is = glm_with(arena, is, stay[k], glm_get(was, stay[k]));
        if (is->len > 0)
            glm_map_set(&pairs, key, is);
        else
            glm_map_remove(&pairs, key);
    }
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, cluster_record);
    glm_map_remove(&b, "pairs");
    set_unless_empty(&b, "pairs", glm_map_finish(&pairs, NULL));
    return glm_map_finish(&b, NULL);
}
