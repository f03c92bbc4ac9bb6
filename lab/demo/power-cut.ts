/** A power cut, and what followed when: the measured part of the demo, and all of the failover benchmark. */
import { UserError } from "../../src/api/user-error.ts";
import { labKill, runOnHost } from "../lab.ts";
import type { LedgerSession } from "../ledger/ledger-session.ts";
import { namespaceOf } from "../machine/process-identity.ts";
import { hostOf, readLab } from "../plan/lab-state.ts";
import {
  type Failover,
  guestStartedAtMs,
  parseTimeline,
  type TimelineEvent,
} from "./failover-times.ts";
import { answerLimitMs } from "./guest-news.ts";

export type PowerCut = {
  readonly lab: string;
  readonly lost: string;
  readonly survivor: string;
  /** One that runs on the host that is lost, and its ledger's name. */
  readonly guest: string;
};

/** Done when the guest answers from the survivor. @throws UserError HF7019 when it does not. */
export async function cutPowerOf(
  { lab, lost, survivor, guest }: PowerCut,
  ledger: LedgerSession,
): Promise<{ readonly failover: Failover; readonly events: readonly TimelineEvent[] }> {
  const cutAtMs = await labKill(lab, lost);
  if (cutAtMs === undefined) throw new UserError("HF7018", `${lost} was off already`);
  const answer = await ledger.awaitNews(
    ({ guest: name, news }) => name === guest && news.kind === "answers" && news.atMs > cutAtMs,
    answerLimitMs,
  );
  const answersAtMs = answer.news.kind === "answers" ? answer.news.atMs : undefined;
  const init = hostOf(readLab(lab), survivor).init?.pid ?? 0;
  const poweredOnAtMs = guestStartedAtMs(namespaceOf(init, "pid") ?? "", guest);
  const timeline = await runOnHost(lab, survivor, ["holdfast", "timeline", "--json"]);
  const failover = { lost, survivor, guest, cutAtMs, poweredOnAtMs, answersAtMs };
  return { failover, events: parseTimeline(timeline.stdout) };
}
