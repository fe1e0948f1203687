#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes ../verify.js from these sources and the packages package.json names.
#
#     site_builder/assets/verifier/build.sh [OUT]
#
# The packages lie in .badges/verifier-build, or in the folder BADGES_VERIFIER_BUILD names. No lock
# file: it would name the registry's host. `--packages` only installs them.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=${BADGES_VERIFIER_BUILD:-$here/../../../.badges/verifier-build}
mkdir -p "$folder"
if ! cmp -s "$here/package.json" "$folder/package.json" || [ ! -d "$folder/node_modules/esbuild" ]; then
    cp "$here/package.json" "$folder/package.json"
    (cd "$folder" && npm install --no-audit --no-fund --no-package-lock --ignore-scripts --silent)
fi
[ "${1-}" = "--packages" ] || node "$here/build.mjs" "$folder" "${1:-$here/../verify.js}"
