/* SPDX-License-Identifier: Apache-2.0
 *
 * Following the objects of a live cluster: one watch for all, what it brings, what it misses, and
 * how it ends. Against a fake API server, which breaks it in every way.
 */
#include "../../src/kube/internal.h"
#include "../../src/kube/store/internal.h"
#include "live_case.h"

#define IOP_LIST "v1alpha1/istiooperators?"
#define IOP ((const struct glm_object_kind *const[]){GLM_KIND_ISTIO_OPERATOR, NULL})
#define SERVICE ((const struct glm_object_kind *const[]){GLM_KIND_SERVICE, NULL})
#define BOTH                                                                                       \
    ((const struct glm_object_kind *const[]){GLM_KIND_ISTIO_OPERATOR, GLM_KIND_SERVICE, NULL})
#define PATIENCE_MS 20000 /* for what must come; reached only when it does not */

static void follow(struct live_case *c, const struct glm_object_kind *const *kinds)
{
    c->cluster->ops->follow(c->cluster, kinds);
}

static void unfollow(struct live_case *c, const struct glm_object_kind *const *kinds)
{
    c->cluster->ops->unfollow(c->cluster, kinds);
}

/* Waits as a caller does until the profile is so; asks for nothing in between. */
static bool becomes(struct live_case *c, const char *name, const char *profile)
{
    uint64_t version = 0;
    int64_t until = glm_clock_ms() + PATIENCE_MS;
    while (glm_clock_ms() < until) {
        if (strcmp(live_case_profile(c, name), profile) == 0)
            return true;
        c->cluster->ops->await(c->cluster, &version, 1000);
    }
    return false;
}

/* Waits until a watch has been answered, so that reads ask no more. */
static void await_sync(struct live_case *c)
{
    unsigned before, after;
    int64_t until = glm_clock_ms() + PATIENCE_MS;
    do {
        before = live_case_calls(c, "GET", "");
        live_case_profile(c, "nothing-of-this-name");
        after = live_case_calls(c, "GET", "");
    } while (before != after && glm_clock_ms() < until);
    assert_int_equal(before, after);
}

static void what_is_followed_is_not_asked_for(void **state)
{
    struct live_case *c = *state;
    live_case_put_iop(c, "a", "one");
    follow(c, IOP);
    await_sync(c);
    unsigned asked = live_case_calls(c, "GET", "");
    live_case_put_iop(c, "a", "two");
    assert_true(becomes(c, "a", "two"));
    live_case_put_iop(c, "b", "new");
    assert_true(becomes(c, "b", "new"));
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a b");
    fake_objects_delete(&c->objects, IOPS "a");
    assert_true(becomes(c, "a", "absent"));
    live_case_put_iop(c, "a", "again");
    assert_true(becomes(c, "a", "again"));
    assert_int_equal(live_case_calls(c, "GET", ""), asked);
    assert_int_equal(live_case_calls(c, "WATCH", ""), 1);
    assert_int_equal(live_case_calls(c, "WATCH", "allowWatchBookmarks=true"), 1);
    unfollow(c, IOP);
}

#define TOKEN "0123456789abcdef-token"

static const char *message_of(struct live_case *c)
{
    enum glm_found found = GLM_FOUND_NOTHING;
    const struct glm_value *object;
    live_case_read(c, c->arena, "a", &found, &object, &c->d);
    return glm_string_or(glm_get_path(object, "status", "message", NULL), "");
}

static void put_message(struct live_case *c, const char *message)
{
    fake_objects_put(&c->objects,
                     glm_sprintf(c->arena,
                                 "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': "
                                 "'IstioOperator', 'metadata': {'name': 'a', 'namespace': 'n'}, "
                                 "'status': {'message': '%s'}}",
                                 message));
}

