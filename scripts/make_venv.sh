#!/bin/sh
# Makes .venv with the Python named by the first argument, and uv inside it.
set -eu
python="$1"

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || {
  echo "Python 3.11 to 3.13 is needed; name one with: make PYTHON=/path/to/python3.12" >&2
  exit 1
}
# Debian ships venv apart from Python.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
  else
    echo "Python's venv is missing; on Debian: sudo apt-get install python3-venv" >&2
    exit 1
  fi
fi
"$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check uv
