/** What can be said of a lab, from its state file and from the machine. */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { hostDirectory, volumesDirectory } from "./host/host-root.ts";
import { type PowerState, powerOf } from "./host/power.ts";
import { logicalVolumes, volumeGroupName } from "./host/volume-group.ts";
import { isAlive, namespaceOf, processesIn } from "./machine/process-identity.ts";
import type { Cut } from "./network/cuts.ts";
import { hostAddress, lan, managementAddress } from "./plan/lab-names.ts";
import type { LabHost, LabState } from "./plan/lab-state.ts";

export type LabStatus = {
  readonly name: string;
  readonly dir: string;
  readonly hosts: readonly HostStatus[];
  readonly cuts: readonly Cut[];
  readonly client: string;
  readonly powerSwitch: { readonly address: string; readonly answers: boolean };
};

export type HostStatus = {
  readonly name: string;
  readonly power: PowerState;
  readonly address: string;
  readonly managementAddress: string;
  /** Running processes, its init included. */
  readonly processes: number;
  readonly volumes: readonly VolumeStatus[];
  /** LVM's name for the group that holds the volumes, where they are LVM's. */
  readonly volumeGroup?: string;
  readonly console: string;
};

export type VolumeStatus = {
  readonly name: string;
  readonly sizeBytes: number;
  /** What is really stored, where volumes are sparse files. */
  readonly usedBytes?: number;
};

export function labStatus(state: LabState): LabStatus {
  return {
    name: state.name,
    dir: state.dir,
    hosts: state.hosts.map((host) => hostStatus(state, host)),
    cuts: state.cuts,
    client: lan.clientAddress,
    powerSwitch: {
      address: `${lan.pduAddress}:${lan.pduPort}`,
      answers: state.pdu !== undefined && isAlive(state.pdu),
    },
  };
}

function hostStatus(state: LabState, host: LabHost): HostStatus {
  const { dir } = state;
  const power = powerOf(host);
  const namespace =
    host.init === undefined || power === "off" ? undefined : namespaceOf(host.init.pid, "pid");
  return {
    name: host.name,
    power,
    address: hostAddress(host.number),
    managementAddress: managementAddress(host.number),
    processes: namespace === undefined ? 0 : processesIn("pid", namespace).length,
    ...(state.volumes === "files"
      ? { volumes: volumeFiles(volumesDirectory(dir, host.name)) }
      : {
          volumes: logicalVolumes(state.name, host.name),
          volumeGroup: volumeGroupName(state.name, host.name),
        }),
    console: path.join(hostDirectory(dir, host.name), "console.log"),
  };
}

function volumeFiles(dir: string): readonly VolumeStatus[] {
  return readdirSync(dir)
    .sort()
    .map((name) => {
      const { size, blocks } = statSync(path.join(dir, name));
      return { name, sizeBytes: size, usedBytes: blocks * 512 };
    });
}
