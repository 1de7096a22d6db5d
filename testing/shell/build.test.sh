# When ./redoubt builds and when it does not, in a tree of one source file with a stand-in for Maven.
. ./assert.sh

tree=$scratch/tree
dist=$tree/build/dist
for folder in core/model engine/scanner agent cli server courier; do
  mkdir -p "$tree/$folder/src/main" "$tree/$folder/target"
  echo "<project/>" >"$tree/$folder/pom.xml"
done
mkdir -p "$tree/spec" "$tree/tools"
mkdir -p "$tree/packaging/libexec" "$tree/packaging/engines" "$tree/packaging/content" "$tree/packaging/systemd"
cp "$root/tools/build-dist" "$tree/tools"
cp "$root/packaging/libexec/find-jdk.sh" "$tree/packaging/libexec"
cp "$root/packaging/systemd/redoubt.service" "$tree/packaging/systemd"
cp -R "$root/packaging/dashboards" "$tree/packaging"
cp "$root/redoubt" "$tree"
echo "<project/>" >"$tree/pom.xml"
echo one >"$tree/core/model/src/main/A.java"
printf '#!/bin/sh\nmkdir -p "$1/aot"\n' >"$tree/packaging/libexec/redoubt-train"
printf '#!/bin/sh\n[ "$2" != generate-man-pages ] || mkdir -p "$3"\n' >"$tree/packaging/libexec/redoubt-java"
cat >"$tree/mvnw" <<'MAVEN'
#!/bin/sh
root=${0%/*}
[ "$1" != -v ] || exit 0
echo x >>"$root/builds"
echo "[INFO] Building Redoubt model 0.1.0                [1/1]"
echo noise
[ ! -e "$root/broken" ] || { echo "[ERROR] A.java does not compile"; exit 1; }
for word in "$@"; do
  case $word in
    -DoutputDirectory=*) cp "$root/core/model/src/main/A.java" "${word#*=}/model.jar" ;;
    -Dredoubt.server.lib=* | -Dredoubt.courier.lib=*)
      mkdir -p "${word#*=}"
      echo own >"${word#*=}/own.jar"
      cp "$root/core/model/src/main/A.java" "${word#*=}/model.jar"
      ;;
  esac
done
echo server >"$root/server/target/redoubt-server-0.1.0.jar"
echo cli >"$root/cli/target/redoubt-cli-0.1.0.jar"
echo scanner >"$root/engine/scanner/target/redoubt-engine-scanner-0.1.0.jar"
MAVEN
chmod +x "$tree/mvnw" "$tree/packaging/libexec/redoubt-train" "$tree/packaging/libexec/redoubt-java"
listing() { (cd "$1" && echo *); }
builds() { wc -l <"$tree/builds"; }
# Everything so far is older than what is built next: file times are coarser than this test.
find "$tree" -exec touch -d '1 hour ago' {} +
age() { touch -d '10 minutes ago' "$dist/built" && find "$tree/core" "$tree/cli" -exec touch -d '1 hour ago' {} +; }

messages=$(cd / && "$tree/redoubt" --build 2>&1)
same "the first start builds" "0 1" "$? $(builds)"
same "and shows each step on one line" "redoubt: compiling Redoubt model [1/1]
redoubt: built" "$messages"
same "the jars are in place" "model.jar redoubt-cli-0.1.0.jar redoubt-engine-scanner-0.1.0.jar" "$(listing "$dist/lib")"
same "what only the server needs lies apart, and once" "own.jar redoubt-server-0.1.0.jar" "$(listing "$dist/lib-server")"
same "no scraps stay" "aot built content engines lib lib-courier lib-server libexec redoubt share" "$(listing "$dist")"

age
same "a second start is silent" "" "$("$tree/redoubt" --build 2>&1)"
same "and builds nothing" 1 "$(builds)"
echo two >"$tree/core/model/src/main/A.java"
"$tree/redoubt" --build 2>/dev/null
same "a changed source is built" "2 two" "$(builds) $(cat "$dist/lib/model.jar")"
age
touch "$tree/cli/pom.xml"
"$tree/redoubt" --build 2>/dev/null
same "a changed build file is" 3 "$(builds)"
touch "$tree/cli/src/main/Gone.java"
age
rm "$tree/cli/src/main/Gone.java"
"$tree/redoubt" --build 2>/dev/null
same "a deleted source is seen" 4 "$(builds)"
age
rm -r "$tree/agent/target"
"$tree/redoubt" --build 2>/dev/null
same "a cleaned build folder is no reason" 4 "$(builds)"

echo three >"$tree/core/model/src/main/A.java"
touch "$tree/broken"
messages=$("$tree/redoubt" --build 2>&1)
same "a build that fails says so by its status" 70 $?
contains "with the compiler's errors" "[ERROR] A.java does not compile" "$messages"
contains "and where the rest stands" "log=$tree/build/dist.log" "$messages"
same "what was built before stays" two "$(cat "$dist/lib/model.jar")"
rm "$tree/broken"

before=$(builds)
"$tree/redoubt" --build 2>/dev/null &
"$tree/redoubt" --build 2>/dev/null
wait $!
same "two at once build once" $((before + 1)) "$(builds)"
finish
