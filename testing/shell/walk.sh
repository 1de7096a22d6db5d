# shellcheck shell=sh
# Sourced on a scratch host: follows the commands of a page, literally and in order.
#
# A command that ends with `\` goes on in the next line. A comment behind a command that begins with a capital is output that the command must have
# (`# I am harmful`); any other is for the reader. What a line of `elsewhere` has is not run here.

: "${root:?where the sources lie, of assert.sh}"

commands_of() {
  awk '
    /^```/ { inside = !inside && $0 == "```sh"; next }
    !inside || !NF { next }
    sub(/\\$/, "") { begun = begun $0; next }
    { print begun $0; begun = "" }' "$1"
}

# Sets expected to the output that the page promises for a line, or to nothing.
read_promise() {
  expected=
  case $1 in *" # "[A-Z]*) expected=${1##* # } ;; esac
}

# The commands that a scratch host cannot run, each with the test that does and a text which that has only if it does:
# COMMAND|TEST|TEXT. What is behind a command on the page, after two blanks, does not count.
elsewhere=

# Those that nothing runs, each in a line.
nowhere=

# Whether a line of a page is not to be run here; that another test does is checked.
is_not_for_here() {
  bare=${1%%  *}
  ! printf '%s\n' "$nowhere" | grep -qxF -- "$bare" || return 0
  place=$(printf '%s\n' "$elsewhere" | grep -F -- "$bare|") || return 1
  text=${place##*|} place=${place%|*}
  check "${place##*|} runs: $bare" grep -qF -- "$text" "$root/${place##*|}"
}

# One line of a page, in this bash: a `cd` holds for the next.
follow() {
  ! is_not_for_here "$1" || return 0
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
    follow "$line"
  done </mnt/commands
  ./redoubt stop >/dev/null 2>&1
  rm -rf "${REDOUBT_STATE_DIR:?}"/* "${REDOUBT_CONFIG_DIR:?}"/*
}
