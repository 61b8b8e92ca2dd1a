"""Owns telling whether a path lies on a network file system, where SQLite needs another mode."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from vizmodel.patterns import late_pattern

#: Kinds of file systems whose files other machines may open at the same time.
NETWORK_KINDS = frozenset(
    {
        "9p",
        "afp",
        "afpfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "fuse",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "panfs",
        "smb2",
        "smb3",
        "smbfs",
        "virtiofs",
        "webdav",
    }
)
#: Programs that show a file system of this machine; other kinds of `fuse.` may reach for a network.
LOCAL_PROGRAMS = frozenset(
    {
        "fuse.bindfs",
        "fuse.encfs",
        "fuse.fuse-overlayfs",
        "fuse.gocryptfs",
        "fuse.lxcfs",
        "fuse.mergerfs",
        "fuse.ntfs-3g",
        "fuse.overlayfs",
    }
)
MOUNTS = Path("/proc/mounts")
#: How spaces and the like are written there; letters of all scripts stand as they are.
_ESCAPED = late_pattern(r"\\([0-7]{3})")
_REMOTE_DRIVE = 4


def is_network(path: str) -> bool:
    """Return whether a file lies, or would lie, on a network file system.

    ``ERP_SQLITE_SAFE=1`` says so of every path, ``0`` of none, whatever can be found out.
    """
    said = os.environ.get("ERP_SQLITE_SAFE", "")
    if said:
        return said != "0"
    if sys.platform == "win32":
        return _is_remote_drive(os.path.abspath(path))
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return is_network_kind(kind_of_mount(os.path.realpath(path), mounts))


def is_network_kind(kind: str) -> bool:
    """Return whether other machines may open the files of a kind of file system.

    Examples
    --------
    >>> [is_network_kind(kind) for kind in ("ext4", "nfs4", "fuse.sshfs", "fuse.gocryptfs")]
    [False, True, True, False]
    """
    return kind in NETWORK_KINDS or (kind.startswith("fuse.") and kind not in LOCAL_PROGRAMS)


def kind_of_mount(path: str, mounts: str) -> str:
    r"""Return the kind of file system of a path by a table in the form of /proc/mounts.

    Examples
    --------
    >>> table = "/dev/a / ext4 rw 0 0\nhost:/home /home nfs4 rw 0 0\n"
    >>> kind_of_mount("/home/ada/store.sqlite3", table), kind_of_mount("/homes/x", table)
    ('nfs4', 'ext4')
    """
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        place = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), parts[1])
        inside = path == place or path.startswith(place.rstrip("/") + "/")
        # Of two mounts over each other the later one is seen.
        if inside and len(place) >= len(best):
            best, kind = place, parts[2]
    return kind


def _is_remote_drive(path: str) -> bool:
    if path.startswith(("\\\\", "//")):
        return True
    import ctypes

    kernel = getattr(ctypes, "windll", None)
    drive = os.path.splitdrive(path)[0] + "\\"
    return kernel is not None and kernel.kernel32.GetDriveTypeW(drive) == _REMOTE_DRIVE