/* Listed and watched alike. */
static void what_a_server_repeats_of_a_token_in_an_object_is_starred(void **state)
{
    struct live_case *c = *state;
    live_case_again(c, TOKEN, 0);
    put_message(c, "first " TOKEN);
    follow(c, IOP);
    await_sync(c);
    assert_string_equal(message_of(c), "first ***");
    put_message(c, "then Bearer " TOKEN ".");
    uint64_t version = 0;
    int64_t until = glm_clock_ms() + PATIENCE_MS;
    while (strcmp(message_of(c), "first ***") == 0 && glm_clock_ms() < until)
        c->cluster->ops->await(c->cluster, &version, 1000);
    assert_string_equal(message_of(c), "then Bearer ***.");
    unfollow(c, IOP);
}

static void all_share_one_watch(void **state)
{
    struct live_case *c = *state;
    for (int i = 0; i < 20; i++)
        follow(c, IOP);
    await_sync(c);
    for (int i = 0; i < 19; i++)
        unfollow(c, IOP);
    live_case_put_iop(c, "a", "one");
    assert_true(becomes(c, "a", "one"));
    unfollow(c, IOP);
    assert_int_equal(live_case_calls(c, "WATCH", ""), 1);
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST), 1);
}

static struct store *store_of(struct live_case *c)
{
    return ((struct live *)c->cluster)->store;
}

/* The thread that follows the one kind that there is has ended. */
static bool has_ended(struct live_case *c)
{
    struct store *store = store_of(c);
    int64_t until = glm_clock_ms() + PATIENCE_MS;
    bool running = true;
    while (running && glm_clock_ms() < until) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        pthread_mutex_lock(&store->lock);
        running = store->collections->running;
        pthread_mutex_unlock(&store->lock);
    }
    return !running;
}

static void the_next_wave_takes_up_the_watch_of_the_last(void **state)
{
    struct live_case *c = *state;
    for (int wave = 0; wave < 5; wave++) {
        const char *profile = glm_sprintf(c->arena, "wave-%d", wave);
        follow(c, IOP);
        await_sync(c);
        live_case_put_iop(c, "a", profile);
        assert_true(becomes(c, "a", profile));
        unfollow(c, IOP);
        nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    }
    assert_int_equal(live_case_calls(c, "WATCH", ""), 1);
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST), 1);
}

static void a_watch_ends_a_little_after_the_last_has_left(void **state)
{
    struct live_case *c = *state;
    store_of(c)->linger_ms = 200;
    live_case_put_iop(c, "a", "one");
    follow(c, IOP);
    await_sync(c);
    unfollow(c, IOP);
    assert_true(has_ended(c));
    live_case_put_iop(c, "a", "two");                      /* while nobody follows */
    assert_string_equal(live_case_profile(c, "a"), "one"); /* as a list would have it */
    follow(c, IOP);
    assert_true(becomes(c, "a", "two"));
    await_sync(c);
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST), 1);
    assert_int_equal(live_case_calls(c, "WATCH", ""), 2);
    unfollow(c, IOP);
}

static void a_watch_that_breaks_with_nobody_there_is_not_begun_again(void **state)
{
    struct live_case *c = *state;
    store_of(c)->linger_ms = 600000;
    follow(c, IOP);
    await_sync(c);
    unfollow(c, IOP);
    fake_objects_no_watches(&c->objects, true);
    assert_true(has_ended(c));
    assert_int_equal(live_case_calls(c, "WATCH", ""), 1);
}

static void a_watch_that_lingers_ends_at_once_with_its_cluster(void **state)
{
    struct live_case *c = *state;
    store_of(c)->linger_ms = 600000;
    follow(c, BOTH);
    await_sync(c);
    unfollow(c, BOTH);
    int64_t began = glm_clock_ms();
    c->cluster->ops->destroy(c->cluster);
    c->cluster = NULL;
    assert_true(glm_clock_ms() - began < GLM_TEST_PROMPT_MS);
}

