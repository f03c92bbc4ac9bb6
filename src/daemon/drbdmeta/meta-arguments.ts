/** `drbdmeta [--force] MINOR v08 DEVICE internal|flex-external|INDEX COMMAND [--force]`: the command line of drbd-utils' own. */
import { err, ok, type Result } from "../../base/result.ts";
import type { MetaPlacement } from "../../formats/drbd/metadata-layout.ts";

export const metaCommands = [
  "create-md",
  "wipe-md",
  "get-gi",
  "show-gi",
  "dstate",
  "dump-md",
  "apply-al",
  "outdate",
  "invalidate",
] as const;

export type MetaCommand = (typeof metaCommands)[number];

export type MetaArguments = {
  readonly device: string;
  readonly placement: MetaPlacement;
  readonly command: MetaCommand;
  readonly force: boolean;
};

export const metaUsage = `Usage: drbdmeta [--force] MINOR v08 DEVICE internal|flex-external|INDEX COMMAND

Works on the metadata of a DRBD volume whose resource is down. \`drbdadm COMMAND RESOURCE\` finds the words
in drbd.conf.

  create-md    write new metadata; refused over a file system or older metadata, unless with --force
  wipe-md      remove the metadata (--force)
  get-gi       the generation identifiers in one line
  show-gi      the same with a legend
  dstate       the state of this disk
  dump-md      the metadata as text (--force: also those that a crash has left)
  apply-al     what the activity log says may differ goes into the bitmap (the disk server does so itself)
  outdate      this node's data are not the newest any more
  invalidate   this node's data are no good: all is taken from the peer
`;

/** The error is a clause for people. */
export function parseMetaArguments(words: readonly string[]): Result<MetaArguments> {
  const options = words.filter((word) => word.startsWith("-"));
  const force = options.some((word) => word === "--force" || word === "-f");
  const unknown = options.find((word) => !["--force", "-f"].includes(word));
  if (unknown !== undefined) return err(`unrecognized option '${unknown}'`);
  const [minor = "", version, device, place = "", name, ...rest] = words.filter(
    (word) => !word.startsWith("-"),
  );
  if (device === undefined || name === undefined || rest.length > 0) {
    return err("MINOR, v08, DEVICE, the metadata's place and one command are needed");
  }
  if (!/^\d+$/.test(minor)) return err(`'${minor}' is no minor number`);
  if (version !== "v08") return err(`metadata of version '${version}' is not known; there is v08`);
  const placement = placementOf(place);
  if (placement === undefined) return err(`'${place}' is no place for metadata`);
  const command = metaCommands.find((one) => one === name);
  if (command === undefined) return err(`there is no command '${name}'`);
  return ok({ device, placement, command, force });
}

function placementOf(word: string): MetaPlacement | undefined {
  if (word === "internal") return { kind: "internal" };
  if (word === "flex-external") return { kind: "flexible" };
  return /^\d+$/.test(word) ? { kind: "indexed", index: Number(word) } : undefined;
}
