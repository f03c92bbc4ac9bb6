/** The meta-attributes of one operation: those of its <op>, the defaults, and what follows from its kind. */
import { parseTimeoutMs } from "../../../formats/cib/interval.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { agentTraits } from "../model/agents.ts";
import type { ClusterNode, Resource } from "../model/types.ts";
import type { RuleInput } from "../rules/evaluate-rule.ts";
import { readBlocks } from "../unpack/nvpairs.ts";
import { agentRuleInput, paramsOn } from "../unpack/resource-meta.ts";
import { parseDate } from "../values/date.ts";
import { intMax } from "../values/number.ts";
import { wholeSeconds } from "../values/seconds.ts";
import { validOnFail } from "./on-fail.ts";
import { mostFrequentMonitor } from "./operation-config.ts";

export type OperationContext = {
  readonly resource: Resource;
  readonly node: ClusterNode | undefined;
  readonly task: string;
  readonly intervalMs: number;
  readonly config: XmlElement | undefined;
};

const defaultTimeoutMs = 20_000;

export function isProbe(task: string | undefined, intervalMs: number): boolean {
  return task === "monitor" && intervalMs === 0;
}

export function operationMeta(context: OperationContext): Map<string, string> {
  const { resource, task, intervalMs, config } = context;
  const { cluster } = resource;
  const input: RuleInput = {
    ...agentRuleInput(cluster, resource.xml),
    operation: task,
    intervalMs,
  };
  const meta = new Map<string, string>();
  if (config !== undefined) {
    readBlocks(cluster, { from: config, blocks: "meta_attributes", input }, meta);
    for (const [name, value] of Object.entries(config.attributes)) meta.set(name, value);
  }
  if (isProbe(task, intervalMs) && !meta.has("timeout")) {
    const monitor = mostFrequentMonitor(resource);
    const timeout = monitor === undefined ? undefined : attribute(monitor, "timeout");
    if (timeout !== undefined) meta.set("timeout", timeout);
  }
  readBlocks(cluster, { from: cluster.opDefaults, blocks: "meta_attributes", input }, meta);
  meta.delete("id");
  if (intervalMs > 0) meta.set("interval", String(intervalMs));
  else meta.delete("interval");
  setTimeoutMs(context, meta);
  setOnFail(context, meta);
  setStartDelay(context, meta);
  return meta;
}

/** A fence device's pcmk_monitor_timeout wins for its start and probe; else the configured one, else 20 s. */
function setTimeoutMs(context: OperationContext, meta: Map<string, string>): void {
  const { resource, node, task, intervalMs } = context;
  let text = meta.get("timeout");
  const fence = agentTraits(attribute(resource.xml, "class")).fenceParams;
  if (fence && (task === "start" || isProbe(task, intervalMs))) {
    text = paramsOn(resource, node).get("pcmk_monitor_timeout") ?? text;
  }
  const ms = text === undefined ? undefined : parseTimeoutMs(text);
  const valid = ms !== undefined && ms > 0;
  meta.set("timeout", String(valid ? Math.min(ms, intMax) : defaultTimeoutMs));
}

function setOnFail(context: OperationContext, meta: Map<string, string>): void {
  const value = validOnFail(context.resource, context.task, context.config, meta.get("on-fail"));
  if (value === undefined) meta.delete("on-fail");
  else meta.set("on-fail", value);
}

/** interval-origin asks for a delay that puts the runs at whole intervals since that time. */
function setStartDelay(context: OperationContext, meta: Map<string, string>): void {
  const delay = meta.get("start-delay");
  if (delay !== undefined) {
    const ms = Math.max(0, Math.min(intMax, parseTimeoutMs(delay) ?? 0));
    meta.set("start-delay", String(ms));
    return;
  }
  const originText = meta.get("interval-origin");
  if (originText === undefined || context.intervalMs === 0) return;
  const origin = parseDate(originText, context.resource.cluster.now);
  if (origin === undefined) return;
  const interval = wholeSeconds(context.intervalMs);
  const since = (context.resource.cluster.now - origin) % interval;
  const remaining = (since <= 0 ? 0 : interval) - since;
  meta.set("start-delay", String(remaining * 1000));
}
