import type { AskWhy } from "../../sim/cluster/scenario/story.ts";
import { liveWhy } from "../../src/daemon/holdfastd/live-why.ts";

/** What `holdfast why` answers to the people of a story, of everything: the daemon's own page. */
export const askWhy: AskWhy = (cib, status, now) =>
  liveWhy(cib, status, { now, question: { resource: undefined, node: undefined } });
