# SPDX-License-Identifier: Apache-2.0
"""The hostile API server by hand: prints what a provider block or curl needs, then the requests.

python3 tests/support/hostile --list
python3 tests/support/hostile ATTACK STAGE"""
import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from hostile import attacks  # noqa: E402
from hostile.objects import Cluster  # noqa: E402
from hostile.server import STAGES, Identity, Server  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("attack", nargs="?", help="its name; none: well-behaved")
    parser.add_argument("stage", nargs="?", default="read", choices=list(STAGES))
    parser.add_argument("--list", action="store_true", help="the attacks")
    options = parser.parse_args()
    if options.list:
        for attack in attacks.ATTACKS.values():
            print(f"{attack.name:28} {attack.layer:8} {attack.words}")
        return
    identity = Identity()
    server = Server(identity, Cluster("hostile"),
                    attacks.ATTACKS[options.attack] if options.attack else None, options.stage)
    print(f"""{options.attack or 'well-behaved'} at stage {options.stage}:
  host = "{server.url}", token = "anything", cluster_ca_certificate = file("{identity.ca}")
  curl --cacert {identity.ca} -H 'Authorization: Bearer x' {server.url}/api/v1/namespaces/kube-system""",
          flush=True)
    try:
        while True:
            time.sleep(1)
            with server.cluster.changed:
                seen, server.cluster.requests = server.cluster.requests, []
            for _, method, target in seen:
                print(method, target, flush=True)
    except KeyboardInterrupt:
        server.stop()


main()
