/** crm_verify: what is wrong in a CIB, what will not do what it says, and what will surprise. */
import type { CibFinding, CibVerdict } from "../../api/cluster-cib.ts";
import type { WallTime } from "../../base/time.ts";
import { checkCib } from "../../core/cib/apply/apply-change.ts";
import { doubtfulValues } from "../../core/cib/doubts/doubtful-values.ts";
import { orderCircles } from "../../core/cib/doubts/order-circles.ts";
import type { SchemaFinding } from "../../core/cib/schema/finding.ts";
import { surprises } from "../../core/cib/upgrade/surprises.ts";
import { upgradeCib } from "../../core/cib/upgrade/upgrade-cib.ts";
import { plan } from "../../core/scheduler/plan.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";

export function verifyCib(given: XmlElement, now: WallTime, source?: string): CibVerdict {
  const { cib, notices } = upgradeCib(given);
  const refusal = checkCib(cib);
  const placed =
    (severity: CibFinding["severity"]) =>
    ({ line, element, reason }: SchemaFinding): CibFinding => {
      const place = line === undefined ? element : `line ${line}: ${element}`;
      const where = source === undefined ? place : `${source}, ${place}`;
      return { severity, where, message: reason };
    };
  if (refusal !== undefined) {
    const findings = (refusal.findings ?? []).map(placed("error"));
    const whole: CibFinding = { severity: "error", where: source ?? "", message: refusal.message };
    return { findings: findings.length > 0 ? findings : [whole], remarks: notices };
  }
  const { cluster } = plan({ cib, now: Math.floor(now / 1000), sanitized: true });
  const doubts = [...doubtfulValues(cib), ...orderCircles(cib)].map(placed("warning"));
  const issues = cluster.issues.map(
    ({ severity, message }): CibFinding => ({ severity, where: "", message }),
  );
  return { findings: [...doubts, ...issues], remarks: [...notices, ...surprises(cib)] };
}
