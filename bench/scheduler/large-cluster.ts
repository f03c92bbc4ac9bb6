/** A large cluster of guests that may migrate, some of them tied to each other, in one of the states that matter. */
import { statusSection } from "../../src/core/cib/status/history.ts";
import { type OperationResult, opStatus } from "../../src/core/cib/status/operation-result.ts";
import { element, type XmlElement } from "../../src/formats/xml/xml-element.ts";

export const states = ["settled", "node lost", "new"] as const;
export type LargeState = (typeof states)[number];

const agent = { class: "ocf", provider: "heartbeat", type: "Xen" } as const;
const recordedAt = 1_699_990_000;
const uuid = "00000000-0000-0000-0000-000000000001";

export function largeCluster(nodes: number, guests: number, state: LargeState): XmlElement {
  const configuration = element("configuration", {}, [
    element("crm_config", {}, [
      element("cluster_property_set", { id: "options" }, [
        pair("options", "fencing-enabled", "true"),
      ]),
    ]),
    element(
      "nodes",
      {},
      count(nodes, (i) => element("node", { id: `n${i}`, uname: `n${i}` })),
    ),
    element("resources", {}, [...count(guests, guest), fenceDevice]),
    element(
      "constraints",
      {},
      count(Math.floor(guests / 4), (i) => constraints(i * 4, nodes)).flat(),
    ),
    element("rsc_defaults", {}, [
      element("meta_attributes", { id: "defaults" }, [
        pair("defaults", "resource-stickiness", "200"),
      ]),
    ]),
  ]);
  const attributes = {
    "validate-with": "pacemaker-4.0",
    crm_feature_set: "3.20.0",
    admin_epoch: "0",
    epoch: "1",
    num_updates: "0",
    "have-quorum": "1",
    "dc-uuid": "n0",
  };
  return element("cib", attributes, [configuration, status(nodes, guests, state)]);
}

const fenceDevice = element("primitive", { id: "fencing", class: "stonith", type: "fence_dummy" });

function guest(index: number): XmlElement {
  const id = `guest${index}`;
  return element("primitive", { id, ...agent }, [
    element("instance_attributes", { id: `${id}-own` }, [pair(id, "xmfile", `/etc/xen/${id}.dom`)]),
    element("meta_attributes", { id: `${id}-meta` }, [pair(`${id}-meta`, "allow-migrate", "true")]),
    element("operations", {}, [
      element("op", { id: `${id}-monitor`, name: "monitor", interval: "10s", timeout: "20s" }),
    ]),
  ]);
}

/** Of four guests one prefers a node, one keeps apart from it, and one starts after it. */
function constraints(from: number, nodes: number): XmlElement[] {
  const [a, b, c] = [`guest${from}`, `guest${from + 1}`, `guest${from + 2}`];
  const ends = Object.fromEntries([["first", a] as const, ["then", c] as const]);
  return [
    element("rsc_location", { id: `l${from}`, rsc: a, node: `n${from % nodes}`, score: "100" }),
    element("rsc_colocation", { id: `c${from}`, rsc: b, "with-rsc": a, score: "-100" }),
    element("rsc_order", { id: `o${from}`, ...ends, kind: "Optional" }),
  ];
}

function status(nodes: number, guests: number, state: LargeState): XmlElement {
  const results: OperationResult[] = [];
  for (let node = 0; node < nodes && state !== "new"; node++) {
    let callId = 0;
    const add = (resource: string, rest: Partial<OperationResult>): void => {
      callId++;
      const expected = rest.rc ?? 0;
      results.push({
        node: { id: `n${node}`, uname: `n${node}` },
        resource,
        agent: resource === "fencing" ? { class: "stonith", type: "fence_dummy" } : agent,
        action: "monitor",
        intervalMs: 0,
        rc: 0,
        opStatus: opStatus.done,
        callId,
        transitionKey: `${callId}:1:${expected}:${uuid}`,
        lastRcChangeS: recordedAt,
        parameters: resource === "fencing" ? {} : { xmfile: `/etc/xen/${resource}.dom` },
        ...rest,
      });
    };
    for (let i = 0; i < guests; i++) {
      const id = `guest${i}`;
      if (i % nodes !== node) {
        add(id, { rc: 7 });
        continue;
      }
      add(id, { action: "start" });
      const timeout = Object.fromEntries([["CRM_meta_timeout", "20000"]]);
      add(id, { intervalMs: 10_000, parameters: { xmfile: `/etc/xen/${id}.dom`, ...timeout } });
    }
    if (node === 0) add("fencing", { action: "start" });
    else add("fencing", { rc: 7 });
  }
  return statusSection({ nodes: count(nodes, (i) => nodeState(i, nodes, state)), results });
}

function nodeState(
  index: number,
  nodes: number,
  state: LargeState,
): Parameters<typeof statusSection>[0]["nodes"][number] {
  const there = !(state === "node lost" && index === nodes - 1);
  return {
    id: `n${index}`,
    uname: `n${index}`,
    inCluster: there,
    controllerOnline: there,
    join: there ? "member" : "down",
    expected: "member",
  };
}

function count<T>(times: number, make: (index: number) => T): T[] {
  return Array.from({ length: times }, (_, index) => make(index));
}

function pair(prefix: string, name: string, value: string): XmlElement {
  return element("nvpair", { id: `${prefix}-${name}`, name, value });
}
