/** What has happened between two looks at the cluster: the results that crm_mon tells an external program. */
import type { FencingRow } from "../../api/cluster-live.ts";
import { parseOperationKey, parseTransitionMagic } from "../../formats/cib/operation-key.ts";
import {
  attribute,
  childrenNamed,
  descendants,
  type XmlElement,
} from "../../formats/xml/xml-element.ts";
import { executionText } from "../../view/cluster/execution-text.ts";
import { exitText } from "../../view/scheduler/exit-text.ts";

export type News = {
  /** Undefined for a node's fencing. */
  readonly resource: string | undefined;
  readonly node: string;
  readonly task: string;
  readonly rc: number;
  readonly targetRc: number;
  /** As op-status counts. */
  readonly status: number;
  readonly description: string;
};

const done = 0;
const pending = -1;
const notRunning = 7;

/** @param before, after status sections. */
export function operationNews(before: XmlElement, after: XmlElement): readonly News[] {
  const known = new Set([...recorded(before)].map(({ identity }) => identity));
  const news: News[] = [];
  for (const { identity, node, record } of recorded(after)) {
    // A failure is recorded twice.
    if (known.has(identity)) continue;
    known.add(identity);
    const told = newsOf(node, record);
    if (told !== undefined) news.push(told);
  }
  return news;
}

/** What has ended meanwhile. */
export function fencingNews(
  before: readonly FencingRow[],
  after: readonly FencingRow[],
): readonly News[] {
  const known = new Set(before.filter(({ endedMs }) => endedMs !== undefined).map(fencingKey));
  return after
    .filter((row) => row.endedMs !== undefined && !known.has(fencingKey(row)))
    .map(({ target, action, origin, device, state, why }): News => {
      const by = device === undefined ? "" : ` by ${device}`;
      const reason = why === undefined || why === "" ? "" : ` (${why})`;
      return {
        ...{ resource: undefined, node: target, task: "st_notify_fence" },
        ...{ rc: state === "done" ? 0 : 1, targetRc: 0, status: done },
        description: `Operation ${action} of ${target}${by} for ${origin}: ${state}${reason}`,
      };
    });
}

function fencingKey({ target, action, beganMs }: FencingRow): string {
  return `${target} ${action} ${beganMs}`;
}

type Recorded = {
  /** Of the operation and its result. */
  readonly identity: string;
  readonly node: string;
  readonly record: XmlElement;
};

function* recorded(status: XmlElement): Generator<Recorded> {
  for (const state of childrenNamed(status, "node_state")) {
    const node = attribute(state, "uname") ?? attribute(state, "id") ?? "";
    for (const record of descendants(state)) {
      if (record.name !== "lrm_rsc_op") continue;
      const parts = ["operation_key", "call-id", "transition-magic"].map((name) =>
        attribute(record, name),
      );
      yield { identity: [node, ...parts].join(" "), node, record };
    }
  }
}

/** Undefined for what nobody is told: what is under way, and that something does not run where it should not. */
function newsOf(node: string, record: XmlElement): News | undefined {
  const magic = parseTransitionMagic(attribute(record, "transition-magic") ?? "");
  const key = parseOperationKey(
    attribute(record, "operation_key") ?? attribute(record, "id") ?? "",
  );
  if (magic === undefined || key === undefined || magic.opStatus === pending) return undefined;
  const { rc, opStatus: status } = magic;
  const { targetRc } = magic.key;
  const isExpected = status === done && rc === targetRc;
  if (isExpected && rc === notRunning) return undefined;
  const { resource, action: task } = key;
  const on = attribute(record, "on_node") ?? node;
  const failure = status === done ? exitText(rc) : executionText(status);
  const description = isExpected ? "OK" : failure;
  return { resource, node: on, task, rc, targetRc, status, description };
}
