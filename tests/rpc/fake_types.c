/* SPDX-License-Identifier: Apache-2.0
 *
 * A stand-in for everything behind provider/provider.h, for tests of the RPC layer: one resource,
 * one data source and two functions that do on demand what real ones do on a bad day.
 * Linked before libprovider.a, it takes the place of the real tables.
 */
#include "fake_types.h"

#include "../../provider/provider.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct glm_provider {
    atomic_bool stopped;
};

struct glm_provider *glm_provider_create(void)
{
    struct glm_provider *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    return p;
}

void glm_provider_destroy(struct glm_provider *provider)
{
    free(provider);
}

void glm_provider_stop(struct glm_provider *provider)
{
    atomic_store(&provider->stopped, true);
}

bool glm_provider_stopped(const struct glm_provider *provider)
{
    return atomic_load(&provider->stopped);
}

/* ---- the provider itself ---- */

static const struct glm_attr provider_attrs[] = {
    {.name = "token",
     .type = &glm_type_string,
     .use = GLM_OPTIONAL | GLM_SENSITIVE,
     .doc = "A secret."},
    {0},
};
const struct glm_schema glm_provider_schema = {
    .name = "", .attrs = provider_attrs, .doc = "A provider that is not there."};

void glm_provider_validate(struct glm_call *call, const struct glm_value *config)
{
    if (glm_string_is(glm_get(config, "token"), "wrong"))
        glm_error(&call->diags, GLM_AT_ATTR(NULL, "token"), "Wrong token", "Use another.");
}

void glm_provider_configure(struct glm_call *call, const struct glm_value *config,
                            const char *terraform_version)
{
    (void)config;
    if (!*terraform_version)
        glm_warn(&call->diags, NULL, "No version", "Terraform did not say its version.");
}

/* ---- the resource ---- */

static const struct glm_attr item_attrs[] = {
    {.name = "active", .type = &glm_type_bool, .use = GLM_OPTIONAL, .doc = "Whether."},
    {.name = "weight", .type = &glm_type_number, .use = GLM_OPTIONAL, .doc = "How much."},
    {0},
};
static const struct glm_attr limits_attrs[] = {
    {.name = "max", .type = &glm_type_number, .use = GLM_OPTIONAL, .doc = "At most."},
    {0},
};
static const struct glm_attr thing_attrs[] = {
    {.name = "id", .type = &glm_type_string, .use = GLM_COMPUTED, .doc = "The name again."},
    {.name = "items",
     .nesting = GLM_NEST_MAP,
     .nested = item_attrs,
     .use = GLM_OPTIONAL,
     .doc = "Parts by name."},
    {.name = "limits",
     .nesting = GLM_NEST_SINGLE,
     .nested = limits_attrs,
     .use = GLM_OPTIONAL,
     .doc = "Bounds."},
    {.name = "name",
     .type = &glm_type_string,
     .use = GLM_REQUIRED | GLM_REPLACE,
     .doc = "What it does."},
    {.name = "tags",
     .type = &glm_type_map_of_string,
     .use = GLM_OPTIONAL | GLM_SENSITIVE,
     .doc = "Labels."},
    {0},
};
static const struct glm_schema thing_schema = {
    .name = "fake_thing", .version = 3, .attrs = thing_attrs, .doc = "A *thing*."};

static const struct glm_attr thing_identity_attrs[] = {
    {.name = "name",
     .type = &glm_type_string,
     .use = GLM_REQUIRED,
     .check = glm_check_dns_subdomain,
     .doc = "What it does."},
    {.name = "id",
     .type = &glm_type_string,
     .use = GLM_OPTIONAL,
     .fallback = "\"somewhere\"",
     .doc = "Where it is."},
    {0},
};
static const struct glm_schema thing_identity = {
    .name = "fake_thing", .version = 2, .attrs = thing_identity_attrs, .doc = "Which thing."};

static bool is(const struct glm_value *v, const char *name)
{
    return glm_string_is(glm_get(v, "name"), name);
}

