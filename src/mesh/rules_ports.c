/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on the ports of the active Service, once k8s.service, values and the chart have their part in
 * them: none, one twice, one without a name of its own. And on those that the chart makes of them for
 * the container.
 *
 * Errors: at installations[key].istio_operator_spec, with line and column of the port in the text.
 */
#include "internal.h"

#include <string.h>

struct source {
    const struct glm_value *value; /* as written; null for one of the chart's own */
    const char *where;
};

struct port_rules {
    struct glm_arena *arena;
    const struct glm_value *spec;
    struct glm_spec_report *report;
    struct source *sources; /* of the ports of one Service, in its order */
    size_t count;
};

static struct mesh_setting of_type(struct port_rules *r, enum glm_gateway_type type,
                                   const char *field)
{
    return mesh_setting(r->arena, r->spec, "gateways", mesh_gateway_values(type), field, NULL);
}

static const char *added(enum glm_gateway_type type)
{
    return type == GLM_INGRESS ? "ingressPorts" : "egressPorts";
}

/* ---- where each port comes from ---- */

static size_t said(const struct glm_value *list)
{
    size_t count = 0;
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        count += !glm_is_null(glm_at(list, i));
    return count;
}

static void add(struct port_rules *r, const struct glm_value *list, const char *where)
{
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        if (!glm_is_null(glm_at(list, i)))
            r->sources[r->count++] = (struct source){
                .value = glm_at(list, i), .where = glm_sprintf(r->arena, "%s[%zu]", where, i)};
}

/* ports: those of the Service, which are as many. False when they cannot be told apart. */
static bool trace(struct port_rules *r, const struct glm_gateway *g, const struct glm_value *ports)
{
    const struct glm_value *own = glm_get(g->service, "ports");
    struct mesh_setting values = of_type(r, g->type, "ports");
    struct mesh_setting more = of_type(r, g->type, added(g->type));
    size_t later = said(more.value);
    r->count = 0;
    r->sources = GLM_NEW_ARRAY(r->arena, ports->len + said(own) + said(values.value) + later + 1,
                               struct source);
    if (glm_is_list(own) && own->len)
        add(r, own, glm_sprintf(r->arena, "%s.k8s.service.ports", mesh_gateway_where(r->arena, g)));
    else if (glm_is_list(values.value))
        add(r, values.value, values.where);
    else
        while (r->count + later < ports->len)
            r->sources[r->count++] = (struct source){.value = &glm_null, .where = "the chart"};
    add(r, more.value, more.where);
    return r->count == ports->len;
}

/* ---- the rules ---- */

/* The first port of that key, from now on this one if there was none. NULL: one without a key. */
static size_t first_with(struct port_rules *r, struct glm_map_builder *seen, const char *key,
                         size_t index)
{
    int64_t first;
    if (!key)
        return index;
    if (glm_number_int64(glm_map_peek(seen, key), &first))
        return (size_t)first;
    glm_map_set(seen, key, glm_integer(r->arena, (int64_t)index));
    return index;
}

/* A text that is the same for equal values: 80 and 80.0, but not "80". */
static const char *key_of(struct glm_arena *arena, const struct glm_value *v)
{
    int64_t number;
    if (glm_number_int64(v, &number))
        return glm_sprintf(arena, "%lld", (long long)number);
    const char *text = mesh_chart_text(arena, v);
    return text ? glm_sprintf(arena, "%u %s", v->kind, text) : NULL;
}

/* The error stands at the field of the port, or at the port where it has none. */
static void refuse(struct port_rules *r, size_t index, const char *field, const char *summary,
                   const char *message)
{
    const struct source *s = &r->sources[index];
    const struct glm_value *v = glm_get(s->value, field);
    bool there = !glm_is_null(v);
    glm_spec_error(
        r->report, there ? v->line : s->value->line, there ? v->column : s->value->column,
        there ? glm_sprintf(r->arena, "%s.%s", s->where, field) : s->where, summary, "%s", message);
}

/* Ports of one list so far: "number/protocol" or name -> the index of the first. */
struct port_keys {
    struct glm_map_builder numbers, names;
};

static void check_port(struct port_rules *r, struct port_keys *seen, const struct glm_value *v,
                       size_t index)
{
    const char *number = mesh_chart_text(r->arena, glm_get(v, "port"));
    const char *protocol = glm_string_or(glm_get(v, "protocol"), "TCP");
    const char *port = key_of(r->arena, glm_get(v, "port"));
    const char *key = port ? glm_sprintf(r->arena, "%s/%s", port, protocol) : NULL;
    bool named = mesh_chart_truthy(glm_get(v, "name"));
    const char *name = named ? key_of(r->arena, glm_get(v, "name")) : NULL;
    size_t same = first_with(r, &seen->numbers, key, index);
    size_t namesake = first_with(r, &seen->names, name, index);
    if (same != index)
        refuse(r, index, "port", "One port twice",
               glm_sprintf(r->arena,
                           ": %s has port %s already, and a Service has it once. Remove it from "
                           "one of them.",
                           r->sources[same].where, number ? number : ""));
    else if (namesake != index)
        refuse(r, index, "name", "A port without a name of its own",
               glm_sprintf(r->arena,
                           ": a Service with several ports has a name for each, and that of port "
                           "%s is the name of %s too. Give it another one.",
                           number ? number : "", r->sources[namesake].where));
    else if (!named)
        refuse(r, index, "name", "A port without a name of its own",
               glm_sprintf(r->arena,
                           ": a Service with several ports has a name for each, and that of port "
                           "%s is missing. Give it one.",
                           number ? number : ""));
}

