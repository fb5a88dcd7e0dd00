# SPDX-License-Identifier: Apache-2.0
"""Attacks by a proxy on the way to a well-behaved server: see attacks.py. play(wire) instead of a tunnel."""
import re
import time

from .attacks import attack, family, hold_raw
from .server import read_connect, read_some, socks_greeting

FEW = ("read", "write", "watch", "delete")

family("Proxies")


def proxy(words, stages=FEW, busy=False):
    """The CONNECT has been read."""
    def add(function):
        def play(wire):
            read_connect(wire)
            function(wire)
        play.__name__ = function.__name__
        attack("proxy", words, stages, busy)(play)
        return function
    return add


def answer(name, words, text, close=True):
    def play(wire):
        wire.send_raw(text)
        if not close:
            hold_raw(wire)
    play.__name__ = name
    proxy(words)(play)


@proxy("takes the CONNECT and says nothing")
def proxy_silence(wire):
    hold_raw(wire)


answer("proxy_closes", "ends the connection at the CONNECT", b"")
answer("proxy_wants_another_login", "wants a login, in control characters",
       b"HTTP/1.1 407 No\x1b[31m\r\nProxy-Authenticate: Basic realm=\"\x1b]0;owned\x07\"\r\n"
       b"Content-Length: 0\r\n\r\n", close=False)
answer("proxy_redirects", "redirects to another server",
       b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:9/evil\r\nContent-Length: 0\r\n\r\n")
answer("proxy_is_busy", "is busy for eleven days",
       b"HTTP/1.1 503 Busy\r\nRetry-After: 950400\r\nContent-Length: 0\r\n\r\n")
answer("proxy_answers_a_page", "answers 200 and a web page where TLS should begin",
       b"HTTP/1.1 200 OK\r\n\r\n<!doctype html><p>log in\x1b[31m" + b" " * 4096, close=False)
answer("proxy_speaks_no_http", "speaks no HTTP", b"SSH-2.0-OpenSSH_9.2p1\r\n", close=False)
answer("proxy_answers_999", "answers 999", b"HTTP/1.1 999 What\r\n\r\n")
answer("proxy_has_a_body", "says that its 200 has a body of 2^64 bytes",
       b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n", close=False)
answer("proxy_chunks", "answers 200 in chunks that are none",
       b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", close=False)
answer("proxy_silence_after", "says that the tunnel stands, and nothing more",
       b"HTTP/1.1 200 OK\r\n\r\n", close=False)


@proxy("says the login back, as it is and encoded")
def proxy_repeats_the_login(wire):
    login = re.search(rb"Proxy-Authorization: (.*?)\r\n", wire.head)
    login = login[1] if login else b""
    wire.send_raw(b"HTTP/1.1 403 no %s\r\nX-Was: %s\r\nContent-Length: %d\r\n\r\nno %s" %
                  (login, login, len(login) + 3, login))
    hold_raw(wire)


@proxy("drips its answer, a byte at a time")
def proxy_drip(wire):
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 10000:
        wire.send_raw(bytes([byte]))
        time.sleep(0.05)


@proxy("sends headers without end", busy=True)
def proxy_headers_without_end(wire):
    wire.send_raw(b"HTTP/1.1 200 OK\r\n")
    while True:
        wire.send_raw(b"X-Header: yes\r\n" * 8192)


@proxy("sends a header line that never ends", busy=True)
def proxy_header_without_end(wire):
    wire.send_raw(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        wire.send_raw(b"a" * 131072)


@proxy("sends 100 answers without end", busy=True)
def proxy_interim_answers(wire):
    while True:
        wire.send_raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 4096)


@proxy("refuses with a page that never ends", busy=True)
def proxy_page_without_end(wire):
    wire.send_raw(b"HTTP/1.1 502 Bad\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        wire.send_raw(b"10000\r\n" + b"<" * 65536 + b"\r\n")


@proxy("wants a login again and again, on one connection", busy=True)
def proxy_wants_logins_without_end(wire):
    while True:
        wire.send_raw(b"HTTP/1.1 407 Again\r\nProxy-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n"
                      b"Proxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n")
        wire.head = b""
        read_connect(wire)


# ---- SOCKS ----


def socks(words, stages=FEW, busy=False):
    def add(function):
        attack("socks", words, stages, busy)(function)
        return function
    return add


@socks("(SOCKS) takes the connection and says nothing")
def socks_silence(wire):
    hold_raw(wire)


@socks("(SOCKS) answers a greeting of another version")
def socks_of_another_version(wire):
    read_some(wire, 3)
    wire.send_raw(b"\x04\x5b" + bytes(6))
    hold_raw(wire)


@socks("(SOCKS) knows no way to log in")
def socks_without_a_way_to_log_in(wire):
    read_some(wire, 3)
    wire.send_raw(b"\x05\xff")
    hold_raw(wire)


@socks("(SOCKS) refuses the login")
def socks_refuses_the_login(wire):
    read_some(wire, 3)
    wire.send_raw(b"\x05\x02")
    read_some(wire, 5)
    wire.send_raw(b"\x01\xff")
    hold_raw(wire)


@socks("(SOCKS) says that the server cannot be reached, for a reason that there is not")
def socks_refuses_oddly(wire):
    socks_greeting(wire)
    wire.send_raw(b"\x05\x99\x00\x01" + bytes(6))
    hold_raw(wire)


@socks("(SOCKS) names an address of a type that there is not")
def socks_with_an_odd_address(wire):
    socks_greeting(wire)
    wire.send_raw(b"\x05\x00\x00\x77" + bytes(300))
    hold_raw(wire)


@socks("(SOCKS) stops in the middle of its answer")
def socks_stops_half_way(wire):
    socks_greeting(wire)
    wire.send_raw(b"\x05\x00\x00\x03\xff" + b"a" * 20)
    hold_raw(wire)


@socks("(SOCKS) drips its answer, a byte at a time")
def socks_drip(wire):
    socks_greeting(wire)
    for byte in b"\x05\x00\x00\x03\xff" + b"a" * 257:
        wire.send_raw(bytes([byte]))
        time.sleep(0.05)


@socks("(SOCKS) sends without end, as fast as it can", busy=True)
def socks_flood(wire):
    while True:
        wire.send_raw(b"\x05\x00" * 65536)
