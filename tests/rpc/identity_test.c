/* SPDX-License-Identifier: Apache-2.0
 *
 * Resource identity on the wire: sent whole beside every state, with errors too, or not at all;
 * and import by it.
 */
#include "dispatch_call.h"

#define STATE "{'name': 'plain', 'id': 'here', " NULLS "}"
#define IDENTITY "{'name': 'plain', 'id': 'here'}"

static const struct glm_type *identity_type(struct glm_arena *arena)
{
    return object(arena, thing_identity_attrs);
}

static Tfplugin6__ResourceIdentityData *identity_of(struct glm_arena *arena,
                                                    const char *quoted_json)
{
    Tfplugin6__ResourceIdentityData *message = GLM_NEW(arena, Tfplugin6__ResourceIdentityData);
    tfplugin6__resource_identity_data__init(message);
    message->identity_data =
        packed(arena, identity_type(arena), glm_test_value(arena, quoted_json));
    return message;
}

static void assert_identity(struct glm_arena *arena, const Tfplugin6__ResourceIdentityData *message,
                            const char *quoted_json)
{
    assert_non_null(message);
    glm_assert_value_equal(unpacked(arena, identity_type(arena), message->identity_data),
                           glm_test_value(arena, quoted_json));
}

/* ---- the schema ---- */

static void the_identity_schema_says_what_an_import_needs(void **state)
{
    Tfplugin6__GetResourceIdentitySchemas__Request request =
        TFPLUGIN6__GET_RESOURCE_IDENTITY_SCHEMAS__REQUEST__INIT;
    const Tfplugin6__GetResourceIdentitySchemas__Response *response =
        call(*state, "GetResourceIdentitySchemas", &request.base,
             &tfplugin6__get_resource_identity_schemas__response__descriptor);
    assert_int_equal(response->n_identity_schemas, 1);
    assert_string_equal(response->identity_schemas[0]->key, "fake_thing");
    const Tfplugin6__ResourceIdentitySchema *schema = response->identity_schemas[0]->value;
    assert_int_equal(schema->version, 2);
    assert_int_equal(schema->n_identity_attributes, 2);
    const Tfplugin6__ResourceIdentitySchema__IdentityAttribute *name =
        schema->identity_attributes[0];
    assert_string_equal(name->name, "name");
    assert_bytes(name->type, "\"string\"");
    assert_true(name->required_for_import && !name->optional_for_import);
    assert_string_equal(name->description, "What it does.");
    const Tfplugin6__ResourceIdentitySchema__IdentityAttribute *id = schema->identity_attributes[1];
    assert_true(!id->required_for_import && id->optional_for_import);
}

/* ---- beside states ---- */

static const Tfplugin6__PlanResourceChange__Response *plan_of(struct glm_arena *arena,
                                                              const char *prior, const char *config)
{
    Tfplugin6__PlanResourceChange__Request request = TFPLUGIN6__PLAN_RESOURCE_CHANGE__REQUEST__INIT;
    char type_name[] = "fake_thing";
    request.type_name = type_name;
    request.prior_state = thing_of(arena, prior);
    request.config = request.proposed_new_state = thing_of(arena, config);
    return call(arena, "PlanResourceChange", &request.base,
                &tfplugin6__plan_resource_change__response__descriptor);
}

static void a_plan_with_unknown_parts_of_the_identity_sends_none(void **state)
{
    const Tfplugin6__PlanResourceChange__Response *response =
        plan_of(*state, "null", "{'name': 'plain'}");
    assert_int_equal(response->n_diagnostics, 0);
    assert_non_null(response->planned_state);
    assert_null(response->planned_identity);
}

static void a_planned_destruction_keeps_the_identity(void **state)
{
    assert_identity(*state, plan_of(*state, STATE, "null")->planned_identity, IDENTITY);
}

static void a_failed_plan_sends_no_identity(void **state)
{
    const Tfplugin6__PlanResourceChange__Response *response =
        plan_of(*state, STATE, "{'name': '" FAKE_FORGETFUL "'}");
    assert_int_equal(response->n_diagnostics, 1);
    assert_null(response->planned_identity);
}

static const Tfplugin6__ApplyResourceChange__Response *
apply_of(struct glm_arena *arena, const char *prior, const char *planned)
{
    Tfplugin6__ApplyResourceChange__Request request =
        TFPLUGIN6__APPLY_RESOURCE_CHANGE__REQUEST__INIT;
    char type_name[] = "fake_thing";
    request.type_name = type_name;
    request.prior_state = thing_of(arena, prior);
    request.planned_state = request.config = thing_of(arena, planned);
    return call(arena, "ApplyResourceChange", &request.base,
                &tfplugin6__apply_resource_change__response__descriptor);
}

