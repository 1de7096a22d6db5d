# Finding the JDK and Maven, and what is said on a machine without them or without a network. The
# poor machine is this one in a mount namespace of its own with the JDKs hidden.
. ./assert.sh
. "$root/packaging/libexec/find-jdk.sh"

# fake_java NAME VERSION: a Java home that claims that version.
fake_java() {
  mkdir -p "$scratch/$1/bin"
  : >"$scratch/$1/bin/javac"
  chmod +x "$scratch/$1/bin/javac"
  printf 'IMPLEMENTOR="Nobody"\nJAVA_VERSION="%s"\n' "$2" >"$scratch/$1/release"
}
fake_java old 17.0.15
fake_java new 25.0.3
fake_java early 26-ea
fake_java odd nonsense
for suits in new early; do
  check "Java home suits: $suits" redoubt_java_suits "$scratch/$suits" javac
done
for unsuitable in old odd absent; do
  check "Java home does not suit: $unsuitable" [ "$(redoubt_java_suits "$scratch/$unsuitable" javac && echo yes)" = "" ]
done
check "a home without the program does not suit" [ "$(redoubt_java_suits "$scratch/new" jshell && echo yes)" = "" ]
same "our own variable comes first" "$scratch/new" \
  "$(REDOUBT_JAVA_HOME=$scratch/new JAVA_HOME=$scratch/early && redoubt_find_java javac && echo "$java_home")"
same "an old JAVA_HOME is passed over" "$scratch/early" \
  "$(REDOUBT_JAVA_HOME=$scratch/old JAVA_HOME=$scratch/early && redoubt_find_java javac && echo "$java_home")"

# poor TOOLS COMMAND...: runs COMMAND with no JDK, no network, and only TOOLS beside the basic ones.
poor() {
  tools=$1
  shift
  poor_home=$scratch/poor
  rm -rf "$poor_home"
  mkdir -p "$poor_home/bin"
  for tool in sh env cat dirname readlink mktemp rm mkdir sed grep head id cut tar mv sha256sum sha512sum $tools; do
    ln -s "$(command -v "$tool")" "$poor_home/bin/$tool"
  done
  # shellcheck disable=SC2086  # the mount points that exist here
  unshare --mount --net sh -c 'for hidden in /usr/lib/jvm /opt; do [ ! -d $hidden ] || mount -t tmpfs none $hidden; done; exec "$@"' sh \
    env -u JAVA_HOME -u REDOUBT_JAVA_HOME PATH="$poor_home/bin" XDG_CACHE_HOME="$poor_home/cache" "$@" >"$scratch/output" 2>&1
  status=$?
  output=$(cat "$scratch/output")
}

poor "" "$root/mvnw" -v
same "neither JDK nor apt: unavailable" 69 $status
contains "the cause" "no JDK 25 or newer: looked in REDOUBT_JAVA_HOME, JAVA_HOME, /usr/lib/jvm" "$output"
contains "the fix" "set REDOUBT_JAVA_HOME" "$output"

poor "apt-get apt-cache dpkg basename find cp" "$root/tools/get-jdk" "$scratch/jdk"
same "no JDK and offline: unavailable" 69 $status
contains "the cause is named" "could not be downloaded from this machine's Debian mirror" "$output"
contains "and the fix" "to fix it: connect to it, or install a JDK 25 by hand" "$output"
check "nothing half-fetched stays" [ ! -e "$scratch/jdk" ]

poor "" env REDOUBT_JAVA_HOME="$scratch/new" "$root/mvnw" -v
same "neither Maven nor apt: unavailable" 69 $status
contains "both causes" "is not fetched yet, and this machine has neither mvn nor apt-get" "$output"
contains "and where to put one by hand" "as $poor_home/cache/redoubt/apache-maven-" "$output"

# machine_maven SCRIPT: a stand-in for the machine's mvn.
machine_maven() {
  mkdir -p "$scratch/machine"
  printf '#!/bin/sh\n%s\n' "$1" >"$scratch/machine/mvn"
  chmod +x "$scratch/machine/mvn"
}
old_path=$PATH
PATH=$scratch/machine:$PATH
machine_maven 'echo "no route to any repository"; exit 1'
poor mvn env REDOUBT_JAVA_HOME="$scratch/new" "$root/mvnw" -v
same "Maven cannot be fetched: unavailable" 69 $status
contains "mvn's own reason is shown" "no route to any repository" "$output"
contains "with the fix" "connect to the repository that mvn is set up for" "$output"
machine_maven 'for word in "$@"; do case $word in -DoutputDirectory=*) : >"${word#*=}/apache-maven-3.9.16-bin.tar.gz" ;; esac; done'
poor mvn env REDOUBT_JAVA_HOME="$scratch/new" "$root/mvnw" -v
same "a Maven that is not the pinned one: refused" 69 $status
contains "it is said" "is not the expected one: sha512=cf83e1357eefb8bd" "$output"
check "and not kept" [ -z "$(find "$poor_home/cache" -name 'apache-maven*' 2>/dev/null)" ]
PATH=$old_path
finish
