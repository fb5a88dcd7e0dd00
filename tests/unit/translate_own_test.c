/* SPDX-License-Identifier: Apache-2.0
 *
 * What an installation makes of every cluster, and what a cluster has of its own, over all cases of
 * tests/golden/translate.
 *
 * own.txt  for each installation and cluster the lines of glm_differences between what nobody gets and what
 *          the cluster gets, expected; a Service that is the same has a heading only. None when there are
 *          errors.
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected.
 */
#include "glm/difference.h"
#include "glm/installer_operator.h"
#include "mesh_case.h"
#include "test.h"

#include "glm/text.h"

#include <string.h>
#include <unistd.h>

#define ROOT "tests/golden/translate"

struct own_case {
    const struct glm_value *attributes, *provider;
    const struct glm_mesh_config *config;
    struct glm_manager *manager;
};

/* False: it is refused. */
static bool read_case(struct glm_arena *arena, const struct glm_value *attributes,
                      const struct glm_value *provider, struct own_case *ret)
{
    struct glm_diags d;
    glm_diags_init(&d, arena);
    *ret = (struct own_case){attributes, provider, glm_case_config(arena, provider), NULL};
    return glm_manager_read(arena, attributes, ret->config, false, &ret->manager, &d);
}

static bool read_folder(struct glm_arena *arena, const char *name, struct own_case *ret)
{
    const char *folder = glm_sprintf(arena, ROOT "/%s", name);
    return read_case(arena, glm_case_yaml(arena, glm_sprintf(arena, "%s/attributes.yaml", folder)),
                     glm_case_yaml(arena, glm_sprintf(arena, "%s/provider.yaml", folder)), ret);
}

static const struct glm_rendering *translate(struct glm_arena *arena, const struct own_case *c,
                                             const struct glm_installation *in,
                                             const struct glm_placement *placement)
{
    struct glm_rendering *r;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_translate(arena, c->manager, in, placement, c->config, &r, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return r;
}

static const struct glm_value *service(const struct glm_rendering *r, const char *key)
{
    for (size_t i = 0; i < r->service_count; i++)
        if (strcmp(r->services[i].key, key) == 0)
            return r->services[i].object;
    return &glm_null;
}

/* With a heading. */
static void add_lines(struct glm_text *text, const char *heading, const struct glm_value *common,
                      const struct glm_value *is)
{
    const struct glm_value *own = glm_differences(text->arena, common, is, NULL);
    glm_text_addf(text, "%s:\n%s", heading, glm_is_unknown(own) ? "  (known after apply)\n" : "");
    for (size_t i = 0; glm_is_map(own) && i < own->len; i++)
        glm_text_addf(text, "  %s = %s\n", own->as.map[i].key, own->as.map[i].value->as.text);
}

/* What the cluster has of its own. */
static const char *own_text(struct glm_arena *arena, const struct glm_rendering *common,
                            const struct glm_rendering *r)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 20);
    add_lines(&text, "IstioOperator", common->istio_operator, r->istio_operator);
    for (size_t i = 0; i < r->service_count; i++)
        add_lines(&text, glm_sprintf(arena, "Service %s", r->services[i].key),
                  service(common, r->services[i].key), r->services[i].object);
    if (!r->services_known)
        glm_text_adds(&text, "Services:\n  (known after apply)\n");
    return text.data;
}

/* Of each installation what all have in common, as JSON, by its key; and of each of its clusters what is
 * its own, by both. */
static const struct glm_value *own_texts(struct glm_arena *arena, const struct own_case *c)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < c->manager->installation_count; i++) {
        const struct glm_installation *in = &c->manager->installations[i];
        if (!in->revision || !in->control_plane)
            continue;
        const struct glm_rendering *common = translate(arena, c, in, &glm_nobody);
        assert_null(common->cluster);
        assert_int_equal(common->services_known, glm_is_map(common->istio_operator));
        glm_map_set(&b, in->key, glm_string(arena, glm_case_rendering(arena, common)));
        for (size_t p = 0; p < in->placement_count; p++)
            glm_map_set(&b, glm_sprintf(arena, "%s in %s", in->key, in->placements[p].cluster),
                        glm_string(arena, own_text(arena, common,
                                                   translate(arena, c, in, &in->placements[p]))));
    }
    return glm_map_finish(&b, NULL);
}

/* ---- as recorded ---- */

static void run_golden(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    struct own_case c;
    struct glm_text text;
    const char *file = glm_sprintf(arena, ROOT "/%s/own.txt", name);
    if (!read_folder(arena, name, &c)) {
        assert_int_not_equal(access(file, F_OK), 0);
        return;
    }
    const struct glm_value *all = own_texts(arena, &c);
    glm_text_init(&text, arena, (size_t)64 << 20);
    for (size_t i = 0; i < all->len; i++)
        if (strstr(all->as.map[i].key, " in "))
            glm_text_addf(&text, "# %s\n%s", all->as.map[i].key, all->as.map[i].value->as.text);
    glm_assert_golden(file, text.data);
}

static void what_is_a_clusters_own_is_as_recorded(void **state)
{
    glm_test_each_folder(*state, ROOT, run_golden);
}

/* ---- of no other cluster ---- */

static const struct glm_value *renamed(struct glm_arena *arena, const struct glm_value *map,
                                       const char *from, const char *to)
{
    const struct glm_value *v = glm_get(map, from);
    const struct glm_value *rest = glm_has(map, from) ? glm_without(arena, map, from) : map;
    return to ? glm_with(arena, rest, to, v) : rest;
}

/* The case with another set of clusters: `from` is called `to`, is gone (to NULL), or from NULL: `to` comes
 * as well, without an entry of its own. */
