/* SPDX-License-Identifier: Apache-2.0
 *
 * The plugin's process: started by Terraform with a cookie, or by a developer with -debug.
 *
 * Owner:  the process. Its arena lives as long as it does.
 * Errors: explained in plain words, on stderr and where Terraform shows them.
 * Thread: main serves.
 */
#include "handshake.h"
#include "log.h"
#include "mtls.h"
#include "process.h"
#include "provider.h"
#include "render_command.h"
#include "rpc.h"

#include "glm/codec.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef GLM_ADDRESS
#define GLM_ADDRESS "registry.terraform.io/terraform-provider-glm/glm"
#endif

/* Ticks (one a second) that calls under way get after Terraform is gone. */
#define ORPHAN_TICKS 60
/* Ticks without a client, after which a process that was asked to end does. */
#define LONELY_TICKS 3

/* Set once, before the threads that read it. */
static pid_t parent;

static int explain(void)
{
    fputs("This is terraform-provider-glm, a plugin for Terraform and OpenTofu. It is started by\n"
          "them and does nothing on its own. To use it, name it in a configuration:\n\n"
          "  terraform {\n"
          "    required_providers {\n"
          "      glm = { source = \"terraform-provider-glm/glm\" }\n"
          "    }\n"
          "  }\n\n"
          "Options: --version says which version this is; --debug serves until Ctrl-C and prints\n"
          "what to put into the environment of Terraform.\n\n"
          "Commands: render prints the objects of an IstioOperator's gateways; render --help says "
          "how.\n",
          stderr);
    return 1;
}

/* Terraform logs what a plugin says on stderr, and shows what it says on stdout instead of the
 * handshake: so the reason goes there, too, in one line without bars. */
static int fail(const char *what, const char *why)
{
    fprintf(stderr, "terraform-provider-glm: %s: %s\n", what, why);
    if (glm_handshake_invited()) {
        printf("terraform-provider-glm: %s: %s\n", what, why);
        fflush(stdout);
    }
    return 1;
}

/* ---- the end of the process ---- */

/* Terraform was killed: nobody will end this process, or hear what it has done. */
static void look_for_parent(struct glm_provider *provider, size_t calls)
{
    static int ticks;
    if (getppid() == parent)
        return;
    if (ticks++ == 0)
        glm_log(GLM_LOG_WARN, "main", "Terraform is gone; stopping");
    glm_provider_stop(provider);
    if (calls == 0 || ticks > ORPHAN_TICKS)
        glm_process_end();
}

/* SIGTERM, and no Terraform is there to say when to end. */
static void look_for_client(size_t calls, size_t streams)
{
    static int ticks;
    if (!glm_process_terminated() || calls + streams > 0)
        ticks = 0;
    else if (++ticks > LONELY_TICKS)
        glm_process_end();
}

static void on_tick(struct glm_provider *provider, size_t calls, size_t streams)
{
    look_for_parent(provider, calls);
    look_for_client(calls, streams);
}

/* ---- the two ways to serve ---- */

static struct glm_rpc_server *listen_at(struct glm_arena *arena, struct glm_rpc_options *options,
                                        const char **ret_path)
{
    struct glm_socket_places *places = GLM_NEW(arena, struct glm_socket_places);
    const char *why;
    if (!glm_process_can_serve(arena, &why)) {
        fail("cannot serve", why);
        return NULL;
    }
    if (!glm_handshake_places(arena, places, &why)) {
        fail("no place for a socket", why);
        return NULL;
    }
    options->places = places;
    options->provider = glm_provider_create();
    glm_process_serves(options->provider);
    struct glm_rpc_server *server = glm_rpc_listen(arena, options, ret_path, &why);
    if (server)
        glm_process_owns_socket(*ret_path);
    else
        fail("cannot serve", why);
    return server;
}

static int serve_terraform(void)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)64 << 20);
    const char *why, *path, *client = glm_handshake_client_certificate();
    struct glm_identity identity;
    if (!glm_handshake_speaks(getenv("PLUGIN_PROTOCOL_VERSIONS")))
        return fail("no common protocol",
                    "this provider speaks version 6 of the plugin protocol, which the program that "
                    "started it does not. Use Terraform 1.0 or later, or OpenTofu");
    if (client && !glm_identity_make(arena, &identity, &why))
        return fail("no certificate", why);
    struct glm_rpc_options options = {
        .identity = client ? &identity : NULL,
        .client_certificate = client,
        .on_shutdown = glm_process_end,
        .on_tick = on_tick,
    };
    struct glm_rpc_server *server = listen_at(arena, &options, &path);
    if (!server)
        return 1;
    if (!glm_handshake_answer(arena, path, client ? identity.certificate_line : NULL, &why)) {
        unlink(path);
        return fail("cannot answer", why);
    }
    glm_rpc_serve(server);
}

/* What Terraform reads from its environment, for a shell: in single quotes, which JSON can do
 * without. */
static const char *reattach(struct glm_arena *arena, const char *path)
{
    struct glm_text quoted;
    glm_text_init(&quoted, arena, (size_t)64 << 10);
    const char *json = glm_json_text(arena, glm_string(arena, path));
    for (const char *p = json; *p; p++)
        if (*p == '\'')
            glm_text_adds(&quoted, "\\u0027");
        else
            glm_text_addc(&quoted, *p);
    return glm_sprintf(arena,
                       "'{\"%s\":{\"Protocol\":\"grpc\",\"ProtocolVersion\":%d,\"Pid\":%d,\"Test\":"
                       "true,\"Addr\":{\"Network\":\"unix\",\"String\":%s}}}'",
                       GLM_ADDRESS, GLM_PROTOCOL_VERSION, (int)getpid(), quoted.data);
}

static int serve_debug(void)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)64 << 20);
    const char *path;
    struct glm_rpc_options options = {.on_shutdown = glm_process_end};
    struct glm_rpc_server *server = listen_at(arena, &options, &path);
    if (!server)
        return 1;
    printf("Serving until Ctrl-C. In another terminal:\n\nexport TF_REATTACH_PROVIDERS=%s\n",
           reattach(arena, path));
    fflush(stdout);
    glm_rpc_serve(server);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"version", no_argument, NULL, 'v'},
        {"debug", no_argument, NULL, 'd'},
        {NULL, 0, NULL, 0},
    };
    bool debug = false;
    if (argc > 1 && strcmp(argv[1], "render") == 0)
        return glm_render_command(argc - 1, argv + 1);
    opterr = 0;
    for (int o; (o = getopt_long_only(argc, argv, "", options, NULL)) != -1;) {
        if (o == 'v') {
            return puts("terraform-provider-glm " GLM_VERSION) < 0 || fflush(stdout) != 0;
        }
        if (o != 'd')
            return explain();
        debug = true;
    }
    glm_log_init();
    if (!debug && !glm_handshake_invited())
        return explain();
    parent = getppid();
    glm_process_begin(!debug);
    return glm_process_run(debug ? serve_debug : serve_terraform);
}
