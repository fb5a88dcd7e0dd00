/* SPDX-License-Identifier: Apache-2.0
 *
 * Private state of other releases. What a newer one wrote, or planned: whatever Terraform asks, it gets
 * back what it has given, and no cluster is asked for anything. What 0.1.0 planned is applied.
 */
#define DISPATCH_REAL_TYPES
#include "dispatch_call.h"

#include "../../provider/state.h"
#include "fake_cluster.h"
#include "schemas.h"

static char type_name[] = "glm_gateway_lifecycle_manager";
static char newer[] = "{\"version\":3,\"clusters\":{\"east\":{\"what\":\"we do not know\"}}}";

static struct glm_cluster *configure(void)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 20);
    struct glm_estate *estate = GLM_NEW(arena, struct glm_estate);
    struct glm_cluster **clusters = GLM_NEW_ARRAY(arena, 1, struct glm_cluster *);
    struct glm_cluster_config *configs = GLM_NEW_ARRAY(arena, 1, struct glm_cluster_config);
    clusters[0] = glm_fake_create("east");
    configs[0] = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_DIRECTORY, .operator_namespace = "n"};
    *estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = configs,
                 .cluster_count = 1,
                 .default_distribution = &glm_null},
        .clusters = clusters,
        .max_parallel = 1,
    };
    glm_provider_set_estate(provider, arena, estate);
    return clusters[0];
}

static Tfplugin6__DynamicValue *resource(struct glm_arena *arena, const char *hub)
{
    if (!hub)
        return packed(arena, object(arena, glm_resource_schema.attrs), &glm_null);
    return packed(
        arena, object(arena, glm_resource_schema.attrs),
        glm_test_value(arena, glm_sprintf(arena,
                                          "{'name':'in','namespace':'gloo-mesh','installations':{"
                                          "'1-24':{'clusters':{'east':{'active_gateway':true}},"
                                          "'istio_operator_spec':'{hub: %s, tag: 1.24.1, "
                                          "components: {ingressGateways: [{name: in, enabled: "
                                          "true}]}}'}}}",
                                          hub)));
}

static ProtobufCBinaryData newer_private(void)
{
    return (ProtobufCBinaryData){.len = sizeof newer - 1, .data = (uint8_t *)newer};
}

static void assert_refused(size_t count, Tfplugin6__Diagnostic *const *diags)
{
    assert_one(count, diags, "Private state of a newer release");
    assert_int_equal(diags[0]->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR);
}

static void assert_same(const Tfplugin6__DynamicValue *is, const Tfplugin6__DynamicValue *was)
{
    assert_non_null(is);
    assert_int_equal(is->msgpack.len, was->msgpack.len);
    assert_memory_equal(is->msgpack.data, was->msgpack.data, was->msgpack.len);
}

/* ---- what Terraform asks ---- */

static const Tfplugin6__PlanResourceChange__Response *plan(struct glm_arena *arena,
                                                           Tfplugin6__DynamicValue *prior,
                                                           Tfplugin6__DynamicValue *config,
                                                           ProtobufCBinaryData private)
{
    Tfplugin6__PlanResourceChange__Request request = TFPLUGIN6__PLAN_RESOURCE_CHANGE__REQUEST__INIT;
    request.type_name = type_name;
    request.prior_state = prior;
    request.config = request.proposed_new_state = config;
    request.prior_private = private;
    return call(arena, "PlanResourceChange", &request.base,
                &tfplugin6__plan_resource_change__response__descriptor);
}

static const Tfplugin6__ApplyResourceChange__Response *apply(struct glm_arena *arena,
                                                             Tfplugin6__DynamicValue *prior,
                                                             Tfplugin6__DynamicValue *planned,
                                                             ProtobufCBinaryData private)
{
    Tfplugin6__ApplyResourceChange__Request request =
        TFPLUGIN6__APPLY_RESOURCE_CHANGE__REQUEST__INIT;
    request.type_name = type_name;
    request.prior_state = prior;
    request.planned_state = planned;
    request.config = planned;
    request.planned_private = private;
    return call(arena, "ApplyResourceChange", &request.base,
                &tfplugin6__apply_resource_change__response__descriptor);
}

/* What a create has made: the state. */
static Tfplugin6__DynamicValue *made(struct glm_arena *arena)
{
    Tfplugin6__DynamicValue *nothing = resource(arena, NULL),
                            *wanted = resource(arena, "a.example");
    const Tfplugin6__PlanResourceChange__Response *planned =
        plan(arena, nothing, wanted, (ProtobufCBinaryData){0});
    const Tfplugin6__ApplyResourceChange__Response *done =
        apply(arena, nothing, planned->planned_state, planned->planned_private);
    if (done->n_diagnostics > 0)
        fail_msg("%s: %s", done->diagnostics[0]->summary, done->diagnostics[0]->detail);
    return done->new_state;
}

/* ---- the tests ---- */

