# The guides for a host on which Redoubt is installed: every command in their `sh` blocks does what the page
# says, run literally and in order, or is run by another test that is named here; and what they show of
# settings is accepted. `sh guides.test.sh GUIDE...` follows some.
if [ -z "${REDOUBT_SCRATCH_HOST:-}" ]; then
  REDOUBT_SCRATCH_HOST=yes timeout -s KILL 560 unshare -m --propagation private sh guides.test.sh "$@"
  exit
fi
checkout=$(cd ../.. && pwd)
. ./scratch-host.sh
guides=$checkout/docs/guides
. ./installed-host.sh
. ./assert.sh
. ./walk.sh
clamd=
cleanup() {
  redoubt stop >/dev/null 2>&1
  [ -z "$clamd" ] || kill -KILL "$clamd"
}

# block GUIDE LANGUAGE TEXT: the first block of a language that has a text.
block() {
  awk -v "begin=\`\`\`$2" -v "text=$3" '
    inside && /^```/ { if (index(all, text)) { printf "%s", all; exit } inside = 0; next }
    inside { all = all $0 "\n"; next }
    $0 == begin { inside = 1; all = ""; next }
    /^```/ { inside = 1; all = ""; next }' "$guides/$1"
}

script() { printf '#!/bin/sh\n%s\n' "$2" | program "$1"; }

# deny PROGRAM TEXT: a host on which the scanner has just denied a program, which would print a text.
deny() {
  script "$1" "echo $2"
  echo "$(sha256sum "$1" | cut -c1-64)  known-bad" >/mnt/bad.list
  redoubt run --content /mnt/bad.list >/dev/null
  ! "$1" 2>/dev/null || not_ok "the scanner denies nothing"
}

# Any, with one signature, at the two places that the guide has.
start_clamd() {
  mkdir -p /mnt/clamd/signatures /run/clamav /run/av
  mount --bind /run/clamav /run/av
  echo 'Test.Evil:0:*:6576696c206173206576696c2063616e206265' >/mnt/clamd/signatures/test.ndb
  printf '%s\n' 'LocalSocket /run/clamav/clamd.ctl' 'LocalSocketMode 666' 'Foreground yes' 'User root' \
    'DatabaseDirectory /mnt/clamd/signatures' >/mnt/clamd/conf
  clamd -c /mnt/clamd/conf >/mnt/clamd/log 2>&1 &
  clamd=$!
  check "clamd listens" eventually test -S /run/clamav/clamd.ctl
}

prepare_operate() {
  deny /opt/tools/known-bad "I am harmful"
  script /opt/tools/run "echo I am a tool"
  start_clamd
  make -s -C "$checkout/engine/examples/c" OUT=/mnt/acme
  mkdir -p /opt/acme/bin
  cp /mnt/acme/hash-engine /opt/acme/bin/engine
  block operate.md properties id=acme >/mnt/checkout/acme.engine
  block operate.md "" "from the morning's report" >/etc/redoubt/bad-addresses
  echo accounts >/home/000-accounts.xlsx
  echo '192.0.2.9 collector.example.org' >>/etc/hosts
}

# What is admitted is good at once.
hurry() { echo 'content-skip: [trial, probation]' >$REDOUBT_CONFIG_DIR/redoubt.yaml; }

# take BUNDLE: a bundle for the engine of rules.
take() { redoubt content activate --unsigned "$1" >/mnt/output 2>&1 || not_ok "$1 is not taken: $(cat /mnt/output)"; }

# rule_bundle VERSION VENDOR: one rule, ever the same.
rule_bundle() {
  mkdir -p /mnt/rules
  block detect.md yaml "title: Somebody reads the shadow file" >/mnt/rules/shadow.yml
  redoubt content build /mnt/rules --vendor "$2" --name rules --version-number "$1" -o "/mnt/rules-$1.bundle" >/mnt/output 2>&1 ||
    not_ok "no bundle: $(cat /mnt/output)"
}

prepare_recover() {
  hurry
  deny /opt/tools/run "I am a tool"
  for version in 1 2; do
    rule_bundle $version acme
    take /mnt/rules-$version.bundle
  done
  redoubt content follow sigma acme/rules >/mnt/output || not_ok "nothing is followed: $(cat /mnt/output)"
}

prepare_engine() {
  hurry
  mkdir /mnt/checkout/acme-av
  block write-an-engine.md properties id=acme-av >/mnt/checkout/acme-av/manifest.engine
  redoubt run >/dev/null
}

prepare_publish() {
  hurry
  mkdir -p /mnt/checkout/build
  ln -sfn /usr/lib/redoubt /mnt/checkout/build/dist
  redoubt run >/dev/null
  # What there is to fall back to.
  rule_bundle 1 ours
  take /mnt/rules-1.bundle
}

prepare_settings() {
  mkdir -p $REDOUBT_CONFIG_DIR/rules /opt/billing /home/share
  touch /home/share/.accounts.xlsx /home/share/zzz-last.docx
}

# accepts_settings GUIDE: each of its blocks of settings, in its place.
accepts_settings() {
  awk '/^```/ { inside = !inside && $0 == "```yaml"; if (inside) file = "/mnt/settings." ++count; next } inside { print >file }' "$guides/$1"
  check "$1 has settings" [ -s /mnt/settings.1 ]
  for settings in /mnt/settings.*; do
    cp "$settings" $REDOUBT_CONFIG_DIR/redoubt.yaml
    same "$1, ${settings##*/}" 0 "$(redoubt config check >/mnt/output 2>&1; echo $?)"
    sed 's/^/# /' /mnt/output
  done
  rm /mnt/settings.* $REDOUBT_CONFIG_DIR/redoubt.yaml
}

elsewhere='sudo apt install clamav-daemon|tools/install-needs|clamav-daemon
make deb|testing/shell/packages.test.sh|build-deb
sudo apt install ./build/deb/redoubt_*.deb|testing/guest/package.test.sh|dpkg -i
make node-image|testing/shell/packages.test.sh|build-node-image'
# What nothing runs: it needs a registry and a cluster. The page says so.
nowhere="skopeo copy oci:build/node-image:latest docker-daemon:redoubt-node:latest
kubectl apply -f packaging/kubernetes/redoubt-node.yaml
kubectl -n redoubt rollout status daemonset/redoubt-node"

printf '%s\n%s\n' "$elsewhere" "$nowhere" | cut -d'|' -f1 | while read -r line; do
  cat "$guides"/*.md | grep -qF -- "$line" || echo "$line"
done >/mnt/unknown
same "what is not run here stands on a page" "" "$(cat /mnt/unknown)"

[ $# -gt 0 ] || set -- operate recover-a-host write-an-engine publish-content install
for page in "$@"; do
  case $page in
    operate) prepare_operate ;;
    recover-a-host) prepare_recover ;;
    write-an-engine) prepare_engine ;;
    publish-content) prepare_publish ;;
    install) redoubt run >/dev/null ;;
  esac
  walk "$guides/$page.md"
done
prepare_settings
accepts_settings configure.md
accepts_settings move-over.md
[ $failures -eq 0 ] || cat /mnt/transcript
finish
