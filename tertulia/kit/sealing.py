"""Sealed boxes: text under a key of its own, in a store outside the database that can be overwritten.

A box is `nonce (12 bytes) + AES-256-GCM ciphertext`; its label is bound to it, so that a box
cannot be passed off as another. Throwing the key away is how a room is erased from every copy.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
# What a key is overwritten with.
_NOTHING = bytes(KEY_BYTES)
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}(/[A-Za-z0-9-]{1,64})*")


class Unreadable(Exception):  # noqa: N818 - it describes the box
    """The key is gone, or the box was changed."""


class LostKey(Unreadable):
    """A key is gone that no new one can stand in for; `str()` says which, for the operator."""


def seal(key: bytes, plain: bytes, label: bytes) -> bytes:
    """Close `plain` under `key` (32 bytes), bound to `label`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, label)


def unseal(key: bytes, box: bytes, label: bytes) -> bytes:
    """Open what `seal` closed with the same key and label; Unreadable if anything differs."""
    try:
        return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], label)
    except (InvalidTag, ValueError) as fault:
        raise Unreadable("this box cannot be opened") from fault


def overwrite(path: Path) -> None:
    """Overwrite the file at `path`, on the disk before it is removed; nothing happens if it is gone already."""
    try:
        file = path.open("r+b", buffering=0)
    except (FileNotFoundError, NotADirectoryError):
        return
    with file:
        # Whoever reads a key at that moment does not take this for one.
        file.write(bytes(os.fstat(file.fileno()).st_size))
        os.fsync(file.fileno())
        file.truncate(0)
    path.unlink(missing_ok=True)
    _sync_folder(path.parent)


class KeyStore:
    """A folder with one file per key, readable by its owner alone; a key that goes is overwritten first.

    A name is made of letters, digits and `-`, in parts of at most 64 with `/` between; ValueError for another.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, name: str) -> bytes:
        """The key called `name`, made now if there is none; two makers at once get the same one.

        Unreadable if what is there under that name is not a key.
        """
        try:
            return self.get(name)
        except Unreadable:
            return self._write(name, secrets.token_bytes(KEY_BYTES))

    def has(self, name: str) -> bool:
        """Whether there is a key called `name`; cheap enough to ask before every use of a key that is remembered."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a key: {name!r}")
        try:
            return os.stat(f"{self.folder}/{name}").st_size == KEY_BYTES  # noqa: PTH116 - a third of the time
        except (FileNotFoundError, NotADirectoryError):
            return False

    def is_open(self) -> bool:
        """Whether the folder is there and can be looked into."""
        return os.access(self.folder, os.R_OK | os.X_OK)

    def names(self) -> list[str]:
        """What the keys are called that are here, in order; drafts, and files that are no keys, are not among them."""
        files = (path for path in self.folder.rglob("*") if path.is_file() and path.stat().st_size == KEY_BYTES)
        found = (path.relative_to(self.folder).as_posix() for path in files)
        return sorted(name for name in found if _NAME.fullmatch(name))

    def put(self, name: str, key: bytes) -> None:
        """Lay down a key that was kept elsewhere; ValueError if another one is called `name` or it is no key."""
        if len(key) != KEY_BYTES or self._write(name, key) != key:
            raise ValueError(f"not the key called {name}")

    def get(self, name: str) -> bytes:
        """The key called `name`; Unreadable if it was never made or has been destroyed."""
        try:
            key = self._path(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as fault:
            raise Unreadable(f"no key is called {name}") from fault
        if len(key) != KEY_BYTES or key == _NOTHING:
            raise Unreadable(f"the key called {name} is damaged")
        return key

    def destroy(self, name: str) -> None:
        """Overwrite and remove the key called `name`; nothing happens if it is gone already."""
        overwrite(self._path(name))

    def destroy_all(self) -> None:
        """Overwrite and remove all that is in the folder, whole keys or parts of them, and the folder itself."""
        for path in self.folder.rglob("*"):
            if path.is_file():
                overwrite(path)
        if self.folder.is_dir():
            shutil.rmtree(self.folder)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a key: {name!r}")
        return self.folder / name

    def _write(self, name: str, key: bytes) -> bytes:
        path = self._path(name)
        self._make_folder(path.parent)
        draft = path.parent / f".{path.name}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        with draft.open("r+b") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return self.get(name)
        finally:
            draft.unlink()
            _sync_folder(path.parent)
        return key

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        if folder != self.folder:
            self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
