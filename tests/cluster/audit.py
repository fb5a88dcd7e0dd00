# SPDX-License-Identifier: Apache-2.0
"""Counts what an API server was asked for, from its audit log. The policy leaves out the harness
and the control plane's own components; the operator and everybody else are in it."""
import collections
import json
import os
import uuid

from api import AGENT
from process import wait_until

POLICY = {
    "apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
    "rules": [
        # mark() asks for this one.
        {"level": "Metadata", "users": ["estate"],
         "nonResourceURLs": ["/version"]},
        {"level": "None", "users": ["estate", "components", "system:apiserver"]},
        {"level": "Metadata"},
    ],
}
Request = collections.namedtuple(
    "Request", "verb resource namespace name subresource code user user_agent uri")


def matches(value, wanted):
    """wanted: None takes anything, a text equals, a collection contains."""
    return wanted is None or (value == wanted if isinstance(wanted, str) else value in wanted)


class Audit:
    def __init__(self, path, api):
        self.path = path
        self.api = api

    def mark(self):
        """A place in the log: everything answered until now is before it."""
        fence = uuid.uuid4().hex
        start = os.path.getsize(self.path)
        self.api.raw("GET", "/version", fence=fence)

        def passed():
            with open(self.path, "rb") as log:
                log.seek(start)
                text = log.read()
            at = text.find(fence.encode())
            end = text.find(b"\n", at)
            return start + end + 1 if at >= 0 and end >= 0 else None
        return wait_until(passed, "the audit log")

    def requests(self, since=0, user=None, user_agent=None, verb=None, resource=None):
        """Requests answered since mark(), in the log's order. user, verb, resource: one, or a
        collection of them; user_agent: a part of it."""
        end = self.mark()
        with open(self.path, "rb") as log:
            log.seek(since)
            lines = log.read(end - since).splitlines()
        found = {}
        for line in lines:
            event = json.loads(line)
            ref = event.get("objectRef", {})
            request = Request(
                event["verb"], ref.get("resource", ""), ref.get("namespace", ""),
                ref.get("name", ""), ref.get("subresource", ""),
                event.get("responseStatus", {}).get("code", 0), event["user"].get("username", ""),
                event.get("userAgent", ""), event["requestURI"])
            if request.user_agent == AGENT or (user_agent and
                                               user_agent not in request.user_agent):
                continue
            if matches(request.user, user) and matches(request.verb, verb) and \
                    matches(request.resource, resource):
                # A watch is logged when it starts and when it ends.
                found.setdefault(event["auditID"], request)
        return list(found.values())