static void own_writes_are_there_at_once_and_are_not_undone(void **state)
{
    struct live_case *c = *state;
    live_case_put_iop(c, "a", "zero");
    follow(c, IOP);
    await_sync(c);
    unsigned asked = live_case_calls(c, "GET", "");
    for (int i = 0; i < 30; i++) {
        const char *profile = glm_sprintf(c->arena, "p%d", i);
        live_case_write(c, live_case_iop(c->arena, "b", profile), NULL, NULL);
        assert_string_equal(live_case_profile(c, "b"), profile);
        assert_true(live_case_remove(c, "b", NULL));
        assert_string_equal(live_case_profile(c, "b"), "absent");
    }
    assert_int_equal(live_case_calls(c, "GET", ""), asked);
    unfollow(c, IOP);
}

static void a_service_may_be_there_without_what_is_followed(void **state)
{
    struct live_case *c = *state;
    fake_objects_put(&c->objects, "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': "
                                  "'x', 'namespace': 'n'}}");
    follow(c, SERVICE);
    const struct glm_object_ref ref = {.kind = GLM_KIND_SERVICE, .namespace_ = "n", .name = "x"};
    struct glm_read read;
    assert_true(c->cluster->ops->read(c->cluster, c->arena, &ref, &read, &c->d));
    assert_int_equal(read.found, GLM_FOUND);
    unfollow(c, SERVICE);
}

static void what_happened_while_a_watch_was_broken_is_learnt(void **state)
{
    struct live_case *c = *state;
    live_case_put_iop(c, "a", "one");
    live_case_put_iop(c, "b", "one");
    follow(c, IOP);
    await_sync(c);
    fake_objects_no_watches(&c->objects, true);
    live_case_put_iop(c, "a", "two");
    fake_objects_delete(&c->objects, IOPS "b");
    assert_true(becomes(c, "a", "two")); /* asked for meanwhile */
    assert_true(becomes(c, "b", "absent"));
    fake_objects_no_watches(&c->objects, false);
    await_sync(c);
    live_case_put_iop(c, "b", "back");
    assert_true(becomes(c, "b", "back"));
    unfollow(c, IOP);
}

static void a_watch_that_is_too_late_lists_again(void **state)
{
    struct live_case *c = *state;
    live_case_put_iop(c, "a", "one");
    follow(c, IOP);
    await_sync(c);
    fake_objects_forget(&c->objects);
    live_case_put_iop(c, "a", "two");
    assert_true(becomes(c, "a", "two"));
    await_sync(c);
    assert_true(live_case_calls(c, "GET", IOP_LIST) >= 2);
    assert_true(live_case_calls(c, "WATCH", "") >= 2);
    unfollow(c, IOP);
}

static bool forbid_watches(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "WATCH") != 0)
        return false;
    fake_status(call, 403, "Forbidden", "User \\\"u\\\" cannot watch resource", "");
    return true;
}

static void where_watches_are_forbidden_objects_are_asked_for(void **state)
{
    struct live_case *c = *state;
    c->objects.script = forbid_watches;
    live_case_put_iop(c, "a", "one");
    follow(c, IOP);
    assert_true(becomes(c, "a", "one"));
    live_case_put_iop(c, "a", "two");
    assert_true(becomes(c, "a", "two"));
    assert_int_equal(c->d.errors + c->d.warnings, 0);
    unfollow(c, IOP);
}

static bool spoil_watches(struct fake_objects *o, struct fake_call *call)
{
    if (strcmp(call->method, "WATCH") != 0 || fake_apiserver_calls(&o->server, "WATCH", "") > 1)
        return false;
    fake_stream_begin(call);
    fake_stream(call, "<html>not a watch</html>\n");
    return true;
}

static void a_watch_that_makes_no_sense_is_begun_again(void **state)
{
    struct live_case *c = *state;
    c->objects.script = spoil_watches;
    follow(c, IOP);
    live_case_put_iop(c, "a", "one");
    assert_true(becomes(c, "a", "one"));
    int64_t until = glm_clock_ms() + PATIENCE_MS;
    while (live_case_calls(c, "WATCH", "") < 2 && glm_clock_ms() < until)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    live_case_put_iop(c, "a", "two");
    assert_true(becomes(c, "a", "two"));
    assert_true(live_case_calls(c, "WATCH", "") >= 2);
    unfollow(c, IOP);
}

