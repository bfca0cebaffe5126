#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""layers.py TOP OBJS: checks the layers of libccguest and of the command.

TOP is the source tree, OBJS the folder that tools/Makefile puts objects in.
tools/lib/rooms lists the rooms from low to high. Four rules hold:

- An object of a room uses symbols only of its own room and of lower rooms.
- A file of a room includes headers only of its own room and of lower rooms.
- No objects of the library use each other in a circle.
- The command's objects use only functions of tools/include/ccguest.

Prints each violation. Exit status: 0 if there is none.
"""
import glob
import os
import re
import subprocess
import sys

INCLUDE = re.compile(r'^#include "([a-z0-9]+)/[^"]*"', re.M)
FUNCTION = re.compile(r'^ \* (ccg_\w+) - ', re.M)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def read_rooms(path):
    lines = (line.split("#")[0].split() for line in read(path).splitlines())
    return [words[0] for words in lines if words]


def symbols(objs):
    """The symbols that an object defines, and those that it needs."""
    defined, needed = {}, {}
    for obj in objs:
        needed[obj] = set()
        out = subprocess.run(["nm", obj], check=True, capture_output=True,
                             text=True).stdout
        for line in out.splitlines():
            *_, kind, name = line.split()
            if kind == "U":
                needed[obj].add(name)
            elif kind in "TDBRVWC":
                defined[name] = obj
    return defined, needed


def circles(uses):
    """Groups of objects that use each other; Tarjan's algorithm."""
    number, low, stack, found = {}, {}, [], []

    def visit(obj):
        number[obj] = low[obj] = len(number)
        stack.append(obj)
        for other in uses[obj]:
            if other not in number:
                visit(other)
            if other in stack:
                low[obj] = min(low[obj], low[other])
        if low[obj] == number[obj]:
            at = stack.index(obj)
            if len(stack) - at > 1:
                found.append(stack[at:])
            del stack[at:]

    for obj in uses:
        if obj not in number:
            visit(obj)
    return found


def room_of(obj):
    return os.path.basename(os.path.dirname(obj))


def check_objects(rooms, objs, defined, needed, bad):
    uses = {obj: set() for obj in objs}
    for obj in objs:
        for name in sorted(needed[obj]):
            other = defined.get(name)
            if not other or other == obj:
                continue
            uses[obj].add(other)
            if rooms.index(room_of(other)) > rooms.index(room_of(obj)):
                bad.append(f"{room_of(obj)} is below {room_of(other)}: "
                           f"{short(obj)} uses {name} of {short(other)}")
    for circle in circles(uses):
        names = ", ".join(sorted(short(obj) for obj in circle))
        bad.append(f"a circle: {names}")


def short(obj):
    return f"{room_of(obj)}/{os.path.basename(obj)}"


def check_includes(lib, rooms, bad):
    for path in sorted(glob.glob(f"{lib}/*/*.[ch]")):
        own = rooms.index(room_of(path))
        for other in INCLUDE.findall(read(path)):
            if other in rooms and rooms.index(other) > own:
                bad.append(f"{room_of(path)} is below {other}: "
                           f"{short(path)} includes a header of {other}")


def check_commands(objs, public, defined, needed, bad):
    for obj in objs:
        for name in sorted(needed[obj]):
            if name in defined and name not in public:
                bad.append(f"{short(obj)} uses {name} of "
                           f"{short(defined[name])}, which is not public")


def objects(top, built, folder, sources):
    """Objects of a folder whose source exists: others are of an older tree."""
    return sorted(obj for obj in glob.glob(f"{built}/{folder}/*.o")
                  if os.path.exists(f"{top}/{sources}" +
                                    obj[len(f"{built}/{folder}"):-2] + ".c"))


def main():
    top, built = sys.argv[1:]
    rooms = read_rooms(f"{top}/tools/lib/rooms")
    lib = objects(top, built, "shared", "lib")
    for room in rooms:
        lib += objects(top, built, f"lib/{room}", f"tools/lib/{room}")
    commands = objects(top, built, "ccguest", "tools/ccguest")
    public = {name for path in glob.glob(f"{top}/tools/include/ccguest/*.h")
              for name in FUNCTION.findall(read(path))}
    if not lib or not commands or not public:
        sys.exit(f"layers.py: {built} has no objects of the tools")

    names = {room_of(path) for path in glob.glob(f"{top}/tools/lib/*/*.c")}
    bad = [f"room {room} has no line in tools/lib/rooms"
           for room in sorted(names - set(rooms))]
    if not bad:
        defined, needed = symbols(lib + commands)
        of_lib = {name: obj for name, obj in defined.items() if obj in lib}
        check_objects(rooms, lib, of_lib, needed, bad)
        check_includes(f"{top}/tools/lib", rooms, bad)
        check_commands(commands, public, of_lib, needed, bad)
    print("\n".join(bad), end="\n" if bad else "")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
