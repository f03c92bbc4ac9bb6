/** restore-md and verify-dump: the way back from dump-md's text, of these tools or drbd-utils' own. */
import fs from "node:fs";
import { UserError } from "../../api/user-error.ts";
import { readMetadata } from "../../core/replication/offline/read-metadata.ts";
import { restoreMetadata } from "../../core/replication/offline/restore-metadata.ts";
import { confirmed, MetaExit, type MetaWork } from "./meta-work.ts";
import { type MetadataDump, parseDump } from "./parse-dump.ts";

export function restoreCommand(work: MetaWork): number {
  const { given, devices, terminal } = work;
  const dump = readDump(given.operand);
  if (
    readMetadata(devices, given.placement).ok &&
    !confirmed(work, "Valid meta-data in place, overwrite?")
  ) {
    throw new UserError("HF2154", `${given.device} holds metadata: nothing was changed`, {
      exit: MetaExit.Unclean,
      remedy: "--force replaces them by what the dump tells.",
    });
  }
  const al = given.al ?? { stripes: dump.alStripes, stripeSize4k: dump.alStripeSize4k };
  const restored = restoreMetadata(devices, { placement: given.placement, al, content: dump });
  if (!restored.ok) {
    throw new UserError("HF2156", `${given.device}: ${restored.error}`, {
      exit: MetaExit.BadOperand,
    });
  }
  terminal.out("Successfully restored meta data\n");
  return 0;
}

export function verifyDumpCommand({ given, terminal }: MetaWork): number {
  readDump(given.operand);
  terminal.out("input file parsed ok\n");
  return 0;
}

function readDump(file: string): MetadataDump {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError("HF2158", `${file}: ${(error as Error).message}`, { exit: MetaExit.Usage });
  }
  const parsed = parseDump(text);
  if (parsed.ok) return parsed.value;
  throw new UserError("HF2158", `${file}: ${parsed.error}`, { exit: MetaExit.BadOperand });
}
