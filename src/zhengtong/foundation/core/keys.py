"""Keys: the master key held outside the database, and the versioned data keys derived from it.

The master key lies in `VAR/keys/master.json` (mode 0600), made by the explicit `ensure_master_key`, or in the
environment as `ZHENGTONG_MASTER_KEY` (`1:<64 hex digits>`, several versions apart by commas). Rotation adds a
version: new writing uses the newest, older versions only open what they once closed. Keys are never shown by
`repr`, logged, or stored in the database.
"""

import base64
import binascii
import datetime as dt
import json
import os
import pathlib
import secrets
import threading
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.seals import Gcm, SealError, hmac_sm3, sm4_gcm
from zhengtong.foundation.core import clock

ENVIRONMENT = "ZHENGTONG_MASTER_KEY"
FORMAT = "zhengtong-master-key/1"
_SECRET_BYTES = 32
_NONCE_BYTES = 12
_lock = threading.Lock()
_ring: "Keyring | None" = None


class CannotOpen(Exception):
    """A sealed value that does not open: altered, moved to another column, or closed by a key no longer here."""


class Keyring:
    """The versions of the master key, and what is derived from them; shows nothing of itself."""

    __slots__ = ("_secrets", "cipher", "current", "data_key")

    def __init__(self, versions: Mapping[int, bytes]) -> None:
        if not versions or any(len(secret) != _SECRET_BYTES or n < 1 for n, secret in versions.items()):
            raise ImproperlyConfigured(_("the master key needs versions from 1 up, of 32 bytes each"))
        self._secrets = dict(versions)
        self.current = max(versions)
        self.data_key = lru_cache(maxsize=4096)(self._derive)
        self.cipher = lru_cache(maxsize=4096)(self._ready)

    def _derive(self, purpose: str, version: int) -> bytes:
        """The 32-byte key of `purpose` in `version`; CannotOpen where that version is not held."""
        try:
            secret = self._secrets[version]
        except KeyError:
            raise CannotOpen(f"master key version {version} is not held") from None
        return hmac_sm3(secret, b"zhengtong/data-key/1\x00" + purpose.encode())

    def _ready(self, purpose: str, version: int) -> Gcm:
        """SM4-GCM under the first half of that key."""
        return sm4_gcm(self.data_key(purpose, version)[:16])

    def holds(self, version: int) -> bool:
        return version in self._secrets

    @property
    def oldest(self) -> int:
        return min(self._secrets)

    def __repr__(self) -> str:
        return f"<Keyring: {len(self._secrets)} versions>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a keyring is never written down")


def seal(purpose: str, data: bytes, *, aad: bytes = b"") -> str:
    """Close `data` by SM4-GCM under the current key of `purpose`: `v{n}:` and base64 of nonce, ciphertext, tag."""
    ring = keyring()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    closed = ring.cipher(purpose, ring.current).seal(data, nonce=nonce, aad=aad)
    return f"v{ring.current}:{base64.b64encode(nonce + closed).decode()}"


def unseal(purpose: str, text: str, *, aad: bytes = b"") -> bytes:
    """Open what `seal` closed, in any version held; CannotOpen otherwise (its words hold nothing of the value)."""
    prefix, colon, body = text.partition(":")
    if not colon or prefix[:1] != "v" or not prefix[1:].isdecimal() or len(prefix) > 10:
        raise CannotOpen("not a sealed value")
    version = int(prefix[1:])
    cipher = _ring_holding(version).cipher(purpose, version)
    try:
        raw = base64.b64decode(body, validate=True)
        return cipher.open(raw[_NONCE_BYTES:], nonce=raw[:_NONCE_BYTES], aad=aad)
    except (SealError, binascii.Error):
        raise CannotOpen("altered, moved, or closed by another key") from None


def blind_index(value: str, purpose: str) -> str:
    """HMAC-SM3 of `value` in hex, to find equal sealed values; empty stays empty (security.md §3).

    Unicode is normalised (NFKC) and outer spaces fall away; letter case is the caller's to settle. The key
    is that of the oldest version and does not turn with the master key, or nothing old would be found again.
    """
    plain = unicodedata.normalize("NFKC", value).strip()
    if not plain:
        return ""
    ring = keyring()
    return hmac_sm3(ring.data_key(f"index:{purpose}", ring.oldest), plain.encode()).hex()


