/** The how-to's steps with its own commands, in its order. What depends on how things went stands in demo.ts. */

import type { Chapter, DemoStep } from "./demo-step.ts";
import { volumeCommands } from "./volume-commands.ts";

/** A guest of the how-to: its DRBD resources are NAME_root and NAME_swap. */
export type HowtoGuest = {
  readonly name: string;
  /** On the LAN, in the guest's own root file system. */
  readonly address: string;
  /** The minors of its two replicated devices. */
  readonly rootMinor: number;
  readonly swapMinor: number;
};

export const howtoGuests: readonly HowtoGuest[] = [
  { name: "host1", address: "10.0.0.101", rootMinor: 0, swapMinor: 1 },
  { name: "host2", address: "10.0.0.102", rootMinor: 2, swapMinor: 3 },
];

export const howtoHosts = ["xen1", "xen2"] as const;

const resources = howtoGuests.flatMap(({ name }) => [`${name}_root`, `${name}_swap`]);
const [first] = howtoHosts;

/** How the daemon understands the files, with its warnings, before anything runs. */
export const checkFiles: DemoStep = { host: first, command: "holdfastd --check" };

export const volumes: Chapter = {
  title: "Volumes: 10 GiB and 1 GiB for each guest, on both hosts",
  steps: howtoHosts.flatMap((host) => volumeCommands.map((command) => ({ host, command }))),
};

export const replication: Chapter = {
  title: "Replicated disks: metadata, both sides up, xen1 becomes Primary",
  steps: [
    ...howtoHosts.flatMap((host) =>
      resources.map((resource) => ({ host, command: `drbdadm create-md ${resource}` })),
    ),
    ...howtoHosts.map((host) => ({ host, command: "drbdadm up all" })),
    ...resources.map((resource) => ({
      host: first,
      command: `drbdadm -- --overwrite-data-of-peer primary ${resource}`,
    })),
    { host: first, command: "drbdadm status" },
    // What `cat /proc/drbd` printed where DRBD was in the kernel.
    { host: first, command: "holdfast drbd proc" },
  ],
};

export const guestSystems: Chapter = {
  title: "The guests' systems, on the replicated devices",
  steps: howtoGuests.flatMap((guest) => systemSteps(guest)),
};

function systemSteps({ name, address, rootMinor, swapMinor }: HowtoGuest): readonly DemoStep[] {
  const dir = `/mnt/${name}`;
  return [
    `mkfs.ext3 -q /dev/drbd${rootMinor}`,
    `mkswap /dev/drbd${swapMinor}`,
    `mkdir -p ${dir}`,
    `mount /dev/drbd${rootMinor} ${dir}`,
    `/root/tiny-bootstrap ${dir} ${name} ${address}/24`,
    `umount ${dir}`,
  ].map((command) => ({ host: first, command }));
}

export const onlineStep: DemoStep = {
  host: first,
  command: "crm_mon -1",
  until: { what: "both hosts are online", holds: allOnline },
};

export const startDaemons: Chapter = {
  title: "The cluster's daemon, on both hosts",
  steps: [...howtoHosts.map((host) => ({ host, command: "holdfastd --detach" })), onlineStep],
};

/** crm_mon lists those that are online on a line of its own, in brackets. */
function allOnline(output: string): boolean {
  const online = /Online: \[([^\]]*)\]/.exec(output)?.[1]?.trim().split(/\s+/) ?? [];
  return howtoHosts.every((host) => online.includes(host));
}

export const startGuests: Chapter = {
  title: "The guests run on xen1",
  steps: howtoGuests.map(({ name }) => ({
    host: first,
    command: `xm create /etc/xen/${name}.dom`,
  })),
};

/** Until the cluster has nothing to do: what is asked for is done, and guests are where they belong. */
export const quiet: DemoStep = { host: first, command: "crm_resource --wait" };

export const configure: Chapter = {
  title: "The cluster is told about them",
  steps: [
    { host: first, command: "cibadmin -C -o crm_config -x bootstrap.xml" },
    { host: first, command: "cibadmin -C -o resources -x host1.xml" },
    { host: first, command: "cibadmin -C -o resources -x host2.xml" },
    quiet,
    {
      host: first,
      command: "crm_mon -1",
      until: { what: "both guests are Started", holds: allStarted },
    },
  ],
};

/** crm_mon names each guest with "Started" on its line. */
function allStarted(output: string): boolean {
  const lines = output.split("\n");
  return howtoGuests.every(({ name }) =>
    lines.some((line) => new RegExp(`\\b${name}\\b.*\\bStarted\\b`).test(line)),
  );
}

export function migrateSteps(guest: string, to: string): readonly DemoStep[] {
  return [
    { host: first, command: `crm_resource --migrate --resource ${guest} --host-uname ${to}` },
    runningOn(guest, to),
  ];
}

export function unmigrateStep(guest: string): DemoStep {
  return { host: first, command: `crm_resource --un-migrate --resource ${guest}` };
}

export function targetRoleSteps(guest: string, value: "stopped" | "started"): readonly DemoStep[] {
  const set = `crm_resource --resource ${guest} --set-parameter target_role --property-value ${value}`;
  return [
    { host: first, command: set },
    {
      host: first,
      command: locate(guest),
      until: {
        what: `${guest} is ${value}`,
        holds: (output) => (placeIn(output) === undefined) === (value === "stopped"),
      },
    },
  ];
}

/** Also how the demo finds out where a guest runs: see `placeIn`. */
export function locate(guest: string): string {
  return `crm_resource --resource ${guest} --locate`;
}

function runningOn(guest: string, host: string): DemoStep {
  return {
    host: first,
    command: locate(guest),
    until: { what: `${guest} runs on ${host}`, holds: (output) => placeIn(output) === host },
  };
}

/** Where a guest runs, from what `locate` printed. */
export function placeIn(output: string): string | undefined {
  return /is running on: (\S+)/.exec(output)?.[1];
}
