# SPDX-License-Identifier: Apache-2.0
"""Compiles educator micro-credentials kept as YAML into a verifiable static site."""

__version__ = "0.1.0"
