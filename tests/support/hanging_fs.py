#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A file system in memory, spoken to the kernel by hand (/dev/fuse), that stops answering on command.

  hanging_fs.py DIRECTORY    mounts itself there, says "ready", and serves until it is killed.

Lines on stdin:  answer           every request is answered, those that were kept too
                 silent           requests are taken and not answered: who asks cannot be killed
                 deaf             requests are not even taken: who asks can be killed
                 silent-after OP  the same, from the next request of that kind on, which is carried out
                 delay SECONDS    every answer takes so long
"""
import ctypes
import errno
import os
import select
import stat
import struct
import sys
import time

(LOOKUP, FORGET, GETATTR, SETATTR, READLINK, SYMLINK, MKNOD, MKDIR, UNLINK, RMDIR, RENAME, LINK, OPEN,
 READ, WRITE, STATFS, RELEASE, FSYNC) = (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20)
(FLUSH, INIT, OPENDIR, READDIR, RELEASEDIR, FSYNCDIR, ACCESS, CREATE, INTERRUPT, DESTROY) = (
    25, 26, 27, 28, 29, 30, 34, 35, 36, 38)
BATCH_FORGET, RENAME2 = 42, 45
NAMES = {"lookup": LOOKUP, "getattr": GETATTR, "open": OPEN, "read": READ, "create": CREATE,
         "write": WRITE, "fsync": FSYNC, "rename": RENAME2, "mkdir": MKDIR, "unlink": UNLINK,
         "opendir": OPENDIR, "fsyncdir": FSYNCDIR, "rmdir": RMDIR}
SILENT = (FORGET, BATCH_FORGET, INTERRUPT)


class Node:
    def __init__(self, number, mode):
        self.number, self.mode = number, mode
        self.data, self.names = bytearray(), {}
        self.links, self.time = 1, time.time()


class Refused(Exception):
    pass


class FileSystem:
    def __init__(self):
        self.nodes = {1: Node(1, stat.S_IFDIR | 0o755)}
        self.next = 2

    def attr(self, node):
        second = int(node.time)
        size = len(node.data)
        return struct.pack("<6Q10I", node.number, size, (size + 511) // 512, second, second, second,
                           0, 0, 0, node.mode, node.links, 0, 0, 0, 4096, 0)

    def entry(self, node):
        return struct.pack("<4Q2I", node.number, 0, 0, 0, 0, 0) + self.attr(node)

    def child(self, node, name):
        if name not in node.names:
            raise Refused(errno.ENOENT)
        return node.names[name]

    def make(self, parent, name, mode):
        if name in parent.names:
            raise Refused(errno.EEXIST)
        node = Node(self.next, mode)
        self.nodes[self.next] = node
        self.next += 1
        parent.names[name] = node
        return node

    def serve(self, op, number, body):
        """The answer to a request."""
        node = self.nodes.get(number)
        name = body.split(b"\0")[0]
        if op == LOOKUP:
            return self.entry(self.child(node, name))
        if op == GETATTR:
            return struct.pack("<Q2I", 0, 0, 0) + self.attr(node)
        if op == SETATTR:
            valid, _, _, size = struct.unpack_from("<IIQQ", body)
            mode = struct.unpack_from("<I", body, 68)[0]
            if valid & 1:
                node.mode = stat.S_IFMT(node.mode) | stat.S_IMODE(mode)
            if valid & 8:
                del node.data[size:]
                node.data.extend(bytes(size - len(node.data)))
            return struct.pack("<Q2I", 0, 0, 0) + self.attr(node)
        if op == MKDIR:
            mode = struct.unpack_from("<I", body)[0]
            return self.entry(self.make(node, body[8:].split(b"\0")[0], stat.S_IFDIR | mode))
        if op == CREATE:
            mode = struct.unpack_from("<2I", body)[1]
            made = self.make(node, body[16:].split(b"\0")[0], stat.S_IFREG | stat.S_IMODE(mode))
            return self.entry(made) + struct.pack("<QII", 0, 0, 0)
        if op in (OPEN, OPENDIR):
            return struct.pack("<QII", 0, 1, 0)  # FOPEN_DIRECT_IO: every read and write is asked
        if op == READ:
            _, offset, size = struct.unpack_from("<QQI", body)
            return bytes(node.data[offset:offset + size])
        if op == WRITE:
            _, offset, size = struct.unpack_from("<QQI", body)
            node.data[offset:offset + size] = body[40:40 + size]
            return struct.pack("<II", size, 0)
        if op == READDIR:
            return self.read_directory(node, body)
        if op in (UNLINK, RMDIR):
            gone = self.child(node, name)
            if op == RMDIR and gone.names:
                raise Refused(errno.ENOTEMPTY)
            gone.links -= 1
            del node.names[name]
            return b""
        if op in (RENAME, RENAME2):
            return self.rename(node, op, body)
        if op == STATFS:
            return struct.pack("<5Q4I6I", 1000, 1000, 1000, 1000, 1000, 4096, 255, 4096, *([0] * 7))
        if op in (FLUSH, RELEASE, RELEASEDIR, FSYNC, FSYNCDIR, ACCESS, DESTROY):
            return b""
        raise Refused(errno.ENOSYS)

    def read_directory(self, node, body):
        _, offset, size = struct.unpack_from("<QQI", body)
        answer = b""
        for i, (name, child) in enumerate(sorted(node.names.items()), 1):
            if i <= offset:
                continue
            entry = struct.pack("<QQII", child.number, i, len(name), child.mode >> 12) + name
            entry += bytes(-len(entry) % 8)
            if len(answer) + len(entry) > size:
                break
            answer += entry
        return answer

    def rename(self, node, op, body):
        flags = struct.unpack_from("<QI", body)[1] if op == RENAME2 else 0
        target = self.nodes[struct.unpack_from("<Q", body)[0]]
        old, new = body[16 if op == RENAME2 else 8:].split(b"\0")[:2]
        moved = self.child(node, old)
        if flags & 1 and new in target.names:
            raise Refused(errno.EEXIST)
        if new in target.names:
            target.names[new].links -= 1
        del node.names[old]
        target.names[new] = moved
        return b""


class Server:
    def __init__(self, where):
        self.fd = os.open("/dev/fuse", os.O_RDWR | os.O_NONBLOCK)  # a request may be taken back
        libc = ctypes.CDLL(None, use_errno=True)
        options = f"fd={self.fd},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
        if libc.mount(b"hanging", os.fsencode(where), b"fuse.hanging", 0, options) != 0:
            sys.exit(f"mount: {os.strerror(ctypes.get_errno())}")
        self.files = FileSystem()
        self.silent, self.deaf, self.silent_after, self.delay = False, False, None, 0.0
        self.kept = []

    def carry_out(self, unique, op, number, body):
        """The bytes of the answer."""
        error, data = 0, b""
        try:
            data = self.files.serve(op, number, body)
        except Refused as refused:
            error = refused.args[0]
        return struct.pack("<IiQ", 16 + len(data), -error, unique) + data

    def tell(self, answer):
        try:
            os.write(self.fd, answer)
        except OSError:
            pass  # whoever asked is no more

    def request(self):
        try:
            data = os.read(self.fd, 1 << 18)
        except OSError:
            return
        _, op, unique, number = struct.unpack_from("<IIQQ", data)
        body = data[40:]
        if op == INIT:
            body = struct.pack("<IIIIHHII", 7, 31, 0, 0, 12, 10, 1 << 17, 1) + bytes(36)
            os.write(self.fd, struct.pack("<IiQ", 16 + len(body), 0, unique) + body)
        elif op in SILENT:
            return
        elif op == self.silent_after:
            self.silent_after, self.silent = None, True
            done = self.carry_out(unique, op, number, body)
            self.kept.append(lambda: done)
        elif self.silent:
            self.kept.append(lambda: self.carry_out(unique, op, number, body))
        else:
            time.sleep(self.delay)
            self.tell(self.carry_out(unique, op, number, body))

    def command(self, line):
        words = line.split()
        self.silent, self.deaf = words[0] == "silent", words[0] == "deaf"
        if words[0] == "silent-after":
            self.silent_after = NAMES[words[1]]
        if words[0] == "delay":
            self.delay = float(words[1])
        if words[0] == "answer":
            self.delay = 0.0
            kept, self.kept = self.kept, []
            for answer in kept:
                self.tell(answer())
        print("done", flush=True)

    def serve(self):
        print("ready", flush=True)
        while True:
            ready = select.select([0] if self.deaf else [0, self.fd], [], [])[0]
            if 0 in ready:
                line = sys.stdin.readline()
                if not line:
                    return
                self.command(line)
            if self.fd in ready and not self.deaf:
                self.request()


if __name__ == "__main__":
    Server(sys.argv[1]).serve()
