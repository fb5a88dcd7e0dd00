/* SPDX-License-Identifier: Apache-2.0
 *
 * The record: what a version 1 of it says is in the version 2 that is made of it, what is damaged is
 * left out, and what a newer release wrote is refused.
 */
#include "test.h"

#include "../../src/lifecycle/lifecycle_internal.h"
#include "glm/codec.h"
#include "glm/lifecycle.h"

#include <string.h>

/* JSON with ' for ". */
static const struct glm_value *decoded(struct glm_arena *arena, const char *quoted,
                                       const struct glm_value *prior)
{
    struct glm_diags d;
    glm_diags_init(&d, arena);
    char *text = glm_strdup(arena, quoted);
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    const struct glm_value *record;
    if (!glm_record_decode(arena, glm_test_installers(), text, strlen(text), prior, &record, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return record;
}

static void assert_reads(struct glm_arena *arena, const char *text, const char *expected)
{
    glm_assert_value_equal(decoded(arena, text, &glm_null), glm_test_value(arena, expected));
}

/* ---- version 1 ---- */

/* Every field that 0.1.0 wrote. */
#define EVERYTHING_OF_1                                                                            \
    "{'version':1,'intent':'apply','id':'gloo-mesh/in','clusters':{'east':{"                       \
    "'place':'directory /e','label':'directory e',"                                                \
    "'istio_operators':{'1-23':'old/in-1-23','1-23@older/in-1-23':'older/in-1-23',"                \
    "'1-24':'istio-system/in-1-24','1-22@gone/in-1-22':'gone/in-1-22'},"                           \
    "'services':['gw/in','gw/out'],"                                                               \
    "'healthy':{'1-23':'UID/3','1-21':'UID/1'},'unsettled':['1-24'],'unwaited':['1-23','1-20'],"   \
    "'altered':{'Service gw/in':'{1}','IstioOperator istio-system/in-1-24':'{2}',"                 \
    "'Service gw/none':'{3}'},"                                                                    \
    "'automatic':{'1-24':'1.24.3'},'selected':{'1-23':[{'service':'a/b','selector':{'c':'d'}}]},"  \
    "'found':{'1-24':'{4}'},'foreign':true},'west':{'istio_operators':{},'services':[]}}}"

static void version_1_with_everything_becomes_version_2(void **state)
{
    assert_reads(
        *state, EVERYTHING_OF_1,
        "{'version':2,'intent':'apply','id':'gloo-mesh/in','clusters':{'east':{"
        "'place':'directory /e','label':'directory e','objects':{"
        "'IstioOperator old/in-1-23':{'pair':'1-23','role':'workload','main':true,'foreign':true},"
        "'IstioOperator older/in-1-23':{'pair':'1-23','role':'workload','main':true,'leaves':true,"
        "'foreign':true},"
        "'IstioOperator gone/in-1-22':{'pair':'1-22','role':'workload','main':true,'leaves':true,"
        "'foreign':true},"
        "'IstioOperator istio-system/in-1-24':{'pair':'1-24','role':'workload','main':true,"
        "'foreign':true,'altered':'{2}','found':'{4}'},"
        "'Service gw/in':{'role':'traffic','altered':'{1}'},'Service gw/out':{'role':'traffic'}},"
        "'pairs':{'1-24':{'unsettled':true,'automatic':'1.24.3'},"
        "'1-23':{'healthy':'UID/3','unwaited':true,"
        "'selected':[{'service':'a/b','selector':{'c':'d'}}]},"
        "'1-21':{'healthy':'UID/1'},'1-20':{'unwaited':true}}},'west':{'objects':{}}}}");
}

static void what_version_1_says_is_answered_as_before(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *r =
        record_cluster(arena, decoded(arena, EVERYTHING_OF_1, &glm_null), &glm_null, "east");
    const struct glm_object_ref mine = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "istio-system", .name = "in-1-24"};
    const struct glm_object_ref older = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "older", .name = "in-1-23"};
    const struct glm_object_ref service = {
        .kind = GLM_KIND_SERVICE, .namespace_ = "gw", .name = "in"};
    assert_string_equal(record_main(r, "1-24"), "IstioOperator istio-system/in-1-24");
    assert_string_equal(record_main(r, "1-23"), "IstioOperator old/in-1-23");
    assert_null(record_main(r, "1-22")); /* all that it has leaves */
    assert_null(record_main(r, "1-21"));
    assert_true(record_has_leaver_of(r, NULL, "1-23") && record_has_leaver_of(r, NULL, "1-22"));
    assert_false(record_has_leaver_of(r, NULL, "1-24"));
    assert_true(record_has(arena, r, &mine) && record_has(arena, r, &older));
    assert_true(glm_string_is(record_altered(arena, r, &service), "{1}"));
    assert_string_equal(record_found(arena, r, &mine), "{4}");
    assert_null(record_found(arena, r, &older));
    assert_true(record_is_foreign(arena, r, &mine) && record_is_foreign(arena, r, &older));
    assert_false(record_is_foreign(arena, r, &service)); /* an import takes none of others */
    assert_string_equal(record_generation(r, "1-21"), "UID/1");
    assert_string_equal(record_automatic(r, "1-24"), "1.24.3");
    assert_int_equal(record_selected_by(r, "1-23")->len, 1);
    assert_true(record_is_unsettled(r, "1-24") && record_is_unwaited(r, "1-20"));
}

