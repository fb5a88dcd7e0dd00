/* SPDX-License-Identifier: Apache-2.0
 *
 * Projection: recorded respellings, drift by hand, and properties over every translated object.
 *
 * tests/golden/project/CASE: owned.yaml is what was applied, live.yaml what the real API server and
 * the real operator of Istio 1.22 made of it. That is no drift.
 */
#include "glm/observe.h"
#include "test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const struct glm_value *yaml(struct glm_arena *arena, const char *path)
{
    const struct glm_value *all = &glm_null;
    struct glm_diags d;
    size_t len;
    const char *text = glm_test_file(arena, path, &len);
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode_all(arena, text, len, path, NULL, &all, &d))
        fail_msg("%s: %s", path, glm_test_diags_text(arena, &d));
    return all;
}

static void expect(struct glm_arena *arena, const char *live, const char *owned, const char *shown)
{
    glm_assert_value_equal(
        glm_project(arena, glm_test_value(arena, live), glm_test_value(arena, owned)),
        glm_test_value(arena, shown));
}

static const char *object(struct glm_arena *arena, const char *kind, const char *spec)
{
    return glm_sprintf(arena, "{'kind':'%s','spec':%s}", kind, spec);
}

/* The same of the spec of an IstioOperator. */
static void expect_spec(struct glm_arena *arena, const char *live, const char *owned,
                        const char *shown)
{
    expect(arena, object(arena, "IstioOperator", live), object(arena, "IstioOperator", owned),
           object(arena, "IstioOperator", shown));
}

static void expect_service(struct glm_arena *arena, const char *live, const char *owned,
                           const char *shown)
{
    expect(arena, object(arena, "Service", live), object(arena, "Service", owned),
           object(arena, "Service", shown));
}

/* ---- recordings ---- */

static void what_server_and_operator_write_back_is_no_drift(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const cases[] = {"respelled", "zeros", "service"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *folder = glm_sprintf(arena, "tests/golden/project/%s", cases[i]);
        const struct glm_value *owned =
            glm_at(yaml(arena, glm_sprintf(arena, "%s/owned.yaml", folder)), 0);
        const struct glm_value *live =
            glm_at(yaml(arena, glm_sprintf(arena, "%s/live.yaml", folder)), 0);
        assert_false(glm_equal(live, owned));
        glm_assert_value_equal(glm_project(arena, live, owned), owned);
    }
}

/* ---- drift ---- */

static void maps_are_reduced_to_owned_keys(void **state)
{
    struct glm_arena *arena = *state;
    expect(arena,
           "{'kind':'IstioOperator','metadata':{'name':'n','uid':'u','labels':{'a':'1','b':'2'},"
           "'finalizers':['f'],'annotations':{'x':'y'}},'spec':{'profile':'empty','hub':'h'},"
           "'status':{'status':'HEALTHY'}}",
           "{'kind':'IstioOperator','metadata':{'name':'n','labels':{'a':'1'}},"
           "'spec':{'profile':'empty'}}",
           "{'kind':'IstioOperator','metadata':{'name':'n','labels':{'a':'1'}},"
           "'spec':{'profile':'empty'}}");
}

static void the_servers_own_metadata_and_status_do_not_count(void **state)
{
    struct glm_arena *arena = *state;
    expect(arena,
           "{'kind':'IstioOperator','metadata':{'name':'n','uid':'a','resourceVersion':'2',"
           "'generation':2},'status':{'status':'HEALTHY'}}",
           "{'kind':'IstioOperator','metadata':{'name':'n','uid':'b','resourceVersion':'1',"
           "'generation':1},'status':{'status':'ERROR'}}",
           "{'kind':'IstioOperator','metadata':{'name':'n'}}");
}

static void a_removed_key_is_absent(void **state)
{
    struct glm_arena *arena = *state;
    expect_spec(arena, "{'profile':'empty'}", "{'profile':'empty','hub':'h'}",
                "{'profile':'empty'}");
    expect_spec(arena, "{}", "{'components':{'pilot':{'enabled':false}}}", "{}");
    expect_spec(arena, "{'components':{'pilot':{}}}", "{'components':{'pilot':{'enabled':false}}}",
                "{'components':{'pilot':{}}}");
    expect(arena, "{'kind':'IstioOperator'}", "{'kind':'IstioOperator','spec':{}}",
           "{'kind':'IstioOperator'}");
}