static void every_apply_brings_the_identity(void **state)
{
    assert_identity(*state, apply_of(*state, "null", "{'name': 'plain'}")->new_identity,
                    "{'name': 'plain', 'id': 'plain'}");
    assert_identity(*state, apply_of(*state, STATE, "{'name': 'plain'}")->new_identity,
                    "{'name': 'plain', 'id': 'plain'}");
    assert_identity(*state, apply_of(*state, STATE, "null")->new_identity, IDENTITY);
}

static void an_apply_that_failed_half_way_brings_the_identity(void **state)
{
    const Tfplugin6__ApplyResourceChange__Response *response =
        apply_of(*state, "null", "{'name': '" FAKE_PARTIAL "'}");
    assert_int_equal(response->n_diagnostics, 1);
    assert_identity(*state, response->new_identity, "{'name': 'partial', 'id': 'partial'}");
}

static void an_apply_that_did_nothing_keeps_the_identity(void **state)
{
    const Tfplugin6__ApplyResourceChange__Response *response =
        apply_of(*state, STATE, "{'name': '" FAKE_FORGETFUL "'}");
    assert_int_equal(response->n_diagnostics, 1);
    assert_thing(*state, response->new_state, STATE);
    assert_identity(*state, response->new_identity, IDENTITY);
}

static const Tfplugin6__ReadResource__Response *read_of(struct glm_arena *arena,
                                                        const char *current, const char *identity)
{
    Tfplugin6__ReadResource__Request request = TFPLUGIN6__READ_RESOURCE__REQUEST__INIT;
    char type_name[] = "fake_thing";
    request.type_name = type_name;
    request.current_state = thing_of(arena, current);
    request.current_identity = identity ? identity_of(arena, identity) : NULL;
    return call(arena, "ReadResource", &request.base,
                &tfplugin6__read_resource__response__descriptor);
}

static void every_read_brings_the_identity(void **state)
{
    assert_identity(*state, read_of(*state, STATE, IDENTITY)->new_identity, IDENTITY);
    assert_identity(*state, read_of(*state, STATE, NULL)->new_identity, IDENTITY);
    assert_identity(*state, read_of(*state, "{'name': 'forgetful', 'id': 'x'}", NULL)->new_identity,
                    "{'name': 'forgetful', 'id': 'x'}");
    assert_identity(*state, read_of(*state, "{'name': 'gone', 'id': 'x'}", NULL)->new_identity,
                    "{'name': 'gone', 'id': 'x'}");
}

static void nulls_in_a_stored_identity_are_put_right_without_a_word(void **state)
{
    const Tfplugin6__ReadResource__Response *response =
        read_of(*state, STATE, "{'name': null, 'id': null}");
    assert_int_equal(response->n_diagnostics, 0);
    assert_identity(*state, response->new_identity, IDENTITY);
}

static void nulls_are_never_sent_in_an_identity(void **state)
{
    assert_null(read_of(*state, "{'name': 'plain'}", "{'name': null, 'id': null}")->new_identity);
}

/* ---- upgrade ---- */

static const Tfplugin6__UpgradeResourceIdentity__Response *
upgrade_of(struct glm_arena *arena, int64_t version, const char *json)
{
    Tfplugin6__UpgradeResourceIdentity__Request request =
        TFPLUGIN6__UPGRADE_RESOURCE_IDENTITY__REQUEST__INIT;
    Tfplugin6__RawState raw = TFPLUGIN6__RAW_STATE__INIT;
    char type_name[] = "fake_thing";
    raw.json.data = (uint8_t *)glm_strdup(arena, json);
    raw.json.len = strlen(json);
    request.type_name = type_name;
    request.version = version;
    request.raw_identity = &raw;
    return call(arena, "UpgradeResourceIdentity", &request.base,
                &tfplugin6__upgrade_resource_identity__response__descriptor);
}

static void a_stored_identity_comes_back_in_todays_type(void **state)
{
    assert_identity(
        *state, upgrade_of(*state, 2, "{\"name\":\"plain\",\"id\":\"here\"}")->upgraded_identity,
        IDENTITY);
    assert_identity(*state, upgrade_of(*state, 0, "{\"name\":null,\"id\":null}")->upgraded_identity,
                    "{'name': null, 'id': null}");
}

/* OpenTofu hands it on with what was moved. */
static void the_identity_of_another_resource_is_as_good_as_none(void **state)
{
    assert_identity(*state,
                    upgrade_of(*state, 1, "{\"kind\":\"X\",\"name\":\"plain\",\"id\":\"here\"}")
                        ->upgraded_identity,
                    "{'name': null, 'id': null}");
}

