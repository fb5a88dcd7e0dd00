# SPDX-License-Identifier: Apache-2.0
"""Attacks by what is said in well-formed answers: see attacks.py."""
import base64
import copy
import functools
import json
import time
import urllib.parse
import zlib

from . import h2
from .attacks import ANSWERS, READS, WRITES, attack, family
from .objects import KINDS, status_object
from .server import Gone

# Whatever a terminal would obey, and what turns the order of letters round.
FOREIGN = "\x1b[2J\x1b]0;owned\x07\x08\r\x00\x9b31m\u202eevil\u2066\u2028\u200b\ud83d"


def well(connection, request):
    return connection.server.cluster.answer(request.method, request.target, request.body)


def say(connection, request, status, value, headers=()):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    connection.answer(request, status, list(headers), text)


def lie(words, stages=ANSWERS, busy=False, name=None):
    """The function makes (status, value) or (status, value, headers) of the good answer's status and
    value. Of a watch, which has none, it makes an answer all the same."""
    def add(function):
        def play(connection, request):
            status, value = well(connection, request)
            say(connection, request, *function(connection, request, status, copy.deepcopy(value)))
        play.__name__ = function.__name__
        attack("content", words, stages, busy, name=name)(play)
        return function
    return add


def fixed(name, words, status, value, headers=(), stages=ANSWERS, busy=False):
    """The same answer to everything; nothing is done."""
    def play(connection, request):
        say(connection, request, status, made() if callable(value) else value, headers)
    made = functools.cache(value) if callable(value) else None
    attack("content", words, stages, busy, name=name)(play)


def objects_of(value):
    """The object, or those of the list."""
    return value.get("items") if isinstance(value, dict) and "items" in value else [value]


# ---- no API at all ----

family("Answers that are none")

fixed("web page", "answers with a web page", 200, b"<!doctype html><p>log in\x1b[31m",
      [("content-type", "text/html")])
fixed("empty answer", "answers with nothing", 200, b"")
fixed("not JSON", "answers with text that is no JSON", 200, b"\xff\xfe{'kind':" + FOREIGN[:8].encode())
fixed("half of a JSON", "leaves out the end of the JSON", 200, b'{"kind": "IstioOperator", "metadata": {')
fixed("JSON null", "answers null", 200, b"null")
fixed("JSON list", "answers with a list", 200, b"[]")
fixed("JSON number", "answers with a number of a million digits", 200, b"1" * 1000000)
fixed("deep JSON", "nests its JSON 100 000 deep", 200, b'{"a":' * 100000)
fixed("two JSON documents", "answers with two documents", 200, b'{"kind":"A"}{"kind":"B"}')
fixed("redirect to itself", "redirects without end", 302, b"", [("location", "/")])
fixed("redirect elsewhere", "redirects to another server", 307, b"",
      [("location", "http://127.0.0.1:1/steal")])
fixed("Retry-After of days", "is busy (429) for eleven days", 429,
      status_object(429, "TooManyRequests", "later"), [("retry-after", "1000000")])
fixed("Retry-After of seconds", "is busy (503) for a second, without end", 503,
      status_object(503, "ServiceUnavailable", "later"), [("retry-after", "1")])
fixed("Retry-After that is none", "is busy (429) until a time that is none", 429,
      status_object(429, "TooManyRequests", "later"), [("retry-after", "-9223372036854775809")])
fixed("401 every time", "refuses every credential", 401, status_object(401, "Unauthorized", "no"))
fixed("404 for everything", "says that there is nothing of the kind", 404,
      status_object(404, "NotFound", "the server could not find the requested resource"))
fixed("500 every time", "fails each time", 500, status_object(500, "InternalError", "broken"))
fixed("success that is a failure", "answers 200 with a Status of failure", 200,
      status_object(500, "InternalError", "broken"))
fixed("204 without a word", "answers 204", 204, b"")


# ---- too much ----

family("Too much of everything")

fixed("JSON of 64 MB", "answers with one string of 64 MB", 200,
      lambda: b'{"kind":"' + b"x" * (64 << 20) + b'"}', stages=("read", "write"), busy=True)
