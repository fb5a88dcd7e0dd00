# SPDX-License-Identifier: Apache-2.0
"""Admission policies of a cluster, which say no to one kind of object."""
import contextlib

import objects
from api import KINDS, ApiError
from process import wait_until


@contextlib.contextmanager
def refusing(cluster, thing, message, name="glm-test-refuses"):
    """While it lasts, nobody but the harness itself may write objects of the kind of `thing`, an
    object that the API server would take, in namespaces of tests. Gives nothing."""
    kind = thing["kind"]
    group, plural, _ = KINDS[kind]
    rules = [{"apiGroups": [group.split("/")[1] if group.startswith("apis/") else ""],
              "apiVersions": ["*"], "operations": ["CREATE", "UPDATE"], "resources": [plural]}]
    made = [objects.thing("ValidatingAdmissionPolicy", name, spec={
                "failurePolicy": "Fail", "matchConstraints": {"resourceRules": rules},
                "validations": [{"expression": "!(request.userInfo.username in ['admin', 'engineer'])",
                                 "message": message}]}),
            objects.thing("ValidatingAdmissionPolicyBinding", name, spec={
                "policyName": name, "validationActions": ["Deny"]})]
    for one in made:
        cluster.apply(one)
    as_admin = cluster.api.__class__(cluster.port, cluster.ca, cluster.token())

    def refused():
        try:
            as_admin.create(thing, dryRun="All")
        except ApiError as error:
            return error.status in (403, 422)
        return False
    wait_until(refused, "the policy")
    try:
        yield
    finally:
        for one in reversed(made):
            cluster.delete(one["kind"], name)
        wait_until(lambda: not refused(), "the end of the policy")
