# SPDX-License-Identifier: Apache-2.0
"""Pages for people: catalog pages for the theme, award and backpack pages stamped beside it."""

from __future__ import annotations
