# SPDX-License-Identifier: Apache-2.0
"""What an award costs with plain library calls: the oracle of the fast paths, and their yardstick.

`python -m tests.benchmarks.stock REPOSITORY SITE KEY COUNT` does for COUNT awards of a built
site, spread over all of it, what `badges build` does for each: yaml.SafeLoader, jsonschema, PyLD's
normalisation and an Ed25519 signature, two QR codes by `qrcode` with a mask of its own choice, a
Jinja2 page, files by pathlib. It takes the body of each credential from the site, signs it again and
ends unless the same bytes come out. Prints a JSON object: microseconds of processor for each award,
by step, and what the first award cost beyond that.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jinja2
import jsonschema
import qrcode
import qrcode.image.svg
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from site_builder.json_schemas import schema
from site_builder.keys import decode58, encode58
from tests.benchmarks.rivals import page_template
from tests.signed import second_opinion

Json = dict[str, Any]
STEPS = ("read", "yaml", "validate", "normalise and sign", "json", "qr", "page", "write")


class _Loader(yaml.SafeLoader):
    """`safe_load` for which the key `on` is no boolean, as YAML 1.1 has it."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the library keeps it
        first: [one for one in found if first not in "oO" or not one[0].endswith(":bool")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class Chain:
    """The steps of one award, each with its time.

    Args:
        private: the Ed25519 key.
        target: an empty folder for the files.
    """

    def __init__(self, private: Ed25519PrivateKey, target: Path) -> None:
        self.private = private
        self.target = target
        self.spent: dict[str, float] = defaultdict(float)
        self.validator = jsonschema.Draft7Validator(schema("award"))
        environment = jinja2.Environment(autoescape=True)
        self.template = environment.from_string(page_template(""))

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        began = time.process_time()
        yield
        self.spent[step] += time.process_time() - began

    def award(self, source: Path, signed: Json, hosted: Json) -> bytes:
        """Everything for one award; gives the signed JSON.

        Args:
            source: the award's YAML.
            signed: the published credential; its proof is made anew.
            hosted: the Open Badges 2.0 assertion.
        """
        with self._timed("read"):
            text = source.read_text("utf-8")
        with self._timed("yaml"):
            value = yaml.load(text, _Loader)  # noqa: S506 - a safe one
        with self._timed("validate"):
            # YAML 1.1 makes dates of what JSON has as text
            faults = list(self.validator.iter_errors(json.loads(json.dumps(value, default=str))))
        if faults:
            sys.exit(f"{source}: {faults[0].message}")
        with self._timed("normalise and sign"):
            made = self._signed(signed)
        with self._timed("json"):
            data = json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n"
            assertion = json.dumps(hosted, ensure_ascii=False, separators=(",", ":")) + "\n"
        with self._timed("qr"):
            address = str(made["id"])
            codes = [_qr_svg(address), _qr_svg(address.removesuffix(".json") + ".html")]
        with self._timed("page"):
            page = self.template.render(_fields(value, made))
        with self._timed("write"):
            files = (page, data, assertion, *codes)
            kinds = ("html", "json", "ob2.json", "wallet.qr.svg", "qr.svg")
            for kind, content in zip(kinds, files, strict=True):
                (self.target / f"{source.stem}.{kind}").write_bytes(content.encode())
        return data.encode()

    def _signed(self, credential: Json) -> Json:
        """The credential with an eddsa-rdfc-2022 proof.

        Source: W3C Data Integrity EdDSA Cryptosuites v1.0, section 3.2.
        """
        body = {key: one for key, one in credential.items() if key != "proof"}
        options = {key: one for key, one in credential["proof"][0].items() if key != "proofValue"}
        parts = ({"@context": body["@context"]} | options, body)
        digests = b"".join(hashlib.sha256(second_opinion(one)).digest() for one in parts)
        value = "z" + encode58(self.private.sign(digests))
        return body | {"proof": [options | {"proofValue": value}]}


def _qr_svg(address: str) -> str:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(address)
    picture = io.BytesIO()
    code.make_image(image_factory=qrcode.image.svg.SvgPathImage).save(picture)
    return picture.getvalue().decode()


def _fields(value: Json, credential: Json) -> Json:
    return {
        "id": credential["id"],
        "title": credential["name"],
        "holder": value["teacher"],
        "issuer": credential["issuer"]["name"],
        "issued": value["issued"],
        "level": value.get("level"),
        "program": value["program"],
        "credential": value["credential"],
        "hours": value["status_list"]["index"],
        "state": value["status"]["state"],
    }


def sample(root: Path, site: Path, count: int) -> list[tuple[Path, Path]]:
    """YAML and signed JSON of so many published awards, spread over all of them."""
    published = sorted(
        path for path in (site / "awards").rglob("*.json") if not path.name.endswith(".ob2.json")
    )
    spread = published[:: max(1, len(published) // (count + count // 20))]
    # What was withdrawn has a page that says so and no proof.
    chosen = {path.stem: path for path in spread if b'"proof"' in path.read_bytes()}
    sources = {
        path.stem: path for path in (root / "awards").glob("*/*/*.yml") if path.stem in chosen
    }
    return [(sources[name], path) for name, path in chosen.items() if name in sources][:count]


def private_key(file: Path) -> Ed25519PrivateKey:
    """The key of a file that `badges keys new` wrote."""
    secret = file.read_text("ascii").split("\n")[1]
    return Ed25519PrivateKey.from_private_bytes(decode58(secret[1:])[2:])


def measured(root: Path, site: Path, key: Path, count: int) -> dict[str, float]:
    """Microseconds of each step for one award, and of setting up."""
    with tempfile.TemporaryDirectory() as folder:
        chain = Chain(private_key(key), Path(folder))
        chosen = sample(root, site, count + 1)
        first: dict[str, float] = {}
        for number, (source, published) in enumerate(chosen):
            data = published.read_bytes()
            hosted = json.loads(published.with_suffix(".ob2.json").read_bytes())
            if chain.award(source, json.loads(data), hosted) != data:
                sys.exit(f"{published}: the libraries sign other bytes")
            if not number:  # contexts read, classes and tables made
                first, chain.spent = dict(chain.spent), defaultdict(float)
    each = {step: chain.spent[step] / (len(chosen) - 1) * 1e6 for step in STEPS}
    return {**each, "set-up": sum(first.values()) * 1e6 - sum(each.values())}


if __name__ == "__main__":
    repository, site, key = map(Path, sys.argv[1:4])
    print(json.dumps(measured(repository, site, key, int(sys.argv[4]))))
