/* SPDX-License-Identifier: Apache-2.0
 *
 * The checks that the tables name. Each looks at one known value and says all that is wrong.
 */
#ifndef GLM_CHECKS_H
#define GLM_CHECKS_H

#include "glm/schema.h"

glm_check_fn glm_check_cluster_name;
glm_check_fn glm_check_config_paths;
glm_check_fn glm_check_hub;
glm_check_fn glm_check_tag;
glm_check_fn glm_check_distribution_revision;
glm_check_fn glm_check_exec_api_version;
glm_check_fn glm_check_field_manager;
glm_check_fn glm_check_host;
glm_check_fn glm_check_installer;
glm_check_fn glm_check_kubeconfig;
glm_check_fn glm_check_max_parallel;
glm_check_fn glm_check_not_empty;
glm_check_fn glm_check_on_unreachable;
glm_check_fn glm_check_operator_namespace;
glm_check_fn glm_check_path;
glm_check_fn glm_check_pem;
glm_check_fn glm_check_proxy_url;
glm_check_fn glm_check_secret;

#endif
