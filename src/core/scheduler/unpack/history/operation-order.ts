/** Which of two recorded operations is newer; pending ones (call id -1) come last. */
import { parseTransitionMagic, type TransitionKey } from "../../../../formats/cib/operation-key.ts";
import { attribute, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import { listSort } from "../../values/list-sort.ts";
import { scanInteger } from "../../values/number.ts";

/** Negative if `a` is older than `b`, 0 if that cannot be told. */
export function compareOperations(a: XmlElement, b: XmlElement): number {
  return compareRecords(recordOf(a), recordOf(b));
}

/** Oldest first. */
export function sortOperations(operations: readonly XmlElement[]): readonly XmlElement[] {
  if (operations.length < 2) return operations;
  const records = operations.map(recordOf).reverse();
  return listSort(records, compareRecords).map((each) => each.xml);
}

/** What is compared of an operation. */
type Recorded = {
  readonly xml: XmlElement;
  readonly id: string | undefined;
  readonly node: string | undefined;
  readonly callId: number;
};

function recordOf(xml: XmlElement): Recorded {
  return {
    xml,
    id: attribute(xml, "id"),
    node: attribute(xml, "on_node")?.toLowerCase(),
    callId: scanInteger(attribute(xml, "call-id")) ?? -1,
  };
}

function compareRecords(a: Recorded, b: Recorded): number {
  const sameNode = a.node === b.node;
  if (sameNode && a.id === b.id) return 0;
  const { callId: callA } = a;
  const { callId: callB } = b;
  if (callA === -1 && callB === -1) return 0;
  if (sameNode && callA >= 0 && callA < callB) return -1;
  if (sameNode && callB >= 0 && callA > callB) return 1;
  if (callA >= 0 && callB >= 0 && (!sameNode || callA === callB)) return compareTimes(a.xml, b.xml);
  return compareTransitions(a.xml, b.xml, callA, callB);
}

function compareTimes(a: XmlElement, b: XmlElement): number {
  const timeA = scanInteger(attribute(a, "last-rc-change")) ?? -1;
  const timeB = scanInteger(attribute(b, "last-rc-change")) ?? -1;
  if (timeA >= 0 && timeA < timeB) return -1;
  return timeB >= 0 && timeA > timeB ? 1 : 0;
}

/** One is pending: the transitions that ordered them tell, when the same DC did. */
function compareTransitions(a: XmlElement, b: XmlElement, callA: number, callB: number): number {
  const [magicA, magicB] = [magicOf(a), magicOf(b)];
  if (magicA === undefined || magicB === undefined) return 0;
  const [idA, idB] = [magicA.transitionId, magicB.transitionId];
  if (magicA.uuid.toLowerCase() !== magicB.uuid.toLowerCase() || idA === idB) {
    if (callB === -1) return -1;
    return callA === -1 ? 1 : 0;
  }
  if ((idA >= 0 && idA < idB) || idB === -1) return -1;
  return (idB >= 0 && idA > idB) || idA === -1 ? 1 : 0;
}

function magicOf(entry: XmlElement): TransitionKey | undefined {
  const magic = attribute(entry, "transition-magic");
  return magic === undefined ? undefined : parseTransitionMagic(magic)?.key;
}

export type ActiveSpan = {
  /** Index of the operation that started what is active now; -1 if there is none. */
  readonly start: number;
  /** Index of the last successful stop; -1 if there is none. */
  readonly stop: number;
};

/** Which of the sorted operations belong to the present run of the resource. */
export function activeSpan(sorted: readonly XmlElement[]): ActiveSpan {
  let start = -1;
  let stop = -1;
  let impliedByMonitor = -1;
  let impliedByRole = -1;
  sorted.forEach((operation, index) => {
    const task = attribute(operation, "operation")?.toLowerCase();
    const rc = attribute(operation, "rc-code");
    if (task === "stop" && attribute(operation, "op-status") === "0") {
      stop = index;
    } else if (task === "start" || task === "migrate_from") {
      start = index;
    } else if (impliedByMonitor <= stop && task === "monitor") {
      if (rc === "0" || rc === "8") impliedByMonitor = index;
    } else if (task === "promote" || task === "demote") {
      impliedByRole = index;
    }
  });
  if (start === -1) start = impliedByRole !== -1 ? impliedByRole : impliedByMonitor;
  return { start, stop };
}
