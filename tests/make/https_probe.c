/* SPDX-License-Identifier: Apache-2.0
 *
 * https-probe URL: asks for it as the plugin would, with the system's authorities, and prints what
 * came of it. Linked as the release is, so that tests/make/release-check sees whether names,
 * authorities and TLS work where there is nothing but one static file.
 */
#include "../../src/kube/http/http.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    static atomic_bool stop;
    struct glm_http *http = glm_http_create(&stop);
    struct glm_arena *arena = glm_arena_create((size_t)64 << 20);
    struct http_route route = {.proxy = ""};
    struct http_request request = {
        .route = &route,
        .method = "GET",
        .url = argc > 1 ? argv[1] : "",
        .timeout_ms = 10000,
        .response_max = (size_t)1 << 20,
    };
    struct http_response response;
    http_perform(http, arena, &request, &response);
    if (response.outcome == HTTP_ANSWERED)
        printf("%d, %zu bytes\n", response.status, response.len);
    else
        printf("outcome %u: %s\n", response.outcome, response.why);
    glm_http_destroy(http);
    glm_arena_destroy(arena);
    return 0;
}
