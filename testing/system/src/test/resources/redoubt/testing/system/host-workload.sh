#!/bin/sh
# Real work on a real host: host-workload.sh prepare|work FOLDER USER
#   prepare  fetches the source of a small Debian package, with apt and the host's own sources
#   work     builds it as USER, installs it as root, runs it, removes it, and keeps it in git
# Prints what it did, so that nothing can be missing unnoticed.
set -eu

what=$1 folder=$2 user=$3
package=hello
export DEBIAN_FRONTEND=noninteractive GIT_CONFIG_NOSYSTEM=1 \
  GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org \
  GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org

as_user() {
  setpriv --reuid="$user" --regid="$user" --clear-groups -- env HOME="$PWD" "$@"
}

# The host's sources, and their source packages, in lists of our own: the host's stay as they are.
fetch() {
  mkdir -p sources.d lists/partial cache/archives/partial source
  for list in /etc/apt/sources.list.d/*.sources; do
    [ ! -e "$list" ] || sed 's/^Types: deb$/Types: deb deb-src/' "$list" >"sources.d/${list##*/}"
  done
  [ ! -e /etc/apt/sources.list ] ||
    sed 's/^deb \(.*\)$/&\ndeb-src \1/' /etc/apt/sources.list >sources.d/sources.list
  set -- -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$PWD/sources.d" \
    -o Dir::State::lists="$PWD/lists" -o Dir::Cache="$PWD/cache"
  apt-get "$@" update
  (cd source && apt-get "$@" -o APT::Sandbox::User=root source --download-only $package)
  chown -R "$user:$user" .
}

work() {
  rm -rf work
  mkdir work
  chown "$user:$user" work
  cd work
  as_user dpkg-source --no-check -x ../source/$package*.dsc tree >extracted
  (cd tree && as_user dpkg-buildpackage -us -uc -b >../built 2>&1) || { tail -n 50 built; exit 1; }
  echo "built $(ls ./*.deb | grep -vc dbgsym) package"

  as_user git init -q tree
  as_user git -C tree add -A
  as_user git -C tree commit -q -m "Import"
  commit=1
  while [ $commit -lt 40 ]; do
    as_user sh -c "echo $commit >>tree/NEWS; git -C tree commit -q -a -m 'Change $commit'"
    commit=$((commit + 1))
  done
  echo "kept $(as_user git -C tree rev-list --count HEAD) commits"

  apt-get -qq -y install ./${package}_*.deb >installed 2>&1 || { cat installed; exit 1; }
  $package --greeting="it runs"
  apt-get -qq -y purge $package >purged 2>&1 || { cat purged; exit 1; }
  [ ! -e /usr/bin/$package ] || exit 1
  echo removed
}

cd "$folder"
case $what in
  prepare) fetch ;;
  work) work ;;
  *) exit 64 ;;
esac
