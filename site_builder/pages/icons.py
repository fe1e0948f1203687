# SPDX-License-Identifier: Apache-2.0
"""Which icons of `stamped/icons.html` each kind of stamped page shows."""

_ON_EVERY_PAGE = ("list", "notice", "sun")
_STATES = ("expired", "revoked", "superseded", "suspended", "unchecked", "valid", "withdrawn")
AWARD = (*_ON_EVERY_PAGE, *_STATES, "copy", "down", "person", "print", "qr")
BACKPACK = (*_ON_EVERY_PAGE, "cal", "clock", "copy", "down", "expired", "print", "revoked",
                   "superseded", "suspended")  # fmt: skip
VERIFY = (*_ON_EVERY_PAGE, *_STATES, "down", "file", "person")
WITHDRAWN = (*_ON_EVERY_PAGE, "withdrawn")
