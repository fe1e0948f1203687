#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the virtual environments of the verifiers written in Python, or completes them: the Open
# Badges 2.0 reference validator, and openvc for signed credentials.
#
#     tests/interop/install.sh [PYTHON]
#
# They lie in .badges/interop/, or where BADGES_OB2_PYTHON and BADGES_OPENVC_PYTHON (paths ending in
# /bin/python) say. PYTHON is the Python 3.11 they are made with; python3 when left out.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
made_with=${1:-python3}

# install NAME PYTHON-OF-THE-ENVIRONMENT REQUIREMENTS MODULE
install() {
    case $2 in
        */bin/python) ;;
        *) echo "$1 is '$2'; it must end in /bin/python." >&2; exit 2 ;;
    esac
    [ -x "$2" ] || "$made_with" -m venv "${2%/bin/python}"
    "$2" -m pip install --quiet --disable-pip-version-check --no-deps --requirement "$here/$3"
    "$2" -c "import $4"
}

folder=$here/../../.badges/interop
install BADGES_OB2_PYTHON "${BADGES_OB2_PYTHON:-$folder/openbadges/bin/python}" \
    openbadges-requirements.txt openbadges.verifier
install BADGES_OPENVC_PYTHON "${BADGES_OPENVC_PYTHON:-$folder/openvc/bin/python}" \
    openvc-requirements.txt openvc
