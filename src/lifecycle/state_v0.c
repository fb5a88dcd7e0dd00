/* SPDX-License-Identifier: Apache-2.0
 *
 * A state of schema version 0, as 0.1.0 wrote it, becomes one of version 1. That had whole documents by
 * cluster, and no key of an installation at them:
 *   {"istio_operators": {"east": {"1-24": "{...}"}},
 *    "services": {"east": {"gateways/ingress": {"manifest": "{...}", "addresses": ["203.0.113.7"]}}}}
 *
 * How: what an installation makes of every cluster is rendered for nobody, as a plan does it; the
 *      provider's configuration is read off the documents, because what it says now need not be what it
 *      said when they were made. What does not come out of that in these documents is said of each cluster
 *      beside it, so nothing is lost where that goes wrong.
 */
#include "state_v0.h"

#include "glm/difference.h"
#include "glm/shown.h"

#include <string.h>

static bool has_map(const struct glm_value *v)
{
    return glm_is_map(v) || glm_is_null(v);
}

/* ---- whether it is one ---- */

static bool refuse(const char *where, const char *expected, struct glm_diags *d)
{
    return glm_error(d, NULL, "The state is not as it was written",
                     "It is of schema version 0, and %s is not %s in it. Restore the state from a "
                     "backup, or remove the resource from it (`terraform state rm`) and import it "
                     "again: that changes nothing in the clusters.",
                     where, expected);
}

static bool check_maps(struct glm_arena *arena, const struct glm_value *state, const char *name,
                       enum glm_kind kind, struct glm_diags *d)
{
    const struct glm_value *all = glm_get(state, name);
    if (!has_map(all))
        return refuse(name, glm_kind_name(GLM_MAP), d);
    for (size_t i = 0; glm_is_map(all) && i < all->len; i++) {
        const struct glm_pair *c = &all->as.map[i];
        if (!has_map(c->value))
            return refuse(glm_sprintf(arena, "%s[\"%s\"]", name, glm_shown(arena, c->key)),
                          glm_kind_name(GLM_MAP), d);
        for (size_t k = 0; glm_is_map(c->value) && k < c->value->len; k++)
            if (c->value->as.map[k].value->kind != kind)
                return refuse(glm_sprintf(arena, "%s[\"%s\"][\"%s\"]", name,
                                          glm_shown(arena, c->key),
                                          glm_shown(arena, c->value->as.map[k].key)),
                              glm_kind_name(kind), d);
    }
    return true;
}

static bool check(struct glm_arena *arena, const struct glm_value *state, struct glm_diags *d)
{
    if (!glm_is_map(state))
        return refuse("the resource", glm_kind_name(GLM_MAP), d);
    return (has_map(glm_get(state, "installations")) ||
            refuse("installations", glm_kind_name(GLM_MAP), d)) &&
           check_maps(arena, state, OPERATORS, GLM_STRING, d) &&
           check_maps(arena, state, SERVICES, GLM_MAP, d);
}

/* ---- whose a document is ---- */

/* How many entries all clusters have together. */
static size_t count_of(const struct glm_value *clusters)
{
    size_t count = 0;
    for (size_t i = 0; glm_is_map(clusters) && i < clusters->len; i++) {
        const struct glm_value *of = clusters->as.map[i].value;
        count += glm_is_map(of) ? of->len : 0;
    }
    return count;
}

static void read_installations(struct old_state *s)
{
    const struct glm_value *all = glm_get(s->state, "installations");
    size_t most = glm_is_map(all) ? all->len : 0; /* and a key for each thing that stays */
    most += count_of(glm_get(s->state, OPERATORS)) + count_of(glm_get(s->state, SERVICES));
    s->keys = GLM_NEW_ARRAY(s->arena, most, struct old_key);
    for (size_t i = 0; glm_is_map(all) && i < all->len; i++) {
        struct old_key *k = &s->keys[s->key_count++];
        *k = (struct old_key){.key = all->as.map[i].key, .in = all->as.map[i].value};
        const char *written = glm_string_or(glm_get(k->in, "gateway_revision"), k->key);
        if (strcmp(written, "auto") != 0)
            k->revision = glm_revision_key(strcmp(written, "default") == 0 ? "" : written);
        glm_map_init(&k->texts, s->arena);
        k->traffic = &glm_empty_map;
    }
    s->installation_count = s->key_count;
}

static bool is_in(const struct old_key *k, const char *cluster)
{
    return glm_has(glm_get(k->in, "clusters"), cluster);
}

/* What `auto` stood for is what no other installation of the cluster says, and what is not on its way
 * out. */
static bool is_auto(const struct old_state *s, const struct old_key *k, const char *cluster,
                    const char *revision)
{
    const struct glm_value *status = status_get(s->state, cluster, revision);
    return !k->revision && is_in(k, cluster) &&
           !glm_string_is(glm_get(status, "state"), glm_state_name(GLM_STATE_UNINSTALLING_GATEWAY));
}

