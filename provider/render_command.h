/* SPDX-License-Identifier: Apache-2.0
 *
 * The command `render`: an IstioOperator in, the objects of its gateways out. For people and scripts, without
 * Terraform.
 */
#ifndef GLM_RENDER_COMMAND_H
#define GLM_RENDER_COMMAND_H

/* argv[0] is "render". Objects go to stdout as YAML, all or none; what is wrong to stderr. Returns the exit
 * status: 0, or 1 when nothing was rendered. */
int glm_render_command(int argc, char **argv);

#endif
