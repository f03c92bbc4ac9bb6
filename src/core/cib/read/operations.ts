/** The operations that are configured for a resource, with the defaults filled in. */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { intervalMsOr, parseTimeoutMs } from "../../../formats/cib/interval.ts";
import { parseRole, type Role } from "../../../formats/cib/role.ts";
import {
  attribute,
  child,
  childrenNamed,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { sectionOf } from "../sections.ts";
import { booleanOption } from "./cluster-options.ts";
import {
  addValues,
  clusterOptionValues,
  type NameValues,
  type ReadContext,
  resolved,
} from "./name-values.ts";
import { type FoundResource, withTemplate } from "./resource-lookup.ts";

export type Operation = {
  readonly id: string | undefined;
  readonly name: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly startDelayMs: number;
  readonly enabled: boolean;
  readonly recordPending: boolean;
  /** Undefined: whichever the resource runs in. */
  readonly role: Role | undefined;
  readonly onFail: string;
  /** Everything that is set: on the operation, in its meta attributes, in op_defaults. */
  readonly values: NameValues;
};

export const defaultTimeoutMs = 20_000;

/** In document order, disabled ones included; nothing that is not configured. */
export function operationsOf(context: ReadContext, resource: FoundResource): readonly Operation[] {
  const configured = child(withTemplate(context.cib, resource.element), "operations");
  const operations = configured && resolved(context, configured);
  return childrenNamed(operations ?? resource.element, "op").map((op) => operation(context, op));
}

/** The one for an action, as it will be run; with defaults only where none is configured. */
export function operationFor(
  context: ReadContext,
  resource: FoundResource,
  action: { readonly name: string; readonly intervalMs: number },
): Operation {
  const found = operationsOf(context, resource).find(
    (each) => each.name === action.name && each.intervalMs === action.intervalMs && each.enabled,
  );
  if (found !== undefined) return found;
  const values = new Map([["name", action.name]]);
  addDefaults(context, values);
  return fromValues(context, values, action.intervalMs);
}

function operation(context: ReadContext, op: XmlElement): Operation {
  // What is written on the operation itself wins, then its meta attributes, then the defaults.
  const values = new Map<string, string>(Object.entries(op.attributes));
  addValues(context, values, { parent: op, setName: "meta_attributes" });
  addDefaults(context, values);
  return fromValues(context, values, intervalMsOr(attribute(op, "interval"), 0));
}

function addDefaults(context: ReadContext, values: Map<string, string>): void {
  const defaults = sectionOf(context.cib, "op_defaults");
  if (defaults) addValues(context, values, { parent: defaults, setName: "meta_attributes" });
}

function fromValues(context: ReadContext, values: NameValues, intervalMs: number): Operation {
  const timeoutMs = parseTimeoutMs(values.get("timeout") ?? "") ?? defaultTimeoutMs;
  const name = values.get("name") ?? "";
  return {
    id: values.get("id"),
    name,
    intervalMs,
    timeoutMs: timeoutMs > 0 ? timeoutMs : defaultTimeoutMs,
    startDelayMs: parseTimeoutMs(values.get("start-delay") ?? "") ?? 0,
    enabled: booleanOr(values.get("enabled"), true),
    recordPending: booleanOr(values.get("record-pending"), true),
    role: parseRole(values.get("role") ?? ""),
    onFail: values.get("on-fail") ?? defaultOnFail(context, name),
    values,
  };
}

function defaultOnFail(context: ReadContext, name: string): string {
  if (name !== "stop") return "restart";
  // What cannot be stopped may still run: only a fenced node is sure to be rid of it.
  return booleanOption(clusterOptionValues(context), "fencing-enabled") ? "fence" : "block";
}
