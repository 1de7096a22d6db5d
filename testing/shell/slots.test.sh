# The supervisor and releases of the platform in slots: which one it starts, and when it steps back.
. ./assert.sh

export REDOUBT_RUN_DIR="$scratch/run" REDOUBT_STATE_DIR="$scratch/state" REDOUBT_READY_SECONDS=1
platform=$REDOUBT_STATE_DIR/platform
homes=$scratch/homes

# place HOME BEHAVIOUR: a release whose agent does that. It says first where it was started from.
place() {
  mkdir -p "$1/libexec"
  cat >"$1/libexec/redoubt-java" <<AGENT
#!/bin/sh
platform=$platform run=$scratch/run
echo "\$REDOUBT_HOME" >>$homes
echo \$\$ >$scratch/pid
$2
AGENT
  chmod +x "$1/libexec/redoubt-java"
}
serve='echo >"$run/protecting"; trap "exit 0" TERM; while :; do sleep 0.05; done'
installed=$scratch/installed
slot_a=$platform/slot-a
slot_b=$platform/slot-b
place "$installed" "$serve"
cp "$root/packaging/libexec/redoubt-supervisor" "$installed/libexec"

begin() {
  rm -f "$homes" "$platform"/trial "$platform"/good "$platform"/before "$platform"/starts
  for each; do echo "${each#*=}" >"$platform/${each%=*}"; done
  "$installed/libexec/redoubt-supervisor" --mode monitor 2>"$scratch/messages" &
  supervisor_pid=$!
}
stop() {
  kill -TERM "$supervisor_pid"
  wait "$supervisor_pid"
  status=$?
}
ran() { [ "$(tr '\n' ' ' <"$homes")" = "$* " ]; }
protects() { [ -e "$scratch/run/protecting" ]; }
names() { cat "$platform/$1" 2>/dev/null; }
cleanup() { [ ! -e "$scratch/pid" ] || kill -KILL "$(cat "$scratch/pid")" 2>/dev/null; }
mkdir -p "$platform"

begin
check "without releases the installation runs" eventually ran "$installed"
stop
same "and stops in order" 0 "$status"

place "$slot_a" "$serve"
place "$slot_b" 'exit 1'
begin good=a
check "a good release runs before the installation" eventually ran "$slot_a"
eventually protects
same "its start is counted before it is made" 1 "$(names starts)"
stop
same "an end in order takes the count back" 0 "$(names starts)"

begin good=a trial=b
check "a release on trial has two starts, then the good one runs" eventually ran "$slot_b" "$slot_b" "$slot_a"
same "it is on trial no longer" "" "$(names trial)"
contains "the operator is told" "on trial did not settle: slot=b starts=2" "$(cat "$scratch/messages")"
stop

begin good=a trial=b starts=2
check "a host that died twice with it starts the good one at once" eventually ran "$slot_a"
stop

place "$slot_b" 'rm "$platform/starts"; echo a >"$platform/trial"; exit 10'
place "$slot_a" "$serve"
begin good=b starts=3
check "who makes room for another release is followed by it at once" eventually ran "$slot_b" "$slot_a"
stop
place "$slot_b" 'echo a >"$platform/good"; rm "$platform/trial"; exit 10'
begin trial=b
check "and is no crash" eventually ran "$slot_b" "$slot_a"
same "nothing is said of a crash" "" "$(grep died "$scratch/messages")"
stop

place "$slot_b" 'exit 1'
begin good=b before=a
check "one that was good has four starts, then the one before it runs" \
  eventually ran "$slot_b" "$slot_b" "$slot_b" "$slot_b" "$slot_a"
same "which is the good one now" a "$(names good)"
same "and nothing is before it" "" "$(names before)"
stop

begin good=b
check "where none was before it, it is the installation" \
  eventually ran "$slot_b" "$slot_b" "$slot_b" "$slot_b" "$installed"
same "and no release is good" "" "$(names good)"
stop

for refusal in 0 64 69 78; do
  place "$slot_b" "exit $refusal"
  begin good=a trial=b
  check "one that ends with $refusal before it protects leads back too" eventually ran "$slot_b" "$slot_b" "$slot_a"
  stop
done
export REDOUBT_CONFIG_DIR="$scratch/config"
mkdir "$REDOUBT_CONFIG_DIR"
echo off >"$REDOUBT_CONFIG_DIR/rescue"
place "$slot_b" 'exit 0'
begin good=b
wait "$supervisor_pid"
same "one that is switched off ends in order" 0 $?
check "and once" ran "$slot_b"
same "and has failed in nothing" 0 "$(names starts)"
rm "$REDOUBT_CONFIG_DIR/rescue"
place "$slot_b" 'echo >"$run/protecting"; exit 0'
begin good=b
wait "$supervisor_pid"
same "one that has protected and is stopped ends in order" 0 $?

place "$slot_b" 'trap "" TERM; while :; do sleep 0.05; done'
begin good=a trial=b
check "one that neither protects nor ends is ended" eventually ran "$slot_b" "$slot_b" "$slot_a"
stop

place "$slot_b" "$serve"
begin trial=b
eventually protects
sleep 1.3
check "one that protects is let be" ran "$slot_b"
stop

rm -rf "$slot_b"
begin good=a trial=b
check "a slot that is empty is passed over" eventually ran "$slot_a"
stop
begin good=nonsense trial=../../etc
check "so is what names none" eventually ran "$installed"
stop

place "$slot_b" "$serve"
mkdir "$platform/starts.new"
begin good=a trial=b
check "one whose starts cannot be counted is not tried" eventually ran "$slot_a"
stop
finish
