# SPDX-License-Identifier: Apache-2.0
"""Files that an entry of `clusters` names (a token, a kubeconfig and its certificates, a credential plugin),
on a file system whose server answers no more: they hold nobody, and Terraform ends."""
import contextlib
import os
import shutil
import signal
import subprocess
import time

from harness import equal, resource, true
from test_hostile import Cluster, Identity, Server
from test_hung_directory import BESIDES, TIMES, at_once, ends, hanging, timed

HOST = "https://127.0.0.1:1"
API = "client.authentication.k8s.io/v1"
FAR = "./clusters/remote"
KUBECONFIG = """apiVersion: v1
kind: Config
current-context: x
contexts: [{name: x, context: {cluster: x, user: x}}]
clusters: [{name: x, cluster: {server: "https://127.0.0.1:1"%s}}]
users: [{name: x, user: {token: t}}]
"""


def plugin(command):
    return {"host": HOST, "exec": {"api_version": API, "command": command}}


def configure(w, attributes, limit="3s", extra=""):
    w.use({"live": attributes, "east": {}}, extra=extra and f"  {extra}\n")
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"live": True, "east": True}}, extra=TIMES.format(limit)))


def put(path, text, mode=0o644):
    path.write_text(text)
    path.chmod(mode)


def script(interpreter="/bin/sh"):
    return f"#!{interpreter}\nexit 1\n"


def fill(w):
    """What is there as long as it answers."""
    far = w.path("clusters", "remote")
    put(far / "token", "abc")
    put(far / "kubeconfig", KUBECONFIG % "")
    put(far / "authority", "no certificate")
    put(far / "plugin", script(), 0o755)
    put(far / "interpreter", script(), 0o755)
    put(w.path("kubeconfig"), KUBECONFIG % f', certificate-authority: "{far / "authority"}"')
    put(w.path("near"), script(far / "interpreter"), 0o755)


# What names the file, and how the file system stops.
CASES = [
    ({"host": HOST, "token_file": FAR + "/token"}, "", ("silent",)),
    ({"host": HOST, "token_file": FAR + "/token"}, "", ("silent-after", "read")),
    ({"context": "x"}, f'config_paths = ["{FAR}/kubeconfig"]', ("silent",)),
    ({"context": "x"}, f'config_paths = ["{FAR}/kubeconfig"]', ("deaf",)),
    ({"context": "x"}, 'config_paths = ["./kubeconfig"]', ("silent",)),
    (plugin(FAR + "/plugin"), "", ("silent",)),
    (plugin(FAR + "/plugin"), "", ("silent-after", "open")),
    (plugin("./near"), "", ("silent",)),
]


def test_a_file_that_does_not_answer_holds_nobody(w):
    """The others are written, the error says what it is, and Terraform ends in time."""
    with hanging(w) as files:
        fill(w)
        for attributes, extra, way in CASES:
            configure(w, attributes, extra=extra)
            files.does(*way)
            result = timed(lambda: w.apply("-refresh=false", code=1), 3 + BESIDES)
            result.has('"live"')
            # What a busy machine has not even begun in time has only been slow.
            true("does not answer" in result.words or "had no answer yet" in result.words,
                 result.text)
            true(len(w.cluster_files("east")) >= 3, f"{attributes} {way}: the others are written")
            files.does("answer")
            w.destroy()


def interrupt(w, what, env=None):
    """A plan that asks the live cluster waits, and ends when it is told to: in so many seconds."""
    w.write("read.tf", 'data "glm_control_planes" "all" {\n  clusters = ["live"]\n}\n')
    process = w.start("plan", env=env)
    time.sleep(3)
    log = w.path("started.log")
    true(process.poll() is None, f"{what} waits:\n{log.read_text()}")
    return ends(w, process, signal.SIGINT, what)


def test_a_run_that_waits_for_a_file_can_be_stopped(w):
    """Within a second, its plugin too."""
    with hanging(w) as files:
        fill(w)
        times = []
        for attributes, extra, way in CASES:
            configure(w, attributes, "10m", extra)
            files.does(*way)
            times.append(interrupt(w, f"{attributes} {way}"))
            files.does("answer")
        at_once(times)


@contextlib.contextmanager
def trusted(w):
    """A server whose authority is on the file system, in a file and in a directory as OpenSSL has it."""
    with hanging(w) as files:
        identity = Identity(w.path("identity"))
        server = Server(identity, Cluster("live"))
        far = w.path("clusters", "remote")
        digest = subprocess.run(["openssl", "x509", "-hash", "-noout", "-in", str(identity.ca)],
                                check=True, capture_output=True, text=True).stdout.strip()
        (far / "authorities").mkdir()
        for name in ("ca.pem", f"authorities/{digest}.0"):
            put(far / name, identity.ca.read_text())
        put(far / "authorities" / "README", "no certificate")
        try:
            yield files, server, ({"SSL_CERT_FILE": str(far / "ca.pem")},
                                  {"SSL_CERT_DIR": str(far / "authorities")})
        finally:
            server.stop()


