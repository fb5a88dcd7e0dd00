/* SPDX-License-Identifier: Apache-2.0
 *
 * What went wrong with a request, in words that say what to do.
 *
 * Owner:  texts live in the diagnostics' arena.
 * Errors: this makes them. Nothing of a credential or of an answer that is no Kubernetes Status
 *         gets into one; what a server says is cleaned and cut.
 * Thread: no shared state.
 */
#include "internal.h"

#include "glm/shown.h"

#include <string.h>

#define CAUSES_MAX 20

const char *api_refusal_quote(struct glm_arena *arena, const char *text)
{
    size_t len = strlen(text);
    while (len && strchr(" \t\r\n.", text[len - 1]))
        len--;
    char *line = glm_strndup(arena, text, len);
    for (char *c = line; *c; c++)
        if (strchr("\t\r\n", *c)) /* its own layout */
            *c = ' ';
    return glm_shown(arena, line);
}

static bool is_status(const struct kube_answer *answer)
{
    return glm_string_is(glm_get(answer->object, "kind"), "Status");
}

/* What the API server says itself; "" when it says nothing that we can use. */
static const char *message_of(struct glm_arena *arena, const struct kube_answer *answer)
{
    if (!is_status(answer))
        return "";
    return api_refusal_quote(arena, glm_string_or(glm_get(answer->object, "message"), ""));
}

const char *api_refusal_doing(struct glm_arena *arena, const struct kube_request *request)
{
    const char *kind = request->kind->name;
    bool plural_es = kind[strlen(kind) - 1] == 's';
    const char *verb = request->piece ? "follow" : "list";
    if (!request->name && !request->namespace_)
        return glm_sprintf(arena, "%s %s%s", verb, kind, plural_es ? "es" : "s");
    if (!request->name)
        return glm_sprintf(arena, "%s %s%s of namespace %s", verb, kind, plural_es ? "es" : "s",
                           request->namespace_);
    const struct glm_object_ref ref = {
        .kind = request->kind, .namespace_ = request->namespace_, .name = request->name};
    verb = strcmp(request->method, "DELETE") == 0  ? "remove"
           : strcmp(request->method, "PATCH") == 0 ? "write"
                                                   : "read";
    return glm_sprintf(arena, "%s %s", verb, glm_object_ref_text(arena, &ref));
}

bool api_refusal_is_absence(const struct kube_request *request, const struct kube_answer *answer)
{
    const struct glm_value *details = glm_get(answer->object, "details");
    return answer->status == 404 && is_status(answer) && request->name &&
           glm_string_is(glm_get(answer->object, "reason"), "NotFound") &&
           glm_string_is(glm_get(details, "name"), request->name) &&
           glm_string_is(glm_get(details, "kind"), request->kind->plural);
}

/* An API server that does not serve a resource says so in plain text, or in a Status about nothing
 * in particular; a proxy that knows no such place answers with a page. */
bool api_refusal_is_no_api(const struct kube_answer *answer)
{
    if (answer->status != 404)
        return false;
    if (is_status(answer))
        return glm_is_null(glm_get_path(answer->object, "details", "name", NULL));
    return strncmp(answer->http.body, "404 page not found", 18) == 0;
}

struct refusal {
    struct glm_arena *arena;
    const struct access *access;
    const struct kube_request *request;
    const struct kube_answer *answer;
    const char *doing, *server, *message;
};

static const char *credential(const struct refusal *r)
{
    return r->access && r->access->credential_label ? r->access->credential_label
                                                    : "no credential at all";
}

static const char *of_401(const struct refusal *r)
{
    return glm_sprintf(r->arena,
                       "%s does not accept who we are (401 Unauthorized). It was shown %s. It may "
                       "have expired or belong to another cluster: log in again, or correct the "
                       "cluster's entry. `kubectl auth whoami` shows what an API server makes of "
                       "a credential.",
                       r->server, credential(r));
}

/* An API server that knows the credential of nobody, or was shown none, may let everybody in as this
 * user. Rights for it would be rights for the whole network, so none are proposed. */
static const char *of_anonymous(const struct refusal *r)
{
    bool shown = r->access && r->access->credential_label;
    return glm_sprintf(
        r->arena,
        "%s takes us for system:anonymous, who is forbidden this (403 Forbidden). It "
        "was shown %s, %s",
        r->server, credential(r),
        !shown ? "and needs one: set `token`, `exec` or another way to log in in the "
                 "cluster's entry."
        : r->access->username
            ? "which says nothing to it: API servers take no user names and "
              "passwords any more. Correct the cluster's entry: `kubectl auth "
              "whoami` shows what an API server makes of a credential."
            : "which says nothing to it: it may be one of another cluster. Correct the cluster's "
              "entry: `kubectl auth whoami` shows what an API server makes of a credential.");
}

