# Sourced in a mount namespace of its own: lets commands meant for a whole host touch only scratch.
#
# /tmp becomes a fresh ext4 file system, /mnt and /var/tmp are empty; all end with the namespace.
# A checkout that lies there is reached by another way. The current folder gets what a checkout's has: a `redoubt` that hooks nothing beyond what the
# command names and /tmp, and the build tools. `run` goes to the background once it protects, as in
# a terminal of its own, and the next `run` there first presses Ctrl-C; so does `fleet serve` once it
# serves. `fleet join` lasts until the server has heard of the host. `sudo` only runs its command.

: "${checkout:?where the sources lie}"
set -e
mount -t tmpfs -o mode=0755 scratch /mnt
mount -t tmpfs -o mode=1777 scratch /var/tmp
truncate -s 64M /mnt/tmp.ext4
mkfs.ext4 -q /mnt/tmp.ext4
mount -o loop /mnt/tmp.ext4 /tmp
chmod 1777 /tmp
case $checkout in
  /tmp/* | /var/tmp/* | /mnt/*)
    # Hidden by now, but this test's own folder still leads there.
    mkdir /mnt/source
    mount --no-canonicalize --rbind ../.. /mnt/source
    checkout=/mnt/source
    cd "$checkout/testing/shell"
    ;;
esac

mkdir -p /mnt/bin /mnt/checkout
export REDOUBT_STATE_DIR=/mnt/state REDOUBT_RUN_DIR=/mnt/run REDOUBT_CONFIG_DIR=/mnt/etc
export REDOUBT_FLEET_DIR=/mnt/fleet
export PATH="/mnt/bin:$PATH" LC_ALL=C

program() {
  cat >"$1"
  chmod 0755 "$1"
}

program /mnt/bin/sudo <<'SUDO'
#!/bin/sh
exec "$@"
SUDO

# As an installation has it.
program /mnt/bin/redoubt <<'REDOUBT'
#!/bin/sh
exec /mnt/checkout/redoubt "$@"
REDOUBT

# The one command that is not run, for these tests are part of it; that it could be is shown.
program /mnt/bin/make <<MAKE
#!/bin/sh
[ "\$*" = check ] || exec /usr/bin/make "\$@"
exec /usr/bin/make --dry-run -C "$checkout" check
MAKE

ln -s "$checkout/packaging" "$checkout/engine" /mnt/checkout
mkdir /mnt/checkout/tools
program /mnt/checkout/tools/conformance <<CONFORMANCE
#!/bin/sh
exec "$checkout/tools/conformance" "\$@"
CONFORMANCE

program /mnt/checkout/mvnw <<MVNW
#!/bin/sh
exec "$checkout/mvnw" "\$@"
MVNW

program /mnt/checkout/redoubt <<REDOUBT
#!/bin/sh
real="$checkout/redoubt"
REDOUBT
cat >>/mnt/checkout/redoubt <<'REDOUBT'
log=/mnt/run.log

# Whether nothing is left of the last run: its supervisor, agent, spawner and engines share a group.
run_is_over() { ! kill -0 "-$terminal" 2>/dev/null; }
protects() { grep -q '^redoubt: protecting' "$log" || run_is_over; }
judges() { "$real" engines | grep -q ' ready ' || run_is_over; }

# await SENTENCE CONDITION: asks for at most 30 s.
await() {
  for _ in $(seq 1500); do
    ! "$2" || return 0
    sleep 0.02
  done
  echo "after 30 s still no: $1" >&2
  exit 1
}

press_control_c() {
  read -r terminal 2>/dev/null </mnt/run.pid || return 0
  kill -INT "-$terminal" 2>/dev/null || return 0
  await "end of run after Ctrl-C" run_is_over
}

run() {
  # Scripts start what is in the background deaf to Ctrl-C; a terminal does not.
  setsid env --default-signal=INT timeout -s KILL 300 "$real" run "$@" --filesystem /tmp >"$log" 2>&1 &
  terminal=$!
  echo $terminal >/mnt/run.pid
  # The process has a group of its own a moment after it began.
  while kill -0 $terminal && ! kill -0 -$terminal; do sleep 0.01; done 2>/dev/null
  await protection protects
  # A machine with much else to do may protect before its engines are up.
  case "$*" in *--content*) await "engine that is ready" judges ;; esac
  cat "$log"
  grep -q '^redoubt: protecting' "$log"
}

server_is_over() { ! kill -0 "$server" 2>/dev/null; }
serves() { grep -q '^serving the fleet' /mnt/serve.log || server_is_over; }

serve() {
  if read -r server 2>/dev/null </mnt/serve.pid && kill -INT "$server" 2>/dev/null; then
    await "end of fleet serve after Ctrl-C" server_is_over
  fi
  setsid env --default-signal=INT timeout -s KILL 300 "$real" fleet serve "$@" >/mnt/serve.log 2>&1 &
  server=$!
  echo $server >/mnt/serve.pid
  await "fleet that is served" serves
  cat /mnt/serve.log
  grep -q '^serving the fleet' /mnt/serve.log
}

is_heard() {
  "$real" fleet engines >/dev/null 2>&1 && "$real" fleet records "$(hostname)" -n 1 >/dev/null 2>&1
}

fleet() {
  case ${1:-} in
    serve)
      shift
      serve "$@"
      ;;
    join)
      "$real" fleet "$@" || exit
      for _ in $(seq 30); do
        ! is_heard || exit 0
        sleep 0.2
      done
      echo "asked 30 times, and the server has not heard of this host" >&2
      exit 1
      ;;
    *) exec "$real" fleet "$@" ;;
  esac
}

command=${1:-}
shift
case $command in
  fleet) fleet "$@" ;;
  run)
    press_control_c
    run "$@"
    ;;
  events)
    timeout 2 "$real" events "$@"
    case $? in 0 | 124) ;; *) exit 1 ;; esac
    ;;
  doctor)
    # 1 is a doctor's finding about this machine.
    "$real" doctor "$@"
    [ $? -le 1 ]
    ;;
  rescue)
    "$real" rescue "$@" || exit
    [ "$1" != off ] || ! read -r terminal 2>/dev/null </mnt/run.pid || await "end of run after rescue off" run_is_over
    ;;
  *) exec "$real" "$command" "$@" ;;
esac
REDOUBT
set +e
