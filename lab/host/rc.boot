#!/bin/sh
# What this host starts at each boot; on a server systemd's units do it. Its output is in /var/log/boot.log.
exec >>/var/log/boot.log 2>&1 </dev/null
. /etc/profile.d/holdfast-lab.sh
echo "$(date '+%F %T') $(hostname) boots"

if [ -e /etc/drbd.conf ] && command -v drbdadm >/dev/null; then
  drbdadm up all || echo "drbdadm up all: exit $?"
fi
for file in /etc/ha.d/ha.cf /etc/heartbeat/ha.cf; do
  [ -e "$file" ] || continue
  command -v holdfastd >/dev/null || break
  holdfastd --detach || echo "holdfastd: exit $?"
  break
done
