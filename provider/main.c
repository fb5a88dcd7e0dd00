/* SPDX-License-Identifier: Apache-2.0
 *
 * The plugin's process: started by Terraform with a cookie, or by a developer with -debug.
 *
 * Owner:  the process. Its arena lives as long as it does.
 * Errors: explained on stderr in plain words; Terraform shows what a plugin says before it ends.
 * Thread: main serves; signals may end the process at any time, which takes the socket along.
 */
#include "handshake.h"
#include "log.h"
#include "mtls.h"
#include "provider.h"
#include "rpc.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef GLM_ADDRESS
#define GLM_ADDRESS "registry.terraform.io/terraform-provider-glm/glm"
#endif

/* Ticks (5 s each) that calls under way get after Terraform is gone. */
#define ORPHAN_TICKS 12

/* Set once, before the handlers that read them. */
static const char *socket_path;
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
          "what to put into the environment of Terraform.\n",
          stderr);
    return 1;
}

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "terraform-provider-glm: %s: %s\n", what, why);
    return 1;
}

/* ---- the end of the process ---- */

_Noreturn static void end(void)
{
    unlink(socket_path);
    /* Threads are still at work: exit() would take their world down under them. */
    _exit(0);
}

static void on_end_signal(int signal)
{
    (void)signal;
    unlink(socket_path);
    _exit(0);
}

/* A handler and not SIG_IGN, which programs that we start would inherit. */
static void on_ignored_signal(int signal)
{
    (void)signal;
}

static void handle(int signal, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

static void handle_signals(bool debug)
{
    handle(SIGPIPE, on_ignored_signal);
    /* A file beyond `ulimit -f`: the write says EFBIG, and that becomes a diagnostic. */
    handle(SIGXFSZ, on_ignored_signal);
    handle(SIGTERM, on_end_signal);
    /* Ctrl-C reaches the whole process group. Terraform then sends StopProvider, and what was done
     * so far gets into the state; ending here would lose it. */
    handle(SIGINT, debug ? on_end_signal : on_ignored_signal);
}

/* Terraform was killed: nobody will end this process, or hear what it has done. */
static void on_tick(struct glm_provider *provider, size_t calls)
{
    static int ticks;
    if (getppid() == parent)
        return;
    if (ticks++ == 0)
        glm_log(GLM_LOG_WARN, "main", "Terraform is gone; stopping");
    glm_provider_stop(provider);
    if (calls == 0 || ticks > ORPHAN_TICKS)
        end();
}

/* ---- the two ways to serve ---- */

static int serve_terraform(struct glm_arena *arena)
{
    const char *why, *client = glm_handshake_client_certificate();
    struct glm_identity identity;
    if (!glm_handshake_speaks(getenv("PLUGIN_PROTOCOL_VERSIONS")))
        return fail("no common protocol",
                    "this provider speaks version 6 of the plugin protocol, which the program that "
                    "started it does not. Use Terraform 1.0 or later, or OpenTofu");
    if (!(socket_path = glm_handshake_socket_path(arena, &why)))
        return fail("no place for a socket", why);
    if (client && !glm_identity_make(arena, &identity, &why))
        return fail("no certificate", why);
    handle_signals(false);
    parent = getppid();
    struct glm_rpc_options options = {
        .provider = glm_provider_create(),
        .socket_path = socket_path,
        .identity = client ? &identity : NULL,
        .client_certificate = client,
        .on_shutdown = end,
        .on_tick = on_tick,
    };
    struct glm_rpc_server *server = glm_rpc_listen(&options, &why);
    if (!server) {
        glm_provider_destroy(options.provider);
        return fail("cannot serve", why);
    }
    if (!glm_handshake_answer(arena, socket_path, client ? identity.certificate_line : NULL)) {
        unlink(socket_path);
        return fail("cannot answer", "nobody reads the standard output");
    }
    glm_rpc_serve(server);
}

static int serve_debug(struct glm_arena *arena)
{
    const char *why;
    if (!(socket_path = glm_handshake_socket_path(arena, &why)))
        return fail("no place for a socket", why);
    handle_signals(true);
    struct glm_rpc_options options = {
        .provider = glm_provider_create(),
        .socket_path = socket_path,
        .on_shutdown = end,
    };
    struct glm_rpc_server *server = glm_rpc_listen(&options, &why);
    if (!server) {
        glm_provider_destroy(options.provider);
        return fail("cannot serve", why);
    }
    printf("Serving until Ctrl-C. In another terminal:\n\n"
           "export TF_REATTACH_PROVIDERS='{\"%s\":{\"Protocol\":\"grpc\",\"ProtocolVersion\":%d,"
           "\"Pid\":%d,\"Test\":true,\"Addr\":{\"Network\":\"unix\",\"String\":\"%s\"}}}'\n",
           GLM_ADDRESS, GLM_PROTOCOL_VERSION, (int)getpid(), socket_path);
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
    opterr = 0;
    for (int o; (o = getopt_long_only(argc, argv, "", options, NULL)) != -1;) {
        if (o == 'v') {
            puts("terraform-provider-glm " GLM_VERSION);
            return 0;
        }
        if (o != 'd')
            return explain();
        debug = true;
    }
    glm_log_init();
    if (!debug && !glm_handshake_invited())
        return explain();
    struct glm_arena *arena = glm_arena_create((size_t)64 << 20);
    int status = debug ? serve_debug(arena) : serve_terraform(arena);
    glm_arena_destroy(arena); /* it could not serve */
    return status;
}
