/** What the meta attributes of resources and operations may be. Others are allowed: agents and people have their own. */
import type { ClusterOption } from "../read/cluster-options.ts";

const boolean: ClusterOption = { type: "boolean" };
const score: ClusterOption = { type: "score" };
const integer: ClusterOption = { type: "integer" };
const duration: ClusterOption = { type: "duration" };
const oneOf = (...values: readonly string[]): ClusterOption => ({ type: "select", values });

const types: Readonly<Record<string, ClusterOption>> = {
  priority: score,
  critical: boolean,
  "is-managed": boolean,
  maintenance: boolean,
  "resource-stickiness": score,
  "migration-threshold": score,
  "failure-timeout": duration,
  "multiple-active": oneOf("block", "stop_only", "stop_start", "stop_unexpected"),
  "allow-migrate": boolean,
  "allow-unhealthy-nodes": boolean,
  requires: oneOf("nothing", "quorum", "fencing", "unfencing"),
  "clone-max": integer,
  "clone-min": integer,
  "clone-node-max": integer,
  "promoted-max": integer,
  "promoted-node-max": integer,
  "master-max": integer,
  "master-node-max": integer,
  interleave: boolean,
  ordered: boolean,
  notify: boolean,
  "globally-unique": boolean,
  promotable: boolean,
  "remote-port": integer,
  "remote-connect-timeout": duration,
  timeout: duration,
  interval: duration,
  "start-delay": duration,
  "record-pending": boolean,
};

/** Undefined where any text will do. */
export function metaType(name: string): ClusterOption | undefined {
  return Object.hasOwn(types, name) ? types[name] : undefined;
}

/** "a whole number", as the end of a sentence. */
export function meaningOf({ type, values = [] }: ClusterOption): string {
  switch (type) {
    case "boolean":
      return "true or false";
    case "score":
      return "a whole number or INFINITY";
    case "integer":
      return "a whole number";
    case "duration":
      return "a time, such as 30s";
    case "percentage":
      return "a number with %";
    case "select":
      return `one of ${values.join(", ")}`;
    case "text":
      return "a text";
  }
}
