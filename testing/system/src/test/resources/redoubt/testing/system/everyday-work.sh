#!/bin/sh
# What else happens on a host every day, after host-workload.sh has built its package: everyday-work.sh FOLDER USER
# Upgrades the package, edits its sources with three editors, and lets the host's own daily jobs run.
# Prints what it did, so that nothing can be missing unnoticed.
set -eu

folder=$1 user=$2
package=hello
export DEBIAN_FRONTEND=noninteractive

as_user() {
  setpriv --reuid="$user" --regid="$user" --clear-groups -- env HOME="$PWD" "$@"
}

upgrade() {
  rm -rf newer
  dpkg-deb -R ./${package}_*.deb newer
  sed -i 's/^Version: .*/&+newer/' newer/DEBIAN/control
  dpkg-deb -b newer newer.deb >packed
  apt-get -qq -y install ./${package}_*.deb >installed 2>&1
  apt-get -qq -y install ./newer.deb >upgraded 2>&1
  case $(dpkg-query -W -f '${Version}' $package) in
    *+newer) ;;
    *) cat upgraded && exit 1 ;;
  esac
  apt-get -qq -y purge $package >purged 2>&1
  echo upgraded
}

edit() {
  count=0
  for file in tree/src/*.c tree/src/*.h tree/doc/*.texi; do
    as_user vim.tiny -e -s -c '%s/ $//e' -c 'wq' "$file" </dev/null || true
    printf '1i\n/* edited */\n.\nw\nq\n' | as_user ed -s "$file"
    as_user sed -i 1d "$file"
    count=$((count + 1))
  done
  echo "edited $count files"
}

# All but what would wait for its time, or fetch something.
daily() {
  mkdir -p daily
  for job in /etc/cron.daily/*; do
    case ${job##*/} in
      apt-compat | unattended-upgrades) ;;
      *) [ ! -x "$job" ] || ln -sf "$job" daily/ ;;
    esac
  done
  run-parts daily >ran 2>&1 || { cat ran; exit 1; }
  printf '%s {\n  rotate 3\n  size 1\n  compress\n  nocreate\n}\n' "$PWD/some.log" >rotation
  date >>some.log
  if [ -x /usr/sbin/logrotate ]; then /usr/sbin/logrotate -s rotated rotation; fi
  find /usr/share/doc -name copyright -newer /etc/debian_version >found
  echo "ran $(find daily -type l | wc -l) daily jobs"
}

cd "$folder/work"
upgrade
edit
daily
