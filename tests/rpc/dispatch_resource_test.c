/* SPDX-License-Identifier: Apache-2.0
 *
 * Dispatch of a resource's life: validate, plan, apply, read, upgrade, import; what reaches
 * Terraform when they fail, and how diagnostics travel.
 */
#include "dispatch_call.h"

/* ---- plan ---- */

static const Tfplugin6__PlanResourceChange__Response *
plan_of(struct glm_arena *arena, Tfplugin6__DynamicValue *prior, Tfplugin6__DynamicValue *config)
{
    Tfplugin6__PlanResourceChange__Request request = TFPLUGIN6__PLAN_RESOURCE_CHANGE__REQUEST__INIT;
    char type_name[] = "fake_thing";
    request.type_name = type_name;
    request.prior_state = prior;
    request.config = request.proposed_new_state = config;
    return call(arena, "PlanResourceChange", &request.base,
                &tfplugin6__plan_resource_change__response__descriptor);
}

static void a_plan_brings_unknowns_private_bytes_and_replacements(void **state)
{
    const Tfplugin6__PlanResourceChange__Response *response =
        plan_of(*state, thing_of(*state, "{'name': 'other', 'id': 'other'}"),
                thing_of(*state, "{'name': 'plain', 'items': {'a': {'weight': 1.5}}}"));
    assert_int_equal(response->n_diagnostics, 0);
    const struct glm_value *planned =
        unpacked(*state, object(*state, thing_attrs), response->planned_state);
    assert_true(glm_is_unknown(glm_get(planned, "id")));
    assert_true(glm_number_equal(glm_get_path(planned, "items", "a", "weight", NULL),
                                 glm_test_value(*state, "1.5")));
    assert_bytes(response->planned_private, "planned");
    assert_int_equal(response->n_requires_replace, 1);
    assert_int_equal(response->requires_replace[0]->n_steps, 1);
    assert_string_equal(response->requires_replace[0]->steps[0]->attribute_name, "name");
    assert_false(response->legacy_type_system);
}

static void a_planned_destruction_is_null_on_the_wire(void **state)
{
    Tfplugin6__DynamicValue *null = packed(*state, object(*state, thing_attrs), &glm_null);
    const Tfplugin6__PlanResourceChange__Response *response =
        plan_of(*state, thing_of(*state, "{'name': 'plain', 'id': 'plain'}"), null);
    assert_int_equal(response->planned_state->msgpack.len, 1);
    assert_int_equal(response->planned_state->msgpack.data[0], 0xc0);
}

static void a_failed_plan_has_an_error_and_no_state(void **state)
{
    const Tfplugin6__PlanResourceChange__Response *response =
        plan_of(*state, NULL, thing_of(*state, "{'name': '" FAKE_FORGETFUL "'}"));
    assert_one(response->n_diagnostics, response->diagnostics, "Cannot plan");
    assert_int_equal(response->diagnostics[0]->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR);
    assert_null(response->planned_state);
}

static void a_value_that_is_no_msgpack_is_an_error_of_the_call(void **state)
{
    Tfplugin6__DynamicValue broken = TFPLUGIN6__DYNAMIC_VALUE__INIT;
    uint8_t bytes[] = {0xc1, 0xff};
    broken.msgpack = (ProtobufCBinaryData){.len = sizeof bytes, .data = bytes};
    const Tfplugin6__PlanResourceChange__Response *response = plan_of(*state, NULL, &broken);
    assert_true(response->n_diagnostics > 0);
    assert_null(response->planned_state);
}

/* A configuration with a text of so many bytes. */
static Tfplugin6__DynamicValue *thing_with_text(struct glm_arena *arena, size_t len)
{
    char *text = glm_alloc(arena, len + 1);
    memset(text, 'x', len);
    const struct glm_value *v = glm_with_path(arena, glm_test_value(arena, "{'name': 'plain'}"),
                                              glm_string(arena, text), "tags", "text", NULL);
    return packed(arena, object(arena, thing_attrs), v);
}

