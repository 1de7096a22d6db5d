# tools/tuf-client builds the client once, reads the time from `date`, and gives statuses 0 and 1.
. ./assert.sh

client() { "$root/tools/tuf-client" "$@" 2>"$scratch/err"; }

nobody=http:/"/127.0.0.1:1/"
vector=$root/spec/trust/vectors/root-first-refresh.json
sed -n 's/^    "[0-9a-f]*" : "\(.*_type\\":\\"root\\".*\)",\{0,1\}$/\1/p' "$vector" | sed 's/\\"/"/g' >"$scratch/root.json"
client --metadata-dir "$scratch/metadata" init "$scratch/root.json"
same "a root is pinned" 0 $?
check "as it is" cmp -s "$scratch/root.json" "$scratch/metadata/root.json"
client --metadata-dir "$scratch/metadata" --metadata-url "$nobody" refresh
same "a mirror that does not answer is a failure" 1 $?
contains "and it is said why" "the mirror failed" "$(cat "$scratch/err")"
client --metadata-dir "$scratch/metadata" dance
same "so is wrong use" 1 $?
finish
