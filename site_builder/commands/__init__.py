# SPDX-License-Identifier: Apache-2.0
"""Groups of commands, one file each; only `cli.py` imports them."""