static const char *of_403(const struct refusal *r)
{
    if (strstr(r->message, "User \"system:anonymous\" cannot "))
        return of_anonymous(r);
    if (strstr(r->message, " because it is being terminated"))
        return glm_sprintf(r->arena,
                           "%s refuses it: namespace %s is being removed, and nothing new may be "
                           "made in it until it is gone. Wait for that (`kubectl get namespace "
                           "%s`), then apply again.",
                           r->server, r->request->namespace_ ? r->request->namespace_ : "",
                           r->request->namespace_ ? r->request->namespace_ : "");
    if (strstr(r->message, "\" cannot impersonate resource \""))
        return glm_sprintf(r->arena,
                           "%s forbids it: %s (403 Forbidden, with %s). Correct `impersonate` in "
                           "the cluster's entry, or let somebody who administers the cluster "
                           "allow it with:\n\n%s",
                           r->server, r->message, credential(r),
                           api_refusal_impersonation(r->arena, r->message, r->answer->object));
    if (api_refusal_is_of_rights(r->message))
        return glm_sprintf(
            r->arena,
            "%s forbids it: %s (403 Forbidden, with %s). Somebody who administers "
            "the cluster can allow it, and all else that this provider does in a "
            "cluster, with:\n\n%s",
            r->server, r->message, credential(r),
            api_refusal_rule(r->arena, r->message, r->answer->rights, r->request->kind));
    if (*r->message)
        return glm_sprintf(r->arena,
                           "%s forbids it: %s (403 Forbidden). This is not about roles: an "
                           "admission policy, a quota or a webhook of the cluster says no.",
                           r->server, r->message);
    return glm_sprintf(r->arena,
                       "%s forbids it (403 Forbidden, with %s), without a reason that an API "
                       "server gives: a proxy or gateway in front of it may have answered.",
                       r->server, credential(r));
}

static const char *of_404(const struct refusal *r)
{
    const char *kind = r->request->kind->name;
    if (api_refusal_is_no_api(r->answer))
        return glm_sprintf(
            r->arena, "%s does not serve %s of %s: %s", r->server, kind,
            r->request->kind->api_version,
            r->request->kind->absent
                ? r->request->kind->absent
                : "is it a Kubernetes API server, not older than 1.22, and is the path in its "
                  "address right?");
    const struct glm_value *details = glm_get(r->answer->object, "details");
    if (glm_string_is(glm_get(details, "kind"), "namespaces") &&
        r->request->kind != GLM_KIND_NAMESPACE)
        return glm_sprintf(
            r->arena, "%s has no namespace %s: make it first.", r->server,
            api_refusal_quote(r->arena, glm_string_or(glm_get(details, "name"), "")));
    if (*r->message)
        return glm_sprintf(r->arena, "%s answers: %s (404 Not Found).", r->server, r->message);
    return glm_sprintf(r->arena,
                       "%s answers 404 Not Found, but not as an API server does: a proxy or "
                       "gateway may have answered. Check the path in its address.",
                       r->server);
}

/* Every cause of a 422, "- spec.ports: Required value" on a line each. */
static const char *causes(const struct refusal *r)
{
    const struct glm_value *list = glm_get_path(r->answer->object, "details", "causes", NULL);
    struct glm_text text;
    glm_text_init(&text, r->arena, SIZE_MAX / 4);
    for (size_t i = 0; glm_is_list(list) && i < list->len && i < CAUSES_MAX; i++) {
        const char *field = glm_string_or(glm_get(list->as.list[i], "field"), "");
        const char *why = glm_string_or(glm_get(list->as.list[i], "message"), "");
        glm_text_addf(&text, "\n  - %s%s%s", api_refusal_quote(r->arena, field),
                      *field && *why ? ": " : "", api_refusal_quote(r->arena, why));
    }
    if (glm_is_list(list) && list->len > CAUSES_MAX)
        glm_text_addf(&text, "\n  - and %zu more", list->len - CAUSES_MAX);
    return text.data;
}

