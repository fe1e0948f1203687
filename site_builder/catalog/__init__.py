# SPDX-License-Identifier: Apache-2.0
"""The checked catalog and what follows from it; `site_builder.checks` makes it from records."""

from __future__ import annotations

from site_builder.catalog.census import Census
from site_builder.catalog.criteria import criteria_sha256
from site_builder.catalog.types import Catalog, Place

__all__ = ["Catalog", "Census", "Place", "criteria_sha256"]
