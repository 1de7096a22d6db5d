# The spawner: every property of an engine's confinement, seen from inside the engine and in /proc.
. ./assert.sh

spawner=$root/packaging/libexec/redoubt-spawner
tab=$(printf '\t')
engine_uid=64990
chmod 0755 "$scratch"
mkfifo "$scratch/requests"
cleanup() { [ -z "${spawner_pid:-}" ] || kill -KILL "$spawner_pid" 2>/dev/null; }

begin() {
  : >"$scratch/answers"
  "$spawner" <"$scratch/requests" >"$scratch/answers" 2>"$scratch/messages" &
  spawner_pid=$!
  exec 3>"$scratch/requests"
}
answers() { [ "$(wc -l <"$scratch/answers")" -ge "$1" ]; }
# start TOKEN GROUPS ENVIRONMENT COMMAND...: sets engine to its pid.
start() {
  token=$1 groups=$2 environment=$3
  shift 3
  before=$(wc -l <"$scratch/answers")
  {
    printf 'start\t%s\t%s\t65536\t40\t64\t%s\t%s' "$token" $engine_uid "$groups" "$environment"
    for word in "$@"; do printf '\t%s' "$word"; done
    echo
  } >&3
  eventually answers $((before + 1))
  engine=$(tail -1 "$scratch/answers" | sed -n "s/^started$tab$token$tab//p")
}
said() { grep -q "$1" "$scratch/messages"; }
runs_as() { [ "$(readlink "/proc/$engine/exe")" = "$1" ]; }
status_of() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$engine/status" | tr '\t' ' '; }
limit_of() { sed -n "s/^$1 *\([^ ]*\) *\([^ ]*\) .*/\1 \2/p" "/proc/$engine/limits"; }
sleeper=$(readlink -f "$(command -v sleep)")
# Standard ones, and any above 9 that the environment of this test left open for everyone.
descriptors_of() { find "/proc/$1/fd" -name '[0-2]' -o -name '[1-9][0-9]*' | sed 's/.*\///' | sort -n | tr '\n' ' '; }
sleep 60 &
engine=$!
eventually runs_as "$sleeper"
inherited=$(descriptors_of $engine)
kill $engine

begin
start one - A=1 sleep 60
eventually runs_as "$sleeper"
check "the pid told is the engine itself" runs_as "$sleeper"
same "its parent is the spawner" "$spawner_pid" "$(status_of PPid)"
same "user, all four" "$engine_uid $engine_uid $engine_uid $engine_uid" "$(status_of Uid)"
same "group, all four" "$engine_uid $engine_uid $engine_uid $engine_uid" "$(status_of Gid)"
same "no supplementary groups" "" "$(status_of Groups | tr -d ' ')"
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
  same "no capability in $set" 0000000000000000 "$(status_of $set)"
done
same "no_new_privs" 1 "$(status_of NoNewPrivs)"
same "core dumps" "0 0" "$(limit_of 'Max core file size')"
same "data bytes" "67108864 67108864" "$(limit_of 'Max data size')"
same "processes" "40 40" "$(limit_of 'Max processes')"
same "open files" "64 64" "$(limit_of 'Max open files')"
same "locked memory" "0 0" "$(limit_of 'Max locked memory')"
same "file size" "16777216 16777216" "$(limit_of 'Max file size')"
same "the environment is the given one" "A=1" "$(tr '\0' ' ' <"/proc/$engine/environ" | sed 's/ $//')"
for space in net ipc uts; do
  check "its own $space namespace" [ "$(readlink /proc/self/ns/$space)" != "$(readlink "/proc/$engine/ns/$space")" ]
done
same "a session of its own" "$engine" "$(awk '{ print $6 }' "/proc/$engine/stat")"
same "standard input is empty" /dev/null "$(readlink "/proc/$engine/fd/0")"
same "standard output is the spawner's standard error" "$scratch/messages" "$(readlink "/proc/$engine/fd/1")"
same "standard error too" "$scratch/messages" "$(readlink "/proc/$engine/fd/2")"
same "and no descriptor but those three and what this test itself inherited" "$inherited" "$(descriptors_of "$engine")"
first=$engine