static void fields_of_version_1_may_be_damaged(void **state)
{
    assert_reads(*state,
                 "{'version':1,'clusters':{'east':{'place':1,'label':[],'istio_operators':{'a':7,"
                 "'b':'x','c':'/x','d':'x/','e':'n/e'},'services':[1,null,'y','/',{}],'healthy':"
                 "{'e':1},'unsettled':{'e':true},'unwaited':[1,null],'altered':{"
                 "'IstioOperator n/e':1},'automatic':['e'],'selected':{'e':'x'},'found':{'e':[]},"
                 "'foreign':'yes'},'west':7,'south':{'istio_operators':[],'services':{}}}}",
                 "{'version':2,'clusters':{'east':{'objects':{'IstioOperator n/e':{'pair':'e',"
                 "'role':'workload','main':true}}},'south':{'objects':{}}}}");
}

/* One object under both keys: it is not one that leaves. */
static void an_object_that_is_there_twice_does_not_leave(void **state)
{
    assert_reads(*state,
                 "{'version':1,'clusters':{'east':{'istio_operators':{'a':'n/a','a@n/a':'n/a'}}}}",
                 "{'version':2,'clusters':{'east':{'objects':{'IstioOperator n/a':{'pair':'a',"
                 "'role':'workload','main':true}}}}}");
}

/* ---- version 2 ---- */

/* What another release of version 2 may know, we do not have to. */
static void what_nobody_knows_here_is_kept(void **state)
{
    static const char text[] =
        "{'version':2,'more':1,'clusters':{'east':{'more':2,'objects':{'Gizmo n/g':{'pair':'a',"
        "'role':'workload','more':3},'Thing "
        "g':{'role':'access'}},'pairs':{'a':{'installer':'x'}}}}}";
    assert_reads(*state, text, text);
}

