/** Rules of a CIB, looked at by themselves. */
import type { CheckedRule, CibMethods } from "../../api/cluster-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { ruleEffect } from "../../core/scheduler/rules/rule-effect.ts";
import { parseDate } from "../../core/scheduler/values/date.ts";
import { attribute, descendants } from "../../formats/xml/xml-element.ts";
import type { ControlMethod } from "../../host/control/control-server.ts";
import type { CibDesk } from "./cib-desk.ts";
import { optionalText, type Params, textParam } from "./params.ts";
import { parsed } from "./parsed.ts";

export function ruleMethods(
  desk: CibDesk,
): Pick<Readonly<Record<keyof CibMethods, ControlMethod>>, "check-rule"> {
  return { "check-rule": (params) => checkedRule(desk, params) };
}

function checkedRule(desk: CibDesk, params: Params): CheckedRule {
  const id = textParam(params, "rule");
  const given = optionalText(params, "xml");
  const cib = given === undefined ? desk.cib() : parsed(given, textParam(params, "source"));
  const rule = [cib, ...descendants(cib)].find(
    (each) => each.name === "rule" && attribute(each, "id") === id,
  );
  if (rule === undefined) return { effect: "missing" };
  const effect = ruleEffect(rule, momentOf(desk, optionalText(params, "date")));
  if ("place" in effect) return { effect: effect.place, recurs: effect.recurs };
  return { effect: effect.isInvalid ? "invalid" : "unclear", why: effect.unclear };
}

function momentOf(desk: CibDesk, date: string | undefined): number {
  const now = Math.floor(desk.wallNow() / 1000);
  if (date === undefined) return now;
  const moment = parseDate(date, now);
  if (moment !== undefined) return moment;
  throw new UserError("HF4612", `"${date}" is no date`, {
    exit: 65,
    remedy: 'Write it as ISO 8601 has it, such as "2026-11-22 18:00:00Z".',
  });
}
