/**
 * A scenario is a story as a file: why it is told, the cluster, what people and the world do, and what must come of it.
 *
 *     why: One sentence, or more.
 *     cluster: xen1 xen2; fencing off; guests host1 host2
 *     - xen1 loses power                  # what happens, in order; see steps.ts
 *     - settle
 *     expect:
 *       xen2 peer-lost xen1               # events; of one host or guest in this order, others may lie between
 *     finally: host1 runs on xen2; all is well
 *
 * Between them may stand what the cluster is configured with beside the how-to's: `options:` and `defaults:` (of resources)
 * with NAME=VALUE, and `cib:` with elements, indented, each put into the section of its kind.
 *
 * The laws are looked at after every step of all stories. `silence may err` in the cluster line: fencing is off and a host
 * that lives seems dead; what then goes wrong is an event ("two: …"), not a failure.
 */
import { err, ok, type Result } from "../../../src/base/result.ts";
import { parseXml } from "../../../src/formats/xml/parse-xml.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";

export type Scenario = {
  readonly why: string;
  readonly nodes: readonly string[];
  readonly guests: readonly string[];
  readonly dummies: readonly string[];
  readonly remotes: readonly string[];
  /** Guests that are nodes, and as which: `host1 is node web1`. */
  readonly nodesInside: Readonly<Record<string, string>>;
  readonly fencing: boolean;
  /** Fence devices, where they are not the one, pdu, of "fencing on". */
  readonly devices: readonly string[] | undefined;
  readonly silenceMayErr: boolean;
  readonly options: Readonly<Record<string, string>>;
  readonly defaults: Readonly<Record<string, string>>;
  /** Further elements of the configuration. */
  readonly more: readonly XmlElement[];
  readonly steps: readonly ScenarioLine[];
  readonly expect: readonly ScenarioLine[];
  readonly finally: readonly string[];
};

export type ScenarioLine = { readonly line: number; readonly text: string };

/** Sections that stand alone on their line, with what belongs to them indented below. */
type Block = "expect" | "cib";

/** @returns the error with its line's number. */
export function parseScenario(text: string): Result<Scenario> {
  const said = new Map<string, string>();
  const lines: Readonly<Record<Block | "steps", ScenarioLine[]>> = {
    expect: [],
    cib: [],
    steps: [],
  };
  let block: Block | "why" | undefined;
  for (const [i, raw] of text.split("\n").entries()) {
    const line = i + 1;
    const words = raw.replace(/(^|\s)#(\s.*)?$/, "").trimEnd();
    const heading = /^(why|cluster|options|defaults|finally): *(.*)$/.exec(words);
    if (words.trim() === "") continue;
    if (/^\s/.test(words) && block !== undefined) {
      if (block === "why") said.set("why", `${said.get("why")} ${words.trim()}`);
      else lines[block].push({ line, text: words.trim() });
      continue;
    }
    block = undefined;
    if (words.startsWith("- ")) lines.steps.push({ line, text: words.slice(2).trim() });
    else if (heading !== null) said.set(heading[1] ?? "", heading[2] ?? "");
    else if (words === "expect:" || words === "cib:") block = words.slice(0, -1) as Block;
    else return err(`line ${line}: what is "${words}"?`);
    if (heading?.[1] === "why") block = "why";
  }
  return assembled(said, lines);
}

function assembled(
  said: ReadonlyMap<string, string>,
  { steps, expect, cib }: Readonly<Record<Block | "steps", readonly ScenarioLine[]>>,
): Result<Scenario> {
  const [why, cluster, last] = ["why", "cluster", "finally"].map((name) => said.get(name));
  if (why === undefined) return err("it does not say why");
  if (cluster === undefined) return err("it does not say which cluster");
  if (last === undefined) return err("it does not say how it ends (finally:)");
  const shape = parseCluster(cluster);
  if (!shape.ok) return shape;
  const more = parseXml(`<cib>${cib.map((line) => line.text).join("\n")}</cib>`);
  if (!more.ok) return err(`cib: ${more.error.message}`);
  return ok({
    ...{ why, ...shape.value, steps, expect, finally: parts(last), more: more.value.children },
    options: pairsIn(said.get("options")),
    defaults: pairsIn(said.get("defaults")),
  });
}

function pairsIn(text = ""): Readonly<Record<string, string>> {
  const pairs = text.split(/\s+/).filter((pair) => pair.includes("="));
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

type Shape = Pick<
  Scenario,
  | "nodes"
  | "guests"
  | "dummies"
  | "remotes"
  | "nodesInside"
  | "fencing"
  | "devices"
  | "silenceMayErr"
>;

function parseCluster(text: string): Result<Shape> {
  const [nodes = "", ...rest] = parts(text);
  const shape = {
    nodes: nodes.split(/\s+/),
    guests: ["host1"],
    dummies: [] as string[],
    remotes: [] as string[],
  };
  const nodesInside: Record<string, string> = {};
  let [fencing, silenceMayErr] = [false, false];
  let devices: readonly string[] | undefined;
  for (const part of rest) {
    const [word, ...others] = part.split(/\s+/);
    if (part === "fencing on") fencing = true;
    else if (part === "fencing off") fencing = false;
    else if (part === "silence may err") silenceMayErr = true;
    else if (part === "no fence device") devices = [];
    else if (word === "devices") devices = others;
    else if (word === "no" && others[0] === "guests") shape.guests = [];
    else if (word === "guests") shape.guests = others;
    else if (others[0] === "is" && others[1] === "node") nodesInside[word ?? ""] = others[2] ?? "";
    else if (word === "dummies") shape.dummies = others;
    else if (word === "remotes") shape.remotes = others;
    else return err(`cluster: what is "${part}"?`);
  }
  return ok({ ...shape, nodesInside, fencing, devices, silenceMayErr });
}

function parts(text: string): readonly string[] {
  return text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
