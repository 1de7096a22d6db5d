# tools/conformance builds the kit once, hands over its options, and gives its exit status.
. ./assert.sh

kit() { "$root/tools/conformance" "$@" 2>"$scratch/err"; }

output=$(kit --list)
same "the first call builds and lists" 0 $?
contains "a check is on the list" "descriptors-closed  closes the descriptor" "$output"
kit --list >/dev/null
same "the second call builds nothing" "" "$(cat "$scratch/err")"
kit --only nonsense -- /bin/true
same "an unknown check is wrong use" 64 $?
kit >/dev/null
same "so is no engine" 64 $?
kit --only ping -- /bin/false
same "an engine that is none does not conform" 1 $?
contains "and it is said why" "ended before it connected: status=1" "$(cat "$scratch/err")"

for language in c python; do
  check "the example in $language builds" make -s -C "$root/engine/examples/$language" OUT="$scratch/$language"
done
cd / || exit 1
output=$(kit --only ping,shutdown -- "$scratch/c/hash-engine")
same "the example in c conforms" 0 $?
contains "and its report says so" "conforms: 2 PASS, 0 FAIL" "$output"
output=$(HASH_ENGINE_BUILD=$scratch/python kit --json --only ping -- "$root/engine/examples/python/hash_engine.py")
same "the example in python conforms" 0 $?
contains "its report can be JSON" '"status":"PASS"' "$output"
finish