static const char *of_422(const struct refusal *r)
{
    const char *each = causes(r);
    return glm_sprintf(r->arena, "%s finds it invalid (422):%s%s%s", r->server, *each ? "" : " ",
                       *each ? "" : r->message, each);
}

static const char *of_5xx(const struct refusal *r)
{
    /* An apply that does not fit the type of the object comes as an error of the server. */
    if (strstr(r->message, "failed to create typed patch object"))
        return glm_sprintf(r->arena,
                           "%s cannot apply it: %s (%d). A field is misspelt, or its value is of "
                           "another type than the API has.",
                           r->server, r->message, r->answer->status);
    if (*r->message)
        return glm_sprintf(r->arena,
                           "%s has trouble of its own: %s (%d). Look at the API server, and at "
                           "the webhooks and aggregated APIs of the cluster; then try again.",
                           r->server, r->message, r->answer->status);
    return glm_sprintf(r->arena,
                       "%s answers %d, and not as an API server does: it may be starting, or a "
                       "proxy or load balancer in front of it finds it down. Try again when it is "
                       "up.",
                       r->server, r->answer->status);
}

/* An answer of success that is none. */
static const char *of_2xx(const struct refusal *r)
{
    const char *body = r->answer->http.body ? r->answer->http.body : "";
    bool page = body[strspn(body, " \t\r\n")] == '<';
    return glm_sprintf(r->arena,
                       "%s answers with %s where a Kubernetes API server answers with an object "
                       "in JSON. %s",
                       r->server, page ? "a web page" : "something that is no JSON object",
                       page ? "It may be a login page of a proxy or gateway: check the address and "
                              "the proxy settings."
                            : "Check that the address is that of a Kubernetes API server.");
}

static const char *time_text(struct glm_arena *arena, int64_t milliseconds)
{
    int64_t seconds = (milliseconds + 999) / 1000;
    if (seconds < 120)
        return glm_sprintf(arena, "%lld s", (long long)seconds);
    if (seconds < 7200)
        return glm_sprintf(arena, "%lld minutes", (long long)(seconds / 60));
    return glm_sprintf(arena, "%lld hours", (long long)(seconds / 3600));
}

/* How often it was, and how long it wants to be left alone. */
static const char *asked_for(const struct refusal *r)
{
    unsigned tries = r->answer->tries;
    int64_t rest_ms = r->answer->http.retry_after_ms;
    const char *times = tries < 2 ? "" : glm_sprintf(r->arena, ", and was asked %u times", tries);
    return rest_ms <= 0 ? times
                        : glm_sprintf(r->arena, "%s, and wants to be left alone for %s", times,
                                      time_text(r->arena, rest_ms));
}

static const char *of_4xx(const struct refusal *r)
{
    bool plain = r->access && strncmp(r->access->server, "http://", 7) == 0;
    if (*r->message)
        return glm_sprintf(r->arena, "%s refuses it: %s (%d).", r->server, r->message,
                           r->answer->status);
    return glm_sprintf(r->arena, "%s refuses it (%d), but not as an API server does.%s", r->server,
                       r->answer->status,
                       plain && r->answer->status == 400
                           ? " It is asked without TLS: write https:// in its address."
                           : " A proxy or gateway may have answered: check its address.");
}

static const char *of_3xx(const struct refusal *r)
{
    static const int redirects[] = {301, 302, 303, 307, 308};
    for (size_t i = 0; i < sizeof redirects / sizeof *redirects; i++)
        if (r->answer->status == redirects[i])
            return glm_sprintf(
                r->arena,
                "%s redirects to another place (%d), which an API server does not do "
                "and is not followed. Check the address: a proxy or login page may be "
                "in front of it.",
                r->server, r->answer->status);
    return NULL;
}

static const char *detail(const struct refusal *r)
{
    switch (r->answer->status) {
    case 401:
        return of_401(r);
    case 403:
        return of_403(r);
    case 404:
        return of_404(r);
    case 413:
        return glm_sprintf(r->arena,
                           "%s finds it too large (413)%s%s. Make the spec smaller; objects above "
                           "1 MiB do not fit into a cluster's store.",
                           r->server, *r->message ? ": " : "", r->message);
    case 422:
        return of_422(r);
    case 429:
        return glm_sprintf(r->arena,
                           "%s has too many requests to answer (429)%s%s%s. Try again later, or "
                           "lower `max_parallel_clusters` or terraform's -parallelism.",
                           r->server, asked_for(r), *r->message ? ": " : "", r->message);
    default:
        break;
    }
    const char *redirected = of_3xx(r);
    switch (r->answer->status / 100) {
    case 2:
        return of_2xx(r);
    case 4:
        return of_4xx(r);
    case 5:
        return of_5xx(r);
    default:
        return redirected
                   ? redirected
                   : glm_sprintf(
                         r->arena,
                         "%s answers with the status %d, which no API server gives to a request. "
                         "Check the address, and proxies on the way.",
                         r->server, r->answer->status);
    }
}

