/* SPDX-License-Identifier: Apache-2.0
 *
 * Dispatch: requests as Terraform packs them go in as bytes, and what comes out is unpacked and
 * looked at: every method, schemas, data sources, functions, the provider itself.
 */
#include "dispatch_call.h"

static const char *const implemented[] = {
    "ApplyResourceChange",
    "CallFunction",
    "ConfigureProvider",
    "GenerateResourceConfig",
    "GetFunctions",
    "GetMetadata",
    "GetProviderSchema",
    "GetResourceIdentitySchemas",
    "ImportResourceState",
    "MoveResourceState",
    "PlanResourceChange",
    "ReadDataSource",
    "ReadResource",
    "StopProvider",
    "UpgradeResourceIdentity",
    "UpgradeResourceState",
    "ValidateDataResourceConfig",
    "ValidateProviderConfig",
    "ValidateResourceConfig",
};

/* ---- the table ---- */

static void unknown_methods_are_unimplemented(void **state)
{
    static const char *const names[] = {
        PROVIDER "ValidateListResourceConfig",
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

static void a_text_with_a_nul_is_refused_and_not_cut(void **state)
{
    /* ValidateResourceConfig with the type name "thing\0x", ImportResourceState with an ID. */
    static const uint8_t type_name[] = {0x0a, 7, 't', 'h', 'i', 'n', 'g', 0, 'x'};
    static const uint8_t id[] = {0x0a, 5, 't', 'h', 'i', 'n', 'g', 0x12, 4, 'a', '/', 'b', 0};
    static const struct {
        const char *method;
        const uint8_t *bytes;
        size_t len;
    } cases[] = {{"ValidateResourceConfig", type_name, sizeof type_name},
                 {"ImportResourceState", id, sizeof id}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_rpc_reply reply;
        glm_dispatch(provider, *state, glm_sprintf(*state, PROVIDER "%s", cases[i].method),
                     cases[i].bytes, cases[i].len, &reply);
        assert_int_equal(reply.status, GLM_RPC_INVALID_ARGUMENT);
        assert_non_null(strstr(reply.message, "has a NUL character"));
    }
}

static void a_request_of_tiny_parts_takes_memory_by_its_size(void **state)
{
    /* CallFunction with a million arguments without anything in them, two bytes each */
    size_t len = 2000000;
    uint8_t *bytes = glm_alloc(*state, len);
    for (size_t i = 0; i < len; i += 2)
        bytes[i] = 0x12;
    size_t before = glm_arena_used(*state);
    struct glm_rpc_reply reply;
    struct glm_request request;
    assert_false(glm_dispatch_read(*state, PROVIDER "CallFunction", bytes, len, &request, &reply));
    assert_int_equal(reply.status, GLM_RPC_INVALID_ARGUMENT);
    assert_true(glm_arena_used(*state) - before < 4 * len);
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
    assert_true(response->server_capabilities->move_resource_state);
    assert_true(response->server_capabilities->generate_resource_config);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unknown_methods_are_unimplemented),
        TEST(garbage_is_an_invalid_argument_for_every_method),
        TEST(a_text_with_a_nul_is_refused_and_not_cut),
        TEST(a_request_of_tiny_parts_takes_memory_by_its_size),
        TEST(an_empty_request_is_answered_by_every_method),
        TEST(what_may_wait_never_runs_on_a_poller),
        TEST(the_schema_says_what_the_tables_say),
        TEST(nested_attributes_have_a_nested_type_and_no_type),
        TEST(the_provider_schema_capabilities_and_functions_are_sent),
        TEST(metadata_names_every_type),
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
