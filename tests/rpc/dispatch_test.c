/* SPDX-License-Identifier: Apache-2.0
 *
 * Dispatch: requests as Terraform packs them go in as bytes, and what comes out is unpacked and
 * looked at. Behind it are the fake types.
 */
#include "test.h"

#include "../../provider/dispatch.h"
#include "fake_types.h"

#include <string.h>
#include <tfplugin6.pb-c.h>

#include "fake_types.c"

#define PROVIDER "/tfplugin6.Provider/"

static const char *const implemented[] = {
    "ApplyResourceChange",
    "CallFunction",
    "ConfigureProvider",
    "GetFunctions",
    "GetMetadata",
    "GetProviderSchema",
    "GetResourceIdentitySchemas",
    "ImportResourceState",
    "PlanResourceChange",
    "ReadDataSource",
    "ReadResource",
    "StopProvider",
    "UpgradeResourceState",
    "ValidateDataResourceConfig",
    "ValidateProviderConfig",
    "ValidateResourceConfig",
};

/* ---- helpers ---- */

static struct glm_provider *provider;

static int setup(void **state)
{
    provider = glm_provider_create();
    return glm_test_arena_setup(state);
}

static int teardown(void **state)
{
    glm_provider_destroy(provider);
    return glm_test_arena_teardown(state);
}

static void *allocate(void *arena, size_t size)
{
    return glm_alloc(arena, size);
}

