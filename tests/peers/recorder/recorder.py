#!/usr/bin/env python3
"""Stands between Packer and a plugin, and writes down what they say to each other.

Packer starts this program as if it were the plugin. It starts the real one, opens a socket of its own, tells Packer of
that socket, and passes every byte on, both ways, while it writes them to a transcript. Two variables of the environment
say which plugin and where to: RECORDED_PLUGIN, a program; RECORDED_INTO, a folder, in which each process that Packer
starts gets a file of its own, numbered in the order of their starts.

A transcript is text:

    # start post-processor --protobuf -packer-default-plugin-name-      the arguments of the process
    > 00010001...                                                       bytes from Packer, in hex
    < 00010002...                                                       bytes from the plugin

Lines of one direction that follow one another belong together; where they break says nothing.
"""

import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

LINE = 55  # bytes
CHUNK = 1 << 16


class Transcript:
    """A file that is complete at every moment: Packer ends plugins with SIGKILL."""

    def __init__(self, folder, arguments):
        for number in range(1, 100):
            try:
                self.file = open(f"{folder}/{number:02}", "x", encoding="ascii")
                break
            except FileExistsError:
                continue
        else:
            raise SystemExit(f"{folder} holds too many transcripts")
        self.file.write(f"# {' '.join(arguments)}\n")

    def note(self, mark, chunk):
        for at in range(0, len(chunk), LINE):
            self.file.write(f"{mark} {chunk[at : at + LINE].hex()}\n")
        self.file.flush()


def pass_on(packer, plugin, transcript):
    """Moves bytes until either side hangs up; one thread, so that no answer is noted before its question."""
    sides = selectors.DefaultSelector()
    sides.register(packer, selectors.EVENT_READ, (plugin, ">"))
    sides.register(plugin, selectors.EVENT_READ, (packer, "<"))
    while True:
        for ready, _ in sides.select():
            other, mark = ready.data
            chunk = ready.fileobj.recv(CHUNK)
            if not chunk:
                return
            transcript.note(mark, chunk)
            other.sendall(chunk)


def record(program, arguments, folder):
    plugin = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, start_new_session=True)
    handshake = plugin.stdout.readline().decode().strip()
    version, protocol, network, address = handshake.split("|")
    if network != "unix":
        raise SystemExit(f"only unix sockets can be recorded, not {handshake!r}")

    near = tempfile.mkdtemp(prefix="recorder")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{near}/s")
    listener.listen(1)
    print(f"{version}|{protocol}|unix|{near}/s", flush=True)
    packer, _ = listener.accept()
    shutil.rmtree(near)
    far = socket.socket(socket.AF_UNIX)
    far.connect(address)
    try:
        pass_on(packer, far, Transcript(folder, arguments))
    except (BrokenPipeError, ConnectionResetError):
        pass
    far.close()
    plugin.wait()


def main():
    program, arguments = os.environ["RECORDED_PLUGIN"], sys.argv[1:]
    if arguments[:1] != ["start"]:
        os.execv(program, [program, *arguments])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    record(program, arguments, os.environ["RECORDED_INTO"])


if __name__ == "__main__":
    main()