start net - - cat /proc/net/dev
eventually said 'lo:'
same "no network interface but the loopback" "lo" "$(sed -n 's/^ *\([a-z0-9]*\):.*/\1/p' "$scratch/messages")"
start quoted - "X=1 Y=2" sh -c 'echo "got [$1] $X$Y"' engine "two words"
eventually said 'got'
check "arguments keep their blanks, the environment is a list" said 'got \[two words\] 12'
start files - PATH="$PATH" sh -c 'ulimit -n 65; ulimit -n 128 || echo raise refused'
eventually said 'raise refused'
check "a limit cannot be raised again" said 'raise refused'
start su - PATH="$PATH" sh -c 'setpriv --reuid 0 true || echo no way back; : >/proc/sys/kernel/panic || echo read only'
eventually said 'no way back'
check "the uid cannot be regained" said 'no way back'

group=$(sed -n 's/^cgroup2 \([^ ]*\) .*/\1/p' /proc/mounts | head -1)
mkdir "$group/redoubt-test-$$"
start grouped "$group/redoubt-test-$$/cgroup.procs" - sleep 60
eventually runs_as "$sleeper"
same "it is in its control group" "$engine" "$(cat "$group/redoubt-test-$$/cgroup.procs")"
printf 'kill\t%s\n' "$engine" >&3
eventually gone "$engine"
check "kill ends an engine" gone "$engine"
eventually rmdir "$group/redoubt-test-$$"
start nogroup "$scratch/no/cgroup.procs" - touch "$scratch/unconfined"
eventually gone "$engine"
check "no group, no engine" [ ! -e "$scratch/unconfined" ]

start family - PATH="$PATH" sh -c 'sleep 61 & echo "child $!"; wait'
eventually said '^child '
grandchild=$(sed -n 's/^child //p' "$scratch/messages")
printf 'kill\t%s\n' "$engine" >&3
eventually gone "$grandchild"
check "kill reaches what the engine forked" gone "$grandchild"

printf 'kill\t%s\nkill\t1\nnonsense\nstart\tshort\n' $$ >&3
eventually grep -q fields= "$scratch/answers"
same "strangers are not killed, bad requests are refused" \
  "refused $$ no child,refused 1 no child,refused nonsense unknown request,refused short fields=2," \
  "$(tail -4 "$scratch/answers" | tr '\t\n' ' ,')"

for round in 1 2 3 4 5; do
  start "brief$round" - - true
  eventually gone "$engine"
done
start last - - true
zombies() { pgrep --count --runstates Z --parent "$spawner_pid"; }
check "ended engines do not pile up as zombies ($(zombies))" [ "$(zombies)" -le 1 ]

exec 3>&-
wait "$spawner_pid"
eventually gone "$first"
check "end of input kills every engine" gone "$first"

begin
start doomed - - sleep 60
eventually runs_as "$sleeper"
kill -KILL "$spawner_pid"
eventually gone "$engine"
check "an engine dies with its spawner" gone "$engine"
exec 3>&-

: >"$scratch/answers"
nice -n -5 sh -c 'echo -500 >/proc/self/oom_score_adj; exec "$0" <"$1" >"$2" 2>&1' "$spawner" "$scratch/requests" "$scratch/answers" 2>/dev/null &
spawner_pid=$!
exec 3>"$scratch/requests"
start plain - - sleep 60
eventually runs_as "$sleeper"
same "the agent's priority is not inherited" 0 "$(awk '{ print $19 }' "/proc/$engine/stat")"
same "nor its protection from the memory killer" 0 "$(cat "/proc/$engine/oom_score_adj")"
exec 3>&-
finish
