/* SPDX-License-Identifier: Apache-2.0
 *
 * What the environment says about where kubeconfigs are and whether this is a Pod.
 */
#include "internal.h"

#include <stdlib.h>

static const char *set(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* The home directory is $HOME and nothing else, as for kubectl: the user database would be asked
 * through libraries that a static program does not have. */
void access_surroundings(struct access_surroundings *ret_around)
{
    *ret_around = (struct access_surroundings){
        .home = set("HOME"),
        .kubeconfig = set("KUBECONFIG"),
        .service_host = set("KUBERNETES_SERVICE_HOST"),
        .service_port = set("KUBERNETES_SERVICE_PORT"),
        .service_account = "/var/run/secrets/kubernetes.io/serviceaccount",
    };
}