/* The first watch adds objects that no list has, for ever and as fast as they go out. */
static bool flood_watches(struct fake_objects *o, struct fake_call *call)
{
    if (strcmp(call->method, "WATCH") != 0 || fake_apiserver_calls(&o->server, "WATCH", "") > 1)
        return false;
    struct glm_text line;
    fake_stream_begin(call);
    for (unsigned i = 0, going = 1; going; i++) {
        glm_text_init(&line, call->arena, 1 << 10);
        glm_text_addf(
            &line,
            "{\"type\":\"ADDED\",\"object\":{\"apiVersion\":\"install.istio.io/v1alpha1\","
            "\"kind\":\"IstioOperator\",\"metadata\":{\"name\":\"flood-%u\","
            "\"namespace\":\"n\",\"resourceVersion\":\"%u\"}}}\n",
            i, 1000000 + i);
        going = fake_stream(call, line.data);
    }
    return true;
}

static void a_watch_that_adds_without_an_end_is_ended_and_all_is_listed_again(void **state)
{
    struct live_case *c = *state;
    c->objects.script = flood_watches;
    follow(c, IOP);
    live_case_put_iop(c, "a", "one");
    int64_t until = glm_clock_ms() + PATIENCE_MS;
    while (live_case_calls(c, "WATCH", "") < 2 && glm_clock_ms() < until)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    assert_true(live_case_calls(c, "WATCH", "") >= 2);
    assert_true(becomes(c, "a", "one"));
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a");
    unfollow(c, IOP);
}

/* Answers, and never says anything: as a connection does that was lost without a word. */
static bool mute_watches(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "WATCH") != 0)
        return false;
    fake_stream_begin(call);
    while (fake_wait(call, 1000))
        ;
    return true;
}

static void a_watch_that_says_nothing_is_not_believed_for_long(void **state)
{
    struct live_case *c = *state;
    c->objects.script = mute_watches;
    store_of(c)->doubt_ms = 1000;
    live_case_put_iop(c, "a", "one");
    follow(c, IOP);
    await_sync(c);
    int64_t began = glm_clock_ms();
    for (int i = 0; i < 2; i++) {
        const char *profile = glm_sprintf(c->arena, "p%d", i);
        uint64_t version = 0;
        c->cluster->ops->await(c->cluster, &version, 0);
        live_case_put_iop(c, "a", profile);
        while (strcmp(live_case_profile(c, "a"), profile) != 0)
            c->cluster->ops->await(c->cluster, &version, 50);
    }
    int64_t spent = glm_clock_ms() - began;
    assert_true(spent < 2 * GLM_TEST_PROMPT_MS);
    assert_int_equal(live_case_calls(c, "WATCH", ""), 1);
    /* A list for each silence, not for each look. */
    assert_true(live_case_calls(c, "GET", IOP_LIST) <= (unsigned)(spent / 900) + 2);
    unfollow(c, IOP);
}

static bool no_api(struct fake_objects *o, struct fake_call *call)
{
    if (atomic_load(&o->mode))
        return false;
    fake_answer(call, 404, "", "404 page not found\n");
    return true;
}

static void an_api_may_appear_while_it_is_followed(void **state)
{
    struct live_case *c = *state;
    c->objects.script = no_api;
    follow(c, IOP);
    assert_true(becomes(c, "a", "no API"));
    live_case_put_iop(c, "a", "one");
    atomic_store(&c->objects.mode, 1);
    assert_true(becomes(c, "a", "one"));
    await_sync(c);
    unfollow(c, IOP);
}

static void awaiting_nothing_takes_its_time_and_no_more(void **state)
{
    struct live_case *c = *state;
    follow(c, IOP);
    await_sync(c);
    uint64_t version = 0;
    while (c->cluster->ops->await(c->cluster, &version, 300))
        ;
    int64_t began = glm_clock_ms();
    assert_false(c->cluster->ops->await(c->cluster, &version, 300));
    int64_t spent = glm_clock_ms() - began;
    assert_true(spent >= 290 && spent < GLM_TEST_PROMPT_MS);
    live_case_put_iop(c, "a", "one");
    assert_true(c->cluster->ops->await(c->cluster, &version, PATIENCE_MS));
    unfollow(c, IOP);
}

