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
  /** As it was named: RES, RES/VOLUME, minor-N. */
  readonly as: string;
};

/** What a command works on: then the other form of a name is refused, as drbdadm does. */
export type Scope = "resource" | "volume";

/** drbdadm's own exit code for what it does not know. */
const exitUnknown = 1;

/**
 * The resources in the order of the file for `all`, else as named.
 * @throws UserError HF2149 when there is no such resource or volume on this host.
 */
export function select(loaded: LoadedConf, names: readonly string[]): readonly Selected[] {
  const { resources } = loaded.view;
  if (names.includes("all")) return resources.map((resource) => whole(resource));
  return names.map((name) => {
    const named = resources.find((one) => one.name === name);
    if (named !== undefined) return whole(named);
    const minor = /^minor-([0-9]+)$/.exec(name)?.[1];
    if (minor !== undefined) return byMinor(loaded, name, Number(minor));
    const slash = name.lastIndexOf("/");
    const resource = resources.find((one) => one.name === name.slice(0, Math.max(0, slash)));
    if (resource === undefined) throw unknownResource(loaded, name);
    const volume = resource.volumes.find((one) => String(one.number) === name.slice(slash + 1));
    if (volume !== undefined) return { resource, volumes: [volume], as: name };
    const numbers = resource.volumes.map((one) => one.number).join(", ");
    throw new UserError("HF2149", `'${name}': ${resource.name} has the volumes ${numbers}`, {
      exit: exitUnknown,
    });
  });
}

/** @throws UserError HF2149 when what is named is a resource and has to be a volume, or the other way. */
export function checkScope(command: string, selected: readonly Selected[], scope: Scope): void {
  for (const { as, resource } of selected) {
    const isVolume = as !== resource.name;
    // The kernel names its volumes minor-N for all its helpers, also for those about the whole resource.
    if (scope === "resource" && isVolume && !as.startsWith("minor-"))
      throw new UserError(
        "HF2149",
        `${command} operates on whole resources, but you specified a specific volume!`,
        { exit: exitUnknown, remedy: `Write: drbdadm ${command} ${resource.name}` },
      );
    if (scope === "volume" && !isVolume && resource.volumes.length > 1)
      throw new UserError(
        "HF2149",
        `${command} requires a specific volume id, but none is specified.`,
        {
          exit: exitUnknown,
          remedy: `Write: drbdadm ${command} ${resource.name}/${resource.volumes[0]?.number ?? 0}, or minor-N.`,
        },
      );
  }
}

function whole(resource: DrbdResourceConfig): Selected {
  return { resource, volumes: resource.volumes, as: resource.name };
}

function byMinor(loaded: LoadedConf, name: string, minor: number): Selected {
  for (const resource of loaded.view.resources) {
    const volume = resource.volumes.find((one) => one.minor === minor);
    if (volume !== undefined) return { resource, volumes: [volume], as: name };
  }
  throw unknownResource(loaded, name);
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
