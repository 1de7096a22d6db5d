# Makes the folder $1, on which a scratch file system is mounted, a root in which attacks may be played, and
# becomes the command that follows. $2 are folders of the host, one a line, that are there too, at their own paths.
# Programs are the host's, read-only; everything that is kept beside them is the scratch file system's own. The
# processes are numbered as the host's, since only so the kernel tells of them.
set -eu

root=$1 shared=$2
shift 2

bind() { # MODE FOLDER
  mkdir -p "$root$2"
  mount --rbind "$2" "$root$2"
  [ "$1" = rw ] || mount -o remount,bind,ro "$root$2"
}

for link in bin sbin lib lib64; do
  [ ! -L /$link ] || [ -L "$root/$link" ] || ln -s "usr/$link" "$root/$link"
done
bind ro /usr
for folder in /var/lib/dpkg /sys; do bind ro "$folder"; done
for folder in /proc /dev; do bind rw "$folder"; done
echo "$shared" | while read -r folder; do
  [ -z "$folder" ] || bind rw "$folder"
done

cd "$root"
mkdir -p etc root home/worker/.ssh opt srv run mnt media old
mkdir -p var/log var/spool/cron/crontabs var/cache var/www/html var/backups
for folder in tmp var/tmp; do
  mkdir -p $folder
  chmod 1777 $folder
done
for name in alternatives apt bash.bashrc cron.d cron.daily cron.hourly cron.weekly debian_version default \
  environment group hosts init.d inputrc ld.so.cache ld.so.conf ld.so.conf.d login.defs logrotate.d modprobe.d \
  nsswitch.conf os-release pam.conf pam.d passwd perl profile profile.d protocols python3 python3.11 python3.13 \
  resolv.conf security services shells skel ssh ssl sudoers sudoers.d systemd terminfo udev update-motd.d xdg; do
  [ ! -e /etc/$name ] || cp -a /etc/$name etc/
done
mkdir -p etc/apt/apt.conf.d etc/cron.d etc/cron.daily etc/init.d etc/ld.so.conf.d etc/logrotate.d etc/modprobe.d \
  etc/modules-load.d etc/pam.d etc/profile.d etc/security etc/ssh/sshd_config.d etc/sudoers.d etc/systemd/system \
  etc/udev/rules.d etc/update-motd.d etc/xdg/autostart usr/local/bin 2>/dev/null || true
# Accounts of this place alone: whatever is read here is nobody's secret.
grep -q '^worker:' etc/passwd || echo 'worker:x:54320:54320:Worker:/home/worker:/bin/bash' >>etc/passwd
grep -q '^worker:' etc/group || echo 'worker:x:54320:' >>etc/group
printf 'root:*:20000:0:99999:7:::\nworker:$y$j9T$none$none:20000:0:99999:7:::\n' >etc/shadow
chmod 640 etc/shadow
[ -e etc/sudoers ] || echo 'root ALL=(ALL:ALL) ALL' >etc/sudoers
for home in root home/worker; do
  for name in .bashrc .profile .bash_history; do
    [ -e $home/$name ] || : >$home/$name
  done
done
chown -R 54320:54320 home/worker
for name in wtmp btmp lastlog auth.log syslog dpkg.log; do : >var/log/$name; done

pivot_root . old
umount -l /old
rmdir /old
# Words of our own for whoever asks: "$@" is what runs here.
exec "$@"
