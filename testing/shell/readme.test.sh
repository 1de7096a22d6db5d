# The README: short, its links lead somewhere, and its command blocks that CI can run do run.
. ./assert.sh

readme=$root/README.md
export REDOUBT_CONFIG_DIR="$scratch/etc" REDOUBT_STATE_DIR="$scratch/state" REDOUBT_RUN_DIR="$scratch/run"

check "under 120 lines" [ "$(wc -l <"$readme")" -lt 120 ]
for document in "$root"/*.md "$root"/docs/decisions/*.md; do
  broken=
  for link in $(grep -o '](\([^)#:]*\))' "$document" | tr -d '()]'); do
    [ -e "${document%/*}/$link" ] || broken="$broken $link"
  done
  same "the links of ${document#"$root"/} lead somewhere" "" "$broken"
done

# A block counts if the line before its fence says so.
awk -v folder="$scratch" '
  /^```/ && inside { inside = 0; next }
  /^```sh$/ && marked { inside = 1; count++; marked = 0; next }
  inside { print > (folder "/block-" count ".sh") }
  { marked = ($0 == "<!-- run by CI -->") }
' "$readme"
check "there are blocks to run" [ -e "$scratch/block-1.sh" ]
for block in "$scratch"/block-*.sh; do
  (cd "$root" && sh -eu "$block") >"$scratch/output" 2>&1
  status=$?
  same "runs: $(head -1 "$block")" 0 $status
  [ $status -eq 0 ] || cat "$scratch/output"
done
finish
