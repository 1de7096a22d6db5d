# The README and the guides: the README is short, links lead somewhere, and every command in their
# `sh` blocks does what the page says, run literally and in order on a scratch host.
#
# A comment behind a command that begins with a capital is output that the command must have
# (`# I am harmful`); any other is for the reader. The one command that does not run is `make check`.
if [ -z "${REDOUBT_SCRATCH_HOST:-}" ]; then
  REDOUBT_SCRATCH_HOST=yes timeout -s KILL 560 unshare -m --propagation private sh readme.test.sh
  exit
fi
checkout=$(cd ../.. && pwd)
. ./scratch-host.sh
. ./assert.sh
cleanup() { /mnt/checkout/redoubt stop >/dev/null 2>&1; }

readme=$root/README.md
check "under 120 lines" [ "$(wc -l <"$readme")" -lt 120 ]
for document in "$root"/*.md "$root"/docs/*.md "$root"/docs/*/*.md; do
  broken=
  for link in $(grep -o '](\([^)#:]*\))' "$document" | tr -d '()]'); do
    [ -e "${document%/*}/$link" ] || broken="$broken $link"
  done
  same "the links of ${document#"$root"/} lead somewhere" "" "$broken"
done

commands_of() {
  awk '/^```/ { inside = !inside && $0 == "```sh"; next } inside && NF' "$1"
}

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

manual_renders() {
  for page in "$root"/build/dist/share/man/man1/redoubt*.1; do
    man --warnings -l "$page" >/dev/null 2>/mnt/warnings && [ ! -s /mnt/warnings ] || return 1
  done
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
  rm -rf "$REDOUBT_STATE_DIR"
}

check "every page of the manual renders without a warning" manual_renders
check "completion is bash" bash -n "$root/build/dist/share/completions/redoubt"
walk "$readme"
walk "$root/docs/guides/getting-started.md"
walk "$root/docs/guides/detect.md"
walk "$root/docs/guides/configure.md"
walk "$root/docs/guides/write-a-hash-list.md"
walk "$root/docs/guides/publish-content.md"
walk "$root/docs/guides/write-an-engine.md"
walk "$root/docs/guides/send-events.md"
[ $failures -eq 0 ] || cat /mnt/transcript
finish