/* Of a server that was never reached, or knows us not, what was asked for says nothing. */
static const char *summary_of(const struct refusal *r)
{
    switch (r->answer->http.outcome) {
    case HTTP_NO_NAME:
    case HTTP_NO_CONNECT:
    case HTTP_NO_PROXY:
    case HTTP_UNTRUSTED_PROXY:
    case HTTP_BAD_PROXY:
    case HTTP_NO_TLS:
    case HTTP_UNTRUSTED:
    case HTTP_BAD_CERTIFICATE:
    case HTTP_NO_MEANS:
    case HTTP_UNUSABLE:
        return glm_sprintf(r->arena, "The API server %s", api_refusal_failing(&r->answer->http));
    default:
        break;
    }
    if (r->answer->http.outcome == HTTP_ANSWERED && r->answer->status == 401)
        return "The API server does not accept the credentials";
    return glm_sprintf(r->arena, "Cannot %s", r->doing);
}

/* The caller's time was over before there was an answer that counts. */
static bool late_error(struct glm_diags *d, const struct refusal *r, const char *summary)
{
    const struct kube_answer *answer = r->answer;
    if (answer->unread)
        return glm_error(d, NULL, summary,
                         "%s has answered so much (%zu bytes) that it was not read to its end when "
                         "the time was over, beside what other API servers have answered.",
                         r->server, answer->unread);
    if (answer->tries == 0)
        return glm_error(d, NULL, summary,
                         "%s was not asked before the time was over: other requests to it were "
                         "waited for.",
                         r->server);
    if (answer->last_status)
        return glm_error(
            d, NULL, summary,
            "%s had answered only that it cannot serve this now (%d) when the time was "
            "over; it was asked %u time%s.",
            r->server, answer->last_status, answer->tries, answer->tries == 1 ? "" : "s");
    const char *why = answer->http.why;
    return glm_error(d, NULL, summary, "%s had not answered yet when the time was over%s%s.",
                     r->server, why ? ": " : "", why ? why : "");
}

static bool stopped_error(struct glm_diags *d, const struct refusal *r, const char *summary)
{
    const struct kube_answer *answer = r->answer;
    bool reads = strcmp(r->request->method, "GET") == 0;
    if (answer->tries == 0)
        return glm_error(d, NULL, summary, "Terraform was interrupted before %s was asked.",
                         r->server);
    return glm_error(d, NULL, summary,
                     "Terraform was interrupted, and the answer of %s was not %s.%s", r->server,
                     answer->unread ? "read to its end" : "waited for",
                     reads ? ""
                           : " A change that was under way may have been made; the next run "
                             "looks.");
}

bool api_refusal_error(struct glm_diags *d, const struct access *access,
                       const struct kube_request *request, const struct kube_answer *answer)
{
    struct refusal r = {
        .arena = d->arena,
        .access = access,
        .request = request,
        .answer = answer,
        .doing = api_refusal_doing(d->arena, request),
        .server =
            access ? glm_sprintf(d->arena, "API server %s", access->server) : "the API server",
        .message = message_of(d->arena, answer),
    };
    const char *summary = summary_of(&r);
    const struct http_response *http = &answer->http;
    if (answer->late)
        return late_error(d, &r, summary);
    if (http->outcome == HTTP_STOPPED)
        return stopped_error(d, &r, summary);
    if (http->outcome != HTTP_ANSWERED)
        return glm_error(d, NULL, summary, "%s %s: %s%s. %s", r.server, api_refusal_failing(http),
                         http->why ? http->why : "it does not say why",
                         answer->known_ms ? glm_sprintf(d->arena,
                                                        " (another request found that %s ago; it "
                                                        "was not asked again)",
                                                        time_text(d->arena, answer->known_ms))
                                          : "",
                         api_refusal_remedy(d->arena, access, http->outcome));
    if (answer->status == 401 || answer->status == 403)
        return glm_error_denied(d, NULL, summary, "%s", detail(&r));
    return glm_error(d, NULL, summary, "%s", detail(&r));
}
