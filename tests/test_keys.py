# SPDX-License-Identifier: Apache-2.0
"""Keys come from files and variables, sign the same bytes every time, and never show themselves."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import keys
from site_builder.problems import KeyProblem

W3C = json.loads((Path(__file__).parent / "vectors/eddsa-rdfc-2022/w3c.json").read_text("utf-8"))
SECRET = W3C["secretKeyMultibase"]
PUBLIC = W3C["publicKeyMultibase"]
NO_KEY = "holds no Ed25519 private key as a Multikey (z3u2...); `badges keys new` makes one"


def refused(uri: str, variables: dict[str, str] | None = None) -> str:
    with pytest.raises(KeyProblem) as caught:
        keys.open_key(uri, variables)
    return str(caught.value)


def saved(path: Path) -> keys.SigningKey:
    key = keys.generate()
    key.save(path)
    return key


def test_key_in_a_variable_is_the_one_the_standard_publishes():
    assert keys.open_key("env:KEY", {"KEY": SECRET}).public == PUBLIC


def test_signature_is_the_one_the_standard_publishes():
    message = bytes.fromhex(W3C["optionsHash"] + W3C["documentHash"])
    signature = keys.open_key("env:KEY", {"KEY": SECRET}).sign(message)
    assert signature.hex() == W3C["signature"]
    assert keys.verify(PUBLIC, signature, message)


def test_key_file_opens_again(tmp_path: Path):
    key = saved(tmp_path / "key")
    assert keys.open_key(f"file:{tmp_path / 'key'}").public == key.public


def test_key_file_is_its_owners_alone(tmp_path: Path):
    previous = os.umask(0)
    try:
        saved(tmp_path / "key")
    finally:
        os.umask(previous)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_key_file_says_whose_it_is_and_holds_one_secret_line(tmp_path: Path):
    key = saved(tmp_path / "key")
    comment, secret = (tmp_path / "key").read_text("ascii").splitlines()
    assert comment == f"# Private key of {key.public}: whoever has it can sign as you."
    assert secret.startswith("z3u2")


def test_key_file_is_never_replaced(tmp_path: Path):
    saved(tmp_path / "key")
    before = (tmp_path / "key").read_bytes()
    with pytest.raises(KeyProblem) as caught:
        keys.generate().save(tmp_path / "key")
    assert (
        str(caught.value) == f"there is a file at '{tmp_path}/key' already; keys are never replaced"
    )
    assert (tmp_path / "key").read_bytes() == before


def test_key_in_a_missing_folder_is_a_problem_not_a_traceback(tmp_path: Path):
    with pytest.raises(KeyProblem) as caught:
        keys.generate().save(tmp_path / "none/key")
    assert (
        str(caught.value)
        == f"cannot write the key to '{tmp_path}/none/key': No such file or directory"
    )


def test_key_file_others_can_read_is_refused(tmp_path: Path):
    saved(tmp_path / "key")
    (tmp_path / "key").chmod(0o640)
    assert refused(f"file:{tmp_path / 'key'}") == (
        f"other people on this computer can read '{tmp_path}/key'; run `chmod 600 {tmp_path}/key`, "
        "and think of the key as known if they may have"
    )


def test_missing_key_file_is_named(tmp_path: Path):
    assert refused(f"file:{tmp_path / 'none'}") == (
        f"cannot read the key at '{tmp_path}/none': No such file or directory; `badges keys new` makes one"
    )


@pytest.mark.parametrize("uri", ["", "key", "file:", "env:", "https://example.org/key", "FILE:key"])
def test_other_addresses_are_refused(uri: str):
    assert (
        refused(uri) == "write the key's address as file:PATH or env:NAME, such as env:BADGES_KEY"
    )


def test_unset_variable_is_named():
    assert (
        refused("env:BADGES_KEY", {}) == "the environment variable 'BADGES_KEY' is empty or not set"
    )


def test_public_key_does_not_sign():
    assert refused("env:KEY", {"KEY": PUBLIC}) == (
        "the environment variable 'KEY' holds a public key; signing needs the private one"
    )


@pytest.mark.parametrize("text", ["hello", "z", "z3u2", SECRET[:-1], SECRET + "1", "z" * 300, "zé"])
def test_anything_else_is_no_key(text: str):
    assert refused("env:KEY", {"KEY": text}) == f"the environment variable 'KEY' {NO_KEY}"


def test_two_keys_in_one_place_are_refused():
    assert refused("env:KEY", {"KEY": f"{SECRET}\n{SECRET}"}) == (
        "the environment variable 'KEY' must hold one private key on one line; `badges keys new` makes one"
    )


def test_no_message_or_repr_shows_a_secret():
    key = keys.open_key("env:KEY", {"KEY": SECRET})
    assert repr(key) == f"SigningKey({PUBLIC})"
    assert SECRET[1:] not in refused("env:KEY", {"KEY": SECRET + "0"})


def test_two_new_keys_differ():
    assert keys.generate().public != keys.generate().public


def test_preview_key_is_the_same_everywhere_and_denied():
    assert keys.preview().public == keys.PREVIEW_KEY
    assert keys.DENIED[keys.PREVIEW_KEY] == "preview: anyone could have made this"


@pytest.mark.parametrize("length", [0, 63, 65])
def test_signature_of_another_length_is_none(length: int):
    assert not keys.verify(PUBLIC, b"\1" * length, b"message")


def test_changed_message_or_other_key_does_not_verify():
    key = keys.preview()
    signature = key.sign(b"message")
    assert keys.verify(key.public, signature, b"message")
    assert not keys.verify(key.public, signature, b"massage")
    assert not keys.verify(PUBLIC, signature, b"message")


@pytest.mark.parametrize("public", ["", "z6Mk", SECRET, "u" + PUBLIC[1:], PUBLIC + "1", "zDnae"])
def test_other_public_keys_are_not_read(public: str):
    with pytest.raises(KeyProblem) as caught:
        keys.verify(public, b"\0" * 64, b"")
    assert str(caught.value) == f"'{public}' is no Ed25519 public key as a Multikey (z6Mk...)"


def test_key_for_which_anybody_can_sign_is_refused():
    identity = "z" + keys.encode58(b"\xed\x01" + bytes([1]) + bytes(31))
    with pytest.raises(KeyProblem) as caught:
        keys.verify(identity, b"\1" + bytes(63), b"anything")
    assert str(caught.value) == f"'{identity}' is a key for which anybody can make signatures"


@pytest.mark.parametrize(
    ("method", "key"),
    [
        (f"did:key:{PUBLIC}", PUBLIC),
        (f"did:key:{PUBLIC}#{PUBLIC}", PUBLIC),
        (f"did:key:{PUBLIC}#{keys.PREVIEW_KEY}", None),
        (f"did:web:example.org#{PUBLIC}", None),
        (PUBLIC, None),
    ],
)
def test_did_key_names_its_own_key_only(method: str, key: str | None):
    assert keys.did_key(method) == key


@given(st.binary(max_size=90))
def test_base58_round_trip(value: bytes):
    assert keys.decode58(keys.encode58(value)) == value


def test_base58_vector_of_its_specification():
    """draft-msporny-base58, test vectors."""
    assert keys.encode58(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert keys.encode58(bytes.fromhex("0000287fb4cd")) == "11233QC4"


# Tokens of other people. Source: RFC 7515, appendices A.2 and A.3.

TOKENS = json.loads((Path(__file__).parent / "vectors/jws/rfc7515.json").read_text("utf-8"))
RSA, EC = (TOKENS[kind]["jwk"] for kind in ("RS256", "ES256"))


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.parametrize("kind", ["RS256", "ES256"])
def test_token_of_the_standard_verifies_and_a_changed_one_does_not(kind: str):
    message, _, last = TOKENS[kind]["token"].rpartition(".")
    jwk, signature = TOKENS[kind]["jwk"], decoded(last)
    assert keys.verify_jws(kind, jwk, signature, message.encode())
    assert not keys.verify_jws(kind, jwk, signature, message.encode() + b"x")
    assert not keys.verify_jws(kind, jwk, signature[:-1], message.encode())
    assert not keys.verify_jws(kind, jwk, bytes(64), message.encode())


@pytest.mark.parametrize(
    ("kind", "jwk", "said"),
    [
        ("RS256", EC, "this is no key for signatures of the kind 'RS256'"),
        ("ES256", RSA, "this is no key for signatures of the kind 'ES256'"),
        ("none", RSA, "this is no key for signatures of the kind 'none'"),
        ("RS256", RSA | {"n": "AQAB"}, "the RSA key has too few bits, or too many"),
        ("RS256", RSA | {"e": 3}, "the key's 'e' is no number"),
        ("ES256", EC | {"x": "AQAB"}, "these numbers make no key"),
        ("ES256", EC | {"x": "A=B"}, "the key's 'x' is no number"),
    ],
)
def test_token_key_of_another_kind_is_a_problem(kind: str, jwk: dict[str, object], said: str):
    with pytest.raises(KeyProblem) as caught:
        keys.verify_jws(kind, jwk, bytes(64), b"x")
    assert str(caught.value) == said
