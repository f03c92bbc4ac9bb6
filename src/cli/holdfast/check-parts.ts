/** What `holdfast check` looks at, each by the code that will read it. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { printPlace } from "../../formats/config-text/place.ts";
import { parseXlDomain } from "../../formats/xl-config/read-xl-domain.ts";
import { runProgram } from "../../host/processes/run-program.ts";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { remarkText } from "../cluster/remarks.ts";

export type CheckedPart = {
  readonly what: string;
  readonly findings: readonly Finding[];
  /** Why it could not be looked at. */
  readonly skipped?: string;
};

export type Finding = { readonly level: "error" | "warning" | "info"; readonly text: string };

const daemonProgram = path.resolve(import.meta.dirname, "../../daemon/holdfastd/main.ts");
const limitMs = 20_000;
/** Where Xen's domain files are kept, under both usual endings. */
const domainFiles = "/etc/xen/*.{dom,cfg}";

/** ha.cf, authkeys and drbd.conf: the daemon itself says how it understands them. */
export async function checkClusterFiles(): Promise<CheckedPart> {
  const { stderr } = await runProgram(process.execPath, [daemonProgram, "--check"], {
    timeoutMs: limitMs,
    // With it, a line begins with its priority.
    env: { PATH: process.env["PATH"] ?? "", JOURNAL_STREAM: "check" },
  });
  const findings = stderr
    .split("\n")
    .filter((line) => line !== "")
    .flatMap(daemonFindings);
  return { what: "ha.cf, authkeys, drbd.conf", findings };
}

/** A line of the daemon's log as the journal gets it; one of a refusal holds several remarks, each with its remedy. */
export function daemonFindings(line: string): readonly Finding[] {
  const [, priority, text = line] = /^<(\d)>(.*)$/.exec(line) ?? [];
  const level = priority === "6" ? "info" : priority === "4" ? "warning" : "error";
  const findings: Finding[] = [];
  for (const piece of text.replace(/^Not started: /, "").split(" | ")) {
    const last = findings.at(-1);
    if (last !== undefined && piece.startsWith("  ")) {
      const remedy = piece.trim().replace(refusalEnd, "");
      findings[findings.length - 1] = { level: last.level, text: `${last.text}. ${remedy}` };
    } else findings.push(ownLevel(piece, level));
  }
  return findings;
}

const refusalEnd = / \[HF\d{4}\]\. Nothing was started\..*$/;

/** A remark inside a refusal says itself how bad it is. */
function ownLevel(piece: string, level: Finding["level"]): Finding {
  const [, place, own, rest] = /^(\S+:\d+:\d+): (error|warning|notice): (.*)$/.exec(piece) ?? [];
  if (own === undefined) return { level, text: piece };
  return { level: own === "error" || own === "warning" ? own : "info", text: `${place}: ${rest}` };
}

/** @param files those that are named; undefined: all in Xen's directory. */
export function checkDomains(files: readonly string[] | undefined): readonly CheckedPart[] {
  return (files ?? globSync(domainFiles).sort()).map((file) => ({
    what: file,
    findings: domainFindings(file),
  }));
}

function domainFindings(file: string): readonly Finding[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return [{ level: "error", text: `it cannot be read (${code}) [HF4603]` }];
  }
  const parsed = parseXlDomain(text, file);
  return (parsed.ok ? parsed.value.notices : parsed.error).map((each) => ({
    level: each.severity === "notice" ? "info" : each.severity,
    text: `${printPlace(each.place)}: ${each.message} [${each.code}]. ${each.remedy}`,
  }));
}

/** As crm_verify does; a cluster that is not running has no CIB to look at. */
export async function checkCib(cluster: ClusterClient): Promise<CheckedPart> {
  const what = "the CIB";
  try {
    const { findings, remarks } = await cluster.ask("cib-verify", {});
    return {
      what,
      findings: [
        ...findings.map(({ severity, where, message }) => ({
          level: severity,
          text: where === "" ? message : `${where}: ${message}`,
        })),
        ...remarks.map((remark) => ({ level: "info" as const, text: remarkText(remark) })),
      ],
    };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "HF9002") throw error;
    return { what, findings: [], skipped: "holdfastd does not run here" };
  }
}