def keyring() -> Keyring:
    """The keys of this process, read once; ImproperlyConfigured says how to make them where there are none."""
    global _ring
    if _ring is None:
        with _lock:
            _ring = _ring or read_keys()
    return _ring


def read_keys() -> Keyring:
    """The keys as they lie there now; ImproperlyConfigured or OSError says why they cannot be read."""
    return Keyring(_load())


def forget_keys() -> None:
    """Read the keys anew at the next use: after a rotation, and between tests."""
    global _ring
    with _lock:
        _ring = None


def _ring_holding(version: int) -> Keyring:
    ring = keyring()
    if not ring.holds(version):  # another process may have rotated since
        forget_keys()
        ring = keyring()
    return ring


def master_key_path() -> pathlib.Path:
    """Where the master key file of this deployment lies."""
    return pathlib.Path(settings.VAR) / "keys" / "master.json"


def ensure_master_key() -> pathlib.Path | None:
    """Make the master key file where there is none yet; None where the environment holds the key."""
    if os.environ.get(ENVIRONMENT):
        return None
    path = master_key_path()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_file(path, {1: secrets.token_bytes(_SECRET_BYTES)}, fresh=True)
        forget_keys()
    return path


def rotate_master_key() -> int:
    """Add a version to the master key file and answer its number; older versions go on opening (§3: yearly)."""
    if os.environ.get(ENVIRONMENT):
        raise ImproperlyConfigured(
            _("the master key is given by %(name)s: add a version there") % {"name": ENVIRONMENT}
        )
    path = master_key_path()
    versions = _read_file(path)
    newest = max(versions) + 1
    _write_file(path, versions | {newest: secrets.token_bytes(_SECRET_BYTES)}, fresh=False)
    forget_keys()
    return newest


def newest_made() -> dt.datetime | None:
    """When the version that closes what is written now was made; None where the environment holds the key."""
    if os.environ.get(ENVIRONMENT):
        return None
    held = _held(master_key_path())
    try:
        return dt.datetime.fromisoformat(held[str(max(map(int, held)))]["made"])
    except (ValueError, KeyError, TypeError):
        raise _no_key_file(master_key_path()) from None


def _load() -> dict[int, bytes]:
    given = os.environ.get(ENVIRONMENT, "")
    if given:
        return _parse_environment(given)
    path = master_key_path()
    if not path.exists():
        said = _("no master key: run “zhengtong setup” to make %(path)s, or set %(name)s=1:<64 hex digits>")
        raise ImproperlyConfigured(said % {"path": path, "name": ENVIRONMENT})
    return _read_file(path)


def _parse_environment(given: str) -> dict[int, bytes]:
    try:
        pairs = (part.strip().split(":") for part in given.split(","))
        return {int(number): bytes.fromhex(secret) for number, secret in pairs}
    except ValueError:
        said = _("%(name)s must read 1:<64 hex digits>, versions apart by commas")
        raise ImproperlyConfigured(said % {"name": ENVIRONMENT}) from None


def _read_file(path: pathlib.Path) -> dict[int, bytes]:
    try:
        return {int(number): bytes.fromhex(version["secret"]) for number, version in _held(path).items()}
    except (ValueError, KeyError, TypeError):
        raise _no_key_file(path) from None


def _held(path: pathlib.Path) -> dict[str, dict[str, str]]:
    """The versions as the file has them."""
    if path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(_("%(path)s can be read by others: chmod 600 it") % {"path": path})
    try:
        held = json.loads(path.read_text())
        if held["format"] != FORMAT or not isinstance(held["versions"], dict):
            raise ValueError(held["format"])
    except (ValueError, KeyError, TypeError):
        raise _no_key_file(path) from None
    return dict(held["versions"])


def _no_key_file(path: pathlib.Path) -> ImproperlyConfigured:
    return ImproperlyConfigured(_("%(path)s is not a master key file") % {"path": path})


def _write_file(path: pathlib.Path, versions: Mapping[int, bytes], *, fresh: bool) -> None:
    """Write aside with mode 0600, sync, rename: a crash leaves the old file or the new one."""
    made = clock.now().isoformat(timespec="seconds")
    known = {} if fresh else _held(path)
    held = {str(n): known.get(str(n)) or {"secret": secret.hex(), "made": made} for n, secret in versions.items()}
    aside = path.with_suffix(f".{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        json.dump({"format": FORMAT, "versions": held}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        try:
            os.link(aside, path)  # never over a key that another process made meanwhile
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    else:
        aside.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
