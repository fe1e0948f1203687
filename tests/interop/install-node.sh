#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the verifiers of Digital Bazaar and of the Digital Credentials Consortium, at the versions
# node/package.json names.
#
#     tests/interop/install-node.sh
#
# They lie in .badges/interop/node, or in the folder BADGES_NODE_VERIFIER names. No lock file: it would
# name the registry's host. Nothing of them is part of the product.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=${BADGES_NODE_VERIFIER:-$here/../../.badges/interop/node}
mkdir -p "$folder"
cp "$here/node/package.json" "$folder/package.json"
cd "$folder"
npm install --no-audit --no-fund --no-package-lock --ignore-scripts --silent
node --input-type=module --eval '
    import "@digitalbazaar/vc";
    import "@digitalbazaar/vc-bitstring-status-list";
    import "@digitalcredentials/verifier-core";'
