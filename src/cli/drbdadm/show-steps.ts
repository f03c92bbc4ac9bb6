/** The steps of commands that tell something. */

import { generationLine, generationTable } from "../../api/disk-generation-text.ts";
import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import { setup } from "../../formats/drbd-conf/setup-words.ts";
import { askDisk } from "./disk-client.ts";
import { metaStep } from "./resource-steps.ts";
import type { Selected } from "./selection.ts";
import { notUp, type Step } from "./step.ts";

type Print = (text: string) => void;

/** One line a volume: both nodes' roles. */
export function roleSteps(selected: Selected, print: Print): readonly Step[] {
  const line: Line = (status) => `${status.role}/${status.connection.peerRole}`;
  return linePerVolume(selected, { command: "role", line, print });
}

export function cstateSteps(selected: Selected, print: Print): readonly Step[] {
  const line: Line = (_status, volume) => volume.connectionState;
  return linePerVolume(selected, { command: "cstate", line, print });
}

export function dstateSteps(selected: Selected, print: Print): readonly Step[] {
  const line: Line = (_status, volume) => `${volume.disk}/${volume.peerDisk}`;
  return linePerVolume(selected, { command: "dstate", line, print, isOffline: true });
}

export function getGiSteps(selected: Selected, print: Print): readonly Step[] {
  const line: Line = (_status, { generation }) => generation && generationLine(generation);
  return linePerVolume(selected, { command: "get-gi", line, print, isOffline: true });
}

export function showGiSteps(selected: Selected, print: Print): readonly Step[] {
  const line: Line = (_status, { generation }) => generation && generationTable(generation);
  return linePerVolume(selected, { command: "show-gi", line, print, isOffline: true });
}

/** The text for a volume; undefined when there is none while its resource is up: then it is read offline. */
type Line = (status: DiskResourceStatus, volume: DiskVolumeStatus) => string | undefined;

function linePerVolume(
  { resource, volumes }: Selected,
  options: {
    readonly command: string;
    readonly line: Line;
    readonly print: Print;
    /** drbdmeta can tell it as well. */
    readonly isOffline?: boolean;
  },
): readonly Step[] {
  const { command, line, print, isOffline = false } = options;
  return volumes.map((volume) => ({
    resource: resource.name,
    words: setup(command, volume.minor),
    run: async () => {
      const status = await askDisk(resource.name, "status", {});
      const one = status?.volumes.find((each) => each.volume === volume.number);
      const text = status === undefined || one === undefined ? undefined : line(status, one);
      if (text === undefined && isOffline) return notUp;
      print(`${text ?? "Unconfigured"}\n`);
      return 0;
    },
    ...(isOffline ? { otherwise: metaStep(resource.name, volume, [command]) } : {}),
  }));
}