fixed("JSON of millions of values", "answers with a list of ten million values", 200,
      lambda: b'{"items":[' + b"0," * 10000000 + b'0]}', stages=("read", "write"), busy=True)
fixed("700 KB of values", "answers with 350 000 values", 200,
      lambda: b'{"metadata":{"uid":"u"},"x":[' + b"0," * 350000 + b"0]}", busy=True)
fixed("gzip bomb", "packs 300 MB of spaces into 300 KB", 200, lambda: _bomb(),
      [("content-encoding", "gzip")], stages=("read", "write"), busy=True)
fixed("gzip bomb of values", "packs thirty million values into 60 KB", 200, lambda: _bomb(b"0,"),
      [("content-encoding", "gzip")], stages=("read", "write"), busy=True)


def _bomb(what=b" " * 1024, megabytes=(300, 60)):
    size = megabytes[0 if what[:1] == b" " else 1] << 20
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    part = what * ((1 << 20) // len(what))
    out = [pack.compress(b'{"items":[')]
    out += [pack.compress(part) for _ in range(size >> 20)]
    return b"".join(out) + pack.compress(b"0]}") + pack.flush()


@lie("lists the same objects again and again, 5 MB of them", READS, busy=True)
def same_object_many_times(connection, request, status, value):
    if not isinstance(value, dict) or not value.get("items"):
        return status, value or {}
    items = json.dumps(value.pop("items")).encode()[1:-1]
    head = json.dumps(value).encode()[:-1]
    return status, head + b', "items": [' + b",".join([items] * (5000000 // len(items))) + b"]}"


@lie("refuses with a message of 8 MB", busy=True)
def message_of_8_MB(connection, request, status, value):
    return 500, status_object(500, "InternalError", "m" * (8 << 20))


fixed("20 000 causes", "refuses with 20 000 causes", 422, lambda: json.dumps(
    status_object(422, "Invalid", "no", {"causes": [
        {"reason": "FieldValueInvalid", "message": f"wrong {i} {FOREIGN}", "field": f"spec.x{i}"}
        for i in range(20000)]})).encode(), stages=WRITES, busy=True)


fixed("20 000 conflicts", "says that somebody else owns 20 000 fields", 409, lambda: json.dumps(
    status_object(409, "Conflict", "no", {"causes": [
        {"reason": "FieldManagerConflict", "message": 'conflict with "x"', "field": ".spec.profile"}
        for i in range(20000)]})).encode(), stages=WRITES, busy=True)


@lie("has 20 000 control planes, and as many tags for each", ("look",), busy=True)
def many_control_planes(connection, request, status, value):
    def named(i, labels):
        return {"metadata": {"name": f"n{i}", "namespace": "x", "labels": {"istio.io/rev": "r", **labels}}}
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "DeploymentList":
        value["items"] += [named(i, {"app": "istiod"}) for i in range(20000)]
    if kind == "MutatingWebhookConfigurationList":
        value["items"] += [named(i, {"istio.io/tag": f"t{i}"}) for i in range(20000)]
    return status, value or {}


@lie("warns 5000 times, with control characters", WRITES)
def five_thousand_warnings(connection, request, status, value):
    return status, value, [("warning", f'299 - "w{i} \x1b[31m\x07"') for i in range(5000)]


# ---- pages ----

family("Pages without end")

def _pages(make):
    def change(connection, request, status, value):
        if isinstance(value, dict) and "items" in value:
            make(connection, value)
        return status, value
    return change


@lie("gives the same continue token again and again", READS, busy=True)
def same_continue_token(connection, request, status, value):
    return _pages(lambda c, v: v["metadata"].update({"continue": "again"}))(
        connection, request, status, value)


@lie("gives a new continue token without end", READS, busy=True)
def continue_tokens_without_end(connection, request, status, value):
    def make(c, v):
        c.server.pages = getattr(c.server, "pages", 0) + 1
        v["metadata"]["continue"] = f"page-{c.server.pages}"
    return _pages(make)(connection, request, status, value)


@lie("gives empty pages without end", READS, busy=True)
def empty_pages_without_end(connection, request, status, value):
    def make(c, v):
        c.server.pages = getattr(c.server, "pages", 0) + 1
        v.update(items=[], metadata={"resourceVersion": "1", "continue": f"p{c.server.pages}"})
    return _pages(make)(connection, request, status, value)


@lie("gives a continue token of 8 MB", READS, busy=True)
def continue_token_of_8_MB(connection, request, status, value):
    return _pages(lambda c, v: v["metadata"].update({"continue": "t" * (8 << 20)}))(
        connection, request, status, value)


# ---- other objects than the one asked for ----

family("Other objects than were asked for")

def each(words, stages=("read", "look", "wait", "write", "switch", "gone"), name=None):
    """The function changes an object of the good answer in place."""
    def add(function):
        def change(connection, request, status, value):
            for item in objects_of(value) if status < 300 and value else []:
                function(item)
            return status, value or {}
        change.__name__ = function.__name__
        lie(words, stages, name=name)(change)
        return function
    return add


@each("answers with an object of another name")
def another_name(o):
    o["metadata"]["name"] = "somebody-else"


@each("answers with an object of another namespace")
def another_namespace(o):
    o["metadata"]["namespace"] = "elsewhere"


@each("answers with an object of another kind")
def another_kind(o):
    o.update(kind="Secret", apiVersion="v1", data={"password": "eA=="})


@each("answers with an object of another UID", ("write", "switch", "wait"))
def another_uid(o):
    o["metadata"]["uid"] = "of-somebody-else"


@each("leaves the UID out")
def no_uid(o):
    o["metadata"].pop("uid", None)


@each("has a UID that is no text")
def odd_uid(o):
    o["metadata"]["uid"] = {"a": [1]}


@each("leaves the metadata out")
def no_metadata(o):
    o.pop("metadata", None)


@each("has metadata that is a list")
def odd_metadata(o):
    o["metadata"] = [o.get("metadata")]


for _name, _value in (("text", "two"), ("negative", -1), ("fraction", 1.5), ("list", [1]),
                      ("2^64", 1 << 64), ("null", None), ("map", {"a": 1}), ("true", True)):
    def _odd(o, value=_value):
        o["metadata"]["generation"] = value
    each(f"has a generation that is {_name}", name=f"generation {_name}")(_odd)


@lie("has numbers with exponents of a billion", ("read", "wait", "write"))
def huge_exponents(connection, request, status, value):
    text = json.dumps(value or {}).encode()
    return status, text.replace(b'"generation": 1', b'"generation": 1e999999999')


@each("leaves the resourceVersion out")
def no_resource_version(o):
    o["metadata"].pop("resourceVersion", None)


@each("has a resourceVersion of 1 MB", ("read", "wait", "write"))
def resource_version_of_1_MB(o):
    o["metadata"]["resourceVersion"] = "9" * (1 << 20)


@each("has control characters in every text of the metadata")
def control_characters(o):
    o["metadata"].update(uid="u" + FOREIGN, resourceVersion="1" + FOREIGN,
                         labels={**o["metadata"].get("labels", {}), "x": FOREIGN})


@each("has a NUL in the name")
def nul_in_the_name(o):
    o["metadata"]["name"] = str(o["metadata"].get("name")) + "\0more"


@each("has spec, status and labels that are texts", ("read", "wait", "write"))
def texts_for_maps(o):
    o.update(spec="spec", status="status")
    o["metadata"]["labels"] = o["metadata"]["annotations"] = "labels"


@each("has a status of control characters and 1 MB", ("read", "wait"))
def foreign_status(o):
    o["status"] = {"status": "ERROR", "message": FOREIGN + "m" * (1 << 20),
                   "componentStatus": {FOREIGN: {"status": "ERROR", "error": FOREIGN * 1000}}}


@each("has 20 000 finalizers and conditions", ("read", "wait", "gone"))
def many_finalizers(o):
    o["metadata"]["finalizers"] = [f"f{i}{FOREIGN}" for i in range(20000)]
    o["status"] = {"conditions": [{"type": f"t{i}", "status": "x"} for i in range(20000)]}


@each("says of every object that it is being deleted", ("read", "wait"))
def all_is_being_deleted(o):
    o["metadata"]["deletionTimestamp"] = "0000-99-99T99:99:99Z" + FOREIGN


# ---- refusals ----

family("Refusals and lies")

fixed("409 to everything", "says that there is a conflict, to whatever it is asked", 409,
      status_object(409, "Conflict", "the object has been modified; please apply your changes "
                    "to the latest version" + FOREIGN))
fixed("404 for another object", "says that another object is not there", 404,
      status_object(404, "NotFound", 'secrets "other" not found',
                    {"name": "other", "kind": "secrets"}))
fixed("403 with foreign text", "forbids, in control characters", 403,
      status_object(403, "Forbidden", "no " + FOREIGN, {"name": FOREIGN, "kind": FOREIGN,
                                                         "causes": [{"message": FOREIGN}]}))
fixed("422 with foreign text", "refuses, in control characters", 422,
      status_object(422, "Invalid" + FOREIGN, "no " + FOREIGN, {
          "causes": [{"reason": FOREIGN, "message": FOREIGN, "field": FOREIGN}]}), stages=WRITES)


@lie("says a deletion is done and keeps the object", ("delete",))
def deleted_and_still_there(connection, request, status, value):
    return 200, value


def _delete_does_nothing(connection, request):
    say(connection, request, 200, {"kind": "Status", "apiVersion": "v1", "status": "Success"})


attack("content", "says a deletion is done and does nothing", ("delete",),
       name="deletion that is none")(_delete_does_nothing)


def _write_does_nothing(connection, request):
    value = json.loads(request.body)
    value["metadata"].update(uid="u1", resourceVersion="7", generation=1)
    say(connection, request, 201, value)


attack("content", "says a write is done and does nothing", WRITES,
       name="write that is none")(_write_does_nothing)


# ---- credentials that come back ----

family("Credentials that come back")

def secrets_of(request):
    """What the request carried: the whole header, and what is in it."""
    header = request.headers.get("authorization", "")
    kind, _, value = header.partition(" ")
    if kind == "Basic":
        return [header, value, base64.b64decode(value).decode().partition(":")[2]]
    return [header, value, base64.b64encode(value.encode()).decode(),
            urllib.parse.quote(value), value]


def _said(request):
    secret = secrets_of(request)[-1]
    pieces = (f"part {i // 10}: {secret[i:i + 10]}" for i in range(0, len(secret), 10))
    return " and ".join(secrets_of(request)) + " in pieces, " + ", ".join(pieces)


for _login in ("token", "password"):
    def _in_message(connection, request):
        say(connection, request, 400, status_object(400, "BadRequest", "wrong: " + _said(request),
            {"causes": [{"message": _said(request), "field": secrets_of(request)[-1]}]}))
    attack("content", f"says the {_login} back in a message, as it is, decoded and encoded",
           name=f"{_login} in a message")(_in_message)

    def _in_body(connection, request):
        say(connection, request, 200, b"<p>" + _said(request).encode())
    attack("content", f"says the {_login} back in a page", ANSWERS, name=f"{_login} in a page")(_in_body)

    def _in_object(connection, request):
        status, value = well(connection, request)
        for item in objects_of(value) if status < 300 and value else []:
            labels = item["metadata"].setdefault("labels", {})
            labels["x"] = secrets_of(request)[-1]
            labels["y"] = secrets_of(request)[-1][3:]
            item.setdefault("spec", {})["hub"] = secrets_of(request)[-1]
            item["metadata"].setdefault("finalizers", []).append(_said(request))
            item["status"] = {"status": "ERROR", "message": _said(request)}
        say(connection, request, status, value or {})
    attack("content", f"writes the {_login} into the objects", ("read", "look", "wait", "write", "gone"),
           name=f"{_login} in an object")(_in_object)

    def _in_many(connection, request):
        status, value = well(connection, request)
        secret = secrets_of(request)[-1]
        for item in objects_of(value) if status < 300 and value else []:
            item["metadata"].setdefault("labels", {}).update({f"l{i}": secret for i in range(5000)})
            item["status"] = {"status": "ERROR", "componentStatus": {secret: {"error": "x"}}}
        say(connection, request, status, value or {})
    attack("content", f"writes the {_login} into 5000 labels, and into keys", ("read", "wait", "write"),
           True, name=f"{_login} in many labels")(_in_many)

    def _in_headers(connection, request):
        status, value = well(connection, request)
        said = _said(request)
        say(connection, request, 500 if request.method == "GET" else status, value or {},
            [("warning", f'299 - "{said}"'), ("audit-id", said), ("location", "/" + said),
             ("retry-after", said)])
    attack("content", f"says the {_login} back in headers", ANSWERS,
           name=f"{_login} in headers")(_in_headers)


@attack("http2", "names the credential in GOAWAY", ("read", "write", "delete"))
def credential_in_GOAWAY(connection, request):
    connection.send(h2.frame(h2.GOAWAY, 0, 0, bytes(4) + (11).to_bytes(4, "big")
                             + _said(request).encode()))
    raise Gone


# ---- watches ----

family("Watches")

def watch(words, name, make, every=None, busy=False):
    """make(n, version): the n-th line of a watch, or None for the end."""
    def play(connection, request):
        connection.begin(request, 200, [])
        n, version = 0, int(request.place.query.get("resourceVersion") or 0)
        while connection.wanted(request):
            lines = []
            for _ in range(1 if every else 500):
                lines.append(make(n, version + n + 1, request.place))
                n += 1
            if None in lines:
                connection.end(request)
                return
            connection.piece(request, b"".join(lines))
            if every:
                hold_for(connection, request, every)
        raise Gone
    attack("content", words, ("watch",), busy, name=name)(play)


def hold_for(connection, request, seconds):
    end = time.monotonic() + seconds
    while connection.wanted(request) and time.monotonic() < end:
        time.sleep(0.02)


def event(kind, value):
    return json.dumps({"type": kind, "object": value}).encode() + b"\n"


def thing(place, name, version):
    api_version, kind = KINDS[place.plural]
    return {"apiVersion": api_version, "kind": kind, "metadata": {
        "name": name, "namespace": "istio-system", "uid": name, "resourceVersion": str(version),
        "labels": {"install.operator.istio.io/owning-resource": "x"}}}


watch("names new objects without end", "watch with endless names",
      lambda n, v, p: event("ADDED", thing(p, f"endless-{n}", v)), busy=True)
watch("changes one object without end", "watch with endless changes",
      lambda n, v, p: event("MODIFIED", thing(p, "one", v)), busy=True)
watch("sends bookmarks without end", "watch with endless bookmarks",
      lambda n, v, p: event("BOOKMARK", thing(p, "", v)), busy=True)
watch("sends nothing but bookmarks, slowly", "watch with bookmarks only",
      lambda n, v, p: event("BOOKMARK", thing(p, "", v)), every=0.2)
watch("sends bookmarks of no version", "watch with odd bookmarks",
      lambda n, v, p: event("BOOKMARK", {"metadata": {"resourceVersion": FOREIGN}}), every=0.2)
watch("sends lines that are no events", "watch with garbage", lambda n, v, p: b"garbage\x1b[31m\n")
watch("sends a line without an end", "watch with an endless line",
      lambda n, v, p: b'{"type":"ADDED","object":{"x":"' if n == 0 else b"x" * 1000, busy=True)
watch("sends empty lines without end", "watch with endless empty lines", lambda n, v, p: b"\n" * 100,
      busy=True)
watch("says at once that its place is too old", "watch that is always too old",
      lambda n, v, p: event("ERROR", status_object(410, "Expired", "too old" + FOREIGN)))
watch("ends at once", "watch that ends at once", lambda n, v, p: None)
watch("sends events of another kind", "watch of another kind",
      lambda n, v, p: event("ADDED", {"kind": "Secret", "metadata": {"name": f"s{n}"}}), every=0.05)
watch("sends events without objects", "watch without objects",
      lambda n, v, p: b'{"type":"ADDED"}\n', every=0.05)
watch("says that everything is gone", "watch that deletes everything",
      lambda n, v, p: event("DELETED", thing(p, "istio-ingressgateway-1-23", v)), every=0.1)
watch("says nothing", "watch in silence", lambda n, v, p: b"" if n < 10**6 else None, every=0.5)
