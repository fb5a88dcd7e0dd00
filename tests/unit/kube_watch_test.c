/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines of a watch, in pieces that end anywhere; and snapshots, which they make.
 */
#include "../../src/kube/store/internal.h"
#include "test.h"

#include <string.h>

struct heard {
    struct watch_lines lines;
    struct glm_text text; /* "PUT a/x 5\n" for each */
    bool enough;          /* after the first */
};

static bool on_event(void *context, enum watch_event event, struct held *held)
{
    static const char *const names[] = {"PUT", "GONE", "BOOKMARK", "EXPIRED", "BROKEN"};
    struct heard *h = context;
    glm_text_adds(&h->text, names[event]);
    if (held) {
        const struct glm_value *metadata = glm_get(held->value, "metadata");
        glm_text_addf(&h->text, " %s %s/%s %s", glm_string_or(glm_get(held->value, "kind"), "-"),
                      glm_string_or(glm_get(metadata, "namespace"), "-"),
                      glm_string_or(glm_get(metadata, "name"), "-"),
                      glm_string_or(glm_get(metadata, "resourceVersion"), "-"));
        store_held_drop(held);
    }
    glm_text_addc(&h->text, '\n');
    return !h->enough;
}

static struct heard hear(struct glm_arena *arena)
{
    struct heard h = {.lines = {.kind = GLM_KIND_SERVICE, .event = on_event}};
    glm_text_init(&h.text, arena, 1 << 20);
    return h;
}

#define META(name, version)                                                                        \
    "\"metadata\":{\"namespace\":\"a\",\"name\":\"" name "\",\"resourceVersion\":\"" version "\"}"
static const char stream[] = "{\"type\":\"ADDED\",\"object\":{" META(
    "x", "5") ",\"spec\":{\"a\":\"\\u00e4\\n\"}}}\n"
              "\r\n\n"
              "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Service\"," META(
                  "\xc3\xa4", "6") "}}\r\n"
                                   "{\"type\":\"DELETED\",\"object\":{" META(
                                       "x", "7") "}}\n"
                                                 "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{"
                                                 "\"resourceVersion\":\"9\"}}}\n";
static const char events[] = "PUT Service a/x 5\n"
                             "PUT Service a/\xc3\xa4 6\n"
                             "GONE Service a/x 7\n"
                             "BOOKMARK - -/- 9\n";

static void events_come_whole_wherever_pieces_end(void **state)
{
    size_t len = strlen(stream);
    for (size_t piece = 1; piece <= len; piece++) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(1 << 20);
        struct heard h = hear(arena);
        h.lines.context = &h;
        for (size_t i = 0; i < len; i += piece)
            assert_true(store_watch_feed(&h.lines, stream + i, piece < len - i ? piece : len - i));
        assert_string_equal(h.text.data, events);
        store_watch_lines_done(&h.lines);
    }
    (void)state;
}

static void what_is_no_event_breaks_the_watch(void **state)
{
    static const char *const lines[] = {
        "nonsense\n",
        "{}\n",
        "[]\n",
        "{\"type\":\"ADDED\"}\n",
        "{\"type\":\"ADDED\",\"object\":5}\n",
        "{\"type\":\"NEW\",\"object\":{}}\n",
        "{\"object\":{}}\n",
        "<html>\n",
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":500}}\n",
        /* Somebody else's watch. */
        "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\"," META("x", "5") "}}\n",
        "{\"type\":\"ADDED\",\"object\":{\"apiVersion\":\"v2\"," META("x", "5") "}}\n",
        "{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"name\":\"x\"}}}\n",
        "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"namespace\":\"a\",\"name\":5}}}\n",
        "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":9}}}\n",
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\"," META("x", "5") "}}\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct heard h = hear(*state);
        h.lines.context = &h;
        assert_false(store_watch_feed(&h.lines, lines[i], strlen(lines[i])));
        assert_string_equal(h.text.data, "BROKEN\n");
        store_watch_lines_done(&h.lines);
    }
}

static void too_old_a_place_is_expired(void **state)
{
    static const char line[] = "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,"
                               "\"reason\":\"Expired\"}}\n";
    struct heard h = hear(*state);
    h.lines.context = &h;
    assert_false(store_watch_feed(&h.lines, line, strlen(line)));
    assert_string_equal(h.text.data, "EXPIRED\n");
}

static void a_reader_that_has_enough_ends_it(void **state)
{
    struct heard h = hear(*state);
    h.lines.context = &h;
    h.enough = true;
    assert_false(store_watch_feed(&h.lines, stream, strlen(stream)));
    assert_string_equal(h.text.data, "PUT Service a/x 5\n");
}

static void a_line_without_end_is_given_up(void **state)
{
    struct heard h = hear(*state);
    h.lines.context = &h;
    size_t size = (size_t)1 << 20, fed = 0;
    char *piece = glm_alloc(*state, size);
    memset(piece, 'x', size);
    while (fed < 2 * WATCH_LINE_MAX && store_watch_feed(&h.lines, piece, size))
        fed += size;
    assert_true(fed >= WATCH_LINE_MAX - size && fed <= WATCH_LINE_MAX);
    assert_string_equal(h.text.data, "BROKEN\n");
    store_watch_lines_done(&h.lines);
}