static const struct glm_path *copied(struct glm_call *call, const struct glm_path *at)
{
    return glm_path_copy(call->arena, at);
}

static const struct glm_path *deep_path(struct glm_call *call)
{
    return copied(call, GLM_AT_ATTR(GLM_AT_KEY(GLM_AT_ATTR(NULL, "items"), "east"), "active"));
}

static void thing_validate(struct glm_call *call, const struct glm_value *config)
{
    if (is(config, FAKE_BAD_TEXT))
        glm_error(&call->diags, GLM_AT_ATTR(NULL, "name"), "Bad \xff text", "It says \xc3(.");
    if (is(config, FAKE_PARTIAL)) {
        glm_error(&call->diags, deep_path(call), "Deep", "Too deep.");
        glm_error(&call->diags, GLM_AT_KEY(GLM_AT_ATTR(NULL, "items"), "east"), "Key", "Fine.");
        glm_warn(&call->diags, GLM_AT_ATTR(GLM_AT_ATTR(NULL, "limits"), "max"), "Nested", "Cut.");
        glm_error(&call->diags, GLM_AT_INDEX(GLM_AT_ATTR(NULL, "tags"), 2), "Index", "Kept.");
        glm_error(&call->diags, NULL, "Root", "Everywhere.");
    }
}

static const struct glm_value *thing_upgrade(struct glm_call *call, int64_t version,
                                             const struct glm_value *state)
{
    if (is(state, FAKE_FORGETFUL)) {
        glm_error(&call->diags, NULL, "Cannot upgrade", "From version %lld.", (long long)version);
        return NULL;
    }
    return version < 2 ? glm_with(call->arena, state, "id", glm_string(call->arena, "upgraded"))
                       : state;
}

static void thing_plan(struct glm_call *call, struct glm_plan_call *plan)
{
    static const char *const replaced[] = {"name"};
    if (is(plan->config, FAKE_FORGETFUL)) {
        glm_error(&call->diags, GLM_AT_ATTR(NULL, "name"), "Cannot plan", "It forgot.");
        return;
    }
    plan->planned_private = (struct glm_bytes){.data = "planned", .len = 7};
    plan->planned = plan->config;
    if (!glm_is_null(plan->config))
        plan->planned = glm_with(call->arena, plan->config, "id", &glm_unknown);
    if (!glm_is_null(plan->prior) && !glm_is_null(plan->config) &&
        !glm_equal(glm_get(plan->prior, "name"), glm_get(plan->config, "name"))) {
        plan->replaced = replaced;
        plan->replaced_count = 1;
    }
}

static void wait_for_stop(struct glm_call *call)
{
    for (int i = 0; i < 6000 && !glm_provider_stopped(call->provider); i++)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    if (glm_provider_stopped(call->provider))
        glm_error(&call->diags, NULL, "Stopped", "As asked.");
}

static void thing_apply(struct glm_call *call, struct glm_apply_call *apply)
{
    apply->result_private = (struct glm_bytes){.data = "applied", .len = 7};
    if (glm_is_null(apply->planned)) {
        apply->result = &glm_null;
        return;
    }
    if (is(apply->planned, FAKE_FORGETFUL)) {
        glm_error(&call->diags, NULL, "Cannot apply", "It forgot.");
        return;
    }
    if (is(apply->planned, FAKE_BLOCKING))
        wait_for_stop(call);
    apply->result = glm_with(call->arena, apply->planned, "id", glm_get(apply->planned, "name"));
    if (is(apply->planned, FAKE_PARTIAL)) {
        apply->result = glm_with(call->arena, apply->result, "items", &glm_null);
        glm_error(&call->diags, deep_path(call), "Half done", "East did not answer.");
    }
}

static void thing_read(struct glm_call *call, struct glm_read_call *read)
{
    if (is(read->current, FAKE_FORGETFUL)) {
        glm_error(&call->diags, NULL, "Cannot read", "It forgot.");
        return;
    }
    read->result = is(read->current, FAKE_GONE) ? &glm_null : read->current;
    read->result_private = (struct glm_bytes){.data = "read", .len = 4};
    if (is(read->current, FAKE_PARTIAL))
        glm_error(&call->diags, NULL, "Half read", "East did not answer.");
}

