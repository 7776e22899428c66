#!/usr/bin/env bash
# Gradescope runs this once, when it builds the autograder's image: it makes the grader a Python of its own
# from the lock, and proves that the reference solutions earn full marks there.
set -euo pipefail
source=${AUTOGRADER_ROOT:-/autograder}/source
cd "$source"

usable() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if usable "$name"; then
            echo "$name"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    for version in 3.12 3.11 3.13; do
        if apt-get install -y "python$version" "python$version-venv"; then
            break
        fi
    done
    if ! python=$(find_python); then
        echo "setup.sh: Python 3.11 or newer is needed; choose a newer base image, Ubuntu 22.04 or later" >&2
        exit 1
    fi
fi

rm -rf .venv .ready
"$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-cache-dir \
    --constraint constraints.txt --requirement requirements.txt
echo "$source/kit" > "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/kit.pth"
.venv/bin/python -m autograder.gradescope.container --prove "$source"
touch .ready
