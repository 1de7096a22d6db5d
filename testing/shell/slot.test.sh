# redoubt-slot: what it refuses of a release, and that a refusal is told from what is no fault of the release.
. ./assert.sh

slot=$root/packaging/libexec/redoubt-slot
home=$scratch/home
tree=$scratch/platform/slot-a
digest=0123456789abcdef
export REDOUBT_READY_SECONDS=2

# A release of which only the agent matters: scripts in the place of programs.
begin_release() {
  rm -rf "$home"
  mkdir -p "$home/libexec" "$home/lib"
  cp "$root/packaging/libexec/find-jdk.sh" "$home/libexec"
  for program in redoubt libexec/redoubt-java libexec/redoubt-spawner libexec/redoubt-train; do
    printf '#!/bin/sh\nexit 0\n' >"$home/$program"
    chmod +x "$home/$program"
  done
}
pack() { tar -cf "$scratch/archive.tar" -C "$home" .; }
make() {
  pack
  said=$("$slot" make "$scratch/archive.tar" "$tree" $digest 2>&1)
  status=$?
}
# refused NAME WHY
refused() {
  same "$1 is refused" 1 "$status"
  contains "and it is said why" "$2" "$(printf '%s\n' "$said" | tail -n 1)"
}

begin_release
mkdir -p "$scratch/platform"
make
same "a release is made ready" 0 "$status"
same "with the digest of its bundle" $digest "$(cat "$tree/release")"

chmod 4777 "$home/redoubt"
chown 65534 "$home/redoubt"
make
same "its files are root's, and only root can change them" "755 0" "$(stat -c '%a %u' "$tree/redoubt")"
begin_release
echo old >"$tree/lib/old.jar"
make
check "what lay there before is gone" [ ! -e "$tree/lib/old.jar" ]

ln -s /etc/passwd "$home/lib/link.jar"
make
refused "one with a link" "more than files and folders"
begin_release
mkfifo "$home/lib/pipe"
make
refused "one with a pipe" "more than files and folders"
begin_release
rm "$home/libexec/redoubt-spawner"
make
refused "one without its spawner" "a program is missing in it: libexec/redoubt-spawner"
begin_release
sed -i 's/^redoubt_minimum_java=.*/redoubt_minimum_java=99/' "$home/libexec/find-jdk.sh"
make
refused "one for a Java that this host does not have" "no Java"
begin_release
pack
head -c 1500 "$scratch/archive.tar" >"$scratch/torn.tar"
said=$("$slot" make "$scratch/torn.tar" "$tree" $digest 2>&1)
status=$?
refused "half an archive" "cannot be read"

mkdir "$scratch/full"
mount -t tmpfs -o size=16k redoubt-test "$scratch/full"
cleanup() { umount "$scratch/full"; }
head -c 100000 /dev/zero >"$home/lib/large.jar"
pack
said=$("$slot" make "$scratch/archive.tar" "$scratch/full/slot-a" $digest 2>&1)
same "a full disk is no fault of the release" 73 $?

# The agent of a release, which is to deny what the list names: as good as the script makes it.
agent() {
  begin_release
  cat >"$home/libexec/redoubt-java" <<AGENT
#!/bin/sh
while [ "\$1" != --filesystem ]; do shift; done
scratch=\$2
trap '$2; exit \${status:-0}' TERM
$1
mkdir -p "\$REDOUBT_STATE_DIR"
echo \$\$ >"\$REDOUBT_STATE_DIR/ready"
while :; do sleep 0.05; done
AGENT
  cat >"$home/redoubt" <<'COMMAND'
#!/bin/sh
case $1 in
  status) [ -e "$REDOUBT_STATE_DIR/ready" ] ;;
  stop) kill -TERM "$(cat "$REDOUBT_STATE_DIR/ready")" ;;
esac
COMMAND
  make
}
try() {
  said=$("$slot" try "$tree" 2>&1)
  status=$?
}
deny='chmod -x "$scratch/bad"'
allow='chmod +x "$scratch/bad"'

agent "$deny" "$allow"
try
same "one that denies what it is to deny, and nothing else, is good" "0 []" "$status [$said]"
agent ':' ':'
try
refused "one that denies nothing" "does not deny a program on its list"
agent "$deny; chmod -x \"\$scratch/good\"" "$allow"
try
refused "one that denies what is good" "denies a program that is good"
agent "$deny" ':'
try
refused "one that leaves its hook behind" "left a hook behind"
agent "$deny" "status=70"
try
refused "one that does not end in order" "does not end in order"
agent 'echo "redoubt: no such option"; exit 64' ':'
try
refused "one that ends" "its agent ends: redoubt: no such option"
agent "$deny; sleep 30" "$allow"
try
refused "one that does not protect in time" "does not protect within 2 s"
same "nothing is left mounted" "" "$(grep redoubt-try /proc/mounts)"
same "and nothing runs" "" "$(pgrep -f "$tree/libexec/redoubt-java")"
finish