static void an_identity_that_cannot_be_upgraded_is_an_error(void **state)
{
    const Tfplugin6__UpgradeResourceIdentity__Response *newer =
        upgrade_of(*state, 3, "{\"name\":\"plain\"}");
    assert_one(newer->n_diagnostics, newer->diagnostics,
               "The identity is newer than this provider");
    assert_null(newer->upgraded_identity);
    const Tfplugin6__UpgradeResourceIdentity__Response *broken = upgrade_of(*state, 2, "{\"name");
    assert_true(broken->n_diagnostics > 0);
    assert_null(broken->upgraded_identity);
    const Tfplugin6__UpgradeResourceIdentity__Response *wrong =
        upgrade_of(*state, 2, "{\"name\":{\"a\":1}}");
    assert_true(wrong->n_diagnostics > 0);
    assert_null(wrong->upgraded_identity);
}

/* ---- import ---- */

static const Tfplugin6__ImportResourceState__Response *
import_of(struct glm_arena *arena, const char *id, const char *identity)
{
    Tfplugin6__ImportResourceState__Request request =
        TFPLUGIN6__IMPORT_RESOURCE_STATE__REQUEST__INIT;
    char type_name[] = "fake_thing";
    request.type_name = type_name;
    request.id = glm_strdup(arena, id);
    request.identity = identity ? identity_of(arena, identity) : NULL;
    return call(arena, "ImportResourceState", &request.base,
                &tfplugin6__import_resource_state__response__descriptor);
}

static void an_import_by_identity_brings_state_and_identity(void **state)
{
    const Tfplugin6__ImportResourceState__Response *response = import_of(*state, "", IDENTITY);
    assert_int_equal(response->n_diagnostics, 0);
    assert_int_equal(response->n_imported_resources, 1);
    assert_thing(*state, response->imported_resources[0]->state, STATE);
    assert_identity(*state, response->imported_resources[0]->identity, IDENTITY);
}

static void what_an_identity_may_leave_out_has_its_default(void **state)
{
    const Tfplugin6__ImportResourceState__Response *response =
        import_of(*state, "", "{'name': 'plain', 'id': null}");
    assert_int_equal(response->n_diagnostics, 0);
    assert_identity(*state, response->imported_resources[0]->identity,
                    "{'name': 'plain', 'id': 'somewhere'}");
}

static void assert_refused(const Tfplugin6__ImportResourceState__Response *response,
                           const char *summary, const char *attribute)
{
    assert_one(response->n_diagnostics, response->diagnostics, summary);
    assert_int_equal(response->n_imported_resources, 0);
    assert_int_equal(response->diagnostics[0]->attribute->n_steps, 1);
    assert_string_equal(response->diagnostics[0]->attribute->steps[0]->attribute_name, attribute);
}

static void a_wrong_or_missing_identity_is_refused_at_its_attribute(void **state)
{
    assert_refused(import_of(*state, "", "{'name': null, 'id': 'here'}"),
                   "Identity attribute missing", "name");
    assert_refused(import_of(*state, "", "{'name': 'Not A Name', 'id': null}"),
                   "Not a Kubernetes name", "name");
    Tfplugin6__ImportResourceState__Request request =
        TFPLUGIN6__IMPORT_RESOURCE_STATE__REQUEST__INIT;
    Tfplugin6__ResourceIdentityData identity = TFPLUGIN6__RESOURCE_IDENTITY_DATA__INIT;
    char type_name[] = "fake_thing";
    request.type_name = type_name;
    request.identity = &identity;
    identity.identity_data =
        packed(*state, identity_type(*state),
               glm_with(*state, glm_test_value(*state, IDENTITY), "id", &glm_unknown));
    assert_refused(call(*state, "ImportResourceState", &request.base,
                        &tfplugin6__import_resource_state__response__descriptor),
                   "Identity not known yet", "id");
}

static void an_import_by_id_does_not_ask_for_an_identity(void **state)
{
    const Tfplugin6__ImportResourceState__Response *response = import_of(*state, "plain", NULL);
    assert_int_equal(response->n_diagnostics, 0);
    assert_thing(*state, response->imported_resources[0]->state,
                 "{'name': 'plain', 'id': null, " NULLS "}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_identity_schema_says_what_an_import_needs),
        TEST(a_plan_with_unknown_parts_of_the_identity_sends_none),
        TEST(a_planned_destruction_keeps_the_identity),
        TEST(a_failed_plan_sends_no_identity),
        TEST(every_apply_brings_the_identity),
        TEST(an_apply_that_failed_half_way_brings_the_identity),
        TEST(an_apply_that_did_nothing_keeps_the_identity),
        TEST(every_read_brings_the_identity),
        TEST(nulls_in_a_stored_identity_are_put_right_without_a_word),
        TEST(nulls_are_never_sent_in_an_identity),
        TEST(a_stored_identity_comes_back_in_todays_type),
        TEST(the_identity_of_another_resource_is_as_good_as_none),
        TEST(an_identity_that_cannot_be_upgraded_is_an_error),
        TEST(an_import_by_identity_brings_state_and_identity),
        TEST(what_an_identity_may_leave_out_has_its_default),
        TEST(a_wrong_or_missing_identity_is_refused_at_its_attribute),
        TEST(an_import_by_id_does_not_ask_for_an_identity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
