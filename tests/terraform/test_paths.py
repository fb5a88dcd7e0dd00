# SPDX-License-Identifier: Apache-2.0
"""Paths in the provider's configuration: "~" is the home directory wherever a path is taken."""
from harness import equal, resource, true

HERE = {"1-24": {"east": True}}


def test_a_directory_below_the_home_directory(w):
    """No folder of that name is made, and the long way to it is the same place."""
    w.fixture("ingress.yaml")
    w.use({"east": {"directory": "~/estate/east"}})
    w.main(resource(HERE))
    w.apply()
    true(w.path("estate/east/namespaces").is_dir(), "the files are below the home directory")
    true(not w.path("~").exists(), "a folder ~ was made")
    w.use({"east": {"directory": str(w.path("estate/east"))}})
    w.no_changes()


def test_two_names_of_one_directory_are_one_directory(w):
    """Compared as they are meant."""
    w.fixture("ingress.yaml")
    w.use({"east": {"directory": "~/one"}, "west": {"directory": str(w.path("one"))}})
    w.main(resource(HERE))
    w.plan(code=1).has("Two clusters in one directory", "east")


def test_the_home_directory_itself(w):
    """A "~" alone."""
    w.fixture("ingress.yaml")
    w.use({"east": {"directory": "~"}})
    w.main(resource(HERE))
    w.apply()
    true(w.path("namespaces").is_dir(), "the files are in the home directory")


def test_without_a_home_directory_the_path_is_refused(w):
    """Where it is used: nothing is written anywhere."""
    w.fixture("ingress.yaml")
    w.use({"east": {"directory": "~/east"}})
    w.main(resource(HERE))
    before = sorted(p.name for p in w.dir.iterdir())
    w.plan(code=1, env={"HOME": ""}).has("Unknown home directory", "HOME", 'clusters["east"]')
    equal(sorted(p.name for p in w.dir.iterdir()), before, "files")


def test_the_home_directory_of_somebody_else_is_not_guessed(w):
    """Each attribute that takes a path."""
    w.fixture("ingress.yaml")
    w.main(resource(HERE))
    for cluster, extra in (({"directory": "~bob/east"}, ""),
                           ({"host": "https://10.0.0.1", "token_file": "~bob/token"}, ""),
                           ({"context": "x"}, '  config_paths = ["~bob/config"]\n')):
        w.use({"east": cluster}, extra=extra)
        w.run("validate", "-no-color", code=1).has("Not a path", "~bob", "the home directory")


def test_a_program_below_the_home_directory(w):
    """`command` of exec; what it prints is no answer, so it has run."""
    w.fixture("ingress.yaml")
    program = w.write("bin/login", "#!/bin/sh\necho ran >\"$HOME/ran\"\nexit 3\n")
    program.chmod(0o755)
    w.provider('''provider "glm" {
  clusters = { east = { host = "https://127.0.0.1:1", insecure = true, exec = {
    api_version = "client.authentication.k8s.io/v1", command = "~/bin/login" } } }
}
''')
    w.main(resource(HERE))
    w.apply(code=1).has('Cluster "east"')
    true(w.path("ran").exists(), "the program was started")
