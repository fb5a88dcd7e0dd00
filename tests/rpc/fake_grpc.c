/* SPDX-License-Identifier: Apache-2.0
 *
 * A scripted fault for the plugin that is linked with it: gRPC refuses to await calls. Only the
 * first to the last are refused that GLM_FAKE_REFUSED names ("1-8"), as if memory had run out for a
 * while.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>

/* As in grpc/grpc.h, which one file of the provider alone includes. */
typedef int request_call_fn(void *server, void *call, void *details, void *metadata, void *bound,
                            void *notified, void *tag);
request_call_fn grpc_server_request_call;

int grpc_server_request_call(void *server, void *call, void *details, void *metadata, void *bound,
                             void *notified, void *tag)
{
    static atomic_long number;
    const char *script = getenv("GLM_FAKE_REFUSED");
    long i = atomic_fetch_add(&number, 1) + 1;
    if (script) {
        char *rest;
        long first = strtol(script, &rest, 10);
        long last = *rest == '-' ? strtol(rest + 1, NULL, 10) : first;
        if (i >= first && i <= last)
            return 1; /* GRPC_CALL_ERROR */
    }
    union {
        void *found;
        request_call_fn *function;
    } real = {.found = dlsym(RTLD_NEXT, "grpc_server_request_call")};
    return real.function(server, call, details, metadata, bound, notified, tag);
}
