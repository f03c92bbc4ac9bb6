/**
 * Who the members of the cluster are: the `node` lines of ha.cf. Where none of them names a host that exists for
 * this cluster (a directive misspelt, names misspelt), the hosts that drbd.conf names, which hold the
 * key; then it is said why, where and what to write, and nobody is a member without the key in any case.
 *
 * Names are compared without regard to case, as Heartbeat does; a node is called as the file writes it.
 */
import { compareText } from "../../base/compare.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { isNodeName } from "../../formats/cluster-packet/node-name.ts";
import { closestWord } from "../../formats/config-text/closest-word.ts";
import type { Place, Placed } from "../../formats/config-text/place.ts";
import type { HaCf, HaCfDirective } from "../../formats/ha-cf/ha-cf.ts";
import { clusterNodesMax } from "./types.ts";

export type MembersRemark = {
  readonly code: "HF3000" | "HF3001" | "HF3002" | "HF3003" | "HF3004" | "HF3005" | "HF3006";
  readonly severity: "error" | "warning" | "notice";
  readonly place: Place;
  /** What is so: a clause without a full stop. */
  readonly message: string;
  /** What to do: a sentence. */
  readonly remedy: string;
};

export type Members = {
  /** Sorted; this node is one of them. */
  readonly nodes: readonly string[];
  /** This node's name as the cluster writes it. */
  readonly self: string;
  readonly source: "ha.cf" | "drbd.conf";
  readonly remarks: readonly MembersRemark[];
};

export type MembersQuestion = {
  readonly haCf: HaCf;
  /** Every host that an `on` section names, each where it is named first (hostsNamedIn); none without a drbd.conf. */
  readonly drbdHosts: readonly Placed<string>[];
  /** `uname -n`. */
  readonly hostName: string;
};

/** A refusal when this host is not one of the members, or there are none: the remarks, the error among them. */
export function decideMembers(
  question: MembersQuestion,
): Result<Members, readonly MembersRemark[]> {
  const { haCf, drbdHosts } = question;
  const remarks: MembersRemark[] = [];
  const known = [question.hostName, ...drbdHosts.map((host) => host.value)];
  const isKnown = (name: string): boolean => known.some((each) => sameName(each, name));
  const anyValid = haCf.nodes.some((node) => isKnown(node.value));
  const source = anyValid || drbdHosts.length === 0 ? "ha.cf" : "drbd.conf";
  if (source === "drbd.conf") remarks.push(...remarksOnFallback(question));
  else remarks.push(...remarksOnNames(question));
  const named: readonly Placed<string>[] = source === "ha.cf" ? haCf.nodes : drbdHosts;
  const nodes = distinct(named.map((node) => node.value));
  const refusal = refusalOf(nodes, named, question);
  if (refusal !== undefined) return err([...remarks, refusal]);
  const self = nodes.find((name) => sameName(name, question.hostName)) ?? question.hostName;
  if (nodes.length === 1) remarks.push(remarkOnOneNode(named, haCf));
  return ok({ nodes: [...nodes].sort(compareText), self, source, remarks });
}

/** ha.cf names no host that there is: one remark for each line that was surely meant to. */
function remarksOnFallback({ haCf, drbdHosts }: MembersQuestion): readonly MembersRemark[] {
  const members = distinct(drbdHosts.map((host) => host.value)).sort(compareText);
  const file = drbdHosts[0]?.place.file ?? "drbd.conf";
  const taken = `the members are the hosts that ${file} names and that hold the key: ${members.join(", ")}`;
  const remedy = `Write into ${haCf.file}: node ${members.join(" ")}`;
  const misspelt = haCf.unknown
    .filter(({ resembles }) => resembles === "node")
    .map(({ directive }) => remark(directive.place, whyNoNodes(directive), remedy));
  const lines = haCf.directives
    .filter((directive) => directive.value === "node")
    .map((directive) => remark(directive.place, whyUnknownNames(directive), remedy));
  if (misspelt.length + lines.length > 0) return [...misspelt, ...lines];
  const place = { file: haCf.file, line: 1, column: 1 };
  return [remark(place, "there is no `node` line", remedy)];

  function remark(at: Place, why: string, what: string): MembersRemark {
    const message = `${why}; ${taken}`;
    return { code: "HF3000", severity: "warning", place: at, message, remedy: what };
  }
}

