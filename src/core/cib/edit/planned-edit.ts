/** What a command's request comes to: a change of the CIB, and what the person should be told. */
import { err, ok, type Result } from "../../../base/result.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import type { CibNotice } from "../notice.ts";
import { nodeNamed, nodesOf } from "../read/nodes.ts";
import { remoteNodesOf } from "../read/remote-nodes.ts";
import { type FoundResource, findResource, resourcesOf } from "../read/resource-lookup.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import type { StatusNode } from "../status/operation-result.ts";

export type PlannedEdit = {
  readonly change: CibChange;
  readonly notices: readonly CibNotice[];
};

/** All or nothing. */
export function inOrder(changes: readonly CibChange[]): CibChange {
  const [first] = changes;
  return changes.length === 1 && first !== undefined ? first : { kind: "sequence", changes };
}

export function knownResource(cib: XmlElement, id: string): Result<FoundResource, CibRefusal> {
  const found = findResource(cib, id);
  if (found !== undefined) return ok(found);
  const names = resourcesOf(cib).map((each) => each.element.attributes["id"]);
  return err(
    refusal("HF4008", `There is no resource "${id}".`, {
      remedy: choice("The resources are", names),
    }),
  );
}

export function knownNode(cib: XmlElement, name: string): Result<StatusNode, CibRefusal> {
  const remotes = remoteNodesOf(cib);
  const found = nodeNamed(cib, name) ?? remotes.find((node) => node.uname === name);
  if (found !== undefined) return ok(found);
  const names = [...new Set([...nodesOf(cib), ...remotes].map((node) => node.uname))];
  return err(
    refusal("HF4009", `There is no node "${name}".`, { remedy: choice("The nodes are", names) }),
  );
}

/** More names than these are not listed. */
const namesMax = 10;

function choice(start: string, names: readonly (string | undefined)[]): string {
  if (names.length === 0) return "None is configured.";
  const shown = names.slice(0, namesMax).join(", ");
  return `${start} ${shown}${names.length > namesMax ? " …" : ""}.`;
}
