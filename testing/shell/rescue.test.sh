# The rescue command: on a live host (with stand-ins for agent and supervisor), on a mounted root,
# in a chroot, and with no program on the PATH.
. ./assert.sh

rescue=$root/packaging/libexec/redoubt-rescue
export REDOUBT_CONFIG_DIR="$scratch/etc" REDOUBT_STATE_DIR="$scratch/state" REDOUBT_RUN_DIR="$scratch/run"
mkdir "$scratch/run"
flag=$scratch/etc/rescue
log=$scratch/state/rescue.log
cleanup() {
  for stand_in in "${agent:-}" "${supervisor:-}" "${stranger:-}"; do kill -KILL "$stand_in"; done 2>/dev/null
}
runs() { ! gone "$1"; }
# stand_in NAME WORD: a process with WORD in its command line, and its pid file.
stand_in() {
  sh -c 'while :; do sleep 0.1; done' "$2" &
  echo $! >"$scratch/run/$1.pid"
  # Until its exec, the command line is still this test's own.
  eventually grep -q "$2" "/proc/$!/cmdline"
}
stand_in_agent() {
  stand_in agent redoubt.agent/redoubt.agent.Main
  agent=$!
}

output=$("$rescue" observe)
same "observe without an agent succeeds" 0 $?
same "the flag says observe" observe "$(cat "$flag")"
same "the flag is root's and readable" "0 644" "$(stat -c '%u %a' "$flag")"
contains "it tells that nothing ran" "no agent was running" "$output"
contains "it tells the way back" "to come back: redoubt rescue on" "$output"
contains "who, what and from where is recorded" "observe user=root" "$(cat "$log")"

stand_in_agent
stand_in supervisor redoubt-supervisor
supervisor=$!
output=$("$rescue" observe)
check "observe ends a running agent" eventually gone $agent
check "observe leaves the supervisor" runs $supervisor
contains "which will start it again" "the supervisor starts it again" "$output"

stand_in_agent
output=$("$rescue" off)
check "off ends the agent" eventually gone $agent
check "off ends the supervisor" eventually gone $supervisor
same "the flag says off" off "$(cat "$flag")"
same "every use is recorded, in order" "observe observe off" "$(cut -d' ' -f2 "$log" | tr '\n' ' ' | sed 's/ $//')"

sleep 100 &
frozen=$!
kill -STOP $frozen
printf '1\t%s\t7\tsigma\trule\t/bin/sleep\nnonsense\n1\tx\n' $frozen >"$scratch/run/frozen"
contains "what engines had stopped goes on" "rescue: goes on: pid=$frozen" "$("$rescue" off)"
sleeps() { grep -q '^State:.*S' "/proc/$frozen/status"; }
check "and sleeps as before" eventually sleeps
same "nothing is on the list any more" "" "$(cat "$scratch/run/frozen")"
kill $frozen
rm "$scratch/run/frozen"

# The list of what is stopped cannot be emptied, then the packet filter does not let go: each time
# all that follows is done all the same.
mkdir "$scratch/run/frozen"
entries() { wc -l <"$log"; }
before=$(entries)
output=$(unshare --net sh -c 'nft add table inet redoubt_isolation && nft add table inet redoubt_blocklist && "$0" off' "$rescue")
same "a list that cannot be emptied is told by the status" 73 $?
contains "and by name" "cannot empty: path=$scratch/run/frozen" "$output"
contains "the host is on the network all the same" "on the network again" "$output"
contains "and talks to whom a list had blocked" "no addresses are blocked any more" "$output"
same "and it is recorded" $((before + 1)) "$(entries)"
rmdir "$scratch/run/frozen"
cat >"$scratch/nft" <<'EOF'
#!/bin/sh
[ "$1" = list ] && exit 0
printf 'Error: not now\nmore\n' >&2
exit 1
EOF
chmod 755 "$scratch/nft"
output=$(unshare --mount sh -c 'mount --bind "$1" "$(readlink -f /usr/sbin/nft)" && "$0" off' "$rescue" "$scratch/nft")
same "a host that is still cut off is told by the status" 71 $?
contains "and why" "still cut off: try: nft delete table inet redoubt_isolation: error=Error: not now" "$output"
same "and that is recorded" $((before + 2)) "$(entries)"
printf '#!/bin/sh\nexit 1\n' >"$scratch/nft"
output=$(unshare --mount sh -c 'mount --bind "$1" "$(readlink -f /usr/sbin/nft)" && "$0" off' "$rescue" "$scratch/nft")
same "a kernel without a packet filter is no failure" 0 $?
contains "but is named" "it cannot be seen whether this host is still cut off" "$output"
output=$(REDOUBT_STATE_DIR=/proc/nowhere "$rescue" off)
same "what cannot be recorded is told by the status" 73 $?
contains "and by name" "could not be recorded" "$output"