static void release(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

static const void *unpack(struct glm_arena *arena, const ProtobufCMessageDescriptor *type,
                          const struct glm_rpc_reply *reply)
{
    ProtobufCAllocator allocator = {.alloc = allocate, .free = release, .allocator_data = arena};
    assert_int_equal(reply->status, GLM_RPC_OK);
    const void *message = protobuf_c_message_unpack(type, &allocator, reply->len, reply->bytes);
    assert_non_null(message);
    return message;
}

static const void *call(struct glm_arena *arena, const char *name, const ProtobufCMessage *request,
                        const ProtobufCMessageDescriptor *response)
{
    struct glm_rpc_reply reply;
    size_t len = protobuf_c_message_get_packed_size(request);
    uint8_t *bytes = glm_alloc(arena, len);
    protobuf_c_message_pack(request, bytes);
    glm_dispatch(provider, arena, glm_sprintf(arena, PROVIDER "%s", name), bytes, len, &reply);
    return unpack(arena, response, &reply);
}

static const struct glm_type *object(struct glm_arena *arena, const struct glm_attr *attrs)
{
    return glm_schema_type(arena, attrs);
}

static Tfplugin6__DynamicValue *packed(struct glm_arena *arena, const struct glm_type *type,
                                       const struct glm_value *v)
{
    struct glm_diags d;
    const void *bytes;
    size_t len;
    glm_diags_init(&d, arena);
    assert_true(glm_msgpack_encode(arena, type, v, &bytes, &len, &d));
    Tfplugin6__DynamicValue *message = GLM_NEW(arena, Tfplugin6__DynamicValue);
    tfplugin6__dynamic_value__init(message);
    message->msgpack.len = len;
    message->msgpack.data = glm_alloc(arena, len);
    memcpy(message->msgpack.data, bytes, len);
    return message;
}

static Tfplugin6__DynamicValue *thing_of(struct glm_arena *arena, const char *quoted_json)
{
    return packed(arena, object(arena, thing_attrs), glm_test_value(arena, quoted_json));
}

static const struct glm_value *unpacked(struct glm_arena *arena, const struct glm_type *type,
                                        const Tfplugin6__DynamicValue *message)
{
    struct glm_diags d;
    const struct glm_value *v;
    glm_diags_init(&d, arena);
    assert_non_null(message);
    assert_true(
        glm_msgpack_decode(arena, type, message->msgpack.data, message->msgpack.len, &v, &d));
    return v;
}

static void assert_thing(struct glm_arena *arena, const Tfplugin6__DynamicValue *message,
                         const char *quoted_json)
{
    const struct glm_value *v = unpacked(arena, object(arena, thing_attrs), message);
    glm_assert_value_equal(v, glm_test_value(arena, quoted_json));
}

static void assert_bytes(ProtobufCBinaryData data, const char *text)
{
    assert_int_equal(data.len, strlen(text));
    assert_memory_equal(data.data, text, data.len);
}

static void assert_one(size_t count, Tfplugin6__Diagnostic *const *messages, const char *summary)
{
    assert_int_equal(count, 1);
    assert_string_equal(messages[0]->summary, summary);
}

#define NULLS "'items': null, 'limits': null, 'tags': null"

/* ---- the table ---- */

static void unknown_methods_are_unimplemented(void **state)
{
    static const char *const names[] = {
        PROVIDER "MoveResourceState",
        PROVIDER "ListResource",
        PROVIDER "InvokeAction",
        PROVIDER "planresourcechange",
        PROVIDER "",
        PROVIDER "GetMetadata/",
        "GetMetadata",
        "",
        "/",
        "/tfplugin5.Provider/GetSchema",
        "/x\xff",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct glm_rpc_reply reply;
        glm_dispatch(provider, *state, names[i], NULL, 0, &reply);
        assert_int_equal(reply.status, GLM_RPC_UNIMPLEMENTED);
        assert_true(glm_utf8_valid(reply.message, strlen(reply.message)));
        assert_false(glm_dispatch_blocks(names[i]));
    }
}

static void garbage_is_an_invalid_argument_for_every_method(void **state)
{
    /* a field of a wire type that does not exist; a length beyond the end */
    static const uint8_t garbage[][4] = {{0x0f, 1, 2, 3}, {0x0a, 0xff, 0xff, 0x7f}};
    for (size_t i = 0; i < sizeof implemented / sizeof *implemented; i++)
        for (size_t g = 0; g < 2; g++) {
            struct glm_rpc_reply reply;
            glm_dispatch(provider, *state, glm_sprintf(*state, PROVIDER "%s", implemented[i]),
                         garbage[g], sizeof garbage[g], &reply);
            assert_int_equal(reply.status, GLM_RPC_INVALID_ARGUMENT);
            assert_non_null(strstr(reply.message, implemented[i]));
        }
}

static void an_empty_request_is_answered_by_every_method(void **state)
{
    for (size_t i = 0; i < sizeof implemented / sizeof *implemented; i++) {
        struct glm_rpc_reply reply;
        glm_dispatch(provider, *state, glm_sprintf(*state, PROVIDER "%s", implemented[i]), NULL, 0,
                     &reply);
        assert_int_equal(reply.status, GLM_RPC_OK);
    }
}

static void what_may_wait_never_runs_on_a_poller(void **state)
{
    (void)state;
    assert_true(glm_dispatch_blocks(PROVIDER "ApplyResourceChange"));
    assert_true(glm_dispatch_blocks(PROVIDER "ReadResource"));
    assert_true(glm_dispatch_blocks(PROVIDER "PlanResourceChange"));
    assert_true(glm_dispatch_blocks(PROVIDER "ConfigureProvider"));
    assert_false(glm_dispatch_blocks(PROVIDER "StopProvider"));
    assert_false(glm_dispatch_blocks(PROVIDER "GetProviderSchema"));
}

/* ---- schemas ---- */

static const Tfplugin6__Schema__Attribute *attribute(const Tfplugin6__Schema *schema,
                                                     const char *name)
{
    for (size_t i = 0; i < schema->block->n_attributes; i++)
        if (strcmp(schema->block->attributes[i]->name, name) == 0)
            return schema->block->attributes[i];
    fail_msg("no attribute %s", name);
    return NULL;
}

static const Tfplugin6__GetProviderSchema__Response *get_schema(struct glm_arena *arena)
{
    Tfplugin6__GetProviderSchema__Request request = TFPLUGIN6__GET_PROVIDER_SCHEMA__REQUEST__INIT;
    return call(arena, "GetProviderSchema", &request.base,
                &tfplugin6__get_provider_schema__response__descriptor);
}

static void the_schema_says_what_the_tables_say(void **state)
{
    const Tfplugin6__GetProviderSchema__Response *response = get_schema(*state);
    assert_int_equal(response->n_resource_schemas, 1);
    assert_string_equal(response->resource_schemas[0]->key, "fake_thing");
    const Tfplugin6__Schema *schema = response->resource_schemas[0]->value;
    assert_int_equal(schema->version, 3);
    assert_string_equal(schema->block->description, "A *thing*.");
    assert_int_equal(schema->block->description_kind, TFPLUGIN6__STRING_KIND__MARKDOWN);
    const Tfplugin6__Schema__Attribute *name = attribute(schema, "name");
    assert_true(name->required && !name->optional && !name->computed && !name->sensitive);
    assert_bytes(name->type, "\"string\"");
    const Tfplugin6__Schema__Attribute *id = attribute(schema, "id");
    assert_true(!id->required && !id->optional && id->computed);
    const Tfplugin6__Schema__Attribute *tags = attribute(schema, "tags");
    assert_true(tags->optional && tags->sensitive);
    assert_bytes(tags->type, "[\"map\",\"string\"]");
}

static void nested_attributes_have_a_nested_type_and_no_type(void **state)
{
    const Tfplugin6__GetProviderSchema__Response *response = get_schema(*state);
    const Tfplugin6__Schema *schema = response->resource_schemas[0]->value;
    const Tfplugin6__Schema__Attribute *items = attribute(schema, "items");
    assert_int_equal(items->type.len, 0);
    assert_int_equal(items->nested_type->nesting, TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__MAP);
    assert_int_equal(items->nested_type->n_attributes, 2);
    assert_string_equal(items->nested_type->attributes[0]->name, "active");
    assert_bytes(items->nested_type->attributes[0]->type, "\"bool\"");
    assert_int_equal(attribute(schema, "limits")->nested_type->nesting,
                     TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SINGLE);
}

static void the_provider_schema_capabilities_and_functions_are_sent(void **state)
{
    const Tfplugin6__GetProviderSchema__Response *response = get_schema(*state);
    assert_true(attribute(response->provider, "token")->sensitive);
    assert_true(response->server_capabilities->plan_destroy);
    assert_true(response->server_capabilities->get_provider_schema_optional);
    assert_false(response->server_capabilities->move_resource_state);
    assert_false(response->server_capabilities->generate_resource_config);
    assert_string_equal(response->data_source_schemas[0]->key, "fake_source");
    assert_int_equal(response->n_functions, 2);
    assert_string_equal(response->functions[0]->key, "echo");
    const Tfplugin6__Function *refuses = response->functions[1]->value;
    assert_int_equal(refuses->n_parameters, 2);
    assert_string_equal(refuses->parameters[1]->name, "second");
    assert_bytes(refuses->parameters[1]->type, "\"number\"");
    assert_bytes(refuses->return_->type, "\"dynamic\"");
    assert_false(refuses->parameters[0]->allow_unknown_values);
}

static void metadata_names_every_type(void **state)
{
    Tfplugin6__GetMetadata__Request request = TFPLUGIN6__GET_METADATA__REQUEST__INIT;
    const Tfplugin6__GetMetadata__Response *response =
        call(*state, "GetMetadata", &request.base, &tfplugin6__get_metadata__response__descriptor);
    assert_int_equal(response->n_resources, 1);
    assert_string_equal(response->resources[0]->type_name, "fake_thing");
    assert_string_equal(response->data_sources[0]->type_name, "fake_source");
    assert_string_equal(response->functions[1]->name, "refuse");
    assert_true(response->server_capabilities->plan_destroy);
}

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
    assert_one(response->n_diagnostics, response->diagnostics, "The import has no ID");
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
    assert_null(response->diagnostics[4]->attribute);
    assert_string_equal(response->diagnostics[4]->detail, "Everywhere.");
}

