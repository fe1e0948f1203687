#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the virtual environment of the Open Badges 2.0 reference validator, or completes it.
#
#     tests/interop/install.sh [PYTHON]
#
# It lies in .badges/interop/openbadges, or where BADGES_OB2_PYTHON (a path ending in /bin/python)
# says. PYTHON is the Python 3.11 it is made with; python3 when left out.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
python=${BADGES_OB2_PYTHON:-$here/../../.badges/interop/openbadges/bin/python}
case $python in
    */bin/python) ;;
    *) echo "BADGES_OB2_PYTHON is '$python'; it must end in /bin/python." >&2; exit 2 ;;
esac
[ -x "$python" ] || "${1:-python3}" -m venv "${python%/bin/python}"
"$python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --requirement "$here/openbadges-requirements.txt"
"$python" -c 'import openbadges.verifier'