static void a_large_value_arrives_whole_between_what_is_small(void **state)
{
    static const size_t sizes[] = {1000, (size_t)60 << 10, (size_t)64 << 10, (size_t)3 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const Tfplugin6__PlanResourceChange__Response *response =
            plan_of(*state, thing_of(*state, "{'name': 'other', 'id': 'other'}"),
                    thing_with_text(*state, sizes[i]));
        assert_int_equal(response->n_diagnostics, 0);
        const struct glm_value *planned =
            unpacked(*state, object(*state, thing_attrs), response->planned_state);
        const struct glm_value *text = glm_get_path(planned, "tags", "text", NULL);
        assert_int_equal(text->len, sizes[i]);
        assert_int_equal(strspn(text->as.text, "x"), sizes[i]);
        assert_bytes(response->planned_private, "planned");
        assert_int_equal(response->n_requires_replace, 1);
    }
}

static bool goes_before_the_reply(struct glm_arena *arena, size_t len)
{
    Tfplugin6__PlanResourceChange__Request request = TFPLUGIN6__PLAN_RESOURCE_CHANGE__REQUEST__INIT;
    char type_name[] = "fake_thing";
    struct glm_arena *GLM_AUTO_ARENA work = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_request read;
    struct glm_rpc_reply reply;
    request.type_name = type_name;
    request.config = request.proposed_new_state = thing_with_text(arena, len);
    size_t size = protobuf_c_message_get_packed_size(&request.base);
    uint8_t *bytes = glm_alloc(arena, size);
    protobuf_c_message_pack(&request.base, bytes);
    assert_true(glm_dispatch_read(work, PROVIDER "PlanResourceChange", bytes, size, &read, &reply));
    glm_dispatch_run(provider, &work, arena, &read, &reply);
    assert_int_equal(reply.status, GLM_RPC_OK);
    return work == NULL;
}

static void what_made_a_large_reply_goes_before_that_is_copied(void **state)
{
    assert_true(goes_before_the_reply(*state, (size_t)1 << 20));
    assert_false(goes_before_the_reply(*state, 10)); /* which is one copy less */
}

/* ---- apply ---- */

static const Tfplugin6__ApplyResourceChange__Response *
apply_of(struct glm_arena *arena, Tfplugin6__DynamicValue *prior, Tfplugin6__DynamicValue *planned)
{
    Tfplugin6__ApplyResourceChange__Request request =
        TFPLUGIN6__APPLY_RESOURCE_CHANGE__REQUEST__INIT;
    char type_name[] = "fake_thing";
    uint8_t private[] = "from-plan";
    request.type_name = type_name;
    request.prior_state = prior;
    request.planned_state = request.config = planned;
    request.planned_private = (ProtobufCBinaryData){.len = sizeof private - 1, .data = private};
    return call(arena, "ApplyResourceChange", &request.base,
                &tfplugin6__apply_resource_change__response__descriptor);
}

static void an_apply_with_errors_still_brings_what_was_done(void **state)
{
    const Tfplugin6__ApplyResourceChange__Response *response =
        apply_of(*state, packed(*state, object(*state, thing_attrs), &glm_null),
                 thing_of(*state, "{'name': '" FAKE_PARTIAL "', 'items': {'east': {}}}"));
    assert_one(response->n_diagnostics, response->diagnostics, "Half done");
    assert_thing(*state, response->new_state, "{'name': 'partial', 'id': 'partial', " NULLS "}");
    assert_bytes(response->private_, "applied");
}

static void an_apply_without_a_result_keeps_the_prior_state(void **state)
{
    const Tfplugin6__ApplyResourceChange__Response *response =
        apply_of(*state, thing_of(*state, "{'name': 'plain', 'id': 'before'}"),
                 thing_of(*state, "{'name': '" FAKE_FORGETFUL "'}"));
    assert_one(response->n_diagnostics, response->diagnostics, "Cannot apply");
    assert_thing(*state, response->new_state, "{'name': 'plain', 'id': 'before', " NULLS "}");
}

static void an_apply_that_cannot_be_understood_changes_nothing(void **state)
{
    Tfplugin6__DynamicValue broken = TFPLUGIN6__DYNAMIC_VALUE__INIT;
    uint8_t bytes[] = {0xc1};
    broken.msgpack = (ProtobufCBinaryData){.len = sizeof bytes, .data = bytes};
    const Tfplugin6__ApplyResourceChange__Response *response =
        apply_of(*state, thing_of(*state, "{'name': 'plain', 'id': 'before'}"), &broken);
    assert_true(response->n_diagnostics > 0);
    assert_thing(*state, response->new_state, "{'name': 'plain', 'id': 'before', " NULLS "}");
    assert_bytes(response->private_, "from-plan");
}