static void texts_are_always_utf8(void **state)
{
    const Tfplugin6__ValidateResourceConfig__Response *response =
        validate_of(*state, FAKE_BAD_TEXT);
    assert_int_equal(response->n_diagnostics, 1);
    assert_string_equal(response->diagnostics[0]->summary, "Bad \xef\xbf\xbd text");
    assert_string_equal(response->diagnostics[0]->detail, "It says \xef\xbf\xbd(.");
}

static void an_unknown_type_is_an_error_of_the_call(void **state)
{
    Tfplugin6__ReadDataSource__Request request = TFPLUGIN6__READ_DATA_SOURCE__REQUEST__INIT;
    char type_name[] = "fake_thing";
    request.type_name = type_name;
    const Tfplugin6__ReadDataSource__Response *response =
        call(*state, "ReadDataSource", &request.base,
             &tfplugin6__read_data_source__response__descriptor);
    assert_one(response->n_diagnostics, response->diagnostics, "Unknown data source");
    assert_non_null(strstr(response->diagnostics[0]->detail, "fake_thing"));
}

/* ---- data sources, functions, provider ---- */

static void a_data_source_reads_exact_numbers(void **state)
{
    Tfplugin6__ReadDataSource__Request request = TFPLUGIN6__READ_DATA_SOURCE__REQUEST__INIT;
    const struct glm_type *type = object(*state, source_attrs);
    char type_name[] = "fake_source";
    request.type_name = type_name;
    request.config = packed(*state, type, glm_test_value(*state, "{'name': 'x'}"));
    const Tfplugin6__ReadDataSource__Response *response =
        call(*state, "ReadDataSource", &request.base,
             &tfplugin6__read_data_source__response__descriptor);
    glm_assert_value_equal(
        unpacked(*state, type, response->state),
        glm_test_value(*state, "{'name': 'x', 'answer': 123456789012345678901234567890}"));
}