/* ---- ports of the container ---- */

#define METRICS_PORT "15090" /* the chart's own */

/* The number that the chart makes a container port of; "": none that can be told. */
static const char *container_port(struct port_rules *r, const struct glm_value *port)
{
    const struct glm_value *target = glm_get(port, "targetPort");
    const struct glm_value *v = mesh_chart_truthy(target) ? target : glm_get(port, "port");
    const char *text = glm_is_unknown(v) ? NULL : mesh_chart_text(r->arena, v);
    return text ? text : "";
}

static const char *protocol_of(const struct glm_value *port)
{
    const char *protocol = glm_string_or(glm_get(port, "protocol"), "");
    return *protocol ? protocol : "TCP";
}

/* Two ports of the Service that lead to one of the container come out twice there. */
static void check_container_port(struct port_rules *r, struct glm_map_builder *seen, size_t index)
{
    const struct source *s = &r->sources[index];
    const char *number = container_port(r, s->value), *protocol = protocol_of(s->value);
    const char *other = strcmp(number, METRICS_PORT) == 0 && strcmp(protocol, "TCP") == 0
                            ? "the container's own, for metrics"
                            : NULL;
    const char *field = mesh_chart_truthy(glm_get(s->value, "targetPort")) ? "targetPort" : "port";
    const char *key = *number ? glm_sprintf(r->arena, "%s/%s", number, protocol) : NULL;
    size_t first = first_with(r, seen, key, index);
    if (first != index && !other)
        other = glm_sprintf(r->arena, "that of %s already", r->sources[first].where);
    if (number[strspn(number, "0123456789")])
        refuse(r, index, field, "A port that the chart cannot use",
               "must be a number: the gateway chart makes a container port of it. Write for "
               "instance 8443.");
    else if (other)
        refuse(r, index, field, "One container port twice",
               glm_sprintf(r->arena,
                           ": the gateway chart makes a container port of each, and %s/%s is %s. "
                           "No Deployment that has one twice can be applied. Give it a "
                           "targetPort of its own.",
                           number, protocol, other));
}

static void check_container(struct port_rules *r, const struct glm_gateway *g, bool *done)
{
    const struct glm_value *own = glm_get_path(g->k8s, "service", "ports", NULL);
    struct mesh_setting values = of_type(r, g->type, "ports");
    bool owns = glm_is_list(own) && own->len;
    const struct glm_value *list = owns ? own : values.value;
    if (!glm_is_list(list) || mesh_gateway_is_patched(g, "containers") || (!owns && done[g->type]))
        return;
    done[g->type] = done[g->type] || !owns;
    r->count = 0;
    r->sources = GLM_NEW_ARRAY(r->arena, list->len + 1, struct source);
    add(r, list,
        owns ? glm_sprintf(r->arena, "%s.k8s.service.ports", mesh_gateway_where(r->arena, g))
             : values.where);
    struct glm_map_builder seen;
    glm_map_init(&seen, r->arena);
    for (size_t i = 0; i < r->count; i++)
        check_container_port(r, &seen, i);
}

/* ---- the whole ---- */

/* Ports of k8s.service alone, the API's tables have looked at. */
static void check_service(struct port_rules *r, const struct glm_gateway *g)
{
    const struct glm_value *ports =
        glm_get_path(mesh_service_build(r->arena, r->spec, g, ""), "spec", "ports", NULL);
    struct mesh_setting values = of_type(r, g->type, "ports");
    if (!ports->len)
        glm_spec_error(r->report, values.value->line, values.value->column, values.where,
                       "A Service without ports",
                       "is empty, so the Service of \"%s\" would have no port, which the API "
                       "server refuses. Remove it for the chart's own, or say which in "
                       "k8s.service.ports.",
                       g->name);
    if (ports->len < 2 || !trace(r, g, ports))
        return;
    struct port_keys seen;
    glm_map_init(&seen.numbers, r->arena);
    glm_map_init(&seen.names, r->arena);
    for (size_t i = 0; i < ports->len; i++)
        check_port(r, &seen, glm_at(ports, i), i);
}

void mesh_rules_ports(const struct glm_rules *rules, const struct glm_installation *installation,
                      const struct glm_gateways *gateways, struct glm_spec_report *report)
{
    struct port_rules r = {.arena = rules->arena, .spec = installation->spec, .report = report};
    bool done[2] = {false, false}, judged[2] = {false, false};
    for (size_t i = 0; i < gateways->count && report->ok; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        const struct glm_value *own = glm_get(g->service, "ports");
        bool owns = glm_is_list(own) && own->len;
        bool alone = owns && !mesh_chart_truthy(of_type(&r, g->type, added(g->type)).value);
        if (!gateways->our_service[g->type] || !g->enabled || !g->name || !glm_is_map(g->service) ||
            alone || (!owns && done[g->type]))
            continue;
        done[g->type] = done[g->type] || !owns; /* the same for all that have none of their own */
        check_service(&r, g);
    }
    const bool sound = report->ok;
    for (size_t i = 0; i < gateways->count && sound; i++)
        if (gateways->items[i].enabled)
            check_container(&r, &gateways->items[i], judged);
}
