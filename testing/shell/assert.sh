# Sourced by every shell test: assertions, a scratch folder, and waiting for a condition.
# A test calls `finish` as its last command.

# shellcheck disable=SC2034  # read by the tests
root=$(cd ../.. && pwd)
scratch=$(mktemp -d /tmp/redoubt-shell.XXXXXX)
cleanup() { :; }
trap 'cleanup; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
failures=0

ok() { echo "ok $1"; }
not_ok() {
  echo "not ok $1"
  failures=$((failures + 1))
}

# check NAME COMMAND...: passes if the command succeeds.
check() {
  name=$1
  shift
  if "$@"; then ok "$name"; else not_ok "$name: $*"; fi
}

# same NAME EXPECTED ACTUAL
same() {
  if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: expected=[$2] actual=[$3]"; fi
}

# contains NAME NEEDLE TEXT
contains() {
  case $3 in
    *"$2"*) ok "$1" ;;
    *) not_ok "$1: looked for=[$2] in=[$3]" ;;
  esac
}

# eventually COMMAND...: asks every 20 ms for at most 10 s.
eventually() {
  attempts=500
  until "$@" 2>/dev/null; do
    attempts=$((attempts - 1))
    [ $attempts -gt 0 ] || return 1
    sleep 0.02
  done
}

gone() { ! kill -0 "$1" 2>/dev/null || [ "$(state_of "$1")" = Z ]; }
state_of() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null; }

finish() {
  echo "end of test"
  exit $((failures > 0))
}
