# SPDX-License-Identifier: Apache-2.0
"""Model to JSON, one standard per file, in that standard's words."""
