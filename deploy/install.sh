#!/bin/sh
# Install constat from a checkout into a new virtual environment.
#
#   deploy/install.sh CHECKOUT TARGET
#
# Every package is pinned by version and hash. PYTHON names another Python than python3.
set -eu

checkout=$1
target=$2

"${PYTHON:-python3}" -m venv "$target"
"$target/bin/python" -m pip install --no-cache-dir --require-hashes \
    --requirement "$checkout/requirements.lock"
"$target/bin/python" -m pip install --no-cache-dir --no-deps --no-build-isolation "$checkout"
"$target/bin/constat" --version