static void a_null_claims_nothing(void **state)
{
    struct glm_arena *arena = *state;
    expect_spec(arena, "{}", "{'values':{'a':null}}", "{}");
    expect_spec(arena, "{'values':{}}", "{'values':{'a':null}}", "{'values':{'a':null}}");
    expect_spec(arena, "{'values':{'a':1}}", "{'values':{'a':null}}", "{'values':{'a':null}}");
    expect_spec(arena, "{'values':{'a':null}}", "{'values':{'a':1}}", "{'values':{'a':null}}");
}

static void lists_of_istio_operators_are_shown_whole(void **state)
{
    struct glm_arena *arena = *state;
    const char *owned = "{'components':{'ingressGateways':[{'name':'a','k8s':{'securityContext':"
                        "{'runAsUser':1337}}}]}}";
    /* A field that somebody added. The untouched number keeps our spelling. */
    expect_spec(arena,
                "{'components':{'ingressGateways':[{'name':'a','hub':'h','k8s':{"
                "'securityContext':{'runAsUser':'1337'}}}]}}",
                owned,
                "{'components':{'ingressGateways':[{'name':'a','hub':'h','k8s':{"
                "'securityContext':{'runAsUser':1337}}}]}}");
    /* An element that somebody added, and all of them gone. */
    expect_spec(arena,
                "{'components':{'ingressGateways':[{'name':'a','k8s':{'securityContext':{"
                "'runAsUser':1337}}},{'name':'b'}]}}",
                owned,
                "{'components':{'ingressGateways':[{'name':'a','k8s':{'securityContext':{"
                "'runAsUser':1337}}},{'name':'b'}]}}");
    expect_spec(arena, "{'components':{'ingressGateways':[]}}", owned,
                "{'components':{'ingressGateways':[]}}");
}

static void numbers_are_compared_by_value(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *live = glm_test_value(arena, "{'spec':{'values':{'a':1}}}");
    const struct glm_value *owned = glm_test_value(arena, "{'spec':{'values':{'a':1.0}}}");
    const struct glm_value *shown =
        glm_get_path(glm_project(arena, live, owned), "spec", "values", "a", NULL);
    assert_string_equal(shown->as.text, "1.0");
}

static const char *run_as(struct glm_arena *arena, const char *user)
{
    return glm_sprintf(arena,
                       "{'components':{'ingressGateways':[{'k8s':{'securityContext':{"
                       "'runAsUser':%s}}}]}}",
                       user);
}

static void texts_are_numbers_only_where_the_operator_writes_them(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const other[] = {
        "'1338'", "'-1337'", "'1337.0'", "'1337x'", "''", "'-'", "'13370000000000000000000'",
    };
    expect_spec(arena, run_as(arena, "'1337'"), run_as(arena, "1337"), run_as(arena, "1337"));
    expect_spec(arena, run_as(arena, "1337"), run_as(arena, "'1337'"), run_as(arena, "1337"));
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        expect_spec(arena, run_as(arena, other[i]), run_as(arena, "1337"), run_as(arena, other[i]));
    expect_spec(arena, "{'values':{'a':'1'}}", "{'values':{'a':1}}", "{'values':{'a':'1'}}");
    expect_spec(arena, "{'tag':'1'}", "{'tag':1}", "{'tag':'1'}");
    expect_service(arena, "{'healthCheckNodePort':'1'}", "{'healthCheckNodePort':1}",
                   "{'healthCheckNodePort':'1'}");
}

static void free_form_values_keep_their_empty_ones(void **state)
{
    struct glm_arena *arena = *state;
    expect_spec(arena, "{'values':{}}", "{'values':{'a':''}}", "{'values':{}}");
    expect_spec(arena, "{'meshConfig':{}}", "{'meshConfig':{'accessLogFile':''}}",
                "{'meshConfig':{}}");
    expect_spec(arena, "{}", "{'tag':''}", "{}");
    expect_spec(arena, "{'components':{'g':[{'overlays':[{'patches':[{'path':'p'}]}]}]}}",
                "{'components':{'g':[{'overlays':[{'patches':[{'path':'p','value':''}]}]}]}}",
                "{'components':{'g':[{'overlays':[{'patches':[{'path':'p'}]}]}]}}");
}

