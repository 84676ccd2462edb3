"""A small file system that can be filled to the last byte."""

import os
import subprocess


class NotPossible(Exception):
    """It cannot be done on this machine, or by this user."""


class Roomy:
    """No small file system: nothing is ever full."""

    places = {}

    def fill(self):
        pass

    def free(self):
        pass

    def unmount(self):
        pass


class Disk:
    """Holds the state directory or the repository. Needs root, or a user namespace of its own (`unshare -Urm`)."""

    size = 64 << 20

    def __init__(self, place, what):
        self.mount = place / "disk"
        self.mount.mkdir()
        self.ballast = self.mount / "ballast"
        self.places = {what: self.mount / what}
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={self.size}", "ralphd-chaos", self.mount],
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise NotPossible(f"no small file system can be mounted: {done.stderr.strip()}; run it as root, or in unshare -Urm")
        (self.mount / what).mkdir()

    def fill(self):
        """Takes all the room there is."""
        descriptor = os.open(self.ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            for size in [1 << 20, 1 << 12, 1]:
                chunk = b"x" * size
                try:
                    while os.write(descriptor, chunk) == size:
                        pass
                except OSError:
                    continue
        finally:
            os.close(descriptor)

    def free(self):
        self.ballast.unlink(missing_ok=True)

    def unmount(self):
        subprocess.run(["umount", "-l", self.mount], capture_output=True)