static void the_rest_of_a_line_is_given_back(void **state)
{
    struct heard h = hear(*state);
    h.lines.context = &h;
    assert_true(store_watch_feed(&h.lines, "{\"type\":", 8));
    assert_non_null(h.lines.arena);
    store_watch_lines_done(&h.lines);
    assert_null(h.lines.arena);
    assert_string_equal(h.text.data, "");
}

/* ---- snapshots ---- */

static struct held *list_of(const char *names, const char *version)
{
    struct held *held = store_held_create();
    struct glm_list_builder list;
    glm_list_init(&list, held->arena);
    for (; *names; names++) {
        const char name[] = {*names, '\0'};
        glm_list_add(&list, glm_test_value(held->arena,
                                           glm_sprintf(held->arena,
                                                       "{'metadata': {'namespace': 'n', 'name': "
                                                       "'%s', 'resourceVersion': '%s'}}",
                                                       name, version)));
    }
    held->value = glm_list_finish(&list);
    held->outcome = LISTED;
    held->version = version;
    return held;
}

static const char *names_of(struct glm_arena *arena, const struct snapshot *s)
{
    struct glm_text text;
    glm_text_init(&text, arena, 1000);
    assert_int_equal(s->list->len, s->count);
    for (size_t i = 0; i < s->count; i++) {
        assert_ptr_equal(s->list->as.list[i], s->items[i].object);
        glm_text_addf(&text, "%s%llu", s->items[i].name, (unsigned long long)s->items[i].version);
    }
    return text.data;
}

static void snapshots_are_sorted_and_share_objects(void **state)
{
    struct held *held = list_of("cabbed", "3"); /* a server that repeats one is no reason to */
    struct snapshot *s = store_snapshot_of_list(held);
    store_held_drop(held);
    assert_string_equal(names_of(*state, s), "a3b3c3d3e3");
    assert_string_equal(store_snapshot_find(s, "n", "d")->name, "d");
    assert_null(store_snapshot_find(s, "n", "aa"));
    assert_null(store_snapshot_find(s, "m", "a"));
    assert_null(store_snapshot_find(s, "n", "z"));
    assert_null(store_snapshot_find(NULL, "n", "a"));

    struct held *other = list_of("bx", "4");
    struct item b, x;
    assert_true(store_item_of(glm_at(other->value, 0), other, &b));
    assert_true(store_item_of(glm_at(other->value, 1), other, &x));
    struct snapshot *with_b = store_snapshot_with(s, &b), *with_x = store_snapshot_with(with_b, &x);
    struct snapshot *without = store_snapshot_without(with_x, "n", "a");
    struct snapshot *same = store_snapshot_without(with_x, "n", "zz");
    struct snapshot *alone = store_snapshot_with(NULL, &x);
    store_held_drop(other);
    store_snapshot_drop(s);
    store_snapshot_drop(with_b);
    assert_string_equal(names_of(*state, with_x), "a3b4c3d3e3x4");
    assert_string_equal(names_of(*state, without), "b4c3d3e3x4");
    assert_string_equal(names_of(*state, same), "a3b4c3d3e3x4");
    assert_string_equal(names_of(*state, alone), "x4");
    store_snapshot_drop(with_x);
    store_snapshot_drop(same);
    store_snapshot_drop(alone);

    struct glm_arena *arena = glm_arena_create(1000);
    store_snapshot_lend(without, arena);
    store_snapshot_drop(without);
    assert_string_equal(without->items[0].name, "b"); /* lives with the arena */
    glm_arena_destroy(arena);
}

static const struct item *newer(void *context, const struct item *fresh, const struct item *old)
{
    (void)context;
    if (!fresh || !old)
        return fresh && fresh->name[0] != 'q' ? fresh : NULL;
    return fresh->version > old->version ? fresh : old;
}

static void snapshots_merge_by_name(void **state)
{
    struct held *one = list_of("abq", "5"), *two = list_of("bcd", "7");
    struct snapshot *a = store_snapshot_of_list(one), *b = store_snapshot_of_list(two);
    struct snapshot *merged = store_snapshot_merge(a, b, newer, NULL);
    assert_string_equal(names_of(*state, merged), "a5b7");
    store_snapshot_drop(merged);
    merged = store_snapshot_merge(a, NULL, newer, NULL);
    assert_string_equal(names_of(*state, merged), "a5b5");
    store_snapshot_drop(merged);
    store_snapshot_drop(a);
    store_snapshot_drop(b);
    store_held_drop(one);
    store_held_drop(two);
}

static void versions_are_numbers_or_nothing(void **state)
{
    (void)state;
    assert_int_equal(store_item_version("42"), 42);
    assert_int_equal(store_item_version(""), 0);
    assert_int_equal(store_item_version("4x"), 0);
    assert_int_equal(store_item_version("-4"), 0);
    assert_true(store_item_version("9999999999999999999") == 9999999999999999999u);
    assert_int_equal(store_item_version("99999999999999999999"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_whole_wherever_pieces_end),
        cmocka_unit_test(what_is_no_event_breaks_the_watch),
        cmocka_unit_test(too_old_a_place_is_expired),
        cmocka_unit_test(a_reader_that_has_enough_ends_it),
        cmocka_unit_test(a_line_without_end_is_given_up),
        cmocka_unit_test(the_rest_of_a_line_is_given_back),
        cmocka_unit_test(snapshots_are_sorted_and_share_objects),
        cmocka_unit_test(snapshots_merge_by_name),
        cmocka_unit_test(versions_are_numbers_or_nothing),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