static bool read_changed(struct glm_arena *arena, const struct own_case *c, const char *from,
                         const char *to, struct own_case *ret)
{
    const struct glm_value *installations = glm_get(c->attributes, "installations");
    const struct glm_value *clusters = glm_get(c->provider, "clusters");
    if (glm_is_null(clusters))
        clusters = glm_test_value(arena, "{'cluster1': {}, 'cluster2': {}}");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < installations->len; i++) {
        const struct glm_pair *in = &installations->as.map[i];
        const struct glm_value *of = glm_get(in->value, "clusters");
        const struct glm_value *changed = !from ? glm_with(arena, of, to, &glm_empty_map)
                                          : glm_has(of, from) ? renamed(arena, of, from, to)
                                                              : of;
        glm_map_set(&b, in->key, glm_with(arena, in->value, "clusters", changed));
    }
    clusters =
        from ? renamed(arena, clusters, from, to) : glm_with(arena, clusters, to, &glm_empty_map);
    return read_case(arena,
                     glm_with(arena, c->attributes, "installations", glm_map_finish(&b, NULL)),
                     glm_with(arena, glm_is_map(c->provider) ? c->provider : &glm_empty_map,
                              "clusters", clusters),
                     ret);
}

static size_t changes_read;

static void assert_others_as_before(struct glm_arena *arena, const struct own_case *c,
                                    const struct glm_value *before, const char *from,
                                    const char *to)
{
    struct own_case changed;
    if (!read_changed(arena, c, from, to, &changed))
        return;
    changes_read++;
    const struct glm_value *after = own_texts(arena, &changed);
    const char *in_it = glm_sprintf(arena, " in %s", from ? from : to);
    for (size_t i = 0; i < before->len; i++) {
        const char *key = before->as.map[i].key, *in = strstr(key, " in ");
        if (!in || strcmp(in, in_it) != 0)
            glm_assert_value_equal(glm_get(after, key), before->as.map[i].value);
    }
}

static bool may_change(const struct own_case *c)
{
    const struct glm_value *installations = glm_get(c->attributes, "installations");
    for (size_t i = 0; glm_is_map(installations) && i < installations->len; i++)
        if (!glm_is_map(glm_get(installations->as.map[i].value, "clusters")))
            return false;
    return glm_is_map(installations) && !glm_is_unknown(glm_get(c->provider, "clusters"));
}

static void run_changes(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    struct own_case c;
    if (!read_folder(arena, name, &c) || !may_change(&c))
        return;
    const struct glm_value *before = own_texts(arena, &c);
    assert_others_as_before(arena, &c, before, NULL, "added");
    for (size_t i = 0; i < c.config->cluster_count; i++) {
        assert_others_as_before(arena, &c, before, c.config->clusters[i].name, NULL);
        assert_others_as_before(arena, &c, before, c.config->clusters[i].name, "renamed");
    }
}

static void a_cluster_that_comes_goes_or_is_renamed_changes_no_other_line(void **state)
{
    changes_read = 0;
    glm_test_each_folder(*state, ROOT, run_changes);
    print_message("          %zu changes\n", changes_read);
    assert_true(changes_read > 300);
}

/* ---- by the installer ---- */

static const struct glm_installer_rendering *render(struct glm_arena *arena,
                                                    const struct own_case *c,
                                                    const struct glm_installation *in,
                                                    const struct glm_placement *placement)
{
    struct glm_installer_rendering *r = GLM_NEW(arena, struct glm_installer_rendering);
    const struct glm_installer_call call = {.self = &glm_installer_operator,
                                            .arena = arena,
                                            .mesh = c->config,
                                            .manager = c->manager,
                                            .seat = placement->cluster};
    const struct glm_installer_pair pair = {placement->cluster, in->key, in, placement};
    struct glm_diags d;
    glm_diags_init(&d, arena);
    r->pairs = GLM_NEW(arena, struct glm_installer_shown);
    assert_true(call.self->render(&call, &pair, 1, r, &d));
    return r;
}

/* From the first that is no Namespace: which of those there are follows from the operator's. */
static const struct glm_installer_object *after_namespaces(const struct glm_installer_rendering *r,
                                                           size_t *ret_count)
{
    size_t at = 0;
    while (r->objects[at].role == GLM_ROLE_NAMESPACE)
        at++;
    *ret_count = r->count - at;
    return r->objects + at;
}

static void run_render(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    struct own_case c;
    if (!read_folder(arena, name, &c))
        return;
    for (size_t i = 0; i < c.manager->installation_count; i++) {
        const struct glm_installation *in = &c.manager->installations[i];
        if (!in->revision || !in->control_plane || !in->placement_count)
            continue;
        struct glm_placement active = in->placements[0];
        size_t count, same;
        active.active = &glm_true;
        const struct glm_installer_object *all =
            after_namespaces(render(arena, &c, in, &glm_nobody), &count);
        const struct glm_installer_object *one =
            after_namespaces(render(arena, &c, in, &active), &same);
        assert_int_equal(count, same);
        for (size_t o = 0; o < count; o++) {
            assert_ptr_equal(all[o].ref.kind, one[o].ref.kind);
            assert_int_equal(all[o].role, one[o].role);
            if (all[o].ref.name && one[o].ref.name) /* NULL with the namespace */
                assert_string_equal(all[o].ref.name, one[o].ref.name);
        }
    }
}

static void nobody_gets_the_objects_that_a_cluster_gets(void **state)
{
    glm_test_each_folder(*state, ROOT, run_render);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_a_clusters_own_is_as_recorded),
        TEST(a_cluster_that_comes_goes_or_is_renamed_changes_no_other_line),
        TEST(nobody_gets_the_objects_that_a_cluster_gets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
