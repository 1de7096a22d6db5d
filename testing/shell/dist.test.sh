# The front door over an installation whose modules are tiny stand-ins: which program gets which
# arguments and flags, that the start-up caches are written and accepted, and what is said when
# something is missing.
. ./assert.sh
. "$root/packaging/libexec/find-jdk.sh"

redoubt_find_java javac || exit 1
home="$scratch/an installation"
mkdir -p "$home/lib" "$scratch/run"
chmod 0755 "$scratch"
cp -R "$root/packaging/libexec" "$root/redoubt" "$home"
export REDOUBT_RUN_DIR="$scratch/run"
unset REDOUBT_HOME JAVA_HOME

# module NAME REQUIRES [PACKAGE]: a jar whose Main, in PACKAGE or NAME, prints its arguments, its flags
# and whether it uses a cache.
module() {
  folder=$scratch/src/$1
  package=${3:-$1}
  path=$(echo "$package" | tr . /)
  mkdir -p "$folder/$path"
  echo "module $1 { requires java.management; $2 }" >"$folder/module-info.java"
  cat >"$folder/$path/Main.java" <<JAVA
package $package;
public class Main {
  public static void main(String[] arguments) {
    System.out.println("$1 " + String.join("|", arguments));
    System.out.println("home " + System.getenv("REDOUBT_HOME"));
    System.out.println(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
    if (arguments.length > 0 && arguments[0].equals("fail")) System.exit(7);
  }
}
JAVA
  "$java_home/bin/javac" --module-path "$home/lib" -d "$scratch/classes/$1" "$folder/module-info.java" "$folder/$path/Main.java" &&
    "$java_home/bin/jar" -c -f "$home/lib/$1.jar" -C "$scratch/classes/$1" .
}
module redoubt.core.linux ""
module redoubt.cli "requires redoubt.core.linux;"
module redoubt.agent "requires redoubt.core.linux;"
module redoubt.engine.scanner "requires redoubt.core.linux;"
module redoubt.engine.clamav "requires redoubt.core.linux;"
module redoubt.engine.allowlist "requires redoubt.core.linux;"
module redoubt.engine.ransomware "requires redoubt.core.linux;"
module redoubt.engine.drill "requires redoubt.core.linux;"
module redoubt.engine.sigma "requires redoubt.core.linux;" redoubt.engine.sigma.live

output=$("$home/redoubt" status --json "a b")
same "an untrained installation runs" 0 $?
contains "the command gets its arguments whole" "redoubt.cli status|--json|a b" "$output"
contains "and knows its home" "home $home" "$output"
contains "native access is for one module" "--enable-native-access=redoubt.core.linux" "$output"

messages=$("$home/libexec/redoubt-train" "$home" "$java_home" 2>&1)
same "training succeeds" 0 $?
check "the command has a cache" [ -s "$home/aot/cli.aot" ]
check "the agent has a cache" [ -s "$home/aot/agent.aot" ]
same "and says what it does" "redoubt: training cli redoubt: training scanner redoubt: training clamav redoubt: training allowlist redoubt: training ransomware redoubt: training sigma redoubt: training agent" "$(echo "$messages" | tr '\n' ' ' | sed 's/ $//')"

for kind in cli agent scanner clamav allowlist ransomware sigma; do
  flags="-XX:AOTMode=on -Xlog:aot=error:stderr"
  output=$(REDOUBT_JVM_FLAGS=$flags "$home/libexec/redoubt-java" $kind one two 2>"$scratch/errors")
  same "$kind accepts its cache (it may not run without)" 0 $?
  same "$kind says nothing on standard error" "" "$(cat "$scratch/errors")"
  contains "$kind is the program" "$kind one|two" "$output"
  contains "$kind is told of the cache" "aot/$kind.aot" "$output"
done
module com.google.gson ""
module com.google.common.util.concurrent.internal ""
mkdir "$home/lib-server"
mv "$home/lib/com.google."* "$home/lib-server"
output=$("$home/redoubt" fleet serve --help 2>/dev/null)
contains "the server is the command line" "redoubt.cli fleet|serve|--help" "$output"
contains "with its own jars beside the others" "/lib-server" "$output"
output=$("$home/redoubt" fleet hosts)
same "other commands have none of them" "" "$(echo "$output" | grep lib-server)"
output=$("$home/libexec/redoubt-java" agent)
contains "the agent's heap is capped" "-Xmx64m" "$output"
contains "the agent cannot be attached to" "-XX:+DisableAttachMechanism" "$output"

answered() { grep -q scanner "$scratch/engine"; }
: >"$scratch/engine"
{
  printf 'start\tone\t/dev/null\t%s\t-\t%s\tscanner\tspawned\n' "$scratch/engine" "$home/libexec/redoubt-java"
  eventually answered
} | "$home/libexec/redoubt-spawner" "$scratch" >/dev/null
contains "the spawner starts a Java engine" "redoubt.engine.scanner spawned" "$(cat "$scratch/engine")"

mv "$home/lib/redoubt.engine.scanner.jar" "$scratch"
messages=$("$home/libexec/redoubt-train" "$home" "$java_home" 2>&1)
same "training goes on when a program cannot be trained" 0 $?
check "which then has no cache" [ ! -e "$home/aot/scanner.aot" ]
contains "and that is said" "no start-up cache for scanner" "$messages"

output=$(JDK_JAVA_OPTIONS=-Dintruder=1 JAVA_TOOL_OPTIONS=-Dintruder=2 "$home/redoubt" status 2>&1)
same "flags from the environment do not get in" "" "$(echo "$output" | grep intruder)"
"$home/redoubt" fail >/dev/null
same "the program's status is ours" 7 $?
ln -s "$home/redoubt" "$scratch/link"
contains "through a link" "redoubt.cli x" "$(cd / && "$scratch/link" x)"

REDOUBT_AGENT_COMMAND=/bin/echo "$home/redoubt" run --mode monitor >"$scratch/out"
same "run goes through the supervisor" "run --mode monitor" "$(cat "$scratch/out")"
contains "run --help is the command line's" "redoubt.cli run|--mode|enforce|--help" "$("$home/redoubt" run --mode enforce --help)"
contains "rescue needs no Java" "flag:" "$(PATH=$scratch/nowhere REDOUBT_JAVA_HOME=/none /bin/sh "$home/redoubt" rescue status)"
output=$(env -i "$home/libexec/redoubt-java" cli bare)
contains "no environment is needed" "redoubt.cli bare" "$output"

# A source tree whose build only says where it was asked to build.
tree=$scratch/tree
mkdir -p "$tree/tools"
cp "$root/redoubt" "$tree"
touch "$tree/pom.xml"
cat >"$tree/tools/build-dist" <<'BUILD'
#!/bin/sh
echo "built into $1"
mkdir -p "$1/libexec"
ln -sf /bin/echo "$1/libexec/redoubt-supervisor"
BUILD
chmod +x "$tree/tools/build-dist"
export REDOUBT_CACHE_DIR="$scratch/cache"
same "a source tree is built before it runs" "built into $tree/build/dist
--mode monitor" "$("$tree/redoubt" run --mode monitor)"
chmod 0700 "$tree"
contains "a tree that engines cannot read runs from a place that they can" "built into $scratch/cache/dist" "$("$tree/redoubt" run 2>/dev/null)"
contains "only run needs that" "built into $tree/build/dist" "$("$tree/redoubt" --build)"
finish
