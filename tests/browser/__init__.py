# SPDX-License-Identifier: Apache-2.0
"""The published site in a real browser, at the issuer's own address, with no network."""
