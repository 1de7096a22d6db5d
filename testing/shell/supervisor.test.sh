# The supervisor, with an agent whose ways of ending the test commands.
. ./assert.sh

export REDOUBT_RUN_DIR="$scratch/run" REDOUBT_AGENT_COMMAND="$scratch/agent"
supervisor=$root/packaging/libexec/redoubt-supervisor
starts=$scratch/starts
pids=$scratch/pids

# Writes its arguments and pid, then does what $scratch/behaviour says.
cat >"$scratch/agent" <<'AGENT'
#!/bin/sh
here=${0%/*}
read -r up _ </proc/uptime
echo "$up" >>"$here/times"
echo $$ >>"$here/pids"
echo "$*" >>"$here/starts"
. "$here/behaviour"
AGENT
chmod +x "$scratch/agent"

behave() { echo "$1" >"$scratch/behaviour.new" && mv "$scratch/behaviour.new" "$scratch/behaviour"; }
serve='trap "exit 0" TERM; while :; do sleep 0.05; done'
begin() {
  rm -f "$starts" "$pids" "$scratch/times"
  behave "$1"
  shift
  # Whoever runs these tests may ignore HUP, as nohup does, and a shell cannot trap it then.
  env --default-signal=HUP "$supervisor" "$@" 2>"$scratch/messages" &
  supervisor_pid=$!
}
started_times() { [ "$(wc -l <"$starts")" -ge "$1" ]; }
end() {
  wait "$supervisor_pid"
  status=$?
}
cleanup() { [ ! -e "$pids" ] || while read -r pid; do kill -KILL "$pid"; done <"$pids" 2>/dev/null; }

for orderly in 0 64 69 75 78; do
  begin "exit $orderly"
  end
  same "agent status $orderly ends the supervisor with it" "$orderly" "$status"
  same "agent status $orderly is no reason to restart" 1 "$(wc -l <"$starts")"
done
same "the pid file goes with the supervisor" "" "$(ls "$scratch/run")"

begin "$serve" --mode monitor --content "/a b"
eventually started_times 1
same "the agent gets run and the options" "run --mode monitor --content /a b" "$(cat "$starts")"
"$supervisor" 2>"$scratch/second"
same "a second supervisor is refused" 75 $?
contains "and told which one runs" "supervisor=$supervisor_pid" "$(cat "$scratch/second")"
kill -TERM $supervisor_pid
end
same "TERM stops agent and supervisor in order" 0 "$status"
check "the agent is gone after TERM" gone "$(cat "$pids")"

begin "$serve"
eventually started_times 1
kill -HUP $supervisor_pid
end
same "HUP stops in order" 0 "$status"

begin 'while :; do sleep 0.05; done'
eventually started_times 1
kill -TERM $supervisor_pid
end
same "an agent that TERM ends by signal was stopped in order too" 0 "$status"

begin "$serve" --mode enforce
eventually started_times 1
kill -KILL "$(head -1 "$pids")"
read -r killed_at _ </proc/uptime
eventually started_times 2
same "a killed agent is restarted and told why" "run --mode enforce --restart-count 1 --last-exit 137" "$(sed -n 2p "$starts")"
delay=$(echo "$(sed -n 2p "$scratch/times") $killed_at" | awk '{ print ($1 - $2) * 1000 }')
check "within 100 ms (it took $delay ms)" [ "${delay%.*}" -le 100 ]
kill -ABRT "$(sed -n 2p "$pids")"
eventually started_times 3
contains "SIGABRT counts as a crash" "--restart-count 2 --last-exit 134" "$(sed -n 3p "$starts")"
kill -TERM $supervisor_pid
end
same "after restarts TERM still stops in order" 0 "$status"

begin 'exit 1'
eventually started_times 5
same "four crashes do not disarm" "" "$(head -5 "$starts" | grep -e --observe-only)"
eventually started_times 6
same "the fifth crash within a minute does" "run --restart-count 5 --last-exit 1 --observe-only" "$(sed -n 6p "$starts")"
eventually started_times 7
contains "and it stays so" "--observe-only" "$(sed -n 7p "$starts")"
contains "the operator is told" "only observes" "$(cat "$scratch/messages")"
slowest=$(awk 'NR > 1 { d = $1 - last; if (d > max) max = d } { last = $1 } END { print int(max * 1000) }' "$scratch/times")
check "the back-off stays near 1 s (slowest $slowest ms)" [ "$slowest" -le 1500 ]
behave "$serve"
kill -TERM $supervisor_pid
end
check "TERM during the back-off ends the supervisor" [ "$status" -le 1 ]

# The command line of an installation whose configuration is good, or is not.
mkdir -p "$scratch/home/libexec" "$scratch/etc" "$scratch/kept"
cat >"$scratch/home/libexec/redoubt-java" <<'JAVA'
#!/bin/sh
here=${0%/libexec/*}/..
echo "$*" >>"$here/compiled"
grep -q good "$REDOUBT_CONFIG_DIR/redoubt.yaml" || exit 1
sum=$(sha256sum <"$REDOUBT_CONFIG_DIR/redoubt.yaml")
echo "# sha256 ${sum%% *}" >"$REDOUBT_STATE_DIR/settings"
JAVA
chmod +x "$scratch/home/libexec/redoubt-java"
compiled() { wc -l <"$scratch/compiled"; }
begin_configured() {
  REDOUBT_CONFIG_DIR="$scratch/etc" REDOUBT_STATE_DIR="$scratch/kept" REDOUBT_HOME="$scratch/home" begin "$serve"
  eventually started_times 1
}
end_by_term() {
  kill -TERM $supervisor_pid
  end
}
begin_configured
end_by_term
check "without a configuration nothing reads one" [ ! -e "$scratch/compiled" ]
echo good >"$scratch/etc/redoubt.yaml"
begin_configured
same "a configuration is read before the agent starts" "cli config compile" "$(cat "$scratch/compiled")"
end_by_term
begin_configured
same "and not again while it is the same" 1 "$(compiled)"
echo bad >"$scratch/etc/redoubt.yaml"
kill -KILL "$(head -1 "$pids")"
eventually started_times 2
same "one that has changed is read again" 2 "$(compiled)"
contains "one that is wrong is told, and what was good before counts" "the last that was good" "$(cat "$scratch/messages")"
kill -KILL "$(sed -n 2p "$pids")"
eventually started_times 3
same "and told once" 2 "$(compiled)"
end_by_term
rm "$scratch/kept/settings"
begin_configured
contains "without one that was good, every setting has its default" "its default" "$(cat "$scratch/messages")"
end_by_term
# An agent that does not start for its configuration is started without it.
echo good again >"$scratch/etc/redoubt.yaml"
: >"$scratch/kept/settings.good"
protects_without='case "$*" in *"--configuration none"*) trap "exit 0" TERM; while :; do sleep 0.05; done ;; esac; exit 78'
REDOUBT_CONFIG_DIR="$scratch/etc" REDOUBT_STATE_DIR="$scratch/kept" REDOUBT_HOME="$scratch/home" begin "$protects_without" --kill-late
eventually started_times 3
same "first as it is" "run --kill-late" "$(sed -n 1p "$starts")"
same "then with the one that it protected with" "run --kill-late --restart-count 1 --last-exit 78 --configuration good" "$(sed -n 2p "$starts")"
same "then with none" "run --kill-late --restart-count 2 --last-exit 78 --configuration none" "$(sed -n 3p "$starts")"
contains "and it is said" "does not start with the configuration: status=78" "$(cat "$scratch/messages")"
end_by_term
REDOUBT_CONFIG_DIR="$scratch/etc" REDOUBT_STATE_DIR="$scratch/kept" REDOUBT_HOME="$scratch/home" begin "exit 69"
end
same "what is not for the configuration ends it after that" "69 3" "$status $(wc -l <"$starts")"
REDOUBT_CONFIG_DIR="$scratch/etc" REDOUBT_STATE_DIR="$scratch/kept" REDOUBT_HOME="$scratch/home" begin "exit 64"
end
same "nor is what was typed" "64 1" "$status $(wc -l <"$starts")"
once_without='case "$*" in *"--configuration good"*) exit 1 ;; *"--last-exit 1"*) trap "exit 0" TERM; while :; do sleep 0.05; done ;; esac; exit 78'
REDOUBT_CONFIG_DIR="$scratch/etc" REDOUBT_STATE_DIR="$scratch/kept" REDOUBT_HOME="$scratch/home" begin "$once_without"
eventually started_times 3
same "after a crash the configuration is tried again" "run --restart-count 2 --last-exit 1" "$(sed -n 3p "$starts")"
end_by_term
rm -rf "${scratch:?}/home" "${scratch:?}/etc" "$scratch/kept"

# What a damaged installation looks like: the second agent dies at once, like the first.
export REDOUBT_STATE_DIR="$scratch/state" REDOUBT_HOME="$scratch/home"
mkdir -p "$REDOUBT_STATE_DIR/seal" "$REDOUBT_HOME/lib"
echo good >"$REDOUBT_HOME/lib/same.jar"
echo good >"$REDOUBT_HOME/lib/other.jar"
sha256sum "$REDOUBT_HOME"/lib/*.jar >"$REDOUBT_STATE_DIR/seal/SHA256SUMS"
echo changed >"$REDOUBT_HOME/lib/other.jar"
echo new >"$REDOUBT_HOME/lib/new.jar"
begin 'exit 1'
eventually started_times 3
behave "$serve"
kill -TERM $supervisor_pid
end
said=$(grep sealed "$scratch/messages")
same "after two crashes it names the files that are not what was sealed, once" \
  "redoubt: not what was sealed: $REDOUBT_HOME/lib/other.jar: FAILED
redoubt: not what was sealed: $REDOUBT_HOME/lib/new.jar: NEW" "$said"
unset REDOUBT_STATE_DIR REDOUBT_HOME

mkdir "$scratch/libexec"
cp "$supervisor" "$scratch/libexec"
printf '#!/bin/sh\necho "$* nice=$(nice)"\n' >"$scratch/libexec/redoubt-java"
chmod +x "$scratch/libexec/redoubt-java"
same "the agent's JVM is started at raised priority" "agent run --mode monitor nice=-10" \
  "$(unset REDOUBT_AGENT_COMMAND && "$scratch/libexec/redoubt-supervisor" --mode monitor)"

setpriv --reuid 65534 --regid 65534 --clear-groups "$supervisor" 2>"$scratch/messages"
same "only root may run" 77 $?
contains "and others are told what to do" "needs root" "$(cat "$scratch/messages")"
finish
