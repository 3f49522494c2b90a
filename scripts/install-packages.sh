#!/bin/sh
# Installs Debian packages without starting any service of theirs. Runs as root.
# usage: install-packages.sh [--disable SERVICE]... PACKAGE...
# --disable: SERVICE is also switched off for later boots, if it came with this installation.
set -eu

policy=/usr/sbin/policy-rc.d
kept_policy=$policy.before-sallyport
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

services=
while [ "${1-}" = --disable ]; do
  # A service that was here before belongs to the administrator.
  [ -e "/etc/init.d/$2" ] || [ -e "/lib/systemd/system/$2.service" ] || services="$services $2"
  shift 2
done

put_back_policy() {
  rm -f "$policy"
  if [ -e "$kept_policy" ] || [ -L "$kept_policy" ]; then mv -f "$kept_policy" "$policy"; fi
}

# invoke-rc.d starts nothing when this program answers 101.
if [ -e "$policy" ] || [ -L "$policy" ]; then
  # A kept one is left over from a run that was killed: it is the administrator's, the other is ours.
  [ -e "$kept_policy" ] || [ -L "$kept_policy" ] || mv "$policy" "$kept_policy"
fi
trap put_back_policy EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

apt-get install -y -q --no-install-recommends \
  -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 "$@"

for service in $services; do
  if [ -d /run/systemd/system ]; then
    systemctl disable --now "$service"
  elif command -v systemctl >/dev/null; then
    systemctl disable "$service"
  fi
  if [ -e "/etc/init.d/$service" ]; then update-rc.d "$service" disable; fi
done