static void ports_are_matched_by_number_and_protocol(void **state)
{
    struct glm_arena *arena = *state;
    const char *owned = "{'ports':[{'name':'a','port':80},{'name':'b','port':443,'protocol':'UDP',"
                        "'targetPort':8443}]}";
    /* In another order, filled in, and with one of somebody else's. */
    expect_service(
        arena,
        "{'clusterIP':'10.0.0.1','ports':[{'name':'foreign','port':443,'protocol':'TCP'},"
        "{'name':'b','port':443,'protocol':'UDP','targetPort':8443,'nodePort':31000},"
        "{'name':'a','port':80,'protocol':'TCP','targetPort':80}]}",
        owned, owned);
    expect_service(arena, "{'ports':[{'name':'a','port':80,'protocol':'TCP','targetPort':80}]}",
                   owned, "{'ports':[{'name':'a','port':80}]}");
    expect_service(arena,
                   "{'ports':[{'name':'a','port':80},{'name':'b','port':443,'protocol':'UDP',"
                   "'targetPort':9}]}",
                   owned,
                   "{'ports':[{'name':'a','port':80},{'name':'b','port':443,'protocol':'UDP',"
                   "'targetPort':9}]}");
    expect_service(arena, "{'ports':'none'}", owned, "{'ports':'none'}");
    /* Where the number of one was changed it is what has its name. */
    expect_service(arena,
                   "{'ports':[{'name':'a','port':8080,'protocol':'TCP','targetPort':80},{'name':"
                   "'b','port':443,'protocol':'UDP'},{'name':'c','port':81}]}",
                   owned,
                   "{'ports':[{'name':'a','port':8080},{'name':'b','port':443,'protocol':'UDP'}]}");
    expect_service(arena, "{'ports':[{'port':81,'protocol':'TCP'}]}", "{'ports':[{'port':80}]}",
                   "{'ports':[{'port':81}]}");
}

static void a_service_is_filled_in_where_it_is_left_open(void **state)
{
    struct glm_arena *arena = *state;
    const char *open = "{'clusterIP':'','type':'','sessionAffinity':'','ports':[{'port':80,"
                       "'nodePort':0,'protocol':''}],'publishNotReadyAddresses':false}";
    expect_service(arena,
                   "{'clusterIP':'10.0.0.1','type':'ClusterIP','sessionAffinity':'None','ports':[{"
                   "'port':80,'nodePort':31000,'protocol':'TCP'}]}",
                   open, open);
    expect_service(arena, "{'publishNotReadyAddresses':true,'externalName':'x'}",
                   "{'publishNotReadyAddresses':false,'externalName':''}",
                   "{'publishNotReadyAddresses':true,'externalName':'x'}");
}

static void the_selector_of_a_service_is_owned_whole(void **state)
{
    struct glm_arena *arena = *state;
    expect_service(arena, "{'selector':{'a':'x','extra':'c'},'clusterIP':'10.0.0.1'}",
                   "{'selector':{'a':'x'}}", "{'selector':{'a':'x','extra':'c'}}");
    expect_service(arena, "{'selector':{}}", "{'selector':{'a':'x'}}", "{'selector':{}}");
}

static void what_is_not_there_stays_so(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *owned = glm_test_value(arena, "{'kind':'Service'}");
    assert_true(glm_is_null(glm_project(arena, &glm_null, owned)));
    glm_assert_value_equal(glm_project(arena, owned, &glm_null), owned);
}

