/**
 * Cuts in the lab's networks, as rules of nftables' bridge family in the LAN namespace: they drop frames between
 * the bridges' ports, per direction. The rules are made anew from the list of all cuts at each change.
 */
import { mustRun } from "../machine/command.ts";
import { lanNamespace, namespaceFile, portsOf } from "../plan/lab-names.ts";

/** Which frames a cut drops, seen from its host. */
export type CutDirection = "both" | "sends" | "hears";

export type Cut = {
  readonly host: string;
  /** The other side: a host, "client" (the LAN's client and the power switch), or everyone. */
  readonly from?: string;
  readonly direction: CutDirection;
  /** Also the management network, over which the power switch is reached. */
  readonly management: boolean;
};

export async function applyCuts(lab: string, cuts: readonly Cut[]): Promise<void> {
  const namespace = namespaceFile(lanNamespace(lab));
  await mustRun(["nsenter", `--net=${namespace}`, "nft", "-f", "-"], { stdin: cutRules(cuts) });
}

/** The whole table, as nft(8) reads it: it replaces the one that is there, in one step. */
export function cutRules(cuts: readonly Cut[]): string {
  const rules: Record<"forward" | "input" | "output", string[]> = {
    forward: [],
    input: [],
    output: [],
  };
  for (const cut of cuts) addRules(cut, rules);
  const chains = Object.entries(rules).map(([hook, lines]) =>
    [
      `  chain ${hook} {`,
      `    type filter hook ${hook} priority 0; policy accept;`,
      ...lines.map((line) => `    ${line} counter drop`),
      "  }",
    ].join("\n"),
  );
  // An empty declaration first makes the deletion of a table that is not there no error.
  return `table bridge cuts\ndelete table bridge cuts\ntable bridge cuts {\n${chains.join("\n")}\n}\n`;
}

function addRules(cut: Cut, rules: Record<"forward" | "input" | "output", string[]>): void {
  const mine = portSet(cut.host, cut.management);
  const others = cut.from === undefined || cut.from === "client" ? "" : cut.from;
  const theirs = others === "" ? "" : portSet(others, cut.management);
  if (cut.from !== "client") {
    if (cut.direction !== "hears")
      rules.forward.push(`iifname ${mine}${theirs && ` oifname ${theirs}`}`);
    if (cut.direction !== "sends")
      rules.forward.push(`oifname ${mine}${theirs && ` iifname ${theirs}`}`);
  }
  if (others === "") {
    // What the client and the power switch send and receive passes the bridge itself, not two of its ports.
    if (cut.direction !== "hears") rules.input.push(`iifname ${mine}`);
    if (cut.direction !== "sends") rules.output.push(`oifname ${mine}`);
  }
}

function portSet(host: string, management: boolean): string {
  const ports = portsOf(host);
  const names = [ports.eth0, ports.guests, ...(management ? [ports.management] : [])];
  return `{ ${names.map((name) => `"${name}"`).join(", ")} }`;
}
