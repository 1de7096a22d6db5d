# Sourced, not run: finds a Java 25 (or newer) home with shell builtins only.
#
#   redoubt_find_java PROGRAM   sets java_home to the first home whose bin/PROGRAM ("java" or
#                               "javac") exists and whose release is new enough; status 1 if none
#   redoubt_fetched_jdk         sets fetched_jdk to where tools/get-jdk puts the project's own copy
#
# Starts no process unless the last resort, resolving the javac on PATH, is reached, so a command
# that finds everything in place pays well under a millisecond.

redoubt_minimum_java=25

# Engines run under their own user and must be able to read the runtime, so root's copy cannot lie
# in root's home.
redoubt_fetched_jdk() {
  if [ -w /opt ]; then
    fetched_jdk=/opt/redoubt-jdk-$redoubt_minimum_java
  else
    fetched_jdk=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/redoubt/jdk-$redoubt_minimum_java
  fi
}

# Status 0 if $1 is a Java home with bin/$2 of the minimum version or newer.
redoubt_java_suits() {
  [ -n "$1" ] && [ -x "$1/bin/$2" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r release_key release_value || [ -n "$release_key" ]; do
    [ "$release_key" = JAVA_VERSION ] || continue
    release_value=${release_value#\"}
    release_value=${release_value%%[!0-9]*}
    [ "${release_value:-0}" -ge "$redoubt_minimum_java" ]
    return
  done <"$1/release"
  return 1
}

redoubt_find_java() {
  redoubt_fetched_jdk
  # A package brings its own, which its releases beside it use too.
  for java_home in "${REDOUBT_JAVA_HOME:-}" "${REDOUBT_HOME:+$REDOUBT_HOME/runtime}" \
    "${REDOUBT_INSTALLED:+$REDOUBT_INSTALLED/runtime}" "${JAVA_HOME:-}" \
    /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/*jdk* "$fetched_jdk"; do
    redoubt_java_suits "$java_home" "$1" && return 0
  done
  on_path=$(command -v "$1") || return 1
  on_path=$(readlink -f "$on_path") || return 1
  java_home=${on_path%/bin/"$1"}
  redoubt_java_suits "$java_home" "$1"
}
