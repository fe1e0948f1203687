# SPDX-License-Identifier: Apache-2.0
"""Scripts that make committed files; run by hand, never at build time."""
