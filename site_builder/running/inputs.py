# SPDX-License-Identifier: Apache-2.0
"""What MkDocs reads of a repository, as a digest."""

from __future__ import annotations

from pathlib import Path

from site_builder import engine
from site_builder.running import versions


def inputs_of(root: Path, *, strict: bool) -> str:
    """Digest of what MkDocs reads of a repository beside the catalog, as far as it is all known."""
    configuration = (root / "mkdocs.yml").read_bytes()
    return versions.key(
        configuration.hex(),
        versions.of_folder(root / "docs"),
        engine.declared_epoch(),
        str(strict),
    )
