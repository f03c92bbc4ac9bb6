/**
 * Names by which operations are known in the status section: the operation key RESOURCE_ACTION_INTERVAL, the
 * transition key ACTION:TRANSITION:TARGET_RC:UUID and the transition magic STATUS:RC;KEY.
 */
import { intervalMsMax } from "./interval.ts";

export type OperationKey = {
  readonly resource: string;
  readonly action: string;
  readonly intervalMs: number;
};

export function formatOperationKey(key: OperationKey): string {
  return `${key.resource}_${key.action}_${key.intervalMs}`;
}

/** Resources and some actions have "_" in their names: the longest known action wins. */
const keyShape =
  /^(.+?)_((?:(?:confirmed-)?(?:pre|post)_notify_)?(?:migrate_to|migrate_from|[^_]+))_(\d+)$/s;

export function parseOperationKey(text: string): OperationKey | undefined {
  const parts = keyShape.exec(text);
  if (parts === null) return undefined;
  const [, resource, action, interval] = parts as unknown as [string, string, string, string];
  const intervalMs = Number(interval);
  return intervalMs > intervalMsMax ? undefined : { resource, action, intervalMs };
}

export type TransitionKey = {
  readonly actionId: number;
  readonly transitionId: number;
  /** The return code that counts as success. */
  readonly targetRc: number;
  /** Of the transition engine that asked; the same for all transitions of one DC's term. */
  readonly uuid: string;
};

export function formatTransitionKey(key: TransitionKey): string {
  return `${key.actionId}:${key.transitionId}:${key.targetRc}:${key.uuid.padEnd(36)}`;
}

/** By hand: every recorded operation has one, and a regular expression takes about twice as long. */
export function parseTransitionKey(text: string): TransitionKey | undefined {
  const actionEnd = integerEnd(text, 0);
  const transitionEnd = integerEnd(text, actionEnd + 1);
  const targetEnd = integerEnd(text, transitionEnd + 1);
  if (actionEnd < 0 || transitionEnd < 0 || targetEnd < 0) return undefined;
  const rest = text.slice(targetEnd + 1, targetEnd + 1 + uuidLengthMax);
  const blank = rest.search(/\s/);
  if (rest === "" || blank === 0) return undefined;
  return {
    actionId: Number(text.slice(0, actionEnd)),
    transitionId: Number(text.slice(actionEnd + 1, transitionEnd)),
    targetRc: Number(text.slice(transitionEnd + 1, targetEnd)),
    uuid: blank < 0 ? rest : rest.slice(0, blank),
  };
}

const uuidLengthMax = 36;

/** Where the colon after the integer stands that begins at `from`; -1 if there is no such thing. */
function integerEnd(text: string, from: number): number {
  const first = text[from] === "-" ? from + 1 : from;
  let end = first;
  while (isDigit(text.charCodeAt(end))) end++;
  return end > first && text[end] === ":" ? end : -1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export type TransitionMagic = {
  readonly opStatus: number;
  readonly rc: number;
  readonly key: TransitionKey;
};

export function parseTransitionMagic(text: string): TransitionMagic | undefined {
  const parts = /^(-?\d+):(-?\d+);(.*)$/s.exec(text);
  if (parts === null) return undefined;
  const key = parseTransitionKey(parts[3] as string);
  return key && { opStatus: Number(parts[1]), rc: Number(parts[2]), key };
}
