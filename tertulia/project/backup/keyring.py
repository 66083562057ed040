"""The keys out of an archive: what is missing is added, and nothing that is here is changed."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from django.conf import settings

from tertulia.kit.erasures import DESTROYED_KEY, KEY, ErasureList, Untrusted
from tertulia.kit.pepper import Pepper
from tertulia.kit.sealing import KeyStore, overwrite
from tertulia.project.backup.unfit import Unfit


def lay_keys(folder: Path) -> int:
    """Add the keys and the pepper that lie in `folder` to those of the house, but none that was destroyed; how many.

    Unfit, and nothing has changed, if they are of another house, if the house has other keys, or if the list of what
    was destroyed is unreadable.
    """
    kept = KeyStore(folder / "keys")
    _check_keys(kept, ErasureList(folder / "erasures", kept))
    is_new_pepper = _check_pepper(folder / "pepper")
    gone = _destroyed(folder, kept)
    fresh = [name for name in kept.names() if not settings.KEYS.has(name) and name not in gone]
    # First the one without which what was destroyed cannot be told.
    for name in sorted(fresh, key=lambda name: name != KEY):
        settings.KEYS.put(name, kept.get(name))
    settings.ERASURES.merge((folder / "erasures").read_bytes())
    for name in gone:
        settings.KEYS.destroy(name)
    if is_new_pepper:
        _lay_pepper((folder / "pepper").read_bytes())
    return len(fresh) + is_new_pepper


def shred(folder: Path) -> None:
    """Remove the `folder` that an archive was opened into; what there is of keys and pepper is overwritten first."""
    KeyStore(folder / "keys").destroy_all()
    overwrite(folder / "pepper")
    if folder.is_dir():
        shutil.rmtree(folder)


def _check_keys(kept: KeyStore, listed: ErasureList) -> None:
    if not kept.has(KEY):
        raise Unfit("the archive lacks a key that every house has")
    if settings.KEYS.has(KEY) and settings.ERASURES.house() != listed.house():
        here = f"the keys in {settings.KEYS.folder} are of house {settings.ERASURES.house()}"
        raise Unfit(f"these are the keys of house {listed.house()}, and {here}: move them away first, or take its own")
    if any(settings.KEYS.has(name) and settings.KEYS.get(name) != kept.get(name) for name in kept.names()):
        raise Unfit(f"other keys are in {settings.KEYS.folder}: move them away first")


def _check_pepper(kept: Path) -> bool:
    """Whether the house has no pepper and gets this one; Unfit if it has another one, or it cannot be written."""
    try:
        wanted = Pepper(kept).versions()
        if settings.PEPPER_FILE.exists():
            here = Pepper(settings.PEPPER_FILE).versions()
            both = here.keys() & wanted.keys()
            if not both or any(here[version] != wanted[version] for version in both):
                raise Unfit(f"another pepper is in {settings.PEPPER_FILE}: move it away first")
            return False
    except (OSError, ValueError) as fault:
        raise Unfit(f"a pepper cannot be read: {fault}") from fault
    if settings.PEPPER_FILE.parent != settings.KEYS.folder and not os.access(settings.PEPPER_FILE.parent, os.W_OK):
        raise Unfit(f"{settings.PEPPER_FILE} cannot be written: name a place that can in TERTULIA_PEPPER_FILE")
    return True


def _destroyed(folder: Path, kept: KeyStore) -> list[str]:
    """The names of the keys that are on the erasure list of the house, or on the one in the archive."""
    theirs = ErasureList(folder / "erasures", kept)
    digests = _digests(theirs, "the archive is damaged: its erasure list was changed")
    # Where the keys are lost the list still tells whose house this is.
    another = f"these are the keys of house {theirs.house()}, and the erasure list in {settings.DATA} is another's"
    digests |= _digests(ErasureList(settings.ERASURES.path, kept), f"{another}, or was changed")
    return [name for name in kept.names() if theirs.holds(DESTROYED_KEY, name, digests)]


def _digests(listed: ErasureList, why_not: str) -> set[str]:
    try:
        return listed.digests()
    except Untrusted as fault:
        raise Unfit(why_not) from fault


def _lay_pepper(content: bytes) -> None:
    settings.PEPPER_FILE.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = settings.PEPPER_FILE.with_name(f".{settings.PEPPER_FILE.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(settings.PEPPER_FILE)
