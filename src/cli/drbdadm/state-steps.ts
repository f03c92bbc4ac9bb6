/** The steps of commands that change roles and states. */

import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { setup } from "../../formats/drbd-conf/setup-words.ts";
import { attachBlockDevice } from "../../host/block-device/block-device.ts";
import { volumeDevice } from "../../host/block-device/volume-device.ts";
import { control, metaStep } from "./resource-steps.ts";
import type { Selected } from "./selection.ts";
import type { Step } from "./step.ts";

/** One command for each volume, but one request for the resource: the role is the resource's. */
export function primarySteps(
  { resource, volumes }: Selected,
  options: { readonly words: readonly string[]; readonly force: boolean },
): readonly Step[] {
  return volumes.map(({ minor }, i) => ({
    resource: resource.name,
    words: setup("primary", minor, ...options.words),
    run: i > 0 ? undefined : () => promote(resource, options.force),
  }));
}

/** `become-primary-on`, for those who start DRBD by their own scripts. */
export function bootPrimarySteps(selected: readonly Selected[], hostName: string): readonly Step[] {
  return selected
    .filter(({ resource }) =>
      resource.startup.becomePrimaryOn.some((host) => host === hostName || host === "both"),
    )
    .flatMap((one) => primarySteps(one, { words: [], force: false }));
}

/** Besides the role, the devices that people expect: /dev/drbdN. */
async function promote(resource: DrbdResourceConfig, force: boolean): Promise<number> {
  const status = await control(resource.name, "primary", { force });
  if (status !== 0) return status;
  // The kernel's DRBD has them itself.
  if (resource.engine === "kernel") return 0;
  for (const { number, device } of resource.volumes)
    await attachBlockDevice(volumeDevice(resource.name, number, device));
  return 0;
}

/** The disk server removes the devices, unless they are in use. */
export function secondarySteps({ resource, volumes }: Selected): readonly Step[] {
  return volumes.map(({ minor }, i) => ({
    resource: resource.name,
    words: setup("secondary", minor),
    run: i > 0 ? undefined : () => control(resource.name, "secondary", {}),
  }));
}

type VolumeMethod =
  | "invalidate-remote"
  | "pause-sync"
  | "resume-sync"
  | "invalidate"
  | "outdate"
  | "verify"
  | "detach"
  | "new-current-uuid";

/** A request for each volume; `offline` names what drbdmeta does instead when the resource is not up. */
export function volumeSteps(
  { resource, volumes }: Selected,
  method: VolumeMethod,
  options: {
    readonly words?: readonly string[];
    readonly params?: Readonly<Record<string, boolean | number>>;
    readonly offline?: string;
  } = {},
): readonly Step[] {
  const { words = [], params = {}, offline } = options;
  return volumes.map((volume) => ({
    resource: resource.name,
    words: setup(method, volume.minor, ...words),
    run: () => control(resource.name, method, { volume: volume.number, ...params }),
    ...(offline === undefined ? {} : { otherwise: metaStep(resource.name, volume, [offline]) }),
  }));
}

/** A request for the whole resource under each volume's command. */
export function resourceSteps(
  { resource, volumes }: Selected,
  method: "suspend-io" | "resume-io",
): readonly Step[] {
  return volumes.map(({ minor }, i) => ({
    resource: resource.name,
    words: setup(method, minor),
    run: i > 0 ? undefined : () => control(resource.name, method, {}),
  }));
}
