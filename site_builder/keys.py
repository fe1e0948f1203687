# SPDX-License-Identifier: Apache-2.0
"""Ed25519 keys by address (`file:PATH`, `env:NAME`), as Multikeys; signing and checking bytes.

A private key never appears in a message, a repr or a public file. Nothing else in this package
imports cryptography.

Source: W3C Controlled Identifiers v1.0, section 2.2.2 (Multikey); RFC 8032.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from site_builder.problems import KeyProblem

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {char: value for value, char in enumerate(_ALPHABET)}
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_LONGEST = 200  # characters of base58 we read; a signature has 88
_PUBLIC = b"\xed\x01"  # multicodec ed25519-pub
_SECRET = b"\x80\x26"  # multicodec ed25519-priv
_HINT = "`badges keys new` makes one"

# Anybody can compute this seed, so that previews are the same bytes everywhere and prove nothing.
PREVIEW_SEED = hashlib.sha256(b"badges-static preview: anyone could have made this").digest()
PREVIEW_KEY = "z6Mkm18xewpnFqcAkPyLPRuTVbYk9G8UYzEJABRzBKtmQiPV"

# Public halves of keys whose private halves are public too. No verdict on them may say "valid".
DENIED: Mapping[str, str] = {PREVIEW_KEY: "preview: anyone could have made this"}


class SigningKey:
    """A private key; `public` is its Multikey, such as `z6Mk...`."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = "z" + encode58(_PUBLIC + self._key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"SigningKey({self.public})"

    def sign(self, message: bytes) -> bytes:
        """64 bytes, the same for the same message (RFC 8032 section 5.1.6)."""
        return self._key.sign(message)

    def seed(self) -> bytes:
        """The private half, 32 bytes: for a worker process of ours, never for a file or message."""
        return self._key.private_bytes_raw()

    def _secret(self) -> str:
        return "z" + encode58(_SECRET + self._key.private_bytes_raw())

    def save(self, path: Path) -> None:
        """Writes the private key to a new file that only its owner can read.

        Raises:
            KeyProblem: the file exists already, or cannot be written.
        """
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise KeyProblem(f"there is a file at '{path}' already; keys are never replaced") from (
                None
            )
        except OSError as error:
            raise KeyProblem(f"cannot write the key to '{path}': {error.strerror}") from None
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"# Private key of {self.public}: whoever has it can sign as you.\n")
            file.write(f"{self._secret()}\n")


def generate() -> SigningKey:
    """A new key from the system's randomness."""
    return SigningKey(secrets.token_bytes(32))


def preview() -> SigningKey:
    """The publicly known key of previews; see `DENIED`."""
    return SigningKey(PREVIEW_SEED)


def open_key(uri: str, variables: Mapping[str, str] | None = None) -> SigningKey:
    """The private key an address names.

    Args:
        uri: `file:PATH` (only its owner may read the file) or `env:NAME`; both hold the key as a
            secret Multikey, with comment lines that begin with `#`.
        variables: environment variables; those of this process unless given.

    Raises:
        KeyProblem: unknown kind of address, nothing there, or no key in it.
    """
    kind, colon, name = uri.partition(":")
    if not colon or kind not in ("file", "env") or not name:
        raise KeyProblem("write the key's address as file:PATH or env:NAME, such as env:BADGES_KEY")
    if kind == "env":
        text = (os.environ if variables is None else variables).get(name, "")
        if not text.strip():
            raise KeyProblem(f"the environment variable '{name}' is empty or not set")
        return _read_secret(text, f"the environment variable '{name}'")
    return _read_secret(_read_file(Path(name)), f"the file '{name}'")


def _read_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                raise KeyProblem(
                    f"other people on this computer can read '{path}'; "
                    f"run `chmod 600 {path}`, and think of the key as known if they may have"
                )
            return file.read(4096).decode("ascii", "replace")
    except OSError as error:
        raise KeyProblem(f"cannot read the key at '{path}': {error.strerror}; {_HINT}") from None


def _read_secret(text: str, where: str) -> SigningKey:
    lines = [line.strip() for line in text.splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    if len(keys) != 1:
        raise KeyProblem(f"{where} must hold one private key on one line; {_HINT}")
    try:
        value = decode58(keys[0].removeprefix("z")) if keys[0].startswith("z") else b""
    except ValueError:
        value = b""
    if value.startswith(_PUBLIC) and len(value) == 34:
        raise KeyProblem(f"{where} holds a public key; signing needs the private one")
    if not value.startswith(_SECRET) or len(value) != 34:
        raise KeyProblem(f"{where} holds no Ed25519 private key as a Multikey (z3u2...); {_HINT}")
    return SigningKey(value[2:])


def verify(public: str, signature: bytes, message: bytes) -> bool:
    """True when the holder of `public` signed these bytes.

    Args:
        public: Multikey of an Ed25519 key.
        signature: 64 bytes; any other length is False.

    Raises:
        KeyProblem: `public` is no Ed25519 Multikey.
    """
    key = _public_key(public)
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=1024)
def _public_key(public: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public_bytes(public))