function whyNoNodes(directive: HaCfDirective): string {
  const names = directive.args.map((arg) => arg.value);
  const written = [directive.value, ...names].join(" ");
  return `\`${written}\` names no nodes: the directive is \`node\`, and ${nobodyIsCalled(names)}`;
}

function whyUnknownNames(directive: HaCfDirective): string {
  const names = directive.args.map((arg) => arg.value);
  return `\`node ${names.join(" ")}\`: ${nobodyIsCalled(names)}`;
}

function nobodyIsCalled(names: readonly string[]): string {
  return `no host and no \`on\` section of drbd.conf is called ${names.join(" or ") || "so"}`;
}

/** Members by ha.cf: a name that looks like a slip for one of drbd.conf's is said. */
function remarksOnNames({ haCf, drbdHosts, hostName }: MembersQuestion): readonly MembersRemark[] {
  const hosts = distinct(drbdHosts.map((host) => host.value));
  const unnamed = hosts.filter((host) => !haCf.nodes.some((node) => sameName(node.value, host)));
  const remarks: MembersRemark[] = [];
  for (const node of haCf.nodes) {
    if (hosts.some((host) => sameName(host, node.value)) || sameName(hostName, node.value))
      continue;
    const meant = closestWord(node.value, unnamed);
    if (meant === undefined) continue;
    remarks.push({
      code: "HF3001",
      severity: "warning",
      place: node.place,
      message: `node \`${node.value}\`: drbd.conf knows no such host, but \`${meant}\`, which is no node`,
      remedy: `If it is the same host, write: node ${meant}`,
    });
  }
  return remarks;
}

function refusalOf(
  nodes: readonly string[],
  named: readonly Placed<string>[],
  { haCf, drbdHosts, hostName }: MembersQuestion,
): MembersRemark | undefined {
  const place = named[0]?.place ?? { file: haCf.file, line: 1, column: 1 };
  const error = (code: MembersRemark["code"], message: string, remedy: string): MembersRemark => ({
    code,
    severity: "error",
    place,
    message,
    remedy,
  });
  if (nodes.length === 0) {
    const message =
      "nobody is named as a member: there is no `node` line, and no drbd.conf with hosts";
    return error("HF3002", message, `Write into ${haCf.file}: node ${hostName} OTHER-HOST`);
  }
  const unfit = named.find((node) => !isNodeName(node.value));
  if (unfit !== undefined) {
    const message = `\`${unfit.value}\` cannot be a node's name: letters, digits, dots and hyphens, at most 63`;
    const remedy = "Give the name that `uname -n` prints there.";
    return { ...error("HF3003", message, remedy), place: unfit.place };
  }
  if (nodes.length > clusterNodesMax) {
    const message = `${nodes.length} nodes are named; a cluster has at most ${clusterNodesMax}`;
    return error("HF3004", message, "Name two or three servers.");
  }
  if (nodes.some((name) => sameName(name, hostName))) return undefined;
  const message = `this host is called \`${hostName}\` and is none of the members: ${nodes.join(", ")}`;
  const close = closestWord(hostName, nodes) ?? nodes.find((name) => isSameHost(name, hostName));
  const rename = `set this host's name (hostnamectl set-hostname ${close ?? nodes[0]})`;
  const files = drbdHosts.length > 0 ? `${haCf.file} and drbd.conf` : haCf.file;
  return error("HF3005", message, `Either ${rename}, or write ${hostName} in ${files}.`);
}

function remarkOnOneNode(named: readonly Placed<string>[], haCf: HaCf): MembersRemark {
  return {
    code: "HF3006",
    severity: "notice",
    place: named[0]?.place ?? { file: haCf.file, line: 1, column: 1 },
    message: "this host is the only member: nobody takes over from it",
    remedy: "Name the other server, too.",
  };
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** One of the two is the other with a domain. */
function isSameHost(a: string, b: string): boolean {
  return sameName(a.split(".")[0] ?? a, b.split(".")[0] ?? b);
}

function distinct(names: readonly string[]): string[] {
  return names.filter((name, i) => names.findIndex((each) => sameName(each, name)) === i);
}
