# SPDX-License-Identifier: Apache-2.0
"""Edge: how a build runs, shard by shard, in this process, in several, or on other machines."""

from __future__ import annotations
