# shellcheck shell=sh
# shellcheck disable=SC2154  # set by run
# The Debian package on a clean Debian: installed, after a reboot, upgraded under load, downgraded, removed,
# purged. Sourced by `run` at each boot. Nothing else of ours is on this machine: neither Java nor a build.

protects() { redoubt status >/dev/null 2>&1; }
hooks() { grep -l '^fanotify ' /proc/[0-9]*/fdinfo/* 2>/dev/null | wc -l; }
runs() { "$1" >/dev/null 2>&1; }
version() { dpkg-query -W -f '${Version}' redoubt; }
milliseconds() { date +%s%3N; }

# A program that is to be denied, in the place of one that everybody may have.
specimens() {
  mkdir -p /usr/local/bin /etc/redoubt
  printf '#!/bin/sh\nexit 0\n# good\n' >/usr/local/bin/good
  printf '#!/bin/sh\nexit 0\n# bad\n' >/usr/local/bin/bad
  chmod 755 /usr/local/bin/good /usr/local/bin/bad
  echo "$(sha256sum /usr/local/bin/bad | cut -c1-64)  bad" >/etc/redoubt/bad.list
}

requires_protection() {
  await 900 "protection $1" protects
  runs /usr/local/bin/good || fail "$1: a good program does not run"
  ! runs /usr/local/bin/bad || fail "$1: a bad program runs"
  [ "$(hooks)" -gt 0 ] || fail "$1: no hook"
}

# This machine is computed, and slow: what else a person would leave as it is.
drop_in() {
  mkdir -p /etc/systemd/system/redoubt.service.d
  {
    echo '[Service]'
    echo 'ExecStart='
    echo 'ExecStart=/usr/lib/redoubt/redoubt run --soft-deadline-ms 10000 --hard-deadline-ms 30000 --hello-limit-ms 120000 --content /etc/redoubt/bad.list'
    echo 'Environment=REDOUBT_READY_SECONDS=900'
  } >/etc/systemd/system/redoubt.service.d/guest.conf
  export REDOUBT_READY_SECONDS=900
}

# Programs start all the time meanwhile; what they met is counted.
begin_load() {
  rm -f /run/load-stop /run/load-counts
  (
    ran=0 failed=0
    while [ ! -e /run/load-stop ]; do
      if runs /usr/local/bin/good; then ran=$((ran + 1)); else failed=$((failed + 1)); fi
    done
    echo "$ran $failed" >/run/load-counts
  ) &
}
end_load() {
  touch /run/load-stop
  await 60 "the end of the load" test -s /run/load-counts
  read -r ran failed </run/load-counts
  [ "$failed" -eq 0 ] || fail "$1: $failed of $((ran + failed)) good programs did not run"
}

case $step in
  1)
    specimens
    drop_in
    ! command -v java >/dev/null || fail "there is a Java already"
    begun=$(milliseconds)
    dpkg -i "$tests"/redoubt_1_*.deb || fail "dpkg -i"
    tell "boot 1: installed, and protecting $((($(milliseconds) - begun) / 1000)) s after dpkg began"
    requires_protection "after the installation"
    [ "$(systemctl is-enabled redoubt)" = enabled ] || fail "not enabled"
    man -w redoubt >/dev/null 2>&1 || [ -e /usr/share/man/man1/redoubt.1.gz ] || fail "no manual page"
    redoubt doctor --json >/run/doctor.json || tell "doctor: $(tr -d '\n' </run/doctor.json | head -c 300)"
    next_step
    systemctl reboot
    sleep 300
    ;;
  2)
    requires_protection "after a reboot"
    tell "boot 2: protects after a reboot, $(cut -d. -f1 /proc/uptime) s after the kernel began"
    begin_load
    dpkg -i "$tests"/redoubt_2_*.deb || fail "the upgrade"
    end_load "while it was upgraded"
    requires_protection "after the upgrade"
    tell "upgraded to $(version) under load: $ran programs ran meanwhile, none failed"
    begin_load
    dpkg -i "$tests"/redoubt_1_*.deb || fail "the downgrade"
    end_load "while it was downgraded"
    requires_protection "after the downgrade"
    tell "downgraded to $(version) under load: $ran programs ran meanwhile, none failed"
    redoubt stop || fail "redoubt stop"
    dpkg -i "$tests"/redoubt_2_*.deb || fail "the upgrade of one that is stopped"
    ! protects || fail "whoever stopped it finds it running after an upgrade"
    systemctl start redoubt
    requires_protection "started again"
    begin_load
    dpkg -r redoubt || fail "dpkg -r"
    end_load "while it was removed"
    [ "$(hooks)" -eq 0 ] || fail "a hook is left"
    runs /usr/local/bin/bad || fail "something still denies"
    [ ! -e /usr/lib/redoubt/redoubt ] || fail "files are left"
    [ -d /var/lib/redoubt/journal ] || fail "the journal went with a removal"
    tell "removed under load: $ran programs ran meanwhile, no hook and no program of it is left, its journal is"
    dpkg -P redoubt || fail "dpkg -P"
    for left in /var/lib/redoubt /etc/redoubt /usr/lib/redoubt /run/redoubt; do
      [ ! -e "$left" ] || fail "left after a purge: $(find "$left" | head -5)"
    done
    tell "purged: nothing is left"
    ;;
esac
