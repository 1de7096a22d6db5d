# The guide to a fleet's server: every command in its `sh` blocks does what the page says, run literally
# and in order on a scratch host in a network of its own, which is the server, its PostgreSQL and web-1.
if [ -z "${REDOUBT_SCRATCH_HOST:-}" ]; then
  REDOUBT_SCRATCH_HOST=yes timeout -k 30 300 \
    unshare --mount --net --uts --propagation private sh fleet-guide.test.sh
  exit
fi
checkout=$(cd ../.. && pwd)
. ./scratch-host.sh
. ./assert.sh
. ./walk.sh
guide=$root/docs/guides/run-a-fleet.md

# What takes minutes is run by a campaign.
elsewhere='sudo ./redoubt fleet demo|testing/system/src/test/java/redoubt/testing/system/FleetDemoCampaign.java|"fleet", "demo"'

# end PID-FILE: as Ctrl-C does, or else at once.
end() {
  read -r process 2>/dev/null <"$1" || return 0
  kill -INT "$process" 2>/dev/null
  eventually gone "$process" || kill -KILL "$process"
}

cleanup() {
  /mnt/checkout/redoubt stop >/dev/null 2>&1
  end /mnt/serve.pid
  end /mnt/postgres/data/postmaster.pid
}

name_hosts() {
  ip link set lo up
  hostname web-1
  echo "127.0.0.1 localhost web-1 fleet.example db.example siem.example" >/mnt/hosts
  mount --bind /mnt/hosts /etc/hosts
  mkdir /mnt/home
  export HOME=/mnt/home
  scheme=https
  export WEBHOOK="$scheme://siem.example/redoubt"
}

program /mnt/bin/as-postgres <<'AS'
#!/bin/sh
exec setpriv --reuid=postgres --regid=postgres --clear-groups env HOME=/mnt/postgres PGHOST=/mnt/postgres "$@"
AS

# As a distribution sets it up; its commands are its own user's.
begin_postgres() {
  programs=$(printf '%s\n' /usr/lib/postgresql/*/bin | tail -n 1)
  mkdir /mnt/postgres
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -subj /CN=db.example -addext subjectAltName=DNS:db.example \
    -keyout /mnt/postgres/key.pem -out "$HOME/db-authority.pem" 2>/mnt/postgres.log || return
  chown -R postgres: /mnt/postgres
  as-postgres "$programs/initdb" --pgdata=/mnt/postgres/data --auth-local=peer \
    --auth-host=scram-sha-256 --encoding=UTF8 --locale=C --no-sync >>/mnt/postgres.log 2>&1 || return
  as-postgres setsid timeout -s KILL 300 "$programs/postgres" -D /mnt/postgres/data -k /mnt/postgres \
    -c ssl=on -c "ssl_cert_file=$HOME/db-authority.pem" -c ssl_key_file=/mnt/postgres/key.pem \
    -c shared_buffers=16MB >>/mnt/postgres.log 2>&1 &
  program /mnt/bin/createdb <<CREATEDB
#!/bin/sh
exec as-postgres "$programs/createdb" "\$@"
CREATEDB
  # It asks for the password twice, on standard input where there is no terminal.
  program /mnt/bin/createuser <<CREATEUSER
#!/bin/sh
cat "$HOME/fleet.password" "$HOME/fleet.password" | setsid --wait as-postgres "$programs/createuser" "\$@"
CREATEUSER
  eventually as-postgres "$programs/pg_isready" --quiet
}

write_rule() {
  mkdir /mnt/rules
  cat >/mnt/rules/payroll.yml <<'RULE'
title: Payroll is started
id: 0c1f1f5e-7d0a-4b0e-9a53-0f5d3c2b8e11
logsource:
  category: process_creation
  product: linux
detection:
  selection:
    Image|endswith: /payroll
  condition: selection
level: high
RULE
}

# bundle VERSION: one of the vendor of the guide.
bundle() {
  redoubt content build /mnt/rules --vendor acme --name rules --version-number "$1" \
    -o "/mnt/checkout/acme-rules-$1.bundle"
}

# An agent whose engine has had content and other content before that, and files that operators ask for.
begin_host() {
  mount -t tmpfs -o mode=0755 scratch /var/log
  echo "opened for root" >/var/log/auth.log
  echo "not here before" >/var/tmp/dropped
  redoubt run --content-skip trial --content-skip probation || return
  write_rule
  for version in 1 2; do
    bundle "$version" || return
    redoubt content activate --unsigned "/mnt/checkout/acme-rules-$version.bundle" || return
  done
  bundle 7
}

# Whether what is left out is on the page: what is not would have the machine for minutes.
is_on_page() { commands_of "$guide" | grep -qxF -- "${elsewhere%%|*}"; }

count() { as-postgres "$programs/psql" -At -c "select count(*) from $1" fleet; }

name_hosts
check "what is left out is on the page" is_on_page
check "it is a part of the campaign" grep -q " FleetDemoCampaign$" "$root/tools/campaign"
check "a PostgreSQL is there" begin_postgres
check "a host is there" begin_host
# A line that should be left out would have the machine for minutes.
[ $failures -eq 0 ] || finish
walk "$guide"
same "the fleet is in PostgreSQL" 1 "$(count host)"
archive=$(python3 -m zipfile -l /mnt/checkout/*-*.zip)
contains "a file that was collected is here" files/var/log/auth.log "$archive"
contains "so is one of a folder" files/var/tmp/dropped "$archive"
check "a rollout that its owner halted names no symptom" grep -q '^  halted  *owner$' /mnt/transcript
[ $failures -eq 0 ] || cat /mnt/transcript
finish
