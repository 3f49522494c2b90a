#!/bin/sh
# Installs the gateway into a bare Debian 12 or 13 from a project folder that is set up (packages, ciphers, pages).
# Runs as root, offline; Node must be on PATH. The Dockerfile calls it, and a test does in a clean Debian.
# usage: install-runtime.sh PROJECT
# Afterwards: /opt/sallyport, which belongs to root, and the user sallyport with /data and nothing else to write.
set -eu

project=$1
home=/opt/sallyport
user=sallyport
id=10001

# Only what runs: package-lock.json knows which packages are for development. Optional ones may be missing.
needed() {
  node -e '
    const { existsSync, readFileSync } = require("node:fs");
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
    const paths = Object.entries(packages).filter(([path, { dev, devOptional }]) => path && !dev && !devOptional);
    for (const [path] of paths) if (existsSync(path)) console.log(path);
  '
  printf '%s\n' bin src migrations public package.json LICENSE docker/healthcheck.mjs
}

mkdir -p "$home"
cd "$project"
[ -f public/assets/manifest.json ] || { echo "the web pages are not built" >&2; exit 1; }
# Left out: sources of what is built already, and what packages bring for other systems.
needed | tar -c --owner=0 --group=0 --exclude=src/web --exclude='build/Release/obj*' --exclude=better-sqlite3/deps \
  --exclude='prebuilds/darwin-*' --exclude='prebuilds/win32-*' --exclude='prebuilds/linuxmusl-*' -T - | tar -x -C "$home"
chmod -R u=rwX,go=rX "$home"

groupadd --gid "$id" "$user"
useradd --uid "$id" --gid "$id" --home-dir /data --no-create-home --shell /usr/sbin/nologin "$user"
install -d -m 0700 -o "$user" -g "$user" /data
install -d -m 0755 /etc/sallyport

"$home/bin/sallyport" version
