/** `cib-simulate`: what the cluster would do about a CIB, and what would come of it. */
import type { SimulatedTransition } from "../../api/cluster-protocol.ts";
import { unreachable } from "../../base/assert.ts";
import { type WallTime, wallTime } from "../../base/time.ts";
import { checkCib } from "../../core/cib/apply/apply-change.ts";
import { upgradeCib } from "../../core/cib/upgrade/upgrade-cib.ts";
import { clusterToDot } from "../../core/scheduler/graph/graph-dot.ts";
import { graphToXml } from "../../core/scheduler/graph/graph-xml.ts";
import type { Supposition } from "../../decision/transition.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { type SimulatedCib, simulateCib } from "../simulate/simulate-cib.ts";
import { asUserError } from "./cib-desk.ts";
import { flagParam, listParam, optionalText, type Params, textParam, wordParam } from "./params.ts";
import { cibSnapshot } from "./snapshot/cib-snapshot.ts";

/** @throws UserError HF4002 for what is no valid CIB, HF4607 for what cannot be supposed. */
export function simulated(given: XmlElement, params: Params, wall: WallTime): SimulatedTransition {
  const cib = flagParam(params, "asItIs") ? given : checked(given);
  const result = simulateCib(cib, {
    date: optionalText(params, "date"),
    now: Math.floor(wall / 1000),
    suppositions: listParam(params, "suppositions").map((each) => suppositionOf(each as Params)),
    failing: listParam(params, "failing").map((spec) => textParam({ spec }, "spec")),
  });
  return {
    report: result.report,
    reasons: result.reasons,
    scores: result.scores,
    utilization: result.utilization,
    ...(flagParam(params, "snapshots") && { snapshots: snapshotsOf(cib, result) }),
    graph: printXml(graphToXml(result.graph, 1)),
    dot: clusterToDot(result.cluster, { all: flagParam(params, "allActions") }),
    input: printXml(result.input),
    output: printXml(result.cib),
  };
}

function snapshotsOf(
  given: XmlElement,
  { cib, now }: SimulatedCib,
): NonNullable<SimulatedTransition["snapshots"]> {
  const at = wallTime(now * 1000);
  return { before: cibSnapshot(given, at), after: cibSnapshot(cib, at, { pending: false }) };
}

function checked(given: XmlElement): XmlElement {
  const { cib } = upgradeCib(given);
  const refusal = checkCib(cib);
  if (refusal !== undefined) throw asUserError(refusal);
  return cib;
}

const kinds = ["quorum", "watchdog", "node", "ticket", "disk", "operation"] as const;

function suppositionOf(given: Params): Supposition {
  const kind = wordParam(given, "kind", kinds);
  switch (kind) {
    case "quorum":
    case "watchdog":
      return { kind, value: textParam(given, "value") };
    case "node": {
      const event = wordParam(given, "event", ["up", "down", "fail"]);
      return { kind, event, node: textParam(given, "node") };
    }
    case "ticket": {
      const event = wordParam(given, "event", ["grant", "revoke", "standby", "activate"]);
      return { kind, event, ticket: textParam(given, "ticket") };
    }
    case "disk": {
      const ready = flagParam(given, "ready");
      return {
        kind,
        ready,
        resource: textParam(given, "resource"),
        node: textParam(given, "node"),
      };
    }
    case "operation":
      return { kind, spec: textParam(given, "spec") };
    default:
      return unreachable(kind);
  }
}
