#!/bin/sh
# Makes sure that there is a Chromium for the browser tests: on Debian as root it is installed,
# elsewhere a message says what to do.
set -eu
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
  if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core
  exit 0
fi
echo "No Chromium found: install it, or set CHROMIUM to the path of Chrome or Chromium." >&2
exit 1