stand_in agent some-other-program
stranger=$!
"$rescue" off >/dev/null
check "a reused pid is not killed" runs $stranger
for wrong in "" abc -1 1; do
  echo "$wrong" >"$scratch/run/agent.pid"
  contains "a pid file saying [$wrong] is no agent" "no agent was running" "$("$rescue" off)"
done

output=$("$rescue" status)
contains "status shows the flag" "flag: off" "$output"
contains "status shows the kernel argument" "kernel argument: none" "$output"
contains "status shows what was done" "earlier: 20" "$output"
"$rescue" on >/dev/null
same "on removes the flag" "" "$(ls "$scratch/etc")"
contains "and status says so" "flag: on" "$("$rescue" status)"
echo gibberish >"$flag"
contains "a flag that nobody understands counts as off" "flag: off" "$("$rescue" status)"
rm "$flag"

stand_in_agent
printf '' >"$scratch/none"
# An absolute shell and an empty PATH: nothing but builtins can work, the flag and the kill must.
PATH=$scratch/nowhere /bin/sh "$rescue" off >"$scratch/none" 2>&1
check "without any other program the agent is ended" eventually gone $agent
same "and the flag is written" off "$(cat "$flag")"
rm "$flag"

stand_in_agent
output=$(REDOUBT_CONFIG_DIR=/proc/nowhere "$rescue" off)
same "where nothing can be written the status says so" 73 $?
check "and the agent is ended all the same" eventually gone $agent
contains "and the lasting way is named" "kernel argument redoubt=off" "$output"

unset REDOUBT_CONFIG_DIR REDOUBT_STATE_DIR REDOUBT_RUN_DIR
mkdir -p "$scratch/disk"
output=$("$rescue" off --root "$scratch/disk/")
same "a mounted root gets the flag" off "$(cat "$scratch/disk/etc/redoubt/rescue")"
contains "and its own record" "off user=root" "$(cat "$scratch/disk/var/lib/redoubt/rescue.log")"
contains "and the way back names it" "redoubt rescue on --root $scratch/disk" "$output"
"$rescue" on --root "$scratch/disk" >/dev/null
check "the way back works" [ ! -e "$scratch/disk/etc/redoubt/rescue" ]

mkdir -p "$scratch/disk/bin"
for program in sh mkdir id date rm; do
  file=$(readlink -f "$(command -v $program)")
  cp "$file" "$scratch/disk/bin/$program"
  ldd "$file" | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p' | while read -r library; do
    mkdir -p "$scratch/disk${library%/*}"
    cp -L "$library" "$scratch/disk$library"
  done
done
cp "$rescue" "$scratch/disk/bin/redoubt-rescue"
chroot "$scratch/disk" /bin/sh -c 'PATH=/bin redoubt-rescue observe' >/dev/null
same "in a chroot without /proc it works on that root" "0 observe" "$? $(cat "$scratch/disk/etc/redoubt/rescue")"

for wrong in "" "sideways" "on off" "off --root" "on --rootless x"; do
  # shellcheck disable=SC2086  # words
  "$rescue" $wrong >/dev/null 2>&1
  same "usage: rescue $wrong" 64 $?
done
"$rescue" off --root "$scratch/absent" 2>/dev/null
same "a root that is not there" 66 $?
setpriv --reuid 65534 --regid 65534 --clear-groups "$rescue" off 2>/dev/null
same "only root may rescue" 77 $?
setpriv --reuid 65534 --regid 65534 --clear-groups "$rescue" status >/dev/null
same "anyone may ask for the status" 0 $?
finish
