# SPDX-License-Identifier: Apache-2.0
"""403: what the errors say about rights is enough to get them."""
import json
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


POLICY = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: NAME}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
    - apiGroups: [install.istio.io]
      apiVersions: ["*"]
      operations: [CREATE]
      resources: [istiooperators]
  validations:
  - {expression: "false", message: "gateways need a change ticket here"}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: NAME}
spec: {policyName: NAME, validationActions: [ACTION]}
"""
POLICIES = "validatingadmissionpolicybinding,validatingadmissionpolicy"


def test_a_policy_of_the_cluster_says_no(w, estate):
    """An admission policy's own words are in the error, and no Role is proposed."""
    _, bad = needs_two(estate)
    name = "glm-test-no-gateways"
    bad.kubectl("apply", "-f", "-",
                data=POLICY.replace("NAME", name).replace("ACTION", "Deny"))
    wait_until(lambda: refused(bad), "the policy")
    connect(w, estate, None)
    reach.gateways(w, [BAD])
    result = w.apply(code=1)
    result.has("gateways need a change ticket here", BAD).lacks("kind: ClusterRole", "kind: Role")
    bad.kubectl("delete", POLICIES, name)
    wait_until(lambda: not refused(bad), "the end of the policy")


def warned(cluster):
    thing = json.dumps(objects.istio_operator())
    said = cluster.kubectl("create", "--dry-run=server", "-f", "-", data=thing, check=False)
    return "gateways need a change ticket here" in said


def test_a_policy_of_the_cluster_warns(w, estate):
    """What the API server warns of is a warning of the apply, once; the gateway is installed."""
    _, bad = needs_two(estate)
    name = "glm-test-warns-of-gateways"
    bad.kubectl("apply", "-f", "-",
                data=POLICY.replace("NAME", name).replace("ACTION", "Warn"))
    wait_until(lambda: warned(bad), "the policy")
    connect(w, estate, None)
    reach.gateways(w, [BAD])
    result = w.apply()
    result.has("Warning of an API server", f'Cluster "{BAD}"', "gateways need a change ticket here")
    equal(result.text.count("gateways need a change ticket here"), 1, "how often it is said")
    true(reach.installed(bad), "the IstioOperator must be there")
    w.destroy()
    bad.kubectl("delete", POLICIES, name)
    wait_until(lambda: not warned(bad), "the end of the policy")
