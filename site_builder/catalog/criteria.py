# SPDX-License-Identifier: Apache-2.0
"""The fingerprint of what a credential version asks: awards pin it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from site_builder.model import Credential

# Everything a reviewer judges by. Supports, resources, credit and looks may change in a version.
_CRITERIA = {
    "class_", "title", "competencies", "statement", "method", "assessment", "prerequisites",
    "evidence", "rubric", "validity",
}  # fmt: skip


def criteria_sha256(credential: Credential, language: str) -> str:
    """SHA-256 of a version's criteria as 64 hexadecimal digits.

    Only the words of the issuer's default language count, so that a translation added later
    does not disown the awards made before it.

    Args:
        credential: one version.
        language: the issuer's default language.
    """
    dumped = credential.model_dump(mode="json", by_alias=True, include=_CRITERIA, exclude_none=True)
    text = json.dumps(
        _one_language(dumped, language), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _one_language(value: Any, language: str) -> Any:
    if isinstance(value, dict):
        words = value.get(language, value.get(""))
        if isinstance(words, str) and all(isinstance(one, str) for one in value.values()):
            return words
        return {key: _one_language(one, language) for key, one in value.items()}
    return [_one_language(one, language) for one in value] if isinstance(value, list) else value
