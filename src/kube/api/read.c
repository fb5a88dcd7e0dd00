/* SPDX-License-Identifier: Apache-2.0
 *
 * What an API server has sent, read as values: within the memory that all large answers share, and for no
 * longer than somebody waits.
 *
 * Owner:  values live in the arena given.
 * Errors: the decoder's; none where it was ended.
 * Thread: any.
 */
#include "internal.h"

#include "glm/codec.h"

#define SMALL_TEXT ((size_t)16 << 10)   /* is not even counted */
#define SMALL_MEMORY ((size_t)16 << 20) /* takes no turn: most answers of most clusters */

struct answer_reading {
    const struct kube_api *api;
    const atomic_bool *cancel;
    int64_t until_ms;
};

static size_t values_max(const struct kube_text *text)
{
    return text->page ? KUBE_VALUES_MAX : KUBE_OBJECT_VALUES_MAX;
}

static bool goes_on(const void *context)
{
    const struct answer_reading *r = context;
    return !api_stopped(r->api) && !(r->cancel && atomic_load(r->cancel)) &&
           !kube_late(r->until_ms);
}

/* NULL: it was ended. */
static const struct glm_value *starred(struct kube_api *api, struct glm_arena *arena,
                                       const struct glm_json_limits *limits,
                                       const struct glm_value *value)
{
    const struct secrets *secrets;
    struct kube_learned *learned = api_learned(api, &secrets);
    if (secrets)
        value = exec_secrets_starred_answer(secrets, arena, limits->going, limits->context, value);
    api_forget(api, learned);
    return value;
}

static enum kube_read decode(struct kube_api *api, struct glm_arena *arena,
                             const struct kube_text *text, const struct glm_value **ret_value,
                             struct glm_diags *d)
{
    const struct answer_reading reading = {api, text->cancel, text->until_ms};
    const struct glm_json_limits limits = {.values = values_max(text),
                                           .foreign = true,
                                           .going = api ? goes_on : NULL,
                                           .context = &reading};
    const struct glm_value *value;
    size_t errors = d->errors;
    if (!glm_json_decode_within(arena, text->data, text->len, &limits, text->what, NULL, &value, d))
        return d->errors > errors ? KUBE_READ_NOT : KUBE_READ_ENDED;
    if (api)
        value = starred(api, arena, &limits, value);
    if (!value)
        return KUBE_READ_ENDED;
    *ret_value = value;
    return KUBE_READ;
}

/* What it takes while it is decoded, at the most: every value but the first of a text stands behind
 * one of these, or behind a key that does. */
static size_t memory_of(const struct kube_text *text)
{
    size_t values = 1;
    for (size_t i = 0; i < text->len; i++) {
        char c = text->data[i];
        values += c == ',' || c == '[' || c == '{';
    }
    if (values > values_max(text)) /* of which some are in texts; more are not read */
        values = values_max(text);
    return values * (GLM_JSON_NODE_BYTES + GLM_JSON_TREE_BYTES) + text->len * GLM_TEXT_COPIES;
}

/* Of one server, one large answer is read at a time: who has many does not stand before the others so
 * often. False: it is time to stop. */
static bool begin(struct kube_api *api, const struct answer_reading *reading)
{
    pthread_mutex_lock(&api->lock);
    while (api->reading && goes_on(reading))
        kube_cond_wait(&api->changed, &api->lock,
                       reading->until_ms ? reading->until_ms : INT64_MAX);
    bool going = goes_on(reading);
    api->reading |= going;
    pthread_mutex_unlock(&api->lock);
    return going;
}

static void end(struct kube_api *api)
{
    pthread_mutex_lock(&api->lock);
    api->reading = false;
    pthread_cond_broadcast(&api->changed);
    pthread_mutex_unlock(&api->lock);
}

enum kube_read api_read(struct kube_api *api, struct glm_arena *arena, const struct kube_text *text,
                        const struct glm_value **ret_value, struct glm_diags *d)
{
    struct glm_http *http = api ? api->config.http : NULL;
    size_t bytes = http && text->len > SMALL_TEXT ? memory_of(text) : 0;
    const struct answer_reading reading = {api, text->cancel, text->until_ms};
    enum kube_read read = KUBE_READ_ENDED;
    struct http_turn turn;
    if (bytes <= SMALL_MEMORY)
        return decode(api, arena, text, ret_value, d);
    if (!begin(api, &reading))
        return KUBE_READ_ENDED;
    if (http_turn_begin(http, bytes, text->cancel, text->until_ms, &turn)) {
        read = decode(api, arena, text, ret_value, d);
        http_turn_end(http, &turn);
    }
    end(api);
    return read;
}
