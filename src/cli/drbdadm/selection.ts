/** Which resources and volumes a command is about: `RES`, `RES/VOLUME`, or `all`. */
import { UserError } from "../../api/user-error.ts";
import type {
  DrbdResourceConfig,
  DrbdVolumeConfig,
} from "../../formats/drbd-conf/resource-config.ts";
import type { LoadedConf } from "../drbd-conf/load-drbd-conf.ts";

export type Selected = {
  readonly resource: DrbdResourceConfig;
  /** All of the resource's volumes, or the one that was named. */
  readonly volumes: readonly DrbdVolumeConfig[];
};

/** drbdadm's own exit code for what it does not know. */
const exitUnknown = 1;

/**
 * The resources in the order of the file for `all`, else as named.
 * @throws UserError HF2149 when there is no such resource or volume on this host.
 */
export function select(loaded: LoadedConf, names: readonly string[]): readonly Selected[] {
  const { resources } = loaded.view;
  if (names.includes("all"))
    return resources.map((resource) => ({ resource, volumes: resource.volumes }));
  return names.map((name) => {
    const whole = resources.find((one) => one.name === name);
    if (whole !== undefined) return { resource: whole, volumes: whole.volumes };
    const slash = name.lastIndexOf("/");
    const resource = resources.find((one) => one.name === name.slice(0, Math.max(0, slash)));
    if (resource === undefined) throw unknownResource(loaded, name);
    const volume = resource.volumes.find((one) => String(one.number) === name.slice(slash + 1));
    if (volume !== undefined) return { resource, volumes: [volume] };
    const numbers = resource.volumes.map((one) => one.number).join(", ");
    throw new UserError("HF2149", `'${name}': ${resource.name} has the volumes ${numbers}`, {
      exit: exitUnknown,
    });
  });
}

function unknownResource({ view, conf, hostName }: LoadedConf, name: string): UserError {
  const ignored = view.ignored.find((one) => one.name === name);
  const known = view.resources.map((one) => one.name).join(", ");
  const why = ignored === undefined ? "" : `: ${ignored.reason}`;
  return new UserError("HF2149", `'${name}' not defined in your config (for this host)${why}`, {
    exit: exitUnknown,
    remedy:
      known === ""
        ? `No resource of ${conf.file} has a section \`on ${hostName}\`.`
        : `Defined are ${known}.`,
  });
}
