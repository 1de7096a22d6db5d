# The README and the guides: the README is short, links lead somewhere, and every command in their
# `sh` blocks does what the page says, run literally and in order on a scratch host.
# The one command that does not run is `make check`.
if [ -z "${REDOUBT_SCRATCH_HOST:-}" ]; then
  REDOUBT_SCRATCH_HOST=yes timeout -s KILL 560 unshare -m --propagation private sh readme.test.sh
  exit
fi
checkout=$(cd ../.. && pwd)
. ./scratch-host.sh
. ./assert.sh
. ./walk.sh
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

manual_renders() {
  for page in "$root"/build/dist/share/man/man1/redoubt*.1; do
    man --warnings -l "$page" >/dev/null 2>/mnt/warnings && [ ! -s /mnt/warnings ] || return 1
  done
}

check "every page of the manual renders without a warning" manual_renders
check "completion is bash" bash -n "$root/build/dist/share/completions/redoubt"
walk "$readme"
walk "$root/docs/guides/getting-started.md"
walk "$root/docs/guides/detect.md"
walk "$root/docs/guides/configure.md"
walk "$root/docs/guides/write-a-hash-list.md"
walk "$root/docs/guides/send-events.md"
[ $failures -eq 0 ] || cat /mnt/transcript
finish
