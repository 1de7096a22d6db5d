# shellcheck shell=sh
# Sourced on a scratch host: follows the commands of a page, literally and in order.
#
# A comment behind a command that begins with a capital is output that the command must have
# (`# I am harmful`); any other is for the reader. A line that ends in a backslash goes on in the next.

: "${root:?where the sources lie, of assert.sh}"

commands_of() {
  awk '
    /^```/ { inside = !inside && $0 == "```sh"; next }
    !inside || !NF { next }
    sub(/\\$/, "") { begun = begun $0; next }
    { print begun $0; begun = "" }
    ' "$1"
}

# Lines that another test runs and that are not followed: "TEST COMMAND", one a line.
elsewhere=

# Whether another test runs a line.
runs_elsewhere() { printf '%s\n' "$elsewhere" | cut -d' ' -f2- | grep -qxF -- "$1"; }

# Sets expected to the output that the page promises for a line, or to nothing.
read_promise() {
  expected=
  case $1 in *" # "[A-Z]*) expected=${1##* # } ;; esac
}

# One line of a page, in this bash: a `cd` holds for the next.
follow() {
  read_promise "$1"
  eval "$1" >/mnt/output 2>&1 </dev/null
  status=$?
  output=$(cat /mnt/output)
  printf '$ %s\n%s\n[%s]\n' "$1" "$output" $status >>/mnt/transcript
  case $expected in
    "") ;;
    *"not permitted") contains "$1" "$expected" "$output" && return ;;
    *) contains "$1" "$expected" "$output" ;;
  esac
  [ -n "$expected" ] || same "$1" 0 $status
  case $1 in *"redoubt why "*) explained "${1##*redoubt why }" ;; esac
}

# What `why` owes the owner: which engine, and about which content.
explained() {
  contains "why names the engine" "scanner" "$output"
  contains "why names the digest" "$(sha256sum "${1%% *}" | cut -c1-64)" "$output"
}

walk() {
  cd /mnt/checkout || exit 1
  echo "# ${1#"$root"/}"
  commands_of "$1" >/mnt/commands
  check "there are commands to run" [ -s /mnt/commands ]
  while IFS= read -r line; do
    runs_elsewhere "$line" || follow "$line"
  done </mnt/commands
  ./redoubt stop >/dev/null 2>&1
  rm -rf "$REDOUBT_STATE_DIR"
}