static void a_destroy_ends_with_null(void **state)
{
    Tfplugin6__DynamicValue *null = packed(*state, object(*state, thing_attrs), &glm_null);
    const Tfplugin6__ApplyResourceChange__Response *response =
        apply_of(*state, thing_of(*state, "{'name': 'plain'}"), null);
    assert_int_equal(response->n_diagnostics, 0);
    assert_int_equal(response->new_state->msgpack.data[0], 0xc0);
}

/* ---- read ---- */

static const Tfplugin6__ReadResource__Response *read_of(struct glm_arena *arena, const char *name)
{
    Tfplugin6__ReadResource__Request request = TFPLUGIN6__READ_RESOURCE__REQUEST__INIT;
    char type_name[] = "fake_thing";
    uint8_t private[] = "kept";
    request.type_name = type_name;
    request.current_state = thing_of(arena, glm_sprintf(arena, "{'name': '%s'}", name));
    request.private_ = (ProtobufCBinaryData){.len = sizeof private - 1, .data = private};
    return call(arena, "ReadResource", &request.base,
                &tfplugin6__read_resource__response__descriptor);
}

static void a_read_that_fails_never_drops_the_resource(void **state)
{
    const Tfplugin6__ReadResource__Response *response = read_of(*state, FAKE_FORGETFUL);
    assert_one(response->n_diagnostics, response->diagnostics, "Cannot read");
    assert_thing(*state, response->new_state, "{'name': 'forgetful', 'id': null, " NULLS "}");
    assert_bytes(response->private_, "kept");
}

static void a_read_brings_state_and_private_bytes_beside_errors(void **state)
{
    const Tfplugin6__ReadResource__Response *response = read_of(*state, FAKE_PARTIAL);
    assert_one(response->n_diagnostics, response->diagnostics, "Half read");
    assert_thing(*state, response->new_state, "{'name': 'partial', 'id': null, " NULLS "}");
    assert_bytes(response->private_, "read");
}

static void a_resource_that_is_gone_reads_as_null(void **state)
{
    const Tfplugin6__ReadResource__Response *response = read_of(*state, FAKE_GONE);
    assert_int_equal(response->n_diagnostics, 0);
    assert_int_equal(response->new_state->msgpack.len, 1);
    assert_int_equal(response->new_state->msgpack.data[0], 0xc0);
}

/* ---- upgrade ---- */

static const Tfplugin6__UpgradeResourceState__Response *
upgrade_of(struct glm_arena *arena, int64_t version, const char *json)
{
    Tfplugin6__UpgradeResourceState__Request request =
        TFPLUGIN6__UPGRADE_RESOURCE_STATE__REQUEST__INIT;
    Tfplugin6__RawState raw = TFPLUGIN6__RAW_STATE__INIT;
    char type_name[] = "fake_thing";
    raw.json.data = (uint8_t *)glm_strdup(arena, json);
    raw.json.len = strlen(json);
    request.type_name = type_name;
    request.version = version;
    request.raw_state = &raw;
    return call(arena, "UpgradeResourceState", &request.base,
                &tfplugin6__upgrade_resource_state__response__descriptor);
}

static void a_state_written_as_json_comes_back_in_todays_type(void **state)
{
    const Tfplugin6__UpgradeResourceState__Response *response =
        upgrade_of(*state, 1, "{\"name\":\"plain\",\"tags\":{\"a\":\"b\"}}");
    assert_int_equal(response->n_diagnostics, 0);
    assert_thing(*state, response->upgraded_state,
                 "{'name': 'plain', 'id': 'upgraded', 'items': null, 'limits': null, "
                 "'tags': {'a': 'b'}}");
}

