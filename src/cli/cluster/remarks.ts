/** What was understood differently from how it was written: a line for each reason, on standard error. */
import type { CibRemark } from "../../api/cluster-cib.ts";

export function remarksText(command: string, remarks: readonly CibRemark[]): string {
  const byReason = new Map<string, CibRemark[]>();
  for (const remark of remarks) {
    const key = `${remark.code} ${remark.why}`;
    const same = byReason.get(key);
    if (same === undefined) byReason.set(key, [remark]);
    else same.push(remark);
  }
  return [...byReason.values()].map((same) => `${command}: note: ${reasonText(same)}\n`).join("");
}

/** One remark alone, as crm_verify lists them. */
export function remarkText(remark: CibRemark): string {
  return reasonText([remark]);
}

function reasonText(same: readonly CibRemark[]): string {
  const [first] = same;
  if (first === undefined) return "";
  const what =
    same.length === 1
      ? prefixed(`${first.element}: `, differenceText(first))
      : prefixed("", same.map((each) => differenceText(each) || each.element).join("; "));
  return `${what}${first.why} [${first.code}]`;
}

function prefixed(start: string, text: string): string {
  return text === "" ? start : `${start}${text}. `;
}

function differenceText({ from, to }: CibRemark): string {
  if (from === "" && to === "") return "";
  if (from === "") return `added ${to}`;
  if (to === "") return `left out ${from}`;
  return from === to ? from : `${from} is read as ${to}`;
}