static void the_union_owns_what_either_owns(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *both = glm_owned_union(
        arena,
        glm_test_value(arena, "{'kind':'Service','spec':{'a':1,'n':null,'ports':[{'port':80},"
                              "{'port':81,'name':'x'}]}}"),
        glm_test_value(arena, "{'kind':'Service','metadata':{'name':'s'},'spec':{'a':2,'b':3,"
                              "'n':4,'ports':[{'port':443},{'port':80,'protocol':'TCP',"
                              "'nodePort':9}]}}"));
    glm_assert_value_equal(
        both, glm_test_value(arena, "{'kind':'Service','metadata':{'name':'s'},'spec':{'a':1,'b':3,"
                                    "'n':4,'ports':[{'port':80,'protocol':'TCP','nodePort':9},"
                                    "{'port':81,'name':'x'},{'port':443}]}}"));
    const struct glm_value *a =
        glm_test_value(arena, "{'kind':'IstioOperator','spec':{'l':[1],'m':{}}}");
    glm_assert_value_equal(glm_owned_union(arena, a, &glm_null), a);
    glm_assert_value_equal(glm_owned_union(arena, &glm_null, a), a);
    glm_assert_value_equal(
        glm_owned_union(arena, a, glm_test_value(arena, "{'spec':{'l':[2,3],'m':{'k':1}}}")),
        glm_test_value(arena, "{'kind':'IstioOperator','spec':{'l':[1],'m':{'k':1}}}"));
}

/* ---- built-in kinds ---- */

static void expect_deployment(struct glm_arena *arena, const char *live, const char *owned,
                              const char *shown)
{
    expect(arena, object(arena, "Deployment", live), object(arena, "Deployment", owned),
           object(arena, "Deployment", shown));
}

/* The same of the one container of a Deployment. */
static void expect_container(struct glm_arena *arena, const char *live, const char *owned,
                             const char *shown)
{
    static const char around[] = "{'template':{'spec':{'containers':[{'name':'istio-proxy',%s}]}}}";
    static const char others[] =
        "{'template':{'spec':{'containers':[{'name':'foreign','image':'x'},"
        "{'name':'istio-proxy','terminationMessagePath':'/dev/log',%s}]}}}";
    expect_deployment(arena, glm_sprintf(arena, others, live), glm_sprintf(arena, around, owned),
                      glm_sprintf(arena, around, shown));
}

static void elements_are_matched_by_their_keys_and_foreign_ones_are_nobodys_business(void **state)
{
    expect_container(*state, "'env':[{'name':'X','value':'1'},{'name':'A','value':'2'}]",
                     "'env':[{'name':'A','value':'2'}]", "'env':[{'name':'A','value':'2'}]");
    expect_container(*state, "'env':[{'name':'A','value':'3'}]",
                     "'env':[{'name':'A','value':'2'},{'name':'B','value':'2'}]",
                     "'env':[{'name':'A','value':'3'}]");
    expect_container(*state, "'ports':[{'containerPort':15021,'protocol':'TCP'}]",
                     "'ports':[{'containerPort':15021}]", "'ports':[{'containerPort':15021}]");
    expect_container(
        *state, "'volumeMounts':[{'mountPath':'/b','name':'v'},{'mountPath':'/a','name':'w'}]",
        "'volumeMounts':[{'mountPath':'/a','name':'w'},{'mountPath':'/b','name':'v'}]",
        "'volumeMounts':[{'mountPath':'/a','name':'w'},{'mountPath':'/b','name':'v'}]");
}

static void an_order_that_says_something_is_drift(void **state)
{
    expect_container(*state, "'env':[{'name':'B','value':'1'},{'name':'A','value':'2'}]",
                     "'env':[{'name':'A','value':'2'},{'name':'B','value':'1'}]",
                     "'env':[{'name':'B','value':'1'},{'name':'A','value':'2'}]");
}

static void quantities_are_compared_as_such(void **state)
{
    expect_container(*state, "'resources':{'limits':{'cpu':'2','memory':'1Gi'}}",
                     "'resources':{'limits':{'cpu':'2000m','memory':'1024Mi'}}",
                     "'resources':{'limits':{'cpu':'2000m','memory':'1024Mi'}}");
    expect_container(*state, "'resources':{'limits':{'cpu':'2'}}",
                     "'resources':{'limits':{'cpu':2}}", "'resources':{'limits':{'cpu':2}}");
    expect_container(*state, "'resources':{'limits':{'cpu':'3'}}",
                     "'resources':{'limits':{'cpu':2}}", "'resources':{'limits':{'cpu':'3'}}");
    expect_container(*state, "'env':[{'name':'A','value':'2'}]",
                     "'env':[{'name':'A','value':'2000m'}]", "'env':[{'name':'A','value':'2'}]");
}