static void what_no_object_is_called_is_no_reference(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_estate estate = {.installers = glm_test_installers()};
    struct glm_object_ref ref;
    static const char *const none[] = {"Gizmo n/g",
                                       "IstioOperator g",
                                       "Namespace n/g",
                                       "Service",
                                       "Service ",
                                       "Service n/",
                                       "Service /n",
                                       " n/g",
                                       "",
                                       "Service  n/g",
                                       "Service ../g",
                                       "Service n/..",
                                       "Service n/.",
                                       "Service n/g/h",
                                       "Service n//g",
                                       "Service N/g",
                                       "Service n/-g",
                                       "Service n/a b",
                                       "Service n/%2e",
                                       "Service n.m/g",
                                       "Namespace ..",
                                       "Namespace .",
                                       "Service n/\x1b[31m",
                                       "Service n/\xc3\xa4"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (record_ref(arena, &estate, none[i], &ref))
            fail_msg("'%s' is no reference", none[i]);
    char *of_length = glm_strdup(arena, "Service n/");
    of_length = glm_sprintf(arena, "%s%0253d", of_length, 1);
    assert_true(record_ref(arena, &estate, of_length, &ref));
    assert_false(record_ref(arena, &estate, glm_sprintf(arena, "%s1", of_length), &ref));
    assert_true(record_ref(arena, &estate, "Service n/system:a.B_c", &ref));
    assert_true(record_ref(arena, &estate, "Service n/g", &ref));
    assert_ptr_equal(ref.kind, GLM_KIND_SERVICE);
    assert_string_equal(ref.namespace_, "n");
    assert_string_equal(ref.name, "g");
    assert_string_equal(record_text(arena, &ref), "Service n/g");
    assert_true(record_ref(arena, &estate, "Namespace n", &ref));
    assert_null(ref.namespace_);
    assert_string_equal(record_text(arena, &ref), "Namespace n");
}

/* ---- what the state shows ---- */

/* Nothing of its own. */
static void put(struct shape_builder *b, const char *key, const char *object, const char *cluster)
{
    shape_put_manifest(b, key, object, glm_string(b->arena, "{}"));
    shape_put_entries(b, key, object, cluster, &glm_empty_map);
}

static void put_service(struct shape_builder *b, const char *key, const char *service,
                        const char *cluster)
{
    shape_put_service_manifest(b, service, key, glm_string(b->arena, "{}"));
    shape_put_active(b, service, cluster, key ? glm_string(b->arena, key) : &glm_null);
}

static void damaged_objects_are_left_out_and_what_the_state_shows_is_there(void **state)
{
    struct glm_arena *arena = *state;
    struct shape_builder b;
    shape_begin(&b, arena);
    put(&b, "a", "IstioOperator n/a", "east");
    put(&b, "b", "Deployment n/b", "east");
    put(&b, "c", "damaged", "east");
    put_service(&b, "a", "n/s", "east");
    put_service(&b, "a", "t", "east");
    const struct glm_value *made = decoded(
        arena,
        "{'version':2,'clusters':{'east':{'objects':{'x':{},' n/x':{},'IstioOperator n/':{},"
        "'IstioOperator n/a':{'pair':7,'leaves':true},'ConfigMap n/d':null,"
        "'IstioOperator n/e':{'pair':'b','main':true,'leaves':true}},'pairs':[]}}}",
        shape_finish(&b, glm_test_value(arena, "{'installations':{'a':{},'b':{}}}")));
    glm_assert_value_equal(
        glm_get_path(made, "clusters", "east", "objects", NULL),
        glm_test_value(
            arena, "{'IstioOperator n/a':{'pair':'a','role':'workload','main':true},"
                   "'Deployment n/b':{'pair':'b','role':'workload','main':true},'ConfigMap n/d':{},"
                   "'IstioOperator n/e':{'pair':'b','main':true,'leaves':true},"
                   "'Service n/s':{'role':'traffic'},'Service t':{'role':'traffic'}}"));
    const struct record_object *all;
    assert_int_equal(record_objects(arena, glm_get_path(made, "clusters", "east", NULL), &all), 6);
    assert_string_equal(all[0].text, "ConfigMap n/d"); /* sorted */
    assert_int_equal(all[0].role, GLM_ROLE_WORKLOAD);
    assert_false(all[0].main);
    assert_null(all[0].pair);
}

static const struct glm_object_kind gizmo = {
    .api_version = "v1", .name = "Gizmo", .plural = "gizmos", .namespaced = true, .order = 1};
static const struct glm_installer_kind kinds[] = {
    {.kind = &gizmo, .role = GLM_ROLE_ACCESS},
    {.kind = GLM_KIND_DEPLOYMENT, .role = GLM_ROLE_WORKLOAD, .main = true},
    {.kind = GLM_KIND_SERVICE, .role = GLM_ROLE_TRAFFIC},
    {.kind = NULL}};
static const struct glm_installer several = {.name = "several", .kinds = kinds};
static const struct glm_installer *const installers[] = {&several, NULL};

/* Of what kind it is says what it is for; the installation's revision, of which pair it is. */
static void what_the_state_shows_is_recorded_by_kind_and_installation(void **state)
{
    struct glm_arena *arena = *state;
    struct shape_builder b;
    shape_begin(&b, arena);
    put(&b, "blue", "Deployment n/a", "east");
    put(&b, "blue", "Gizmo n/a", "east");
    put(&b, "blue", "Service n/chart", "east");
    put(&b, "green", "Deployment n/g", "east");
    put(&b, "latest", "Deployment n/l", "east");
    put(&b, "latest", "Deployment n/l", "west");
    put(&b, "1-20", "Deployment n/old", "west");
    put(&b, SHAPE_KEY_ALL, "Deployment n/all", "west");
    put_service(&b, "blue", "n/s", "east");
    put_service(&b, "blue", "n/s", "west");
    shape_put_active(&b, "n/s", "west", &glm_null);
    shape_put_entries(&b, "green", "Deployment n/g", "east",
                      glm_test_value(arena, "{'metadata.namespace':'own','spec.a':'1'}"));
    const struct glm_value *prior = shape_finish(
        &b,
        glm_test_value(
            arena, "{'installations':{'blue':{'gateway_revision':'1-23','clusters':{'east':{}}},"
                   "'green':{'gateway_revision':'','clusters':{'east':{}}},"
                   "'latest':{'gateway_revision':'auto','clusters':{'east':{},'west':{}}}},"
                   "'status':{'clusters':{'east':{'installations':{'1-23':{},'1-24':{},"
                   "'default':{}}},'west':{'installations':{'1-23':{}}}}}}"));
    const struct glm_value *record;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    assert_true(glm_record_decode(arena, installers, "", 0, prior, &record, &d));
    glm_assert_value_equal(
        record,
        glm_test_value(arena, "{'version':2,'clusters':{'east':{'objects':{"
                              "'Deployment n/a':{'pair':'1-23','role':'workload','main':true},"
                              "'Gizmo n/a':{'pair':'1-23','role':'access'},"
                              "'Service n/chart':{'pair':'1-23','role':'workload'},"
                              "'Deployment own/g':{'pair':'default','role':'workload','main':true},"
                              "'Deployment n/l':{'pair':'1-24','role':'workload','main':true},"
                              "'Service n/s':{'role':'traffic'}}},'west':{'objects':{"
                              "'Deployment n/l':{'pair':'1-23','role':'workload','main':true},"
                              "'Deployment n/old':{'pair':'1-20','role':'workload','main':true},"
                              "'Deployment n/all':{'role':'workload','main':true}}}}}"));
    assert_true(record_shows_pair(arena, prior, "east", "1-24"));
    assert_false(record_shows_pair(arena, prior, "west", "1-24"));
    assert_true(record_shows_pair(arena, prior, "west", "1-20"));
    const char *text = glm_record_encode(arena, installers, record, prior);
    assert_null(strstr(text, "objects"));
    /* Written to another entry of `clusters`, which its own record speaks of. */
    text = "{\"version\":2,\"clusters\":{\"east\":{\"pairs\":{\"1-23\":{\"seat\":\"hub\"}}}}}";
    assert_true(glm_record_decode(arena, installers, text, strlen(text), prior, &record, &d));
    const struct glm_value *east = glm_get_path(record, "clusters", "east", NULL);
    assert_null(record_main(east, "1-23"));
    assert_non_null(record_main(east, "default"));
}

static void what_is_written_is_read(void **state)
{
    struct glm_arena *arena = *state;
    const struct record_object o = {.text = "Service n/s",
                                    .pair = "a",
                                    .role = GLM_ROLE_ACCESS,
                                    .main = true,
                                    .leaves = true,
                                    .foreign = true,
                                    .altered = glm_test_value(arena, "{'spec.a':'1'}"),
                                    .found = "{2}"};
    const struct record_pair p = {.healthy = "UID/1",
                                  .unsettled = true,
                                  .unwaited = true,
                                  .automatic = "1.24",
                                  .selected = glm_test_value(arena, "[{'more':3}]")};
    const struct glm_value *made = record_make(
        arena, glm_with(arena, &glm_empty_map, "east",
                        record_cluster_make(
                            arena, "p", "l",
                            glm_with(arena, &glm_empty_map, o.text, record_object_make(arena, &o)),
                            glm_with(arena, &glm_empty_map, "a", record_pair_make(arena, &p)))));
    const char *text = glm_record_encode(arena, glm_test_installers(), made, &glm_null);
    struct glm_diags d;
    glm_diags_init(&d, arena);
    const struct glm_value *again;
    assert_true(
        glm_record_decode(arena, glm_test_installers(), text, strlen(text), &glm_null, &again, &d));
    glm_assert_value_equal(again, made);
    const struct glm_value *r = record_cluster(arena, again, &glm_null, "east");
    const struct record_object *all;
    assert_int_equal(record_objects(arena, r, &all), 1);
    assert_string_equal(all[0].pair, "a");
    assert_int_equal(all[0].role, GLM_ROLE_ACCESS);
    assert_true(all[0].main && all[0].leaves && all[0].foreign);
    glm_assert_value_equal(all[0].altered, glm_test_value(arena, "{'spec.a':'1'}"));
    assert_string_equal(all[0].found, "{2}");
    const struct record_pair read = record_pair(r, "a");
    assert_string_equal(read.healthy, "UID/1");
    assert_true(read.unsettled && read.unwaited);
    assert_string_equal(read.automatic, "1.24");
    glm_assert_value_equal(read.selected, p.selected);
}

/* ---- what is written ---- */

static const struct glm_value *attributes_of_two(struct glm_arena *arena)
{
    struct shape_builder b;
    shape_begin(&b, arena);
    put(&b, "a", "IstioOperator n/a", "east");
    put_service(&b, "a", "n/s", "east");
    return shape_finish(&b, glm_test_value(arena, "{'installations':{'a':{}}}"));
}

/* What these attributes are written with, which comes back beside them. */
static void assert_written(struct glm_arena *arena, const char *record, const char *expected)
{
    const struct glm_value *attributes = attributes_of_two(arena);
    const struct glm_value *whole = decoded(arena, record, attributes);
    const char *text = glm_record_encode(arena, glm_test_installers(), whole, attributes);
    char *quoted = glm_strdup(arena, text);
    for (char *c = quoted; *c; c++)
        *c = *c == '"' ? '\'' : *c;
    assert_string_equal(quoted, expected);
    struct glm_diags d;
    glm_diags_init(&d, arena);
    const struct glm_value *again;
    assert_true(glm_record_decode(arena, glm_test_installers(), text, strlen(text), attributes,
                                  &again, &d));
    glm_assert_value_equal(again, whole);
}

static void what_the_attributes_show_is_not_written(void **state)
{
    assert_written(*state,
                   "{'version':2,'clusters':{'east':{'objects':{'IstioOperator n/a':{'pair':'a',"
                   "'role':'workload','main':true},'Service n/s':{'role':'traffic'}},"
                   "'pairs':{'a':{'healthy':'UID/3'}}},'west':{'objects':{}}}}",
                   "{'clusters':{'east':{'pairs':{'a':{'healthy':'UID/3'}}},'west':{}},"
                   "'version':2}");
}

/* Of objects that are shown: something else. Others: they are not shown. */
static void what_the_attributes_do_not_say_is_written(void **state)
{
    assert_written(*state,
                   "{'version':2,'clusters':{'east':{'objects':{'ConfigMap n/c':{'role':'access'},"
                   "'IstioOperator n/a':{'pair':'a','role':'workload','main':true},"
                   "'Service n/s':{'role':'traffic','altered':'{1}'}}},"
                   "'west':{'objects':{'Service n/s':{'role':'traffic'}}}}}",
                   "{'clusters':{'east':{'objects':{'ConfigMap n/c':{'role':'access'},"
                   "'Service n/s':{'altered':'{1}','role':'traffic'}}},"
                   "'west':{'objects':{'Service n/s':{'role':'traffic'}}}},'version':2}");
    assert_written(*state,
                   "{'version':2,'clusters':{'east':{'objects':{'IstioOperator n/a':{'pair':'a',"
                   "'role':'workload','main':true,'foreign':true,'found':'{}'}}}}}",
                   "{'clusters':{'east':{'objects':{'IstioOperator n/a':{'foreign':true,"
                   "'found':'{}','main':true,'pair':'a','role':'workload'}}}},'version':2}");
}

static void of_directories_of_one_tree_the_tree_is_written_once(void **state)
{
    assert_written(
        *state,
        "{'version':2,'clusters':{'a':{'place':'directory /e/c/a','label':'directory c/a'},"
        "'b':{'place':'directory /e/c/b','label':'directory c/b'},"
        "'c':{'place':'directory /other/c/c','label':'directory c/c'},"
        "'d':{'place':'directory /e/d','label':'directory /e/d'},"
        "'e':{'label':'directory c/e'},'f':{'place':'API server'},'g':{},"
        "'h':{'place':'directory /e/x/h','label':'directory ./x/../x/h'}}}",
        "{'base':'/e/','clusters':{'a':{'label':'directory c/a'},'b':{'label':'directory c/b'},"
        "'c':{'label':'directory c/c','place':'directory /other/c/c'},"
        "'d':{'label':'directory /e/d'},'e':{'label':'directory c/e','place':null},'east':{},"
        "'f':{'place':'API server'},'g':{},"
        "'h':{'label':'directory ./x/../x/h','place':'directory /e/x/h'}},'version':2}");
}

/* As releases wrote it that kept all of it. */
static void a_generation_has_the_first_characters_of_a_uid(void **state)
{
    assert_reads(*state,
                 "{'version':2,'clusters':{'east':{'pairs':{'a':{'healthy':"
                 "'75633fe5-0718-431b/3,857b4664-1616-4b42/12,U/1','unwaited':true},"
                 "'b':{'healthy':'75633fe5/4'},'c':{'healthy':'75633fe5-0718-431b'},"
                 "'d':{'healthy':'//,,/'}}}}}",
                 "{'version':2,'clusters':{'east':{'objects':{},'pairs':{'a':{'healthy':"
                 "'75633fe5/3,857b4664/12,U/1','unwaited':true},'b':{'healthy':'75633fe5/4'},"
                 "'c':{'healthy':'75633fe5'},'d':{'healthy':'//,,/'}}}}}");
}

static void the_record_of_200_clusters_is_small(void **state)
{
    struct glm_arena *arena = *state;
    struct shape_builder shown;
    struct glm_map_builder live, files;
    shape_begin(&shown, arena);
    glm_map_init(&live, arena);
    glm_map_init(&files, arena);
    const struct glm_value *objects =
        glm_test_value(arena, "{'IstioOperator n/a':{'pair':'a','role':'workload','main':true},"
                              "'Service n/s':{'role':'traffic'}}");
    for (int i = 0; i < 200; i++) {
        const char *name = glm_sprintf(arena, "cluster-%03d", i);
        const struct glm_value *healthy = glm_with_path(
            arena, &glm_empty_map, glm_string(arena, "75633fe5/12"), "a", "healthy", NULL);
        put(&shown, "a", "IstioOperator n/a", name);
        put_service(&shown, "a", "n/s", name);
        glm_map_set(&live, name,
                    record_cluster_make(arena,
                                        glm_sprintf(arena,
                                                    "API server with kube-system UID "
                                                    "00000000-0718-431b-90b8-8a34c0%06d",
                                                    i),
                                        NULL, objects, healthy));
        glm_map_set(&files, name,
                    record_cluster_make(
                        arena, glm_sprintf(arena, "directory /home/me/estate/clusters/%s", name),
                        glm_sprintf(arena, "directory clusters/%s", name), objects, NULL));
    }
    const struct glm_value *attributes =
        shape_finish(&shown, glm_test_value(arena, "{'installations':{'a':{}}}"));
    const struct glm_value *live_record = record_make(arena, glm_map_finish(&live, NULL));
    const struct glm_value *files_record = record_make(arena, glm_map_finish(&files, NULL));
    assert_true(strlen(glm_record_encode(arena, glm_test_installers(), live_record, attributes)) <
                (size_t)200 * 145);
    assert_true(strlen(glm_record_encode(arena, glm_test_installers(), files_record, attributes)) <
                (size_t)200 * 60);
}

/* ---- what a read notes ---- */

/* A read sees it HEALTHY, and selected by nobody any more; which tag `auto` stood for stays. */
static void a_read_notes_anew_all_but_what_only_an_apply_knows(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *r = glm_test_value(
        arena, "{'objects':{},'pairs':{'a':{'unsettled':true,'automatic':'1','selected':[1]},"
               "'b':{'automatic':'2'},'c':{'healthy':'x'}}}");
    glm_assert_value_equal(
        record_with_notes(arena, r, glm_test_value(arena, "{'a':{'healthy':'U/2'},'c':{}}")),
        glm_test_value(arena, "{'objects':{},'pairs':{'a':{'healthy':'U/2','automatic':'1'},"
                              "'b':{'automatic':'2'}}}"));
    glm_assert_value_equal(
        record_with_notes(arena, glm_test_value(arena, "{'objects':{},'pairs':{'c':{}}}"),
                          glm_test_value(arena, "{'c':{}}")),
        glm_test_value(arena, "{'objects':{}}"));
}

/* ---- other versions ---- */

static void a_newer_version_is_refused(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const newer[] = {"{\"version\":3}", "{\"version\":99,\"clusters\":{}}",
                                        "{\"version\":9223372036854775807}"};
    for (size_t i = 0; i < sizeof newer / sizeof *newer; i++) {
        struct glm_diags d;
        glm_diags_init(&d, arena);
        const struct glm_value *record = NULL;
        assert_false(glm_record_decode(arena, glm_test_installers(), newer[i], strlen(newer[i]),
                                       &glm_null, &record, &d));
        assert_null(record);
        glm_assert_error(&d, "", "this release knows versions up to 2");
        assert_non_null(strstr(glm_test_diags_text(arena, &d), "Private state of a newer release"));
    }
}

static void what_is_no_record_of_ours_is_none(void **state)
{
    static const char *const none[] = {"",
                                       "x",
                                       "[]",
                                       "7",
                                       "{}",
                                       "{'version':'3'}",
                                       "{'version':3.5}",
                                       "{'version':0}",
                                       "{'version':-1}",
                                       "{'version':null}",
                                       "{'version':1e400}",
                                       "{'version':2"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_true(glm_is_null(decoded(*state, none[i], &glm_null)));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

/* What is said behind the names is not to be cut off with them. */
static void of_many_objects_the_first_are_named(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_map_builder objects;
    glm_map_init(&objects, arena);
    for (size_t i = 0; i < 1000; i++)
        glm_map_set(&objects, glm_sprintf(arena, "Service gateways/service-%03zu", i),
                    &glm_empty_map);
    const struct glm_value *record =
        record_cluster_make(arena, NULL, NULL, glm_map_finish(&objects, NULL), NULL);
    const char *names = record_names(arena, record);
    assert_non_null(strstr(names, "Service gateways/service-000, Service gateways/service-001"));
    assert_string_equal(strstr(names, "service-199"), "service-199 and 800 more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(version_1_with_everything_becomes_version_2),
        TEST(what_version_1_says_is_answered_as_before),
        TEST(fields_of_version_1_may_be_damaged),
        TEST(an_object_that_is_there_twice_does_not_leave),
        TEST(what_nobody_knows_here_is_kept),
        TEST(what_no_object_is_called_is_no_reference),
        TEST(damaged_objects_are_left_out_and_what_the_state_shows_is_there),
        TEST(what_the_state_shows_is_recorded_by_kind_and_installation),
        TEST(what_is_written_is_read),
        TEST(what_the_attributes_show_is_not_written),
        TEST(what_the_attributes_do_not_say_is_written),
        TEST(of_directories_of_one_tree_the_tree_is_written_once),
        TEST(a_generation_has_the_first_characters_of_a_uid),
        TEST(the_record_of_200_clusters_is_small),
        TEST(a_read_notes_anew_all_but_what_only_an_apply_knows),
        TEST(a_newer_version_is_refused),
        TEST(what_is_no_record_of_ours_is_none),
        TEST(of_many_objects_the_first_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
