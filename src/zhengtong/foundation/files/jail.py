"""The inside of the jail: compiles one Typst folder to PDF with nothing else within reach.

Run as a program of its own (`python -I jail.py ROOT SECONDS MEGABYTES FONT_FOLDER…`), never imported by the product:
it gives up network and new programs for good before Typst sees the template.
"""

import ctypes
import json
import pathlib
import platform
import resource
import sys

# Numbers of system calls by machine: (audit architecture, socket, socketpair, execve, execveat).
_CALLS = {
    "x86_64": (0xC000003E, 41, 53, 59, 322),
    "aarch64": (0xC00000B7, 198, 199, 221, 281),
}
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050000 | 13, 0x80000000


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("jt", ctypes.c_ubyte),
        ("jf", ctypes.c_ubyte),
        ("k", ctypes.c_uint),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def forbid_network() -> bool:
    """Refuse sockets and new programs to this process and its threads for good; False where Linux cannot."""
    calls = _CALLS.get(platform.machine())
    if sys.platform != "linux" or calls is None:
        return False
    architecture, *denied = calls
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for index, call in enumerate(denied):
        steps.append((_EQUAL, len(denied) - index, 0, call))
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _DENY)]
    filters = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    program = _Program(len(steps), filters)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def bound(seconds: int, megabytes: int) -> None:
    """Bound processor time, address space and written bytes; no core dumps."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def main(arguments: list[str]) -> int:
    """Compile ROOT/main.typ to ROOT/out.pdf; the last line on standard output is JSON: {ok} or {error, networked}."""
    import typst  # before the bounds: the library itself is trusted

    root = pathlib.Path(arguments[0])
    bound(int(arguments[1]), int(arguments[2]))
    if not forbid_network() and sys.platform == "linux":
        print(json.dumps({"error": "the jail cannot close its network here"}))  # noqa: T201 the answer
        return 3
    try:
        compiled = typst.compile(
            str(root / "main.typ"),
            root=str(root),
            font_paths=arguments[4:],
            ignore_system_fonts=True,
            package_path=str(root / "no-packages"),
            package_cache_path=str(root / "no-packages"),
            timestamp=int(arguments[3]),
        )
    except typst.TypstError as refusal:
        print(json.dumps({"error": str(getattr(refusal, "diagnostic", refusal))[:2000]}))  # noqa: T201 the answer
        return 2
    (root / "out.pdf").write_bytes(compiled)
    print(json.dumps({"ok": True}))  # noqa: T201 the answer
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