static void a_state_that_cannot_be_upgraded_is_an_error(void **state)
{
    const Tfplugin6__UpgradeResourceState__Response *refused =
        upgrade_of(*state, 2, "{\"name\":\"" FAKE_FORGETFUL "\"}");
    assert_one(refused->n_diagnostics, refused->diagnostics, "Cannot upgrade");
    assert_null(refused->upgraded_state);
    const Tfplugin6__UpgradeResourceState__Response *broken = upgrade_of(*state, 3, "{\"name\":");
    assert_true(broken->n_diagnostics > 0);
    assert_null(broken->upgraded_state);
}

/* Somebody has edited it: nothing that the provider has made. */
static void a_state_with_what_there_is_not_is_an_error_about_the_state(void **state)
{
    static const char *const edited[] = {
        "{\"name\":\"plain\",\"colour\":\"red\"}",
        "{\"name\":\"plain\",\"tags\":[\"a\"]}",
        "{\"name\":5}",
    };
    for (size_t i = 0; i < sizeof edited / sizeof *edited; i++) {
        const Tfplugin6__UpgradeResourceState__Response *refused = upgrade_of(*state, 1, edited[i]);
        assert_one(refused->n_diagnostics, refused->diagnostics,
                   "The state is not as it was written");
        assert_null(strstr(refused->diagnostics[0]->detail, "bug"));
        assert_null(refused->upgraded_state);
    }
}

static void a_flatmap_is_refused(void **state)
{
    Tfplugin6__UpgradeResourceState__Request request =
        TFPLUGIN6__UPGRADE_RESOURCE_STATE__REQUEST__INIT;
    Tfplugin6__RawState raw = TFPLUGIN6__RAW_STATE__INIT;
    Tfplugin6__RawState__FlatmapEntry entry = TFPLUGIN6__RAW_STATE__FLATMAP_ENTRY__INIT;
    Tfplugin6__RawState__FlatmapEntry *entries[] = {&entry};
    char type_name[] = "fake_thing", key[] = "id", value[] = "x";
    entry.key = key;
    entry.value = value;
    raw.n_flatmap = 1;
    raw.flatmap = entries;
    request.type_name = type_name;
    request.raw_state = &raw;
    const Tfplugin6__UpgradeResourceState__Response *response =
        call(*state, "UpgradeResourceState", &request.base,
             &tfplugin6__upgrade_resource_state__response__descriptor);
    assert_one(response->n_diagnostics, response->diagnostics, "The state is too old");
}

/* ---- import ---- */

static const Tfplugin6__ImportResourceState__Response *import_of(struct glm_arena *arena, char *id)
{
    Tfplugin6__ImportResourceState__Request request =
        TFPLUGIN6__IMPORT_RESOURCE_STATE__REQUEST__INIT;
    char type_name[] = "fake_thing";
    request.type_name = type_name;
    request.id = id;
    return call(arena, "ImportResourceState", &request.base,
                &tfplugin6__import_resource_state__response__descriptor);
}

static void an_import_brings_one_resource_or_an_error(void **state)
{
    char plain[] = "plain", forgetful[] = FAKE_FORGETFUL, empty[] = "";
    const Tfplugin6__ImportResourceState__Response *response = import_of(*state, plain);
    assert_int_equal(response->n_imported_resources, 1);
    assert_string_equal(response->imported_resources[0]->type_name, "fake_thing");
    assert_bytes(response->imported_resources[0]->private_, "imported");
    assert_thing(*state, response->imported_resources[0]->state,
                 "{'name': 'plain', 'id': null, " NULLS "}");
    response = import_of(*state, forgetful);
    assert_int_equal(response->n_imported_resources, 0);
    assert_one(response->n_diagnostics, response->diagnostics, "Cannot import");
    response = import_of(*state, empty);
    assert_int_equal(response->n_imported_resources, 0);
    assert_one(response->n_diagnostics, response->diagnostics, "Nothing says what to import");
}

/* ---- generated configuration ---- */

static void generated_configuration_leaves_out_what_is_computed(void **state)
{
    Tfplugin6__GenerateResourceConfig__Request request =
        TFPLUGIN6__GENERATE_RESOURCE_CONFIG__REQUEST__INIT;
    char type_name[] = "fake_thing";
    request.type_name = type_name;
    request.state = thing_of(*state, "{'name': 'plain', 'id': 'here', 'items': {'a': {}}}");
    const Tfplugin6__GenerateResourceConfig__Response *response =
        call(*state, "GenerateResourceConfig", &request.base,
             &tfplugin6__generate_resource_config__response__descriptor);
    assert_int_equal(response->n_diagnostics, 0);
    assert_thing(*state, response->config,
                 "{'name': 'plain', 'id': null, 'items': {'a': {'active': null, 'weight': null}},"
                 " 'limits': null, 'tags': null}");
}

