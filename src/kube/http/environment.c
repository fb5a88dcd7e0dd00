/* SPDX-License-Identifier: Apache-2.0
 *
 * What the environment says about proxies and authorities.
 */
#include "parts.h"

#include <stdlib.h>

static const char *first_set(const char *a, const char *b)
{
    const char *value = getenv(a);
    if (!value || !*value)
        value = b ? getenv(b) : NULL;
    return value && *value ? value : NULL;
}

void http_environment(struct http_environment *ret_environment)
{
    *ret_environment = (struct http_environment){
        .http_proxy = first_set("HTTP_PROXY", "http_proxy"),
        .https_proxy = first_set("HTTPS_PROXY", "https_proxy"),
        .no_proxy = first_set("NO_PROXY", "no_proxy"),
        .ssl_cert_file = first_set("SSL_CERT_FILE", NULL),
        .ssl_cert_dir = first_set("SSL_CERT_DIR", NULL),
    };
}