/* NULL: no installation is of this revision. */
static struct old_key *find_installation(const struct old_state *s, const char *cluster,
                                         const char *revision)
{
    struct old_key *automatic = NULL, *elsewhere = NULL;
    for (size_t i = 0; i < s->installation_count; i++) {
        struct old_key *k = &s->keys[i];
        bool same = k->revision && strcmp(k->revision, revision) == 0;
        if (same && is_in(k, cluster))
            return k;
        elsewhere = same ? k : elsewhere;
        automatic = is_auto(s, k, cluster, revision) ? k : automatic;
    }
    return automatic ? automatic : elsewhere;
}

/* Under which key that stays whose installation is gone. */
static struct old_key *find_rest(struct old_state *s, const char *revision)
{
    revision = glm_strdup(s->arena, revision);
    const char *key = revision;
    for (size_t i = 0; i < s->installation_count; i++)
        if (strcmp(s->keys[i].key, revision) == 0)
            key = glm_sprintf(s->arena, "%s (leaving)", revision);
    for (size_t i = s->installation_count; i < s->key_count; i++)
        if (strcmp(s->keys[i].key, key) == 0)
            return &s->keys[i];
    struct old_key *k = &s->keys[s->key_count++];
    *k = (struct old_key){
        .key = key, .revision = revision, .in = &glm_null, .traffic = &glm_empty_map};
    glm_map_init(&k->texts, s->arena);
    return k;
}

static void sort_documents(struct old_state *s)
{
    const struct glm_value *operators = glm_get(s->state, OPERATORS);
    for (size_t i = 0; glm_is_map(operators) && i < operators->len; i++) {
        const char *cluster = operators->as.map[i].key;
        const struct glm_value *all = operators->as.map[i].value;
        for (size_t r = 0; glm_is_map(all) && r < all->len; r++) {
            const char *revision = all->as.map[r].key;
            struct old_key *k = find_installation(s, cluster, revision);
            if (!k || !glm_is_null(glm_map_peek(&k->texts, cluster)))
                k = find_rest(s, revision);
            glm_map_set(&k->texts, cluster, all->as.map[r].value);
            k->stood_for = k->stood_for ? k->stood_for : revision;
        }
    }
}

/* ---- the documents ---- */

static const struct old_common *find_common(const struct old_common *all, size_t count,
                                            const struct glm_object_ref *ref)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].ref.kind == ref->kind && strcmp(all[i].ref.name, ref->name) == 0)
            return &all[i];
    return NULL;
}

/* What was rendered of those kinds, and the Services, which are kept. Returns how many. */
static size_t take_rendered(struct old_state *s, struct old_key *k,
                            const struct glm_installer_rendering *r, struct old_common *all)
{
    struct glm_map_builder traffic;
    size_t count = 0;
    glm_map_init(&traffic, s->arena);
    for (size_t i = 0; i < r->count; i++) {
        const struct glm_installer_object *o = &r->objects[i];
        if (o->role == GLM_ROLE_TRAFFIC)
            glm_map_set(&traffic, record_ref_text(s->arena, &o->ref),
                        glm_copy(s->arena, o->object));
        else if (o->role != GLM_ROLE_NAMESPACE)
            all[count++] = (struct old_common){o->ref, o->object};
    }
    k->traffic = glm_map_finish(&traffic, NULL);
    return count;
}

static void put_document(struct old_state *s, struct glm_arena *scratch, const struct old_key *k,
                         const char *cluster, const struct old_common *common,
                         const struct glm_value *document, const struct glm_value *should)
{
    const char *object = record_text(s->arena, &common->ref);
    const struct glm_value *own = glm_differences(scratch, common->bare, document, should);
    shape_put_entries(&s->shape, k->key, object, glm_strdup(s->arena, cluster),
                      glm_copy(s->arena, own));
}

/* All documents of one installation, or of what stays of one. */
static void put_documents(struct old_state *s, struct old_key *k)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const struct glm_value *documents = old_documents(scratch, &k->texts);
    struct old_rendering r = {0};
    if (documents->len == 0)
        return;
    bool rendered = old_render(s, scratch, k, documents, &r);
    struct old_common *all =
        GLM_NEW_ARRAY(scratch, r.nobody.count + documents->len, struct old_common);
    size_t count = rendered ? take_rendered(s, k, &r.nobody, all) : 0;
    for (size_t i = 0; i < documents->len; i++) {
        const struct glm_value *document = documents->as.map[i].value;
        const char *cluster = documents->as.map[i].key;
        struct glm_object_ref ref;
        if (!glm_object_ref_as(document, GLM_KIND_ISTIO_OPERATOR, &ref))
            continue;
        const struct old_common *common = find_common(all, count, &ref);
        if (!common) {
            all[count] = (struct old_common){ref, rendered ? glm_object_bare(scratch, &ref)
                                                           : old_without_own(scratch, document)};
            common = &all[count++];
        }
        put_document(s, scratch, k, cluster, common, document, old_should_be(&r, cluster, &ref));
    }
    for (size_t i = 0; i < count; i++)
        shape_put_manifest(&s->shape, k->key, record_text(s->arena, &all[i].ref),
                           glm_string(s->arena, glm_json_text(s->arena, all[i].bare)));
}

/* ---- Services ---- */

