/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of servers that would have them go on for ever: each is given up, and says why. Against a
 * fake API server.
 */
#include "../../src/kube/http/http.h"
#include "live_case.h"

#include <sys/socket.h>

enum { SAME, TWO_IN_TURN, EMPTY, ALWAYS_NEW, LARGE, LONG_TOKEN };

static const char *page_of(struct glm_arena *arena, const char *token, size_t from, size_t count)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)16 << 20);
    glm_text_addf(
        &text,
        "{\"apiVersion\":\"v1\",\"kind\":\"ServiceList\",\"metadata\":{\"continue\":\"%s\"},"
        "\"items\":[",
        token);
    for (size_t i = 0; i < count; i++)
        glm_text_addf(&text, "%s{\"metadata\":{\"name\":\"s-%zu\",\"namespace\":\"n\"}}",
                      i ? "," : "", from + i);
    glm_text_adds(&text, "]}");
    return text.data;
}

static const char *long_token(struct glm_arena *arena)
{
    char *token = glm_alloc(arena, 20001);
    memset(token, 'x', 20000);
    return token;
}

static bool script(struct fake_objects *o, struct fake_call *call)
{
    if (!strstr(call->path, "services"))
        return false;
    struct glm_arena *arena = call->arena;
    size_t n = fake_apiserver_calls(&o->server, "GET", "services");
    const char *body = "{}";
    switch (atomic_load(&o->mode)) {
    case SAME:
        body = page_of(arena, "again", n, 1);
        break;
    case TWO_IN_TURN:
        body = page_of(arena, n % 2 ? "odd" : "even", n, 1);
        break;
    case EMPTY:
        body = page_of(arena, glm_sprintf(arena, "%zu", n), 0, 0);
        break;
    case ALWAYS_NEW:
        body = page_of(arena, glm_sprintf(arena, "%zu", n), n, 1);
        break;
    case LARGE:
        body = page_of(arena, glm_sprintf(arena, "%zu", n), n * 10000, 10000);
        break;
    default:
        body = page_of(arena, long_token(arena), n, 1);
        break;
    }
    fake_answer(call, 200, "", body);
    return true;
}

static void lists_without_an_end_are_given_up(void **state)
{
    static const struct {
        int mode;
        unsigned most; /* requests */
        const char *why;
    } cases[] = {
        {SAME, 2, "it goes on from a place that it has gone on from before"},
        {TWO_IN_TURN, 3, "it goes on from a place that it has gone on from before"},
        {EMPTY, 10, "10 pages in a row had no object"},
        {ALWAYS_NEW, 401, "it has more than 400 pages"},
        {LARGE, 6, "it has more than 50000 objects"},
        {LONG_TOKEN, 1, "the place to go on from is longer than 16384 bytes"},
    };
    struct live_case *c = *state;
    c->objects.script = script;
    unsigned before = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        atomic_store(&c->objects.mode, cases[i].mode);
        live_case_again(c, NULL, 0);
        const char *said = live_case_list(c, GLM_KIND_SERVICE, NULL);
        if (!strstr(said, cases[i].why) || !strstr(said, "Cannot list Services"))
            fail_msg("%s", said);
        unsigned calls = live_case_calls(c, "GET", "services");
        assert_in_range(calls - before, 1, cases[i].most);
        before = calls;
    }
}

/* Announces more than is read of one answer, unless few objects are asked for. */
static bool large_pages(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    const char *limit = strstr(call->query, "limit=");
    if (!strstr(call->path, "services"))
        return false;
    if (limit && strtoul(limit + strlen("limit="), NULL, 10) <= 20) {
        bool last = strstr(call->query, "continue=") != NULL;
        fake_answer(call, 200, "", page_of(call->arena, last ? "" : "more", last ? 20 : 0, 20));
        return true;
    }
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                               "Content-Length: 9000000000\r\n\r\n{";
    (void)!send(call->socket, head, sizeof head - 1, MSG_NOSIGNAL);
    call->ended = true;
    return true;
}

static void pages_that_are_too_large_are_asked_for_in_smaller_ones(void **state)
{
    struct live_case *c = *state;
    c->objects.script = large_pages;
    const char *names = live_case_list(c, GLM_KIND_SERVICE, NULL);
    if (strncmp(names, "s-0 s-1 s-10 ", 13) != 0 || !strstr(names, " s-39"))
        fail_msg("%s", names);
    /* 500, 100, 20 of the first, and the second as few at once */
    assert_int_equal(live_case_calls(c, "GET", "services"), 4);
}

/* Pages of a megabyte each, twenty of them. */
static bool many_pages(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (!strstr(call->path, "services"))
        return false;
    struct glm_text text;
    const char *from = strstr(call->query, "continue=");
    size_t page = from ? strtoul(from + strlen("continue="), NULL, 10) : 0;
    glm_text_init(&text, call->arena, SIZE_MAX / 4);
    glm_text_addf(&text,
                  "{\"apiVersion\":\"v1\",\"kind\":\"ServiceList\",\"metadata\":{\"continue\":\""
                  "%s\"},\"items\":[{\"metadata\":{\"name\":\"s-%zu\",\"namespace\":\"n\"},\"x\":"
                  "[1",
                  page < 19 ? glm_sprintf(call->arena, "%zu", page + 1) : "", page);
    for (size_t i = 0; i < 20000; i++)
        glm_text_adds(&text, ",{\"a\":\"b\"}");
    glm_text_adds(&text, "]}]}");
    fake_answer(call, 200, "", text.data);
    return true;
}

/* One cluster's lists are too large beside those of the others; small ones are still read. */
static void lists_of_all_clusters_have_a_ceiling_together(void **state)
{
    struct live_case *c = *state;
    struct http_kept others = {.http = c->http};
    c->objects.script = many_pages;
    assert_true(http_keep(&others, (size_t)900 << 20));
    http_keep_at_most(c->http, (size_t)930 << 20);
    const char *said = live_case_list(c, GLM_KIND_SERVICE, NULL);
    if (!strstr(said, "is not read to its end: its ") || !strstr(said, " beside 900 MiB of what "))
        fail_msg("%s", said);
    assert_int_equal(http_keeps(c->http),
                     (size_t)900 << 20); /* nothing stays of it but the words */
    c->objects.script = NULL;
    live_case_put_iop(c, "a", "p");
    live_case_again(c, NULL, 0);
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a");
    http_keep_nothing(&others);
    c->objects.script = many_pages;
    live_case_again(c, NULL, 0);
    assert_non_null(strstr(live_case_list(c, GLM_KIND_SERVICE, NULL), "s-19"));
    assert_true(http_keeps(c->http) > (size_t)30 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists_without_an_end_are_given_up, live_case_setup,
                                        live_case_teardown),
        cmocka_unit_test_setup_teardown(lists_of_all_clusters_have_a_ceiling_together,
                                        live_case_setup, live_case_teardown),
        cmocka_unit_test_setup_teardown(pages_that_are_too_large_are_asked_for_in_smaller_ones,
                                        live_case_setup, live_case_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