static void what_is_filled_in_within_one_value_is_no_drift(void **state)
{
    expect_container(
        *state,
        "'env':[{'name':'N','valueFrom':{'fieldRef':{'apiVersion':'v1','fieldPath':'spec.nodeName'}"
        "}},"
        "{'name':'L','valueFrom':{'resourceFieldRef':{'divisor':'0','resource':'limits.cpu'}}}]",
        "'env':[{'name':'N','valueFrom':{'fieldRef':{'fieldPath':'spec.nodeName'}}},"
        "{'name':'L','valueFrom':{'resourceFieldRef':{'resource':'limits.cpu'}}}]",
        "'env':[{'name':'N','valueFrom':{'fieldRef':{'fieldPath':'spec.nodeName'}}},"
        "{'name':'L','valueFrom':{'resourceFieldRef':{'resource':'limits.cpu'}}}]");
    expect_deployment(
        *state,
        "{'template':{'spec':{'volumes':[{'name':'p','downwardAPI':{'defaultMode':420,'items':["
        "{'path':'labels','fieldRef':{'apiVersion':'v1','fieldPath':'metadata.labels'}}]}}]}}}",
        "{'template':{'spec':{'volumes':[{'name':'p','downwardAPI':{'items':["
        "{'path':'labels','fieldRef':{'fieldPath':'metadata.labels'}}]}}]}}}",
        "{'template':{'spec':{'volumes':[{'name':'p','downwardAPI':{'items':["
        "{'path':'labels','fieldRef':{'fieldPath':'metadata.labels'}}]}}]}}}");
}

static void what_is_owned_whole_shows_what_was_added(void **state)
{
    expect_deployment(*state, "{'template':{'spec':{'tolerations':[{'key':'a'},{'key':'b'}]}}}",
                      "{'template':{'spec':{'tolerations':[{'key':'a'}]}}}",
                      "{'template':{'spec':{'tolerations':[{'key':'a'},{'key':'b'}]}}}");
    expect(*state,
           "{'kind':'PodDisruptionBudget','spec':{'selector':{'matchLabels':{'a':'1','b':'2'}}}}",
           "{'kind':'PodDisruptionBudget','spec':{'selector':{'matchLabels':{'a':'1'}}}}",
           "{'kind':'PodDisruptionBudget','spec':{'selector':{'matchLabels':{'a':'1','b':'2'}}}}");
}

static void what_is_not_wanted_any_more_is_still_owned(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *now = glm_test_value(
        arena, "{'kind':'Deployment','spec':{'template':{'spec':{'containers':[{'name':'p',"
               "'env':[{'name':'A','value':'1'}]}]}}}}");
    const struct glm_value *before = glm_test_value(
        arena, "{'kind':'Deployment','spec':{'template':{'spec':{'containers':[{'name':'p',"
               "'env':[{'name':'A','value':'0'},{'name':'B','value':'1'}]}]}}}}");
    const struct glm_value *live = glm_with(arena, before, "status", &glm_empty_map);
    glm_assert_value_equal(glm_project(arena, live, glm_owned_union(arena, now, before)), before);
}

/* ---- properties, over every object of the golden translations ---- */

