# SPDX-License-Identifier: Apache-2.0
"""403: what the errors say about rights is enough to get them."""
import re
import shlex

import objects
import reach
from api import ApiError
from process import wait_until
from faults import BAD, at_refresh, connect, needs_two
from workspace import harness

equal, true = harness.equal, harness.true


def proposals(text):
    """[(a Role as YAML, arguments of kubectl)] in what Terraform printed."""
    found = []
    for role in re.split(r"(?m)^(?=  apiVersion: rbac)", harness.unboxed(text))[1:]:
        document, _, rest = role.partition("\n\n")
        command = next(line for line in rest.splitlines() if line.startswith("  kubectl "))
        found.append((re.sub(r"(?m)^  ", "", document), shlex.split(command)[1:]))
    return found


def test_a_refresh_that_is_forbidden(w, estate):
    """It names the user and the kind, and is a warning."""
    _, bad = needs_two(estate)
    entry = reach.by_token(bad, "nobody")
    at_refresh(w, estate, entry, '"nobody" cannot', "403 Forbidden", "kubectl create ")


def test_the_role_that_the_error_proposes_is_enough(w, estate):
    """Applied as it is printed, once: install, refresh and removal work."""
    _, bad = needs_two(estate)
    connect(w, estate, reach.by_token(bad, "nobody"))
    reach.gateways(w, [BAD])
    result = w.apply(code=1).has('"nobody" cannot', "403")
    (role, binding), = proposals(result.text)
    bad.kubectl("apply", "-f", "-", data=role)
    bad.kubectl(*binding)
    w.apply()
    true(reach.installed(bad), "the IstioOperator must be there")
    equal(reach.state_of(w, BAD), "HEALTHY", "state")
    w.no_changes()
    w.destroy()
    equal(reach.installed(bad), None, "the IstioOperator")


def refused(cluster):
    try:
        cluster.create(objects.istio_operator(), dryRun="All")
        return False
    except ApiError:
        return True


def test_a_policy_of_the_cluster_says_no(w, estate):
    """An admission policy's own words are in the error, and no Role is proposed."""
    _, bad = needs_two(estate)
    name = "glm-test-no-gateways"
    group = "admissionregistration.k8s.io/v1"
    bad.kubectl("apply", "-f", "-", data=f"""
apiVersion: {group}
kind: ValidatingAdmissionPolicy
metadata: {{name: {name}}}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
    - apiGroups: [install.istio.io]
      apiVersions: ["*"]
      operations: [CREATE]
      resources: [istiooperators]
  validations:
  - {{expression: "false", message: "gateways need a change ticket here"}}
---
apiVersion: {group}
kind: ValidatingAdmissionPolicyBinding
metadata: {{name: {name}}}
spec: {{policyName: {name}, validationActions: [Deny]}}
""")
    wait_until(lambda: refused(bad), "the policy")
    connect(w, estate, None)
    reach.gateways(w, [BAD])
    result = w.apply(code=1)
    result.has("gateways need a change ticket here", BAD).lacks("kind: ClusterRole", "kind: Role")
    bad.kubectl("delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", name)
    wait_until(lambda: not refused(bad), "the end of the policy")
