# Sourced, not run: what makes two builds of one commit the same, beside what is in them.
#
#   redoubt_source_date ROOT    sets and exports SOURCE_DATE_EPOCH, unless it is set: the commit's time
#   redoubt_settle_times TREE   gives everything in a tree that time

redoubt_source_date() {
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$1" -c safe.directory="$1" log -1 --format=%ct 2>/dev/null || date +%s)}
  export SOURCE_DATE_EPOCH
}

redoubt_settle_times() { find "$1" -exec touch -hcd "@$SOURCE_DATE_EPOCH" {} +; }