static void a_stop_ends_waiting_and_following(void **state)
{
    struct live_case *c = *state;
    struct live_case_thread stopper;
    follow(c, BOTH);
    await_sync(c);
    uint64_t version = 0;
    while (c->cluster->ops->await(c->cluster, &version, 300))
        ;
    int64_t began = glm_clock_ms();
    live_case_thread_start(&stopper, c, live_case_stopper, NULL);
    assert_false(c->cluster->ops->await(c->cluster, &version, 600000));
    c->cluster->ops->destroy(c->cluster);
    c->cluster = NULL;
    assert_true(glm_clock_ms() - began < GLM_TEST_PROMPT_MS);
    live_case_thread_join(&stopper);
    live_case_thread_done(&stopper);
}

static void a_cluster_that_is_followed_can_be_destroyed(void **state)
{
    struct live_case *c = *state;
    follow(c, BOTH);
    await_sync(c);
    int64_t began = glm_clock_ms();
    c->cluster->ops->destroy(c->cluster);
    assert_true(glm_clock_ms() - began < GLM_TEST_PROMPT_MS);
    live_case_cluster(c);
    fake_objects_hold_lists(&c->objects, true); /* and while it is still listing */
    follow(c, IOP);
    fake_objects_await_held(&c->objects, 1);
    began = glm_clock_ms();
    c->cluster->ops->destroy(c->cluster);
    c->cluster = NULL;
    assert_true(glm_clock_ms() - began < GLM_TEST_PROMPT_MS);
}

static void following_begins_and_ends_in_any_order(void **state)
{
    struct live_case *c = *state;
    live_case_put_iop(c, "a", "one");
    for (int i = 0; i < 30; i++) {
        follow(c, IOP);
        if (i % 3 == 0)
            await_sync(c);
        unfollow(c, IOP);
    }
    unfollow(c, BOTH); /* once too often does no harm */
    follow(c, IOP);
    live_case_put_iop(c, "a", "two");
    assert_true(becomes(c, "a", "two"));
    await_sync(c);
}

/* Gives the store an event as a slow watch would bring it. */
static void late_event(struct live_case *c, enum watch_event event, const char *name,
                       const char *profile, unsigned version)
{
    struct store *store = store_of(c);
    struct held *held = store_held_create();
    held->value =
        glm_with_path(held->arena, live_case_iop(held->arena, name, profile),
                      glm_stringf(held->arena, "%u", version), "metadata", "resourceVersion", NULL);
    store_event(store->collections, event, held);
}

static void late_events_undo_nothing(void **state)
{
    struct live_case *c = *state;
    static const struct glm_selection fresh = {.fresh = true};
    live_case_put_iop(c, "a", "old");
    live_case_put_iop(c, "z", "old");
    follow(c, IOP);
    await_sync(c);
    const struct glm_value *seen = live_case_seen(c, "101", "uid-1");
    live_case_write(c, live_case_iop(c->arena, "a", "first"), seen, &seen); /* version 103 */
    live_case_write(c, live_case_iop(c->arena, "a", "mine"), seen, NULL);   /* version 104 */
    late_event(c, WATCH_PUT, "a", "before", 103);
    assert_string_equal(live_case_profile(c, "a"), "mine");
    late_event(c, WATCH_GONE, "a", "before", 103);
    assert_string_equal(live_case_profile(c, "a"), "mine");

    fake_objects_delete(&c->objects, IOPS "z"); /* version 105 */
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, &fresh), "a");
    late_event(c, WATCH_PUT, "z", "before", 104); /* older than that list */
    late_event(c, WATCH_PUT, "y", "before", 105);
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a");
    late_event(c, WATCH_PUT, "y", "new", 106);
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a y");
    unfollow(c, IOP);
}

