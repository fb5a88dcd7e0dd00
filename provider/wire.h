/* SPDX-License-Identifier: Apache-2.0
 *
 * Wire: between protobuf messages and the provider's own values, diagnostics and schema tables.
 *
 * Owner:  everything lives in the arena of the call, or is static.
 * Errors: into the diagnostics of the call.
 * Thread: no shared state.
 */
#ifndef GLM_WIRE_H
#define GLM_WIRE_H

#include "provider.h"

#include <tfplugin6.pb-c.h>

/* A message of the generated type, initialised, in the arena of the call. */
#define GLM_MESSAGE(arena_, Type_, name_)                                                          \
    ((Type_ *)glm_wire_message((arena_), &name_##__descriptor))
void *glm_wire_message(struct glm_arena *arena, const ProtobufCMessageDescriptor *descriptor);

/* wire_texts.c: whether no text in the message, packed, has a NUL, at which unpacking would cut it. */
bool glm_wire_texts_whole(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t len);

/* The value of a message of the type; a message that is absent or empty is the null value. */
bool glm_wire_decode(struct glm_call *call, const Tfplugin6__DynamicValue *message,
                     const struct glm_type *type, const struct glm_value **ret_value);
/* The same for the configuration that the call is about. */
bool glm_wire_config(struct glm_call *call, const Tfplugin6__DynamicValue *message,
                     const struct glm_type *type, const struct glm_value **ret_config);
/* NULL after an error. v may be NULL: nothing is sent. */
Tfplugin6__DynamicValue *glm_wire_encode(struct glm_call *call, const struct glm_type *type,
                                         const struct glm_value *v);

/* Borrowed both ways. */
ProtobufCBinaryData glm_wire_bytes(struct glm_bytes bytes);
struct glm_bytes glm_wire_private(ProtobufCBinaryData data);

/* The diagnostics of the call, in order, warnings of one summary as one (glm_diags_fold). Terraform finds the source line of an attribute or of an
 * attribute and one key; a deeper path is cut there, and one to a
 * key where Terraform would crash. The text names every path longer than that of
 * an attribute, in full, at its head: the line alone does not say which element is meant. */
size_t glm_wire_diags(struct glm_call *call, Tfplugin6__Diagnostic ***ret_messages);
#define GLM_WIRE_DIAGS(call_, response_)                                                           \
    ((response_)->n_diagnostics = glm_wire_diags((call_), &(response_)->diagnostics))

/* The errors of the call as the one error a function may have; NULL when there is none. */
Tfplugin6__FunctionError *glm_wire_function_error(struct glm_call *call);

/* The path of one top-level attribute. */
Tfplugin6__AttributePath *glm_wire_attribute(struct glm_arena *arena, const char *name);

Tfplugin6__Schema *glm_wire_schema(struct glm_arena *arena, const struct glm_schema *schema);
Tfplugin6__ResourceIdentitySchema *glm_wire_identity_schema(struct glm_arena *arena,
                                                            const struct glm_schema *identity);
Tfplugin6__Function *glm_wire_function(struct glm_arena *arena,
                                       const struct glm_function_type *function);

/* A generated struct's char * never gets written to. */
static inline char *glm_wire_text(const char *text)
{
    union {
        const char *in;
        char *out;
    } borrowed = {.in = text};
    return borrowed.out;
}

#endif
