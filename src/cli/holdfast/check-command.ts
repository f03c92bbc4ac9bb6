/** `holdfast check`: the cluster's files, the guests' files and the CIB, looked at before something depends on them. */
import { type ClusterCommand, exitUsage } from "../cluster/cluster-command.ts";
import { hasOption } from "../getopt/getopt.ts";
import { type CheckedPart, checkCib, checkClusterFiles, checkDomains } from "./check-parts.ts";

/** sysexits.h EX_CONFIG. */
const exitConfiguration = 78;

export const checkCommand: ClusterCommand = {
  name: "holdfast check",
  summary: "Looks at the configuration files, the guests' files and the CIB; changes nothing.",
  usage: ["[OPTION...] [DOMAIN-FILE...]"],
  exitOf: (error) => error.exit ?? exitUsage,
  groups: [
    {
      title: "Options",
      rows: [
        { long: "verbose", short: "v", help: "also what is well, and how it is understood" },
        { long: "json", help: "as JSON" },
      ],
    },
  ],
  refused: [],
  examples: ["holdfast check", "holdfast check /etc/xen/host1.dom"],
  run: async (line, shell) => {
    const parts: CheckedPart[] =
      line.operands.length > 0
        ? [...checkDomains(line.operands)]
        : [await checkClusterFiles(), ...checkDomains(undefined), await checkCib(shell.cluster)];
    const count = (level: string): number =>
      parts.flatMap(({ findings }) => findings).filter((each) => each.level === level).length;
    const [errors, warnings] = [count("error"), count("warning")];
    if (hasOption(line, "json")) {
      shell.out(`${JSON.stringify({ ok: errors === 0, errors, warnings, parts }, undefined, 2)}\n`);
    } else shell.out(partsText(parts, hasOption(line, "verbose")) + summary(errors, warnings));
    return errors === 0 ? 0 : exitConfiguration;
  },
};

function partsText(parts: readonly CheckedPart[], verbose: boolean): string {
  return parts
    .map(({ what, findings, skipped }) => {
      const shown = findings.filter(({ level }) => verbose || level !== "info");
      const lines = shown.map(
        ({ level, text }) => `  ${level === "info" ? "" : `${level}: `}${text}`,
      );
      if (skipped !== undefined) return `${what}: not looked at, ${skipped}\n`;
      const verdict = findings.some(({ level }) => level !== "info") ? ":" : ": well";
      return [`${what}${verdict}`, ...lines].map((each) => `${each}\n`).join("");
    })
    .join("");
}

function summary(errors: number, warnings: number): string {
  const counted = (number: number, word: string): string =>
    `${number === 0 ? "no" : number} ${word}${number === 1 ? "" : "s"}`;
  return `\n${counted(errors, "error")}, ${counted(warnings, "warning")}.\n`;
}