def public_bytes(public: str) -> bytes:
    """The 32 bytes of an Ed25519 public key written as a Multikey.

    Raises:
        KeyProblem: it is another kind of key, or none.
    """
    try:
        value = decode58(public[1:]) if public.startswith("z") else b""
    except ValueError:
        value = b""
    if not value.startswith(_PUBLIC) or len(value) != 34:
        raise KeyProblem(f"'{public[:60]}' is no Ed25519 public key as a Multikey (z6Mk...)")
    if value[2:] in _SMALL_ORDER:
        raise KeyProblem(f"'{public}' is a key for which anybody can make signatures")
    return value[2:]


_SMALLEST_RSA, _LARGEST_RSA = 2048, 8192  # bits; RFC 7518 section 3.3 asks for 2048 at least
_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,1400}")


def verify_jws(kind: str, jwk: Mapping[str, Any], signature: bytes, message: bytes) -> bool:
    """True when the holder of a JWK signed these bytes; for other people's tokens only.

    Args:
        kind: "RS256" (an RSA key of 2,048 bits or more) or "ES256" (a key on P-256).
        jwk: the public key, RFC 7517.
        signature: as in the token; of ES256 the two numbers, 32 bytes each.
        message: what was signed.

    Raises:
        KeyProblem: the JWK is no key of that kind.

    Source: RFC 7518, sections 3.3, 3.4, 6.2.1 and 6.3.1.
    """
    try:
        if kind == "RS256" and jwk.get("kty") == "RSA":
            numbers = rsa.RSAPublicNumbers(_number(jwk, "e"), _number(jwk, "n"))
            if not _SMALLEST_RSA <= numbers.n.bit_length() <= _LARGEST_RSA:
                raise KeyProblem("the RSA key has too few bits, or too many")
            numbers.public_key().verify(signature, message, padding.PKCS1v15(), SHA256())
        elif kind == "ES256" and jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
            point = ec.EllipticCurvePublicNumbers(
                _number(jwk, "x"), _number(jwk, "y"), ec.SECP256R1()
            ).public_key()
            halves = [int.from_bytes(one, "big") for one in (signature[:32], signature[32:])]
            if len(signature) != 64 or 0 in halves:
                return False
            point.verify(encode_dss_signature(*halves), message, ec.ECDSA(SHA256()))
        else:
            raise KeyProblem(f"this is no key for signatures of the kind '{kind[:20]}'")
    except InvalidSignature:
        return False
    except ValueError as error:
        raise KeyProblem("these numbers make no key") from error
    return True


def _number(jwk: Mapping[str, Any], name: str) -> int:
    """A number of a JWK: base64url, big-endian, without padding."""
    text = jwk.get(name)
    if not isinstance(text, str) or not _NUMBER.fullmatch(text) or len(text) % 4 == 1:
        raise KeyProblem(f"the key's '{name}' is no number")
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def did_key(method: str) -> str | None:
    """The Multikey in a did:key address or verification method; None for any other.

    `did:key:zX` and `did:key:zX#zX` name zX; a fragment that says another key names none.
    """
    did, _, fragment = method.partition("#")
    if not did.startswith("did:key:z"):
        return None
    key = did.removeprefix("did:key:")
    return key if fragment in ("", key) else None


def encode58(value: bytes) -> str:
    """Base58 with Bitcoin's alphabet (multibase `z` without its prefix)."""
    zeros = len(value) - len(value.lstrip(b"\0"))
    number, parts = int.from_bytes(value, "big"), []
    while number:
        # Ten digits a step: 58 ** 10 fits a machine word, so that only these divisions are long.
        number, part = divmod(number, 58**10)
        for _ in range(5):
            part, pair = divmod(part, 58**2)
            parts.append(_PAIRS[pair])
    return "1" * zeros + "".join(reversed(parts)).lstrip("1")


def decode58(text: str) -> bytes:
    """The bytes of a base58 text.

    Raises:
        ValueError: a character outside the alphabet, or longer than any key or signature.
    """
    if len(text) > _LONGEST:
        raise ValueError("too long")
    number = 0
    for char in text:
        if char not in _DIGITS:
            raise ValueError("not base58")
        number = number * 58 + _DIGITS[char]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


# Points of order 1, 2, 4 and 8, in every encoding: with one of them as a public key a signature
# can be made without any private key. Source: RFC 8032 section 5.1; list of libsodium
# (ge25519_has_small_order).
_SMALL_ORDER = frozenset(
    bytes.fromhex(one)
    for one in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    )
)
