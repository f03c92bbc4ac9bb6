/** The configuration of a small two-node cluster on lab hosts: what an administrator would write into /etc. */
import { quickBoot } from "../../../lab/guest/guest-kernel.ts";

/** A guest with one replicated disk: its DRBD resource is NAME_root. */
export type TestGuest = { readonly name: string; readonly address: string };

export const haCf = `crm on
bcast eth0
node xen1 xen2
`;

export function authKeys(secret: string): string {
  return `auth 1\n1 sha1 ${secret}\n`;
}

export function drbdConf(guests: readonly TestGuest[]): string {
  const sections = guests.map(({ name }, i) => {
    const on = (host: string, address: string): string => `  on ${host} {
    device /dev/drbd${i};
    disk /dev/xenhostfs/${name}-root;
    meta-disk internal;
    address ${address}:${7790 + i};
  }`;
    return `resource ${name}_root {\n${on("xen1", "10.0.0.1")}\n${on("xen2", "10.0.0.2")}\n}\n`;
  });
  return `common {
  protocol C;
  net { after-sb-0pri discard-zero-changes; after-sb-1pri discard-secondary; }
}
${sections.join("")}`;
}

export const guestKernel = { kernel: "/boot/vmlinuz-guest", ramdisk: "/boot/initrd-guest" };

export function domainFile({ name }: TestGuest): string {
  return `name = "${name}"
kernel = "${guestKernel.kernel}"
ramdisk = "${guestKernel.ramdisk}"
memory = 192
disk = [ 'drbd:${name}_root,xvda,w' ]
vif = [ 'bridge=xenbr0' ]
root = "/dev/xvda ro"
extra = "4 ${quickBoot}"
`;
}

export function guestResource({ name }: TestGuest): string {
  return `<primitive id="${name}" class="ocf" provider="heartbeat" type="Xen">
  <meta_attributes id="${name}-meta">
    <nvpair id="${name}-migrate" name="allow-migrate" value="true"/>
  </meta_attributes>
  <instance_attributes id="${name}-params">
    <nvpair id="${name}-file" name="xmfile" value="/etc/xen/${name}.dom"/>
  </instance_attributes>
  <operations>
    <op id="${name}-monitor" name="monitor" interval="3s" timeout="30s"/>
    <op id="${name}-start" name="start" interval="0" timeout="60s"/>
    <op id="${name}-stop" name="stop" interval="0" timeout="60s"/>
    <op id="${name}-leave" name="migrate_to" interval="0" timeout="120s"/>
    <op id="${name}-arrive" name="migrate_from" interval="0" timeout="120s"/>
  </operations>
</primitive>
`;
}

/** The lab's power switch, for both hosts. */
export const powerSwitch = `<primitive id="power" class="stonith" type="fence_lab">
  <instance_attributes id="power-params">
    <nvpair id="power-hosts" name="pcmk_host_list" value="xen1 xen2"/>
  </instance_attributes>
</primitive>
`;
