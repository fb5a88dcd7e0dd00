/* SPDX-License-Identifier: Apache-2.0
 *
 * Credentials do not stay in memory: after a cluster was used and is gone, none of what it was
 * reached with is anywhere in this process. The server is a fake in a process of its own, and the
 * credentials are made by programs, so that the test itself has never had them.
 */
#include "fake_objects.h"
#include "folder.h"
#include "glm/live.h"
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the programs print, each letter as the next one, so that only they have it as it is. */
#define CODED_PLUGIN "efmubdifefs.qmvhjo.upl3o"
#define CODED_FILE "bmqibcfu.upl3o.pg.uif.gjmf.42"
#define CODED_CONFIG "hbnnb.upl3o.jo.b.lvcfdpogjh.99"
/* A long one comes to lie in other memory than what is asked for next. */
#define DECODE "(tr -d '\\n' | tr 'b-z3' 'a-y3'; head -c 3000 /dev/zero | tr '\\0' x)"

static bool is_coded(const unsigned char *memory, const char *coded)
{
    for (; *coded; coded++, memory++) {
        unsigned char c = (unsigned char)*coded;
        if (*memory != (c >= 'b' && c <= 'z' ? c - 1 : c))
            return false;
    }
    return true;
}

/* How often what is coded stands somewhere in this process's memory, decoded. */
static size_t found(const char *coded)
{
    static unsigned char piece[1 << 16];
    size_t count = 0, overlap = strlen(coded);
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    char line[512], *end;
    unsigned long from, to;
    assert_non_null(maps);
    assert_true(memory >= 0);
    while (fgets(line, sizeof line, maps)) {
        from = strtoul(line, &end, 16);
        to = strtoul(end + 1, &end, 16);
        if (strncmp(end, " rw", 3) != 0)
            continue;
        for (unsigned long at = from; at < to; at += sizeof piece - overlap) {
            size_t len = to - at < sizeof piece ? to - at : sizeof piece;
            ssize_t n = pread(memory, piece, len, (off_t)at);
            for (ssize_t i = 0; i + (ssize_t)overlap <= n; i++) {
                bool own = at + (unsigned long)i >= (unsigned long)piece &&
                           at + (unsigned long)i < (unsigned long)(piece + sizeof piece);
                count += !own && is_coded(piece + i, coded);
            }
            explicit_bzero(piece, sizeof piece);
        }
    }
    close(memory);
    fclose(maps);
    return count;
}

/* A fake server in a child: what it is sent stays there. */
static pid_t serve(unsigned *ret_port)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct fake_objects *objects = calloc(1, sizeof *objects);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        fake_objects_start(objects);
        fake_objects_put(objects, "{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': "
                                  "'a'}}");
        if (write(ends[1], &objects->server.port, sizeof objects->server.port) < 0)
            _exit(1);
        for (;;)
            pause();
    }
    assert_true(child > 0);
    assert_int_equal(read(ends[0], ret_port, sizeof *ret_port), (ssize_t)sizeof *ret_port);
    close(ends[0]);
    close(ends[1]);
    return child;
}

/* One request with the entry, to its end; everything of it is gone when this returns. */
static void use(const struct glm_value *entry)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 28);
    atomic_bool stop = false;
    struct glm_http *http = glm_http_create(&stop);
    struct glm_exec_cache *cache = glm_exec_cache_create();
    const struct glm_live_config config = {
        .name = "east",
        .entry = entry,
        .field_manager = "m",
        .user_agent = "test/1",
        .stop = &stop,
        .http = http,
        .exec_cache = cache,
    };
    struct glm_cluster *cluster = glm_live_create(&config);
    const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = "a"};
    struct glm_read read = {.found = GLM_FOUND_NOTHING};
    struct glm_diags d;
    glm_diags_init(&d, arena);
    bool ok = cluster->ops->read(cluster, arena, &ref, &read, &d);
    if (!ok)
        print_error("%s", glm_test_diags_text(arena, &d));
    assert_true(ok);
    assert_int_equal(read.found, GLM_FOUND);
    cluster->ops->destroy(cluster);
    glm_exec_cache_destroy(cache);
    glm_http_destroy(http);
    glm_arena_destroy(arena);
}

struct wiped_case {
    struct glm_arena *arena;
    const char *folder;
    pid_t server;
    const char *host;
};

static int set_up(void **state)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 20);
    struct wiped_case *c = GLM_NEW(arena, struct wiped_case);
    unsigned port = 0;
    c->arena = arena;
    c->folder = glm_test_folder(arena);
    c->server = serve(&port);
    c->host = glm_sprintf(arena, "http://127.0.0.1:%u", port);
    *state = c;
    return 0;
}

static int tear_down(void **state)
{
    struct wiped_case *c = *state;
    kill(c->server, SIGKILL);
    waitpid(c->server, NULL, 0);
    glm_arena_destroy(c->arena);
    return 0;
}

static void run(const char *command)
{
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): of this test's own words */
}

static void the_scan_finds_what_is_there(void **state)
{
    static const char clear[] = "wombat.lobster";
    char *there = malloc(64);
    (void)state;
    memcpy(there, clear, sizeof clear);
    assert_true(found("xpncbu.mpctufs") > 0);
    explicit_bzero(there, 64);
    free(there);
    assert_int_equal(found("xpncbu.mpctufs"), 0);
}

static void a_plugins_token_is_gone(void **state)
{
    struct wiped_case *c = *state;
    const char *path = glm_sprintf(c->arena, "%s/plugin", c->folder);
    glm_test_put("#!/bin/sh\n"
                 "t=$(echo " CODED_PLUGIN " | " DECODE ")\n"
                 "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":"
                 "\"ExecCredential\",\"status\":{\"token\":\"'$t'\"}}'\n",
                 "%s", path);
    run(glm_sprintf(c->arena, "chmod 755 %s", path));
    use(glm_test_value(c->arena, glm_sprintf(c->arena,
                                             "{'host': '%s', 'exec': {'api_version': "
                                             "'client.authentication.k8s.io/v1', 'command': '%s'}}",
                                             c->host, path)));
    assert_int_equal(found(CODED_PLUGIN), 0);
}

static void a_token_files_token_is_gone(void **state)
{
    struct wiped_case *c = *state;
    const char *path = glm_sprintf(c->arena, "%s/token", c->folder);
    run(glm_sprintf(c->arena, "echo " CODED_FILE " | " DECODE " > %s", path));
    use(glm_test_value(c->arena,
                       glm_sprintf(c->arena, "{'host': '%s', 'token_file': '%s'}", c->host, path)));
    assert_int_equal(found(CODED_FILE), 0);
}

static void a_kubeconfigs_token_is_gone(void **state)
{
    struct wiped_case *c = *state;
    const char *path = glm_sprintf(c->arena, "%s/config", c->folder);
    run(glm_sprintf(
        c->arena,
        "t=$(echo " CODED_CONFIG " | " DECODE
        "); echo \"{contexts: [{name: x, context: {cluster: x, "
        "user: x}}], clusters: [{name: x, cluster: {server: '%s'}}], users: [{name: x, user: "
        "{token: "
        "$t}}]}\" > %s",
        c->host, path));
    setenv("KUBECONFIG", path, 1);
    use(glm_test_value(c->arena, "{'context': 'x'}"));
    unsetenv("KUBECONFIG");
    assert_int_equal(found(CODED_CONFIG), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scan_finds_what_is_there),
        TEST(a_plugins_token_is_gone),
        TEST(a_token_files_token_is_gone),
        TEST(a_kubeconfigs_token_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
