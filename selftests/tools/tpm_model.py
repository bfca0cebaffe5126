#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A TPM with NV indexes, and a client. Written from part 3 of the TPM library.

	serve SOCKET BLOB [FAULT]	a TPM as that of a guest of Azure: index
					0x01400001 has the file BLOB
	prepare SOCKET BLOB		put BLOB into the index of another TPM

FAULT is "KIND VALUE":
	rc N	the answer to NV_Read has response code N
	busy N	the first N commands are answered with TPM_RC_RETRY
	hex H	the answer to NV_Read has these bytes
	attr N	attributes of the index
	none 0	there is no index
	frozen 0  the blob never gets the data of the requester
	late N	the blob gets the data when it is read for the Nth time
	small N	the index for the data has N bytes
"""
import contextlib
import os
import socket
import struct
import sys

BLOB, DATA, OWNER = 0x01400001, 0x01400002, 0x40000001
ATTRIBUTES = 0x20060006		# written; owner and password may read and write
PASSWORD = struct.pack(">IIHBH", 9, 0x40000009, 0, 0, 0)
READ_PUBLIC, READ, DEFINE, WRITE = 0x169, 0x14e, 0x12a, 0x137


class Tpm:
    def __init__(self, blob, fault):
        self.kind, self.value = (fault.split() + ["", ""])[:2]
        self.indexes = {} if self.kind == "none" else {BLOB: bytearray(blob)}
        self.attributes = {BLOB: self.number() if self.kind == "attr" else ATTRIBUTES}
        if self.kind == "small":
            self.indexes[DATA] = bytearray(self.number())
            self.attributes[DATA] = ATTRIBUTES
        self.commands = self.reads = 0

    def number(self):
        return int(self.value, 0)

    def answer(self, rc, params=b"", sessions=False):
        if rc:
            return struct.pack(">HII", 0x8001, 10, rc)
        if sessions:
            params = struct.pack(">I", len(params)) + params + bytes([0, 0, 1, 0, 0])
        return struct.pack(">HII", 0x8002 if sessions else 0x8001, 10 + len(params), 0) + params

    def run(self, cmd):
        tag, size, code = struct.unpack(">HII", cmd[:10])
        assert size == len(cmd), "length in the header"
        self.commands += 1
        if self.kind == "busy" and self.commands <= self.number():
            return self.answer(0x922)
        if code == READ_PUBLIC:
            assert tag == 0x8001 and size == 14
            return self.read_public(struct.unpack(">I", cmd[10:])[0])
        assert tag == 0x8002
        if code == DEFINE:
            return self.define(cmd[10:])
        auth, index = struct.unpack(">II", cmd[10:18])
        assert cmd[18:31] == PASSWORD
        if index not in self.indexes:
            return self.answer(0x28b)
        write = code == WRITE
        wanted = {OWNER: 1 if write else 17, index: 2 if write else 18}[auth]
        if not self.attributes[index] >> wanted & 1:
            return self.answer(0x149)
        return (self.write if write else self.read)(index, cmd[31:])

    def read_public(self, index):
        if index not in self.indexes:
            return self.answer(0x18b)
        area = struct.pack(">IHIHH", index, 11, self.attributes[index], 0,
                           len(self.indexes[index]))
        return self.answer(0, struct.pack(">H", len(area)) + area +
                           struct.pack(">H", 34) + bytes(34))

    def read(self, index, params):
        size, offset = struct.unpack(">HH", params)
        assert size <= 512
        if self.kind == "rc":
            return self.answer(self.number())
        if self.kind == "hex":
            return bytes.fromhex(self.value)
        if index == BLOB and not offset:
            self.reads += 1
            self.refresh()
        data = bytes(self.indexes[index][offset:offset + size])
        return self.answer(0, struct.pack(">H", len(data)) + data, True)

    def refresh(self):
        """Puts the requester's data into the JSON, as hexadecimal text."""
        if DATA not in self.indexes or self.kind == "frozen" or (
                self.kind == "late" and self.reads < self.number()):
            return
        blob = self.indexes[BLOB]
        at = blob.index(b'"user-data":"') + 13
        blob[at:at + 128] = self.indexes[DATA].hex().upper().ljust(128, "0").encode()

    def define(self, params):
        auth, = struct.unpack(">I", params[:4])
        assert auth == OWNER and params[4:17] == PASSWORD and params[17:19] == bytes(2)
        area, index, hash_alg, attributes, policy, size = struct.unpack(">HIHIHH", params[19:])
        assert (area, hash_alg, policy) == (14, 11, 0)
        self.indexes[index] = bytearray(size)
        self.attributes[index] = attributes
        return self.answer(0, sessions=True)

    def write(self, index, params):
        size, = struct.unpack(">H", params[:2])
        offset, = struct.unpack(">H", params[2 + size:])
        self.indexes[index][offset:offset + size] = params[2:2 + size]
        return self.answer(0, sessions=True)


def answer_all(tpm, c):
    # A client that ends before it has read an answer resets the connection.
    with contextlib.suppress(ConnectionError):
        for cmd in iter(lambda: c.recv(4096), b""):
            c.send(tpm.run(cmd))


def serve(path, blob, fault=""):
    with open(blob, "rb") as f:
        tpm = Tpm(f.read(), fault)
    s = socket.socket(socket.AF_UNIX)
    s.bind(path + ".new")
    s.listen()
    os.rename(path + ".new", path)
    while True:
        c, _ = s.accept()
        with c:
            answer_all(tpm, c)


def prepare(path, blob):
    with open(blob, "rb") as f:
        blob = f.read()
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)

    def call(code, body):
        s.send(struct.pack(">HII", 0x8002, 10 + len(body), code) + body)
        answer = s.recv(4096)
        if answer[6:10] != bytes(4):
            sys.exit("command %#x: %s" % (code, answer[6:10].hex()))

    call(DEFINE, struct.pack(">I", OWNER) + PASSWORD + bytes(2) +
         struct.pack(">HIHIHH", 14, BLOB, 11, ATTRIBUTES & 0xffffff, 0, len(blob)))
    for at in range(0, len(blob), 512):
        part = blob[at:at + 512]
        call(WRITE, struct.pack(">II", OWNER, BLOB) + PASSWORD +
             struct.pack(">H", len(part)) + part + struct.pack(">H", at))


{"serve": serve, "prepare": prepare}[sys.argv[1]](*sys.argv[2:])
