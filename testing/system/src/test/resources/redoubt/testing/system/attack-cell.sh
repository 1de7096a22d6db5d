# Runs the script $1 in the attack range as an attacker who is root there: with processes, a network and IPC of its
# own, and with nothing of the host's but programs. $2 are folders that are none of its business, one a line.
# Runs in new mount, pid, network and IPC namespaces.
set -eu

script=$1 hidden=$2
name=${script##*/}

mount --make-rprivate /
mkdir -p /srv/lab
cp "$script" "/srv/lab/$name"
umount -l /proc
mount -t proc proc /proc
for file in /proc/sys /proc/sysrq-trigger; do
  [ -e $file ] || continue
  mount --bind $file $file
  mount -o remount,bind,ro $file
done
umount -l /dev
mount -t tmpfs -o mode=0755,size=1m dev /dev
mknod -m 666 /dev/null c 1 3
mknod -m 666 /dev/zero c 1 5
mknod -m 666 /dev/full c 1 7
mknod -m 666 /dev/random c 1 8
mknod -m 666 /dev/urandom c 1 9
mkdir -m 1777 /dev/shm
mount -t tmpfs -o mode=1777,size=16m shm /dev/shm
ln -s /proc/self/fd /dev/fd
umount -l /sys
mount -t tmpfs -o ro,size=4k sys /sys
echo "$hidden" | while read -r folder; do
  [ -z "$folder" ] || umount -l "$folder"
done
ip link set lo up
ip address add 192.0.2.1/32 dev lo

cd /root
exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
  setpriv --bounding-set=-sys_admin,-sys_module,-sys_boot,-sys_time,-sys_rawio,-syslog,-sys_resource,-bpf,-perfmon \
  --inh-caps=-all -- sh "/srv/lab/$name"