/* ---- validate: how diagnostics travel ---- */

static const Tfplugin6__ValidateResourceConfig__Response *validate_of(struct glm_arena *arena,
                                                                      const char *name)
{
    Tfplugin6__ValidateResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    char type_name[] = "fake_thing";
    request.type_name = type_name;
    request.config = thing_of(arena, glm_sprintf(arena, "{'name': '%s'}", name));
    return call(arena, "ValidateResourceConfig", &request.base,
                &tfplugin6__validate_resource_config__response__descriptor);
}

static void a_deep_path_is_cut_to_what_terraform_can_show_and_told_in_the_text(void **state)
{
    const Tfplugin6__ValidateResourceConfig__Response *response = validate_of(*state, FAKE_PARTIAL);
    assert_int_equal(response->n_diagnostics, 5);
    const Tfplugin6__Diagnostic *deep = response->diagnostics[0];
    assert_int_equal(deep->attribute->n_steps, 2);
    assert_string_equal(deep->attribute->steps[0]->attribute_name, "items");
    assert_string_equal(deep->attribute->steps[1]->element_key_string, "east");
    assert_string_equal(deep->detail, "At items[\"east\"].active: Too deep.");
    const Tfplugin6__Diagnostic *key = response->diagnostics[1];
    assert_int_equal(key->attribute->n_steps, 2);
    assert_string_equal(key->detail, "At items[\"east\"]: Fine.");
    const Tfplugin6__Diagnostic *nested = response->diagnostics[2];
    assert_int_equal(nested->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING);
    assert_int_equal(nested->attribute->n_steps, 1);
    assert_string_equal(nested->detail, "At limits.max: Cut.");
    const Tfplugin6__Diagnostic *index = response->diagnostics[3];
    assert_int_equal(index->attribute->n_steps, 2);
    assert_int_equal(index->attribute->steps[1]->element_key_int, 2);
    assert_string_equal(index->detail, "At tags[2]: Kept.");
    assert_null(response->diagnostics[4]->attribute);
    assert_string_equal(response->diagnostics[4]->detail, "Everywhere.");
}

static void texts_are_always_utf8(void **state)
{
    const Tfplugin6__ValidateResourceConfig__Response *response =
        validate_of(*state, FAKE_BAD_TEXT);
    assert_int_equal(response->n_diagnostics, 1);
    assert_string_equal(response->diagnostics[0]->summary, "Bad \\xff text");
    assert_string_equal(response->diagnostics[0]->detail, "It says \\xc3(.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_plan_brings_unknowns_private_bytes_and_replacements),
        TEST(a_planned_destruction_is_null_on_the_wire),
        TEST(a_large_value_arrives_whole_between_what_is_small),
        TEST(what_made_a_large_reply_goes_before_that_is_copied),
        TEST(a_failed_plan_has_an_error_and_no_state),
        TEST(a_value_that_is_no_msgpack_is_an_error_of_the_call),
        TEST(an_apply_with_errors_still_brings_what_was_done),
        TEST(an_apply_without_a_result_keeps_the_prior_state),
        TEST(an_apply_that_cannot_be_understood_changes_nothing),
        TEST(a_destroy_ends_with_null),
        TEST(a_read_that_fails_never_drops_the_resource),
        TEST(a_read_brings_state_and_private_bytes_beside_errors),
        TEST(a_resource_that_is_gone_reads_as_null),
        TEST(a_state_written_as_json_comes_back_in_todays_type),
        TEST(a_state_that_cannot_be_upgraded_is_an_error),
        TEST(a_state_with_what_there_is_not_is_an_error_about_the_state),
        TEST(a_flatmap_is_refused),
        TEST(an_import_brings_one_resource_or_an_error),
        TEST(generated_configuration_leaves_out_what_is_computed),
        TEST(a_deep_path_is_cut_to_what_terraform_can_show_and_told_in_the_text),
        TEST(texts_are_always_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