/* What each installation makes, in each cluster that has the key of a Service, where nobody is active
 * unless a document says so. */
static void put_traffic(struct old_state *s, const struct old_key *k)
{
    const struct glm_value *clusters = glm_get(k->in, "clusters");
    for (size_t i = 0; i < k->traffic->len; i++) {
        const char *service = k->traffic->as.map[i].key;
        shape_put_service_manifest(
            &s->shape, service, k->key,
            glm_string(s->arena, glm_json_text(s->arena, k->traffic->as.map[i].value)));
        for (size_t c = 0; glm_is_map(clusters) && c < clusters->len; c++) {
            const char *cluster = clusters->as.map[c].key;
            if (glm_has(glm_get(s->state, OPERATORS), cluster)) /* else decommissioned */
                shape_put_active(&s->shape, service, cluster, &glm_null);
        }
    }
}

static const struct old_key *active_of(const struct old_state *s, const char *cluster)
{
    for (size_t i = 0; i < s->installation_count; i++)
        if (glm_is_true(glm_get_path(s->keys[i].in, "clusters", cluster, "active_gateway", NULL)))
            return &s->keys[i];
    return NULL;
}

static void put_service(struct old_state *s, const char *cluster, const char *service,
                        const struct glm_value *shown)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const char *label = s->installers[0]->revision_label;
    const struct glm_value *text = glm_get(shown, "manifest");
    const struct glm_value *document = shown_document(scratch, text);
    const struct glm_value *addresses = glm_get(shown, "addresses");
    const char *revision = glm_string_or(
        label ? glm_get_path(document, "spec", "selector", label, NULL) : &glm_null, "default");
    const struct old_key *k = find_installation(s, cluster, revision);
    if (!glm_is_map(document))
        return;
    if (!k)
        k = active_of(s, cluster);
    if (!k)
        k = find_rest(s, revision);
    const struct glm_value *bare = glm_get(k->traffic, service); /* the same in all clusters */
    if (!glm_is_map(bare)) {
        bare = document;
        shape_put_service_manifest(&s->shape, service, k->key, text);
    }
    shape_put_service_entries(&s->shape, service, cluster,
                              glm_copy(s->arena, glm_differences(scratch, bare, document, bare)));
    shape_put_active(&s->shape, service, cluster, glm_string(s->arena, k->key));
    shape_put_addresses(&s->shape, service, cluster,
                        glm_is_list(addresses) && addresses->len > 0 ? addresses : &glm_null);
}

static void put_services(struct old_state *s)
{
    const struct glm_value *services = glm_get(s->state, SERVICES);
    for (size_t i = 0; i < s->installation_count; i++)
        put_traffic(s, &s->keys[i]);
    for (size_t i = 0; glm_is_map(services) && i < services->len; i++) {
        const struct glm_pair *c = &services->as.map[i];
        for (size_t k = 0; glm_is_map(c->value) && k < c->value->len; k++)
            put_service(s, c->key, c->value->as.map[k].key, c->value->as.map[k].value);
    }
}

/* ---- status ---- */

/* What is in files says nothing but its state by now. */
static const struct glm_value *status_now(struct glm_arena *arena, const struct glm_value *state)
{
    const struct glm_value *clusters = glm_get_path(state, "status", "clusters", NULL);
    struct glm_map_builder all;
    glm_map_init(&all, arena);
    for (size_t i = 0; glm_is_map(clusters) && i < clusters->len; i++) {
        const struct glm_value *was = glm_get(clusters->as.map[i].value, "installations");
        struct glm_map_builder b;
        glm_map_init_from(&b, arena, was);
        for (size_t k = 0; glm_is_map(was) && k < was->len; k++) {
            const struct glm_value *entry = was->as.map[k].value;
            if (glm_string_is(glm_get(entry, "state"), glm_state_name(GLM_STATE_INSTALL_PENDING)))
                glm_map_set(&b, was->as.map[k].key, glm_with(arena, entry, "message", &glm_null));
        }
        glm_map_append(&all, clusters->as.map[i].key, 0, 0, glm_map_finish(&b, NULL));
    }
    return glm_is_map(clusters) ? status_wrap(arena, glm_map_finish(&all, NULL))
                                : glm_get(state, "status");
}

/* ---- the whole ---- */

bool glm_lifecycle_upgrade_state(struct glm_arena *arena,
                                 const struct glm_installer *const *installers,
                                 const struct glm_value *state, const struct glm_value **ret_state,
                                 struct glm_diags *d)
{
    struct old_state s = {.arena = arena, .installers = installers, .state = state};
    struct glm_map_builder b;
    if (!check(arena, state, d))
        return false;
    shape_begin(&s.shape, arena);
    read_installations(&s);
    sort_documents(&s);
    for (size_t i = 0; i < s.key_count; i++)
        put_documents(&s, &s.keys[i]);
    put_services(&s);
    glm_map_init_from(&b, arena, state);
    glm_map_remove(&b, OPERATORS);
    glm_map_remove(&b, SERVICES);
    glm_map_set(&b, "status", status_now(arena, state));
    *ret_state = shape_finish(&s.shape, glm_map_finish(&b, NULL));
    return true;
}