def test_authorities_of_a_system_may_be_far_away(w):
    """They are read there, and a server is held against them."""
    with trusted(w) as (_, server, ways):
        w.use({"live": {"host": server.url, "token": "t"}})
        w.main("")
        w.write("read.tf", 'data "glm_control_planes" "all" {\n  clusters = ["live"]\n}\n')
        for env in ways:
            w.run("apply", "-auto-approve", "-no-color", env=env).has("No changes").lacks("Error", "cannot be")
        w.apply(code=None).has("not among the authorities")
        w.apply(code=None).has("not among the authorities")


def test_authorities_that_do_not_answer_hold_nobody(w):
    """Of the server, or of a proxy: the others are written, and Terraform ends, told to or not."""
    with trusted(w) as (files, server, ways):
        entries = [{"host": server.url, "token": "t"},
                   {"host": server.url, "token": "t", "proxy_url": server.url}]
        for attributes in entries:
            for env in ways:
                for way in (("silent",), ("silent-after", "read"), ("silent-after", "open")):
                    configure(w, attributes)
                    files.does(*way)
                    result = timed(lambda: w.apply("-refresh=false", code=1, env=env), 3 + BESIDES)
                    result.has('"live"', "certificate authorities of this system", "not answer")
                    true(len(w.cluster_files("east")) >= 3, f"{env} {way}: the others are written")
                    interrupt(w, f"{env} {way}", env)
                    w.path("read.tf").unlink()
                    files.does("answer")
                    w.destroy()


def test_a_file_that_answers_again_is_read(w):
    """From then on only the server is missing."""
    configure(w, {"host": HOST, "token_file": FAR + "/token"})
    with hanging(w) as files:
        fill(w)
        files.does("silent")
        w.apply("-refresh=false", code=1).has("does not answer")
        files.does("answer")
        w.destroy()
        w.apply("-refresh=false", code=1).lacks("does not answer").has("127.0.0.1:1")


def test_a_slow_file_system_is_waited_for(w):
    """A tenth of a second for every answer is no silence."""
    with hanging(w) as files:
        fill(w)
        files.does("delay", "0.1")
        for attributes, extra, _ in CASES[:1] + CASES[2:3]:
            configure(w, attributes, "10s", extra)
            w.apply("-refresh=false", code=1).lacks("does not answer").has("127.0.0.1:1")
            equal(len(w.cluster_files("east")) >= 3, True, "the others are written")
            w.destroy()


def test_a_folder_for_sockets_that_does_not_answer_is_not_waited_for(w):
    """TMPDIR is only where a socket may be; there is /tmp."""
    w.fixture("ingress.yaml")
    w.main(resource({"1-24": {"east": True}}))
    with hanging(w) as files:
        far = w.path("clusters", "remote")
        for way in (("silent",), ("deaf",)):
            files.does(*way)
            timed(lambda: w.apply(env={"TMPDIR": str(far)}), BESIDES)
            files.does("answer")
            w.destroy()


def test_a_file_that_openssl_or_the_resolver_would_read_keeps_no_plugin(w):
    """It says which variable, instead of hanging where nothing can end it."""
    with hanging(w) as files:
        w.use({"east": {}})
        w.fixture("ingress.yaml")
        w.main(resource({"1-24": {"east": True}}))
        named = put(w.path("clusters", "remote", "named"), "") or str(w.path("clusters", "remote", "named"))
        for variable in ("OPENSSL_CONF", "HOSTALIASES"):
            files.does("answer")
            w.plan(env={variable: named})
            files.does("silent")
            timed(lambda v=variable: w.plan(code=1, poison=False, env={v: named}), 2 + BESIDES).has(
                f"{variable} names", "does not answer")


def test_the_file_of_a_time_zone_is_never_read(w):
    """Nobody opens it, and what the plugin starts gets the variable as it was."""
    os.mkfifo(w.path("zone"))
    w.write("plugin.sh", "#!/bin/sh\necho zone=$TZ dir=$TZDIR >&2\nexit 1\n").chmod(0o755)
    configure(w, plugin("./plugin.sh"))
    for variable, value in (("TZ", f":{w.path('zone')}"), ("TZDIR", str(w.path("nowhere")))):
        w.path("plugin").rename(w.path("override"))
        w.path("plugin").mkdir()
        started = w.write("plugin/terraform-provider-glm",
                          f'#!/bin/sh\nexport {variable}="{value}"\nexec {w.plugin} "$@"\n')
        started.chmod(0o755)
        w.env["TF_LOG"] = "DEBUG"
        w.env["TF_LOG_PATH"] = str(w.path("debug.log"))
        result = w.apply("-refresh=false", code=1)
        result.has(f"zone={value} dir=" if variable == "TZ" else f"dir={value}")
        shutil.rmtree(w.path("plugin"))
        w.path("override").rename(w.path("plugin"))
