/**
 * One drbd.conf, read by us and by drbdadm of DRBD 8.4 (package drbd-utils): accepted by both or by none, with the same
 * canonical text and the same commands for `up`. What is stricter or wider on purpose (docs/formats/drbd-conf.md) is
 * told apart.
 */
import { writeFileSync } from "node:fs";
import type { Diagnostic } from "../../../src/formats/config-text/diagnostic.ts";
import { newReport } from "../../../src/formats/config-text/report.ts";
import { checkDrbdConf } from "../../../src/formats/drbd-conf/check-drbd-conf.ts";
import type { DrbdConf } from "../../../src/formats/drbd-conf/drbd-conf.ts";
import { dumpDrbdConf } from "../../../src/formats/drbd-conf/dump-drbd-conf.ts";
import { dumpDrbdXml } from "../../../src/formats/drbd-conf/dump-drbd-xml.ts";
import { parseDrbdConf } from "../../../src/formats/drbd-conf/parse-drbd-conf.ts";
import { askDrbdadm } from "../../compat/drbdadm-84.ts";

const preface = "global { disable-ip-verification; usage-count no; }\n";
/** Messages of what is refused here and let pass by drbdadm, each with its reason in the page. */
const stricter = /the end of the file|a name for the resource/;
/** Remarks on what is taken here and refused by drbdadm. */
const widerCodes: ReadonlySet<string> = new Set(["HF1062", "HF1064"]);

export type Outcome = {
  readonly accepted: boolean;
  /** How the two differ; undefined where they don't. */
  readonly difference: string | undefined;
};

/** @param file where the text may be written for drbdadm. */
export function compare(body: string, file: string, hostName: string): Outcome {
  const text = preface + body;
  writeFileSync(file, text);
  const theirs = askDrbdadm(hostName, file, "dump");
  const ours = read(text, file, hostName);
  const accepted = theirs.status === 0;
  if (!ours.ok) {
    const isStricter = ours.errors.some(({ message }) => stricter.test(message));
    const [first] = ours.errors;
    if (!accepted || isStricter) return { accepted, difference: undefined };
    return { accepted, difference: `refused by us alone: ${first?.code} ${first?.message}` };
  }
  if (!accepted) {
    const isWider = ours.remarks.some(({ code }) => widerCodes.has(code));
    const difference = isWider ? undefined : `accepted by us alone: ${theirs.stderr.trim()}`;
    return { accepted, difference };
  }
  const thisHost = { hostName, localAddresses: ["127.0.0.1"] };
  // Called by a script, drbdadm forgets a resync-after whose resource is not on the host, with a word on stderr.
  if (theirs.stderr.includes("'resync-after' option is not known"))
    return { accepted, difference: undefined };
  const mine = dumpDrbdConf(ours.conf, thisHost);
  const other = theirs.stdout.replace(/^ {4}cmd-timeout-(medium 600|long 0);\n/gm, "");
  if (mine !== other) return { accepted, difference: firstDifference(mine, other) };
  const xml = askDrbdadm(hostName, file, "dump-xml").stdout;
  const myXml = dumpDrbdXml(ours.conf);
  const difference = xml === myXml ? undefined : `as XML: ${firstDifference(myXml, xml)}`;
  return { accepted, difference };
}

type Read =
  | { readonly ok: true; readonly conf: DrbdConf; readonly remarks: readonly Diagnostic[] }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

function read(text: string, file: string, hostName: string): Read {
  const result = parseDrbdConf(text, { file, include: () => [] });
  const isError = ({ severity }: Diagnostic): boolean => severity === "error";
  if (!result.ok) return { ok: false, errors: result.error.filter(isError) };
  const report = newReport();
  checkDrbdConf(result.value.value, { hostName }, report);
  const errors = report.diagnostics.filter(isError);
  if (errors.length > 0) return { ok: false, errors };
  const remarks = [...result.value.notices, ...report.diagnostics];
  return { ok: true, conf: result.value.value, remarks };
}

function firstDifference(mine: string, other: string): string {
  const [a, b] = [mine.split("\n"), other.split("\n")];
  const at = a.findIndex((line, i) => line !== b[i]);
  return `line ${at + 1}: ours ${JSON.stringify(a[at])}, theirs ${JSON.stringify(b[at])}`;
}
