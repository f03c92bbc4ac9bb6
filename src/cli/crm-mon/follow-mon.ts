/**
 * crm_mon that goes on, without a screen: the output is written anew whenever the cluster changes, and an external program
 * is told what has happened. A daemon that goes away is waited for; what happened meanwhile is told then.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { FencingRow } from "../../api/cluster-live.ts";
import { UserError } from "../../api/user-error.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { type ExternalAgent, runExternalAgent } from "./external-agent.ts";
import { fencingNews, type News, operationNews } from "./operation-news.ts";

export type Following = {
  /** Made anew after each loss of the connection. */
  readonly connect: () => ClusterClient;
  /** Looked at least so often, and so long until a lost daemon is tried again. */
  readonly intervalMs: number;
  readonly end: AbortSignal;
  /** Writes the output anew. */
  readonly write: (client: ClusterClient) => Promise<void>;
  readonly agent: ExternalAgent | undefined;
  /** The agent is told of fencing, too. */
  readonly withFencing: boolean;
  readonly complain: (sentence: string) => void;
};

type Look = { readonly status: XmlElement; readonly fencing: readonly FencingRow[] };

/** Ends when `end` says so. */
export async function followMon(following: Following): Promise<void> {
  const { connect, intervalMs, end } = following;
  const teller = new Teller(following);
  while (!end.aborted) {
    const client = connect();
    try {
      await watch(client, following, teller);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    } finally {
      client.close();
    }
    await waited(intervalMs, end);
  }
}

async function watch(
  client: ClusterClient,
  { intervalMs, end, write }: Following,
  teller: Teller,
): Promise<void> {
  let isClosed = false;
  let hasChanged = false;
  let wake = (): void => undefined;
  client.onEvent((event) => {
    if (event !== "changed") return;
    hasChanged = true;
    wake();
  });
  client.onClose(() => {
    isClosed = true;
    wake();
  });
  await client.ask("watch-status");
  while (!isClosed && !end.aborted) {
    hasChanged = false;
    await write(client);
    await teller.look(client);
    if (hasChanged || isClosed) continue;
    const awake = new AbortController();
    wake = () => awake.abort();
    await waited(intervalMs, AbortSignal.any([end, awake.signal]));
  }
}

/** The agent is told what is new since the last look; the first one only says how things are. */
class Teller {
  readonly #following: Following;
  #last: Look | undefined;

  constructor(following: Following) {
    this.#following = following;
  }

  async look(client: ClusterClient): Promise<void> {
    const { agent, withFencing, complain } = this.#following;
    if (agent === undefined) return;
    const last = this.#last;
    const now = await lookAt(client, withFencing);
    this.#last = now;
    if (last === undefined) return;
    const news: readonly News[] = [
      ...operationNews(last.status, now.status),
      ...fencingNews(last.fencing, now.fencing),
    ];
    for (const each of news) {
      const problem = await runExternalAgent(agent, each);
      if (problem !== undefined) complain(problem);
    }
  }
}

async function lookAt(client: ClusterClient, withFencing: boolean): Promise<Look> {
  const { text } = await client.ask("cib-query", { at: { section: "status" } });
  const read = parseXml(text);
  if (!read.ok) throw new UserError("HF4601", `the status section: ${read.error.message}`);
  const { live } = withFencing ? await client.ask("status") : { live: undefined };
  return { status: read.value, fencing: live?.fencing.history ?? [] };
}

async function waited(ms: number, signal: AbortSignal): Promise<void> {
  // It rejects when it is woken, which is what it is for.
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