static const Tfplugin6__CallFunction__Response *call_function(struct glm_arena *arena,
                                                              const char *name, size_t count,
                                                              Tfplugin6__DynamicValue **arguments)
{
    Tfplugin6__CallFunction__Request request = TFPLUGIN6__CALL_FUNCTION__REQUEST__INIT;
    request.name = glm_strdup(arena, name);
    request.n_arguments = count;
    request.arguments = arguments;
    return call(arena, "CallFunction", &request.base,
                &tfplugin6__call_function__response__descriptor);
}

static void a_function_gets_its_arguments_by_type(void **state)
{
    Tfplugin6__DynamicValue *text =
        packed(*state, &glm_type_string, glm_string(*state, "over and out"));
    const Tfplugin6__CallFunction__Response *response = call_function(*state, "echo", 1, &text);
    assert_null(response->error);
    assert_string_equal(unpacked(*state, &glm_type_string, response->result)->as.text,
                        "over and out");
}

static void a_function_error_names_the_argument_and_ends_without_a_full_stop(void **state)
{
    Tfplugin6__DynamicValue *arguments[] = {
        packed(*state, &glm_type_dynamic, glm_test_value(*state, "{'a': [1]}")),
        packed(*state, &glm_type_number, glm_integer(*state, 2)),
    };
    const Tfplugin6__CallFunction__Response *response =
        call_function(*state, "refuse", 2, arguments);
    assert_null(response->result);
    assert_string_equal(response->error->text, "Refused: No second\nRefused again: No");
    assert_int_equal(response->error->which_case,
                     TFPLUGIN6__FUNCTION_ERROR__WHICH_FUNCTION_ARGUMENT);
    assert_int_equal(response->error->function_argument, 1);
}

