# SPDX-License-Identifier: Apache-2.0
"""The event parser of PyYAML, in C where PyYAML was built with libyaml."""

from __future__ import annotations

from typing import Any

import yaml
from yaml import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.parser import Parser as _YamlParser
from yaml.reader import Reader as _YamlReader
from yaml.scanner import Scanner as _YamlScanner

__all__ = [
    "UNREADABLE",
    "AliasEvent",
    "DocumentStartEvent",
    "MappingEndEvent",
    "MappingStartEvent",
    "MarkedYAMLError",
    "Parser",
    "PurePythonParser",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
]

# ValueError and OverflowError: chr() of an escape beyond Unicode in PyYAML's own scanner
UNREADABLE = (yaml.YAMLError, ValueError, OverflowError)


class PurePythonParser(_YamlReader, _YamlScanner, _YamlParser):
    """PyYAML's own parser in the shape of the C one: same verdicts, about ten times slower."""

    def __init__(self, stream: str) -> None:
        _YamlReader.__init__(self, stream)
        _YamlScanner.__init__(self)
        _YamlParser.__init__(self)


Parser: Any = PurePythonParser
try:
    from yaml.cyaml import CParser  # type: ignore[attr-defined] # missing in types-PyYAML
except ImportError:  # PyYAML was built without libyaml
    pass
else:
    Parser = CParser
