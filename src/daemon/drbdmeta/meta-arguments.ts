/**
 * `drbdmeta [OPTIONS] MINOR v08 DEVICE internal|flex-external|INDEX COMMAND [OPERAND]`: the command line of drbd-utils' own.
 * Options may stand anywhere. Specification section 17.
 */
import { err, ok, type Result } from "../../base/result.ts";
import {
  type AlGeometry,
  defaultAlGeometry,
  type MetaPlacement,
} from "../../formats/drbd/metadata-layout.ts";
import { type MetaCommand, metaCommands } from "./meta-commands.ts";

export type MetaArguments = {
  /** For the file that remembers the device's size; undefined when `-` was given. */
  readonly minor: number | undefined;
  readonly device: string;
  readonly placement: MetaPlacement;
  readonly command: MetaCommand;
  /** The one word after the command, for those that take one. */
  readonly operand: string;
  readonly force: boolean;
  readonly ignoreSanityChecks: boolean;
  /** Undefined: not given. */
  readonly al: AlGeometry | undefined;
  readonly peerMaxBioBytes: number;
};

const indexMax = 255;
/** What drbd-utils' program reads at once: more stripes than that it refuses. */
const alBlocksMax = 8192;
const alBlocksMin = 8;
const peerMaxBioBytesMax = 1024 * 1024;

type Options = {
  force: boolean;
  ignoreSanityChecks: boolean;
  numbers: Map<NumberOption, number>;
};

type NumberOption = "al-stripes" | "al-stripe-size-kB" | "peer-max-bio-size" | "node-id";

const numberOptions: Readonly<Record<string, NumberOption>> = {
  "--al-stripes": "al-stripes",
  "-s": "al-stripes",
  "--al-stripe-size-kB": "al-stripe-size-kB",
  "-z": "al-stripe-size-kB",
  "--peer-max-bio-size": "peer-max-bio-size",
  "-p": "peer-max-bio-size",
  // Of DRBD 9: there is one peer here.
  "--node-id": "node-id",
  "-i": "node-id",
};

/** Words that are not a command, and values that a command cannot take, have different exit codes. */
export type ArgumentFault = { readonly kind: "usage" | "value"; readonly message: string };

export function parseMetaArguments(words: readonly string[]): Result<MetaArguments, ArgumentFault> {
  const split = splitOptions(words);
  if (!split.ok) return usage(split.error);
  const { options, rest } = split.value;
  const [minorWord = "", version, device, place = "", name, operand = ""] = rest;
  if (device === undefined || name === undefined) {
    return usage("MINOR, v08, DEVICE, the metadata's place and one command are needed");
  }
  const minor = /^(?:\/dev\/drbd)?(\d+)$/.exec(minorWord)?.[1];
  if (minor === undefined && minorWord !== "-") return usage(`'${minorWord}' is no minor number`);
  const otherVersion = versionFault(version ?? "");
  if (otherVersion !== undefined) return usage(otherVersion);
  const placement = placementOf(place);
  if (placement === undefined) return usage(`'${place}' is not a valid index number`);
  const command = metaCommands.find((one) => one.name === name);
  if (command === undefined) return usage(`unknown command '${name}'`);
  if (command.operand !== undefined && operand === "") {
    return value(`Required Argument missing: ${name} ${command.operand}`);
  }
  const al = geometryOf(options, command);
  if (!al.ok) return value(al.error);
  return ok({
    minor: minor === undefined ? undefined : Number(minor),
    device,
    placement,
    command,
    operand,
    force: options.force,
    ignoreSanityChecks: options.ignoreSanityChecks,
    al: al.value,
    peerMaxBioBytes: options.numbers.get("peer-max-bio-size") ?? 0,
  });
}

function usage(message: string): Result<never, ArgumentFault> {
  return err({ kind: "usage", message });
}

function value(message: string): Result<never, ArgumentFault> {
  return err({ kind: "value", message });
}

function splitOptions(
  words: readonly string[],
): Result<{ readonly options: Options; readonly rest: readonly string[] }> {
  const options: Options = { force: false, ignoreSanityChecks: false, numbers: new Map() };
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const [name = "", ...after] = word.split("=");
    const number = Object.hasOwn(numberOptions, name) ? numberOptions[name] : undefined;
    if (number !== undefined) {
      const value = after.length > 0 ? after.join("=") : words[++i];
      const bytes = numberOf(value ?? "");
      if (bytes === undefined) return err(`${name} needs a number, not '${value ?? ""}'`);
      options.numbers.set(number, bytes);
    } else if (word === "--force" || word === "-f") options.force = true;
    else if (word === "--ignore-sanity-checks") options.ignoreSanityChecks = true;
    else if (["--verbose", "-v", "--quiet", "-q"].includes(word)) continue;
    else if (word.startsWith("-") && word !== "-") return err(`unrecognized option '${word}'`);
    else rest.push(word);
  }
  return ok({ options, rest });
}

function versionFault(version: string): string | undefined {
  switch (version) {
    case "v08":
      return undefined;
    case "v09":
      return "metadata of version v09 are DRBD 9's: with its own tools a disk is taken back to v08";
    case "v06":
    case "v07":
      return `metadata of version ${version} are of DRBD 0.${version.slice(2)}: convert them with drbd-utils' drbdmeta first`;
    default:
      return `metadata of version '${version}' is not known; there is v08`;
  }
}

function placementOf(word: string): MetaPlacement | undefined {
  if (word === "internal" || word === "flex-internal") return { kind: "internal" };
  if (word === "flex-external") return { kind: "flexible" };
  const index = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  return index <= indexMax ? { kind: "indexed", index } : undefined;
}

function geometryOf(options: Options, command: MetaCommand): Result<AlGeometry | undefined> {
  const bioBytes = options.numbers.get("peer-max-bio-size");
  if (bioBytes !== undefined) {
    if (command.name !== "create-md") return err("--peer-max-bio-size is only for create-md");
    if (bioBytes > peerMaxBioBytesMax) return err("--peer-max-bio-size is out of range (0...1M)");
  }
  const stripes = options.numbers.get("al-stripes");
  const sizeKib = options.numbers.get("al-stripe-size-kB");
  if (stripes === undefined && sizeKib === undefined) return ok(undefined);
  if (command.name !== "create-md" && command.name !== "restore-md") {
    return err("--al-stripes and --al-stripe-size-kB are only for create-md and restore-md");
  }
  const al = {
    stripes: stripes ?? defaultAlGeometry.stripes,
    stripeSize4k: sizeKib === undefined ? defaultAlGeometry.stripeSize4k : Math.floor(sizeKib / 4),
  };
  const blocks = al.stripes * al.stripeSize4k;
  if (blocks < alBlocksMin) return err("the activity log has to have 32 KiB at least");
  if (blocks > alBlocksMax) return err("the activity log has to have 32 MiB at most");
  return ok(al);
}

/** With `k` and `M`, as the field's tools take them. */
function numberOf(word: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,12})([kKM]?)$/.exec(word) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * (unit === "" ? 1 : unit === "M" ? 1024 * 1024 : 1024);
}
