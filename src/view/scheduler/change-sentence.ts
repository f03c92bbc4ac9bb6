/** What the scheduler would do with a resource next, as a sentence. */
import type { ResourceChange } from "../../decision/transition.ts";

const verbs: Readonly<Record<ResourceChange["change"], string>> = {
  start: "start",
  stop: "stop",
  move: "move",
  migrate: "migrate live",
  recover: "recover",
  restart: "restart",
  reload: "reload",
  promote: "promote",
  demote: "demote",
  "re-promote": "demote and promote again",
};

export function changeSentence(change: ResourceChange): string {
  const { from, to, reason, blocked } = change;
  const verb = verbs[change.change];
  const isMove = from !== undefined && to !== undefined && from !== to;
  const where = isMove ? ` from ${from} to ${to}` : ` on ${to ?? from ?? "no node"}`;
  const why = reason === undefined ? "" : ` (${reason})`;
  if (!blocked) return `${capital(verb)}${where}${why}.`;
  return `It should ${verb}${where}, but cannot${why}.`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
