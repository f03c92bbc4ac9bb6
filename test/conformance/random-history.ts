/** Operation histories of resources in given states. */
import { type OperationResult, opStatus } from "../../src/core/cib/status/operation-result.ts";

/** What the status section knows of a resource on a node. */
export type Activity =
  | "unknown"
  | "probed"
  | "running"
  | "stopped"
  | "failed-monitor"
  | "failed-start";

export type InstanceState = {
  readonly resource: string;
  readonly type: string;
  readonly node: string;
  readonly activity: Activity;
};

export type Histories = {
  readonly results: OperationResult[];
  /** Transient attributes by node id. */
  readonly attributes: Map<string, Record<string, string>>;
};

const transition = "00000000-0000-0000-0000-000000000001";
const recordedAt = 1_699_990_000;

export function instanceResults(instances: readonly InstanceState[]): Histories {
  const results: OperationResult[] = [];
  const attributes = new Map<string, Record<string, string>>();
  const calls = new Map<string, number>();
  for (const { resource, type, node, activity } of instances) {
    const add = (rest: Partial<OperationResult>, targetRc = 0): void => {
      const callId = (calls.get(node) ?? 0) + 1;
      calls.set(node, callId);
      results.push({
        node: { id: node, uname: node },
        resource,
        agent: { class: "ocf", provider: "pacemaker", type },
        action: "start",
        intervalMs: 0,
        rc: 0,
        opStatus: opStatus.done,
        callId,
        transitionKey: `${callId}:1:${targetRc}:${transition}`,
        lastRcChangeS: recordedAt + callId,
        parameters: {},
        ...rest,
      });
    };
    const fail = (operation: string, count: string): void => {
      const own = attributes.get(node) ?? {};
      own[`fail-count-${resource}#${operation}`] = count;
      own[`last-failure-${resource}#${operation}`] = String(recordedAt);
      attributes.set(node, own);
    };
    const monitor = (rc: number): void =>
      add({
        action: "monitor",
        intervalMs: 10_000,
        rc,
        parameters: { CRM_meta_timeout: "20000" },
      });
    switch (activity) {
      case "unknown":
        break;
      case "probed":
        add({ action: "monitor", rc: 7 }, 7);
        break;
      case "running":
        add({});
        monitor(0);
        break;
      case "stopped":
        add({ action: "stop" });
        break;
      case "failed-monitor":
        add({});
        monitor(7);
        fail("monitor_10000", "1");
        break;
      case "failed-start":
        add({ rc: 1 });
        fail("start_0", "INFINITY");
    }
  }
  return { results, attributes };
}