/* Writes, removes and asks, and never sees less than it did itself. */
static void busy_writer(struct live_case_thread *t)
{
    struct glm_cluster *cluster = t->c->cluster;
    const struct glm_object_ref ref = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "n", .name = t->name};
    static const struct glm_selection fresh = {.fresh = true};
    t->ok = true;
    for (int i = 0; i < 12 && t->ok; i++) {
        const char *profile = glm_sprintf(t->arena, "p%d", i);
        struct glm_write w = {.object = live_case_iop(t->arena, t->name, profile)};
        enum glm_written written;
        const struct glm_value *object = &glm_null;
        struct glm_read all;
        enum glm_found found = GLM_FOUND_NOTHING;
        bool gone = false;
        t->ok = cluster->ops->write(cluster, t->arena, &w, &written, &t->d) &&
                written == GLM_WRITE_DONE;
        if (i % 4 == 1)
            t->ok = t->ok && cluster->ops->list(cluster, t->arena, ref.kind, &fresh, &all, &t->d);
        t->ok = t->ok && live_case_read(t->c, t->arena, t->name, &found, &object, &t->d) &&
                glm_string_is(glm_get_path(object, "spec", "profile", NULL), profile);
        t->ok = t->ok && cluster->ops->remove(cluster, t->arena, &ref, object, &gone, &t->d) &&
                gone && live_case_read(t->c, t->arena, t->name, &found, &object, &t->d) &&
                found == GLM_FOUND_NOTHING;
    }
}

static void write_in_many_threads(struct live_case *c)
{
    enum { THREADS = 8 };
    struct live_case_thread writers[THREADS];
    for (int i = 0; i < THREADS; i++)
        live_case_thread_start(&writers[i], c, busy_writer, glm_sprintf(c->arena, "w%d", i));
    for (int i = 0; i < THREADS; i++) {
        live_case_thread_join(&writers[i]);
        assert_true(writers[i].ok);
        live_case_thread_done(&writers[i]);
    }
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "");
}

static void nobody_sees_less_than_what_he_did(void **state)
{
    struct live_case *c = *state;
    write_in_many_threads(c);
}

static void nobody_who_follows_sees_less_than_what_he_did(void **state)
{
    struct live_case *c = *state;
    follow(c, IOP);
    write_in_many_threads(c);
    unfollow(c, IOP);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, live_case_setup, live_case_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_followed_is_not_asked_for),
        TEST(a_watch_that_adds_without_an_end_is_ended_and_all_is_listed_again),
        TEST(what_a_server_repeats_of_a_token_in_an_object_is_starred),
        TEST(all_share_one_watch),
        TEST(the_next_wave_takes_up_the_watch_of_the_last),
        TEST(a_watch_ends_a_little_after_the_last_has_left),
        TEST(a_watch_that_breaks_with_nobody_there_is_not_begun_again),
        TEST(a_watch_that_lingers_ends_at_once_with_its_cluster),
        TEST(own_writes_are_there_at_once_and_are_not_undone),
        TEST(a_service_may_be_there_without_what_is_followed),
        TEST(what_happened_while_a_watch_was_broken_is_learnt),
        TEST(a_watch_that_is_too_late_lists_again),
        TEST(where_watches_are_forbidden_objects_are_asked_for),
        TEST(a_watch_that_makes_no_sense_is_begun_again),
        TEST(a_watch_that_says_nothing_is_not_believed_for_long),
        TEST(an_api_may_appear_while_it_is_followed),
        TEST(awaiting_nothing_takes_its_time_and_no_more),
        TEST(a_stop_ends_waiting_and_following),
        TEST(a_cluster_that_is_followed_can_be_destroyed),
        TEST(following_begins_and_ends_in_any_order),
        TEST(late_events_undo_nothing),
        TEST(nobody_sees_less_than_what_he_did),
        TEST(nobody_who_follows_sees_less_than_what_he_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
