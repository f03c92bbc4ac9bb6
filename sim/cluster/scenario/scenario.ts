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
 * The laws are looked at after every step of all stories. `silence may err` in the cluster line: fencing is off and a host
 * that lives seems dead; what then goes wrong is an event ("two: …"), not a failure.
 */
import { err, ok, type Result } from "../../../src/base/result.ts";

export type Scenario = {
  readonly why: string;
  readonly nodes: readonly string[];
  readonly guests: readonly string[];
  readonly dummies: readonly string[];
  readonly fencing: boolean;
  readonly silenceMayErr: boolean;
  readonly steps: readonly ScenarioLine[];
  readonly expect: readonly ScenarioLine[];
  readonly finally: readonly string[];
};

export type ScenarioLine = { readonly line: number; readonly text: string };

/** @returns the error with its line's number. */
export function parseScenario(text: string): Result<Scenario> {
  let why = "";
  let cluster: string | undefined;
  let last: string | undefined;
  let isExpecting = false;
  const steps: ScenarioLine[] = [];
  const expect: ScenarioLine[] = [];
  for (const [i, raw] of text.split("\n").entries()) {
    const line = i + 1;
    const said = raw.replace(/(^|\s)#.*$/, "").trimEnd();
    if (said.trim() === "") continue;
    if (/^\s/.test(said) && isExpecting) expect.push({ line, text: said.trim() });
    else if (/^\s/.test(said) && why !== "" && cluster === undefined) why += ` ${said.trim()}`;
    else if (said.startsWith("- ")) steps.push({ line, text: said.slice(2).trim() });
    else if (said.startsWith("why:")) why = said.slice(4).trim();
    else if (said.startsWith("cluster:")) cluster = said.slice(8).trim();
    else if (said.startsWith("finally:")) last = said.slice(8).trim();
    else if (said !== "expect:") return err(`line ${line}: what is "${said}"?`);
    isExpecting = said === "expect:" || (isExpecting && /^\s/.test(said));
  }
  if (why === "") return err("it does not say why");
  if (cluster === undefined) return err("it does not say which cluster");
  if (last === undefined) return err("it does not say how it ends (finally:)");
  const shape = parseCluster(cluster);
  if (!shape.ok) return shape;
  return ok({ why, ...shape.value, steps, expect, finally: parts(last) });
}

type Shape = Pick<Scenario, "nodes" | "guests" | "dummies" | "fencing" | "silenceMayErr">;

function parseCluster(text: string): Result<Shape> {
  const [nodes = "", ...rest] = parts(text);
  const shape = { nodes: nodes.split(/\s+/), guests: ["host1"], dummies: [] as string[] };
  let [fencing, silenceMayErr] = [false, false];
  for (const part of rest) {
    const [word, ...others] = part.split(/\s+/);
    if (part === "fencing on") fencing = true;
    else if (part === "fencing off") fencing = false;
    else if (part === "silence may err") silenceMayErr = true;
    else if (word === "guests") shape.guests = others;
    else if (word === "dummies") shape.dummies = others;
    else return err(`cluster: what is "${part}"?`);
  }
  return ok({ ...shape, fencing, silenceMayErr });
}

function parts(text: string): readonly string[] {
  return text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
