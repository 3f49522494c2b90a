#!/bin/sh
# Installs Debian 11's guacd with its ssh, vnc and rdp plug-ins on Debian 12 or newer. Runs as root.
# usage: install-guacd.sh MIRROR SECURITY_MIRROR KEYRING   (SECURITY_MIRROR may be empty)
# The two files that it adds to apt's configuration stay, for updates; a run that installs nothing removes them again.
set -eu

mirror=$1
security_mirror=$2
keyring=$3
archive=http://archive.debian.org
sources=/etc/apt/sources.list.d/sallyport-bullseye.sources
pin=/etc/apt/preferences.d/sallyport-bullseye
here=$(dirname "$0")
export LC_ALL=C

is_installed() {
  dpkg-query -W -f '${Status}' libguac-client-rdp0 2>/dev/null | grep -q '^install ok installed'
}

tidy_up() {
  rm -f "$sources.main"
  is_installed || rm -f "$sources" "$pin"
}
trap tidy_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

stanza() { # URI SUITE
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' "$1" "$2" "$keyring"
}

# Only our own sources file: other sources of this host may be broken without any harm to this.
fetch_lists() {
  apt-get update -q -o Dir::Etc::SourceList="$sources" -o Dir::Etc::SourceParts=/dev/null \
    -o APT::Get::List-Cleanup=false -o APT::Update::Error-Mode=any -o Acquire::Retries=2
}

# At 100 a package comes from here only when no other suite of this host has it.
for suite in bullseye bullseye-security; do
  printf 'Package: *\nPin: release o=Debian,n=%s\nPin-Priority: 100\n\n' "$suite"
done >"$pin"

stanza "$mirror" bullseye >"$sources"
if ! fetch_lists; then
  echo "$mirror does not offer bullseye, trying $archive"
  security_mirror=$archive/debian-security
  stanza "$archive/debian" bullseye >"$sources"
  fetch_lists
fi

if [ -n "$security_mirror" ]; then
  cp "$sources" "$sources.main"
  stanza "$security_mirror" bullseye-security >>"$sources"
  if ! fetch_lists; then
    echo "$security_mirror does not offer bullseye-security, going on without its updates"
    mv "$sources.main" "$sources"
  fi
fi

# guacd asks nobody for a password, so it must not run as a service that every local user can reach.
sh "$here/install-packages.sh" --disable guacd guacd libguac-client-ssh0 libguac-client-vnc0 libguac-client-rdp0
