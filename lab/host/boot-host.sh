#!/bin/sh
# The first steps of a lab host, run in its fresh network, mount, UTS, IPC and process namespaces: builds the
# file system that the host sees, makes it the root, and becomes the host's init. Nothing of the machine's
# own mounts stays visible, and nothing is written outside the host's root directory.
#
#   boot-host.sh ROOT NAME REPOSITORY [VOLUME-GROUP DEVICE]
#
# File descriptor 3 gets a line when the host is ready.
set -eu
root=$1 name=$2 repository=$3 group=${4-} device=${5-}

mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"

# Programs and libraries are the machine's own, read-only.
read_only() {
  mkdir -p ".$1"
  mount --bind "$1" ".$1"
  mount -o remount,bind,ro ".$1"
}
read_only /usr
for dir in /bin /sbin /lib /lib32 /lib64 /libx32; do
  if [ -L "$dir" ]; then
    ln -sfn "$(readlink "$dir")" ".$dir"
  elif [ -d "$dir" ]; then
    read_only "$dir"
  fi
done
[ ! -d /opt ] || read_only /opt
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t tmpfs -o mode=755 run run
mkdir -p run/lock run/holdfast
# The host's load is its own: what else this machine does is not of this host.
echo "0.00 0.00 0.00 1/1 1" >run/loadavg
mount --bind run/loadavg proc/loadavg
mount -t tmpfs -o mode=1777 tmp tmp

# Holdfast is installed where it lies, be it below /tmp.
[ -d ".$repository" ] && [ "$(ls -A ".$repository")" ] || read_only "$repository"

# The kernel's nbd devices are left out: they belong to the whole machine, and no power cut would end them.
mount -t tmpfs -o mode=755 dev dev
mkdir dev/pts dev/shm dev/net
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
if [ -z "$group" ]; then
  mkdir dev/xenhostfs
  mount --bind ../volumes dev/xenhostfs
else
  mkdir dev/mapper
  cp -a /dev/mapper/control dev/mapper/
  ln -s "$group" dev/xenhostfs
fi
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
while read -r node major minor; do
  mknod -m 666 "dev/$node" c "$major" "$minor"
done <<NODES
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
fuse 10 229
net/tun 10 200
loop-control 10 237
NODES
for i in $(seq 0 127); do mknod -m 660 "dev/loop$i" b 7 "$i"; done
[ -z "$device" ] || [ -b "dev/${device#/dev/}" ] || cp -a "$device" dev/
for optional in /dev/kvm /dev/vhost-net; do
  [ ! -c "$optional" ] || cp -a "$optional" "dev/"
done

hostname "$name"
for file in /proc/sys/net/ipv6/conf/*/disable_ipv6; do
  [ ! -e "$file" ] || echo 1 >"$file"
done

mkdir -p .machine
pivot_root . .machine
cd /
umount -l /.machine
rmdir /.machine

if [ -n "$group" ]; then
  lvm vgchange --activate y "$group"
  lvm vgmknodes "$group"
fi

echo ready >&3
exec 3>&-
export CONSOLE=/dev/null
exec /usr/bin/busybox init
