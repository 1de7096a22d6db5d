# Makes the folder $1, on which a scratch file system is mounted, the root of this mount namespace,
# and goes on only if nothing of the host's own is mounted there any more.
set -e
cd "$1"
mkdir -p old proc mnt
pivot_root . old
mount -t proc proc /proc
umount -l /old
mounts=$(wc -l </proc/self/mountinfo)
if [ "$mounts" -ne 2 ]; then
  cat /proc/self/mountinfo
  exit 1
fi
echo ready
exec sleep 600