static void a_read_and_a_plan_are_refused(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_cluster *cluster = configure();
    Tfplugin6__DynamicValue *was = made(arena);
    Tfplugin6__ReadResource__Request request = TFPLUGIN6__READ_RESOURCE__REQUEST__INIT;
    request.type_name = type_name;
    request.current_state = was;
    request.private_ = newer_private();
    const Tfplugin6__ReadResource__Response *read =
        call(arena, "ReadResource", &request.base, &tfplugin6__read_resource__response__descriptor);
    assert_refused(read->n_diagnostics, read->diagnostics);
    assert_same(read->new_state, was);
    assert_bytes(read->private_, newer);
    Tfplugin6__DynamicValue *const configs[] = {resource(arena, "b.example"),
                                                resource(arena, NULL)};
    for (size_t i = 0; i < sizeof configs / sizeof *configs; i++) {
        const Tfplugin6__PlanResourceChange__Response *planned =
            plan(arena, was, configs[i], newer_private());
        assert_refused(planned->n_diagnostics, planned->diagnostics);
        assert_same(planned->planned_state, was);
        assert_bytes(planned->planned_private, newer);
    }
    cluster->ops->destroy(cluster);
}

/* A plan that a newer release has saved to a file. */
static void a_create_an_update_and_a_removal_are_refused(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_cluster *cluster = configure();
    Tfplugin6__DynamicValue *was = made(arena), *nothing = resource(arena, NULL),
                            *wanted = resource(arena, "b.example");
    size_t count = glm_fake_count(cluster);
    const struct {
        Tfplugin6__DynamicValue *prior, *planned;
    } cases[] = {{nothing, wanted}, {was, wanted}, {was, nothing}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Tfplugin6__ApplyResourceChange__Response *done =
            apply(arena, cases[i].prior, cases[i].planned, newer_private());
        assert_refused(done->n_diagnostics, done->diagnostics);
        assert_same(done->new_state, cases[i].prior);
        assert_bytes(done->private_, newer);
        assert_int_equal(glm_fake_count(cluster), count);
    }
    cluster->ops->destroy(cluster);
}

/* As 0.1.0 planned the replacement of a tainted resource. */
static char older[] =
    "{\"version\":1,\"intent\":\"apply\",\"id\":\"gloo-mesh/in\",\"clusters\":{\"east\":{"
    "\"place\":\"fake east\",\"label\":\"fake east\",\"istio_operators\":{\"1-24\":"
    "\"n/in-1-24\"},\"services\":[\"gloo-mesh-gateways/in\"],\"unsettled\":[\"1-24\"]}}}";

static ProtobufCBinaryData older_private(void)
{
    return (ProtobufCBinaryData){.len = sizeof older - 1, .data = (uint8_t *)older};
}

static const char *text_of(struct glm_arena *arena, ProtobufCBinaryData data)
{
    return glm_strndup(arena, (const char *)data.data, data.len);
}

/* Both halves, with a plan file of 0.1.0: nothing is removed, and what comes of it is of version 2. */
static void a_replacement_that_0_1_0_planned_hands_its_objects_over(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_cluster *cluster = configure();
    Tfplugin6__DynamicValue *was = made(arena), *nothing = resource(arena, NULL);
    size_t count = glm_fake_count(cluster);
    const Tfplugin6__PlanResourceChange__Response *planned =
        plan(arena, nothing, resource(arena, "a.example"), (ProtobufCBinaryData){0});
    const Tfplugin6__ApplyResourceChange__Response *gone =
        apply(arena, was, nothing, older_private());
    assert_int_equal(gone->n_diagnostics, 0);
    assert_int_equal(glm_fake_count(cluster), count);
    const Tfplugin6__ApplyResourceChange__Response *done =
        apply(arena, nothing, planned->planned_state, older_private());
    if (done->n_diagnostics > 0)
        fail_msg("%s: %s", done->diagnostics[0]->summary, done->diagnostics[0]->detail);
    assert_int_equal(glm_fake_count(cluster), count);
    assert_int_equal(glm_fake_removals(cluster), 0);
    const char *private = text_of(arena, done->private_);
    assert_non_null(strstr(private, "\"version\":2"));
    assert_null(strstr(private, "objects")); /* the new state shows them */
    assert_null(strstr(private, "istio_operators"));
    cluster->ops->destroy(cluster);
}

/* The half that hands over never came: a create takes over nothing, whatever its plan has recorded. */
static void a_create_does_not_believe_the_record_of_its_plan(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_cluster *cluster = configure();
    made(arena);
    Tfplugin6__DynamicValue *nothing = resource(arena, NULL);
    const Tfplugin6__PlanResourceChange__Response *planned =
        plan(arena, nothing, resource(arena, "b.example"), (ProtobufCBinaryData){0});
    unsigned writes = glm_fake_writes(cluster);
    const Tfplugin6__ApplyResourceChange__Response *done =
        apply(arena, nothing, planned->planned_state, older_private());
    assert_one(done->n_diagnostics, done->diagnostics, "Objects are already there");
    assert_same(done->new_state, nothing);
    assert_int_equal(glm_fake_writes(cluster), writes);
    assert_int_equal(glm_fake_removals(cluster), 0);
    cluster->ops->destroy(cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_read_and_a_plan_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_create_an_update_and_a_removal_are_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_replacement_that_0_1_0_planned_hands_its_objects_over,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_create_does_not_believe_the_record_of_its_plan, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
