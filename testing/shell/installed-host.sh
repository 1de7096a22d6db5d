# shellcheck shell=sh
# Sourced on a scratch host: Redoubt is installed at /usr/lib/redoubt, its settings, state and sockets are where an
# installation has them, and /tmp, /home and /opt/tools are hooked.
#
# What is changed of the host's own folders lies above them and ends with the namespace. What filters or serves
# in the network does so in a namespace of the network, /mnt/network; an agent is there only if it has to be,
# for the kernel tells of processes in the first one alone. Whoever has to type a passphrase does.

: "${checkout:?where the sources lie, of scratch-host.sh}"
set -e

# What is changed below a folder goes elsewhere.
cover() {
  mkdir -p "/mnt/over$1/changed" "/mnt/over$1/work"
  mount -t overlay -o "lowerdir=$1,upperdir=/mnt/over$1/changed,workdir=/mnt/over$1/work" over "$1"
}

empty() {
  mkdir -p "$1"
  mount -t tmpfs -o mode=0755 scratch "$1"
}

export REDOUBT_CONFIG_DIR=/etc/redoubt REDOUBT_STATE_DIR=/var/lib/redoubt REDOUBT_RUN_DIR=/run/redoubt
touch /mnt/network
unshare --net=/mnt/network ip link set lo up
for folder in /etc /opt /usr/lib /var/lib; do cover "$folder"; done
# Those that may be sealed or immutable have a file system that can.
for folder in /home /run /opt/tools /usr/lib/redoubt $REDOUBT_STATE_DIR $REDOUBT_CONFIG_DIR; do empty "$folder"; done
tar -C "$checkout/build/dist" -c . | tar -C /usr/lib/redoubt -x
# The start-up caches hold at one place only, which engines have to reach.
home=$checkout/build/dist
if setpriv --reuid 65534 --regid 65534 --clear-groups test -r "$home/built"; then
  mount --bind /usr/lib/redoubt "$home"
else
  rm -r /usr/lib/redoubt/aot
  home=/usr/lib/redoubt
fi
sed -i -e "s,^real=.*,real=$home/redoubt," \
  -e 's,--filesystem /tmp,& --filesystem /home --filesystem /opt/tools,' /mnt/checkout/redoubt

program /mnt/bin/redoubt <<'REDOUBT'
#!/bin/bash
# `script` is the terminal on which a passphrase is asked for, if it is: at most twice.
case "${1:-} ${2:-}" in
  "seal set" | "seal remove" | "repository key" | "repository sign" | "repository try" | "repository publish" | "repository renew")
    printf 'correct horse\ncorrect horse\n' |
      script -qec "$(printf '%q ' /mnt/checkout/redoubt "$@")" /dev/null
    ;;
  "run --block-addresses") exec nsenter --net=/mnt/network /mnt/checkout/redoubt "$@" ;;
  isolate*)
    # An agent does it where it is: none is to be where the whole host is.
    is_apart() {
      read -r pid </run/redoubt/agent.pid && [ "/proc/$pid/ns/net" -ef /mnt/network ]
    }
    if ! is_apart; then
      /mnt/checkout/redoubt stop
      nsenter --net=/mnt/network /mnt/checkout/redoubt run
    fi
    is_apart || exit
    exec nsenter --net=/mnt/network /mnt/checkout/redoubt "$@"
    ;;
  "metrics --listen")
    # As in a terminal of its own.
    timeout 20 /mnt/checkout/redoubt "$@" >/dev/null 2>&1 &
    /usr/bin/curl -s --retry 100 --retry-delay 1 --retry-connrefused "localhost:$3/metrics" >/dev/null
    ;;
  frozen*)
    # Looked at again until there is something.
    for _ in $(seq 20); do
      /mnt/checkout/redoubt "$@" | grep -v 'no process is frozen' && exit
    done
    exit 1
    ;;
  *) exec /mnt/checkout/redoubt "$@" ;;
esac
REDOUBT

for command in setpriv curl; do
  program /mnt/bin/$command <<COMMAND
#!/bin/sh
exec nsenter --net=/mnt/network $(command -v $command) "\$@"
COMMAND
done

program /mnt/bin/systemctl <<'SYSTEMCTL'
#!/bin/sh
# Of what systemd does (SystemdTest) only what pages ask for.
[ "$*" = "restart redoubt" ] || exit 1
redoubt stop
exec redoubt run
SYSTEMCTL
set +e
