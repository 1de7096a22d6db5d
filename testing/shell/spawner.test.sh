# The spawner: starts, joins groups, hands over the filter, ends and reaps; what it starts dies with
# it. How engines are confined is HostileProcessTest's business.
. ./assert.sh

spawner=$root/packaging/libexec/redoubt-spawner
tab=$(printf '\t')
chmod 0755 "$scratch"
mkfifo "$scratch/requests"
echo filter >"$scratch/filter"
: >"$scratch/output"
cleanup() { [ -z "${spawner_pid:-}" ] || kill -KILL "$spawner_pid" 2>/dev/null; }

begin() {
  : >"$scratch/answers"
  "$spawner" "$scratch" <"$scratch/requests" >"$scratch/answers" 2>"$scratch/messages" &
  spawner_pid=$!
  exec 3>"$scratch/requests"
}
answers() { [ "$(wc -l <"$scratch/answers")" -ge "$1" ]; }
# start TOKEN GROUPS COMMAND...: sets engine to its pid.
start() {
  token=$1 groups=$2
  shift 2
  before=$(wc -l <"$scratch/answers")
  {
    printf 'start\t%s\t%s\t%s\t%s' "$token" "$scratch/filter" "$scratch/output" "$groups"
    for word in "$@"; do printf '\t%s' "$word"; done
    echo
  } >&3
  eventually answers $((before + 1))
  engine=$(tail -1 "$scratch/answers" | sed -n "s/^started$tab$token$tab//p")
}
# ask REQUEST PID: sets answer to what the spawner says.
ask() {
  before=$(wc -l <"$scratch/answers")
  printf '%s\t%s\n' "$1" "$2" >&3
  eventually answers $((before + 1))
  answer=$(tail -1 "$scratch/answers" | tr '\t' ' ')
}
end() {
  ask kill "$1"
  eventually zombie "$1"
  ask reap "$1"
}
zombie() { [ "$(state_of "$1")" = Z ]; }
printed() { grep -q "$1" "$scratch/output"; }
runs_as() { [ "$(readlink "/proc/$engine/exe")" = "$1" ]; }
status_of() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$engine/status" | tr '\t' ' '; }
sleeper=$(readlink -f "$(command -v sleep)")

begin
start one - setsid sleep 60
eventually runs_as "$sleeper"
check "the pid told is the command itself" runs_as "$sleeper"
same "its parent is the spawner" "$spawner_pid" "$(status_of PPid)"
same "standard input is empty" /dev/null "$(readlink "/proc/$engine/fd/0")"
same "standard output goes where it was told" "$scratch/output" "$(readlink "/proc/$engine/fd/1")"
same "standard error too" "$scratch/output" "$(readlink "/proc/$engine/fd/2")"
same "the filter is descriptor 9" "$scratch/filter" "$(readlink "/proc/$engine/fd/9")"
first=$engine

ask reap "$engine"
same "what runs is not waited for" "refused $engine still runs" "$answer"

start quoted - sh -c 'echo "got [$1]"' engine "two words"
eventually printed 'got'
check "arguments keep their blanks" printed 'got \[two words\]'
start status - sh -c 'exit 7'
eventually zombie "$engine"
ask reap "$engine"
same "the exit status is told" "ended $engine 7" "$answer"
start signal - sh -c 'kill -9 $$'
eventually zombie "$engine"
ask reap "$engine"
same "a signal is told as a shell does" "ended $engine 137" "$answer"

group=$(sed -n 's/^cgroup2 \([^ ]*\) .*/\1/p' /proc/mounts | head -1)
mkdir "$group/redoubt-test-$$"
start grouped "$group/redoubt-test-$$/cgroup.procs" setsid sleep 60
eventually runs_as "$sleeper"
same "it is in its control group" "$engine" "$(cat "$group/redoubt-test-$$/cgroup.procs")"
end "$engine"
same "end kills" "ended $engine 137" "$answer"
check "and nothing is left" gone "$engine"
eventually rmdir "$group/redoubt-test-$$"
mkdir "$group/redoubt-test-$$"
: >"$scratch/output"
start orphan "$group/redoubt-test-$$/cgroup.procs" sh -c 'setsid sleep 62 & echo "orphan $!"; wait'
eventually printed '^orphan '
orphan=$(sed -n 's/^orphan //p' "$scratch/output")
kill -KILL "$spawner_pid"
eventually gone "$engine"
eventually gone "$orphan"
check "what its engines left is ended with a spawner that is killed" gone "$orphan"
eventually rmdir "$group/redoubt-test-$$"
exec 3>&-
begin
start nogroup "$scratch/no/cgroup.procs" touch "$scratch/unconfined"
eventually zombie "$engine"
ask reap "$engine"
same "no group, no engine" "ended $engine 125" "$answer"
check "none of its code has run" [ ! -e "$scratch/unconfined" ]
mv "$scratch/filter" "$scratch/filter.away"
start nofilter - touch "$scratch/unconfined"
eventually zombie "$engine"
check "no filter, no engine" [ ! -e "$scratch/unconfined" ]
end "$engine"
mv "$scratch/filter.away" "$scratch/filter"

start family - setsid sh -c 'sleep 61 & echo "child $!"; wait'
eventually printed '^child '
grandchild=$(sed -n 's/^child //p' "$scratch/output")
end "$engine"
eventually gone "$grandchild"
check "end reaches what the engine forked" gone "$grandchild"

for stranger in $$ 1 "$engine"; do
  ask kill "$stranger"
  same "a stranger is not killed" "refused $stranger no child" "$answer"
  ask reap "$stranger"
  same "nor waited for" "refused $stranger no child" "$answer"
done
printf 'nonsense\nstart\tshort\n' >&3
eventually grep -q fields= "$scratch/answers"
same "bad requests are refused" \
  "refused nonsense unknown request,refused short fields=2," \
  "$(tail -2 "$scratch/answers" | tr '\t\n' ' ,')"
zombies() { pgrep --count --runstates Z --parent "$spawner_pid"; }
# The one that printed `got` was not asked for.
check "what was ended is no zombie ($(zombies))" [ "$(zombies)" -le 1 ]

exec 3>&-
wait "$spawner_pid"
eventually gone "$first"
check "end of input kills every engine" gone "$first"

begin
start doomed - setpriv --pdeathsig KILL sleep 60
eventually runs_as "$sleeper"
kill -KILL "$spawner_pid"
eventually gone "$engine"
check "an engine that asks for it dies with its spawner" gone "$engine"
exec 3>&-

: >"$scratch/answers"
nice -n -5 sh -c 'echo -500 >/proc/self/oom_score_adj; exec "$0" "${1%/*}" <"$1" >"$2" 2>&1' "$spawner" "$scratch/requests" "$scratch/answers" 2>/dev/null &
spawner_pid=$!
exec 3>"$scratch/requests"
start plain - sleep 60
eventually runs_as "$sleeper"
same "the agent's priority is not inherited" 0 "$(awk '{ print $19 }' "/proc/$engine/stat")"
same "nor its protection from the memory killer" 0 "$(cat "/proc/$engine/oom_score_adj")"
exec 3>&-
finish
