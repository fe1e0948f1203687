# SPDX-License-Identifier: Apache-2.0
"""Some parts of a site as another machine made them: read once, into the site they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from site_builder.problems import EnvironmentProblem
from site_builder.publish.known import KnowledgeLost, Known, Store
from site_builder.publish.packing import row

SITE, STATE = "site", "state"  # folders in a parcel


class Parcel:
    """The parts that `staging(folder / SITE, state=folder / STATE)` published.

    Args:
        folder: as it was handed over; when its files were made tells nothing here.

    Raises:
        EnvironmentProblem: it holds no parts, or damaged ones.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store = Store(folder / STATE)
        if not self._store.folder.is_dir():
            raise EnvironmentProblem(f"{folder} holds no parts of a site.")
        try:
            known = self._store.kept()
        except KnowledgeLost as lost:
            raise EnvironmentProblem(str(lost)) from None
        if known is None:
            raise EnvironmentProblem(f"{folder} was written by another version of badges.")
        self._known: Known = known
        self.keys = {name: part.key for name, part in known.parts.items()}

    def extra_of(self, part: str) -> bytes:
        """The payload left with a part.

        Raises:
            EnvironmentProblem: it is damaged.
        """
        found = self._known.parts[part]
        return self._store.get(part, "extra", found.extra) if found.extra else b""

    def files(self, part: str) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of each file of a part.

        Raises:
            EnvironmentProblem: one is missing, or is not what was listed.
        """
        for path, listed in self._store.rows(part, self._known.parts[part]).items():
            place = self.folder / SITE / path
            try:
                data = place.read_bytes()
            except OSError as error:
                raise EnvironmentProblem(f"{place} cannot be read: {error.strerror}.") from None
            if row(data) != listed:
                raise EnvironmentProblem(f"{place} is not what was made; make the part anew.")
            yield path, data