static void thing_import(struct glm_call *call, struct glm_import_call *import)
{
    import->result = &glm_null;
    if (strcmp(import->id, FAKE_FORGETFUL) == 0) {
        glm_error(&call->diags, NULL, "Cannot import", "It forgot.");
        return;
    }
    import->result = import->identity;
    if (glm_is_null(import->identity))
        import->result =
            glm_with(call->arena, &glm_empty_map, "name", glm_string(call->arena, import->id));
    import->result_private = (struct glm_bytes){.data = "imported", .len = 8};
}

static void thing_move(struct glm_call *call, struct glm_move_call *move)
{
    move->result = glm_with(call->arena, &glm_empty_map, "name",
                            glm_string(call->arena, move->source_type));
}

static const struct glm_resource_type thing = {
    .schema = &thing_schema,
    .identity = &thing_identity,
    .validate = thing_validate,
    .upgrade = thing_upgrade,
    .plan = thing_plan,
    .apply = thing_apply,
    .read = thing_read,
    .import = thing_import,
    .move = thing_move,
};
const struct glm_resource_type *const glm_resource_types[] = {&thing, NULL};

/* ---- the data source ---- */

static const struct glm_attr source_attrs[] = {
    {.name = "name", .type = &glm_type_string, .use = GLM_REQUIRED, .doc = "Whose."},
    {.name = "answer", .type = &glm_type_number, .use = GLM_COMPUTED, .doc = "Exact."},
    {0},
};
static const struct glm_schema source_schema = {
    .name = "fake_source", .attrs = source_attrs, .doc = "A source."};

static void source_validate(struct glm_call *call, const struct glm_value *config)
{
    if (is(config, "wrong"))
        glm_error(&call->diags, GLM_AT_ATTR(NULL, "name"), "Wrong name", "Use another.");
}

static const struct glm_value *source_read(struct glm_call *call, const struct glm_value *config)
{
    static const char exact[] = "123456789012345678901234567890";
    return glm_with(call->arena, config, "answer",
                    glm_number(call->arena, exact, sizeof exact - 1));
}

static const struct glm_data_source_type source = {
    .schema = &source_schema, .validate = source_validate, .read = source_read};
const struct glm_data_source_type *const glm_data_source_types[] = {&source, NULL};

/* ---- functions ---- */

static const struct glm_parameter echo_parameters[] = {
    {.name = "text", .type = &glm_type_string, .doc = "Any."},
    {0},
};
static const struct glm_value *echo(struct glm_call *call, const struct glm_value *arguments)
{
    (void)call;
    return arguments->as.list[0];
}
static const struct glm_function_type function_echo = {
    .name = "echo",
    .parameters = echo_parameters,
    .result = &glm_type_string,
    .summary = "The same text",
    .doc = "Gives back what it got.",
    .run = echo,
};

static const struct glm_parameter refuse_parameters[] = {
    {.name = "first", .type = &glm_type_dynamic, .doc = "Fine."},
    {.name = "second", .type = &glm_type_number, .doc = "Refused."},
    {0},
};
static const struct glm_value *refuse(struct glm_call *call, const struct glm_value *arguments)
{
    (void)arguments;
    glm_warn(&call->diags, NULL, "Unheard", "Functions cannot warn.");
    glm_error(&call->diags, GLM_AT_ATTR(GLM_AT_INDEX(NULL, 1), "x"), "Refused", "No second.");
    glm_error(&call->diags, NULL, "Refused again", "No.");
    return NULL;
}
static const struct glm_function_type function_refuse = {
    .name = "refuse",
    .parameters = refuse_parameters,
    .result = &glm_type_dynamic,
    .summary = "No",
    .doc = "Always fails.",
    .run = refuse,
};
const struct glm_function_type *const glm_function_types[] = {&function_echo, &function_refuse,
                                                              NULL};