static void a_function_called_wrongly_says_how(void **state)
{
    Tfplugin6__DynamicValue *number = packed(*state, &glm_type_number, glm_integer(*state, 2));
    const Tfplugin6__CallFunction__Response *response = call_function(*state, "echo", 1, &number);
    assert_null(response->result);
    assert_int_equal(response->error->function_argument, 0);
    assert_int_equal(response->error->which_case,
                     TFPLUGIN6__FUNCTION_ERROR__WHICH_FUNCTION_ARGUMENT);
    response = call_function(*state, "echo", 0, NULL);
    assert_non_null(strstr(response->error->text, "takes 1 arguments and was called with 0"));
    assert_int_equal(response->error->which_case, TFPLUGIN6__FUNCTION_ERROR__WHICH__NOT_SET);
    response = call_function(*state, "none", 0, NULL);
    assert_non_null(strstr(response->error->text, "\"none\""));
}

static void stop_is_heard_by_the_provider(void **state)
{
    Tfplugin6__StopProvider__Request request = TFPLUGIN6__STOP_PROVIDER__REQUEST__INIT;
    assert_false(glm_provider_stopped(provider));
    const Tfplugin6__StopProvider__Response *response = call(
        *state, "StopProvider", &request.base, &tfplugin6__stop_provider__response__descriptor);
    assert_string_equal(response->error, "");
    assert_true(glm_provider_stopped(provider));
}

static void the_provider_is_validated_and_configured(void **state)
{
    const struct glm_type *type = object(*state, provider_attrs);
    Tfplugin6__ValidateProviderConfig__Request validate =
        TFPLUGIN6__VALIDATE_PROVIDER_CONFIG__REQUEST__INIT;
    validate.config = packed(*state, type, glm_test_value(*state, "{'token': 'wrong'}"));
    const Tfplugin6__ValidateProviderConfig__Response *validated =
        call(*state, "ValidateProviderConfig", &validate.base,
             &tfplugin6__validate_provider_config__response__descriptor);
    assert_one(validated->n_diagnostics, validated->diagnostics, "Wrong token");
    Tfplugin6__ConfigureProvider__Request configure = TFPLUGIN6__CONFIGURE_PROVIDER__REQUEST__INIT;
    char version[] = "1.11.4";
    configure.terraform_version = version;
    configure.config = packed(*state, type, &glm_unknown);
    const Tfplugin6__ConfigureProvider__Response *configured =
        call(*state, "ConfigureProvider", &configure.base,
             &tfplugin6__configure_provider__response__descriptor);
    assert_int_equal(configured->n_diagnostics, 0);
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unknown_methods_are_unimplemented),
        TEST(garbage_is_an_invalid_argument_for_every_method),
        TEST(an_empty_request_is_answered_by_every_method),
        TEST(what_may_wait_never_runs_on_a_poller),
        TEST(the_schema_says_what_the_tables_say),
        TEST(nested_attributes_have_a_nested_type_and_no_type),
        TEST(the_provider_schema_capabilities_and_functions_are_sent),
        TEST(metadata_names_every_type),
        TEST(a_plan_brings_unknowns_private_bytes_and_replacements),
        TEST(a_planned_destruction_is_null_on_the_wire),
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
        TEST(a_flatmap_is_refused),
        TEST(an_import_brings_one_resource_or_an_error),
        TEST(a_deep_path_is_cut_to_what_terraform_can_show_and_told_in_the_text),
        TEST(texts_are_always_utf8),
        TEST(an_unknown_type_is_an_error_of_the_call),
        TEST(a_data_source_reads_exact_numbers),
        TEST(a_function_gets_its_arguments_by_type),
        TEST(a_function_error_names_the_argument_and_ends_without_a_full_stop),
        TEST(a_function_called_wrongly_says_how),
        TEST(stop_is_heard_by_the_provider),
        TEST(the_provider_is_validated_and_configured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
