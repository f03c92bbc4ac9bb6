/** Which engine runs a resource on a host, by the rules of `skip holdfast { }`. */
import type { Report } from "../config-text/report.ts";
import type { Word } from "../config-text/word-lines.ts";
import type { DrbdConf, DrbdEngine, DrbdEngineRule } from "./drbd-conf.ts";
import { hostsNamedIn } from "./host-sections.ts";

/** The closest rule holds: of the resource on the host, of the resource, of the host, of all; of equals the last. */
export function engineOf(conf: DrbdConf, resource: string, host: string): DrbdEngine {
  let best: DrbdEngineRule | undefined;
  for (const rule of conf.engines) {
    const isMeant =
      (rule.resource === undefined || rule.resource.value === resource) &&
      (rule.hosts === undefined || rule.hosts.some((each) => each.value === host));
    if (isMeant && (best === undefined || closeness(rule) >= closeness(best))) best = rule;
  }
  return best?.engine ?? "holdfast";
}

function closeness(rule: DrbdEngineRule): number {
  return (rule.resource === undefined ? 0 : 2) + (rule.hosts === undefined ? 0 : 1);
}

/** Names that are nobody's: a rule that is never obeyed has to be told. */
export function checkEngines(conf: DrbdConf, report: Report): void {
  const resources = conf.resources.map((each) => each.name);
  const hosts = hostsNamedIn(conf).map((each) => each.value);
  for (const { resource, hosts: named = [] } of conf.engines) {
    if (resource !== undefined) checkName("resource", resource, resources, report);
    for (const host of named) checkName("host", host, hosts, report);
  }
}

function checkName(what: string, name: Word, known: readonly string[], report: Report): void {
  if (known.includes(name.value)) return;
  report.warning("HF1061", {
    place: name.place,
    message: `\`engine\` is set for the ${what} \`${name.value}\`, which the file does not have`,
    remedy: "Correct the name, or remove the line.",
  });
}
