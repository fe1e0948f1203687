# SPDX-License-Identifier: Apache-2.0
"""SVG to PNG; the only `import resvg_py`."""

from __future__ import annotations


def png(svg: str, size: int) -> bytes:
    """A square PNG of an SVG drawing, `size` pixels each way.

    Latin, Greek and Cyrillic letters come as outlines, so no font of this machine changes the
    picture. Other scripts come as text and are drawn with this machine's fonts.
    """
    has_text = "<text" in svg
    import resvg_py  # noqa: PLC0415 - 10 MB of machine code, needed by a build only

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, width=size, height=size, skip_system_fonts=not has_text
        )
    )
