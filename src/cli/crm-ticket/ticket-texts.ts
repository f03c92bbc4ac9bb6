/** Tickets in the words of Pacemaker's crm_ticket. */
import { booleanOr } from "../../formats/cib/cib-boolean.ts";
import type { TimeTexts } from "../../view/cluster/time-texts.ts";
import type { XmlText } from "../../view/cluster/xml-text.ts";
import type { Ticket } from "./tickets.ts";

export function isGranted({ state }: Ticket): boolean {
  return booleanOr(state?.["granted"], false);
}

export function ticketLine(ticket: Ticket, isDetailed: boolean, times: TimeTexts): string {
  const standby = isStandby(ticket) ? "[standby]" : "";
  const start = `${ticket.id}\t${statusOf(ticket)} ${standby.padEnd(10)}`;
  const { state } = ticket;
  if (isDetailed) return `${start}${state === undefined ? "" : detailsText(state, times)}\n`;
  const last = state?.["last-granted"];
  return `${start}${last === undefined ? "" : `last-granted='${momentText(last, times)}'`}\n`;
}

export function ticketXml(ticket: Ticket, times: TimeTexts): XmlText {
  const last = ticket.state?.["last-granted"];
  return {
    name: "ticket",
    attributes: {
      ...{ id: ticket.id, status: statusOf(ticket), standby: isStandby(ticket) },
      "last-granted": last === undefined ? undefined : momentText(last, times),
    },
  };
}

function statusOf(ticket: Ticket): string {
  return isGranted(ticket) ? "granted" : "revoked";
}

function isStandby({ state }: Ticket): boolean {
  return booleanOr(state?.["standby"], false);
}

/** What the cluster itself sets comes first. */
const first = ["granted", "standby", "last-granted"];

function detailsText(state: Readonly<Record<string, string>>, times: TimeTexts): string {
  const names = [...first, ...Object.keys(state).filter((name) => !first.includes(name))];
  const values = names.flatMap((name) => {
    const value = state[name];
    if (value === undefined) return [];
    return name === "last-granted" ? `${name}='${momentText(value, times)}'` : `${name}=${value}`;
  });
  return values.length === 0 ? "" : `(${values.join(", ")})`;
}

function momentText(seconds: string, times: TimeTexts): string {
  return times.full(Number(seconds) * 1000);
}