static unsigned next(unsigned *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* v with its nth leaf (from 0) changed; *n counts down as leaves go by. Changes nothing that has
 * no spelling of its own: a leaf that is as good as absent. */
static const struct glm_value *edit(struct glm_arena *arena, const struct glm_value *v, size_t *n)
{
    if (glm_is_map(v)) {
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        for (size_t i = 0; i < v->len; i++)
            glm_map_set(&b, v->as.map[i].key, edit(arena, v->as.map[i].value, n));
        return glm_map_finish(&b, NULL);
    }
    if (glm_is_list(v)) {
        struct glm_list_builder b;
        glm_list_init(&b, arena);
        for (size_t i = 0; i < v->len; i++)
            glm_list_add(&b, edit(arena, glm_at(v, i), n));
        return glm_list_finish(&b);
    }
    return (*n)-- == 0 ? glm_string(arena, "edited") : v;
}

static size_t leaves(const struct glm_value *v)
{
    size_t count = 0;
    if (!glm_is_map(v) && !glm_is_list(v))
        return 1;
    for (size_t i = 0; i < v->len; i++)
        count += leaves(glm_is_map(v) ? v->as.map[i].value : glm_at(v, i));
    return count;
}

/* What others add, in maps outside lists only: the API server's and the operator's marks. A
 * Service's selector is owned whole. */
static const struct glm_value *add_foreign(struct glm_arena *arena, const struct glm_value *v)
{
    if (!glm_is_map(v))
        return v;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < v->len; i++)
        glm_map_set(&b, v->as.map[i].key,
                    strcmp(v->as.map[i].key, "selector") == 0
                        ? v->as.map[i].value
                        : add_foreign(arena, v->as.map[i].value));
    glm_map_set(&b, "foreign", glm_string(arena, "x"));
    return glm_map_finish(&b, NULL);
}

static void check_properties(struct glm_arena *arena, const struct glm_value *owned, unsigned *seed)
{
    const struct glm_value *live = add_foreign(arena, owned);
    size_t count = leaves(owned);
    glm_assert_value_equal(glm_project(arena, owned, owned), owned);
    glm_assert_value_equal(glm_project(arena, live, owned), owned);
    glm_assert_value_equal(glm_owned_union(arena, owned, owned), owned);
    for (int i = 0; i < 5; i++) {
        size_t n = next(seed) % count;
        const struct glm_value *edited = edit(arena, live, &n);
        const struct glm_value *shown = glm_project(arena, edited, owned);
        glm_assert_value_equal(glm_project(arena, shown, owned), shown);
        size_t m = next(seed) % count;
        const struct glm_value *mine = edit(arena, owned, &m);
        /* A port's number is its name: the port is missing then. */
        assert_false(glm_equal(glm_project(arena, mine, owned), owned));
    }
}

static void properties_hold_for_every_translated_object(void **state)
{
    (void)state;
    unsigned seed = 1;
    size_t objects = 0;
    DIR *dir = opendir("tests/golden/translate");
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
        const char *folder = glm_sprintf(arena, "tests/golden/translate/%s/cluster1", e->d_name);
        DIR *cluster = e->d_name[0] == '.' ? NULL : opendir(folder);
        for (struct dirent *f; cluster && (f = readdir(cluster)) != NULL;) {
            if (!strstr(f->d_name, ".yaml"))
                continue;
            const struct glm_value *all =
                yaml(arena, glm_sprintf(arena, "%s/%s", folder, f->d_name));
            for (size_t i = 0; i < all->len; i++, objects++)
                if (glm_is_map(glm_at(all, i)))
                    check_properties(arena, glm_at(all, i), &seed);
        }
        if (cluster)
            closedir(cluster);
    }
    closedir(dir);
    assert_true(objects > 20);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_server_and_operator_write_back_is_no_drift),
        TEST(maps_are_reduced_to_owned_keys),
        TEST(the_servers_own_metadata_and_status_do_not_count),
        TEST(a_removed_key_is_absent),
        TEST(a_null_claims_nothing),
        TEST(lists_of_istio_operators_are_shown_whole),
        TEST(numbers_are_compared_by_value),
        TEST(texts_are_numbers_only_where_the_operator_writes_them),
        TEST(free_form_values_keep_their_empty_ones),
        TEST(ports_are_matched_by_number_and_protocol),
        TEST(a_service_is_filled_in_where_it_is_left_open),
        TEST(the_selector_of_a_service_is_owned_whole),
        TEST(what_is_not_there_stays_so),
        TEST(elements_are_matched_by_their_keys_and_foreign_ones_are_nobodys_business),
        TEST(an_order_that_says_something_is_drift),
        TEST(quantities_are_compared_as_such),
        TEST(what_is_filled_in_within_one_value_is_no_drift),
        TEST(what_is_owned_whole_shows_what_was_added),
        TEST(what_is_not_wanted_any_more_is_still_owned),
        TEST(the_union_owns_what_either_owns),
        TEST(properties_hold_for_every_translated_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
