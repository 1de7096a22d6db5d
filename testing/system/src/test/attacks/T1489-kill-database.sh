#!/bin/sh
# technique: T1489 Service Stop
# rule: database_killed
# Kills a database, so that it lets go of its files. It is a program of its own with such a name.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cp /bin/sleep /opt/mysqld
/opt/mysqld 4 &
sleep 0.2
pkill -KILL -P $$ -x mysqld || true
wait
exit 0
