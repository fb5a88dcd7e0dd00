# SPDX-License-Identifier: Apache-2.0
"""The keys and certificates of one cluster, made with the openssl command."""
import secrets
import subprocess

CONFIG = """[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = IP:127.0.0.1, IP:10.96.0.1, DNS:localhost, DNS:kubernetes.default.svc
[client]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
"""
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

# user -> groups. "estate" is the harness itself, "operator" the Istio operator; the rest of
# the control plane shares "components"; "admin" is a person with kubectl, and "engineer" one with
# Terraform. Rights of viewer and engineer: objects.py; nobody has none.
USERS = {
    "estate": ["system:masters"], "components": ["system:masters"],
    "operator": ["system:masters"], "admin": ["system:masters"], "engineer": [], "viewer": [], "nobody": [],
    "everywhere": ["system:masters"],
}
# One person with one token for all clusters, as single sign-on gives it.
EVERYWHERE = secrets.token_hex(16)


class Pki:
    def __init__(self, directory, name):
        self.directory = directory
        self.name = name
        self.ca = directory / "ca.crt"
        self.tokens = {user: secrets.token_hex(16) for user in USERS}
        self.tokens["everywhere"] = EVERYWHERE

    def path(self, name):
        return self.directory / name

    def make(self):
        self.path("openssl.cnf").write_text(CONFIG)
        self._certificate("ca", f"/CN={self.name}-ca", ca=True)
        self._certificate("server", "/CN=kube-apiserver")
        self._certificate("client", "/O=system:masters/CN=admin")
        self._openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                      "-out", "service-account.key")
        self._openssl("pkey", "-in", "service-account.key", "-pubout", "-out",
                      "service-account.pub")
        lines = [f'{self.tokens[user]},{user},{user},"{",".join(groups)}"'
                 for user, groups in USERS.items()]
        self.path("tokens.csv").write_text("\n".join(lines) + "\n")
        self.path("tokens.csv").chmod(0o600)

    def _certificate(self, name, subject, ca=False):
        signer = [] if ca else ["-CA", "ca.crt", "-CAkey", "ca.key"]
        self._openssl("req", "-x509", *KEY, "-config", "openssl.cnf", "-extensions", name,
                      "-days", "7", "-subj", subject, "-keyout", f"{name}.key",
                      "-out", f"{name}.crt", *signer)

    def _openssl(self, *args):
        done = subprocess.run(["openssl", *args], cwd=self.directory, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise RuntimeError(f"openssl {' '.join(args)}:\n{done.stdout.decode()}")
