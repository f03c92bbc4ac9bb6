/**
 * What is kept of transitions (core/node/kept-transitions.ts), for who asks on another node than the one that decided: the
 * texts of the files, over the link.
 */
import path from "node:path";
import type { KeptFiles } from "../../api/kept-files.ts";
import type { Files } from "../../ports/files.ts";
import type { PeerAgentReply, PeerAgentRequest, PeerAgents } from "../../ports/peer-agents.ts";

/** What it is called among the agents that ask their likes. */
export const transitionAgent = "holdfast:transitions";

const verb = "read";
const timeoutMs = 10_000;
const names = { input: "input-N.xml", outcome: "outcome-N.json", idle: "idle-N.xml" } as const;

export type TransitionDeskParts = {
  readonly peers: PeerAgents;
  readonly files: Files;
  /** Of the daemon. */
  readonly stateDirectory: string;
};

export class TransitionDesk {
  readonly #parts: TransitionDeskParts;

  constructor(parts: TransitionDeskParts) {
    this.#parts = parts;
  }

  /** Another node asks. */
  async answer(request: PeerAgentRequest): Promise<PeerAgentReply> {
    const number = request.params["number"] ?? "";
    if (request.verb !== verb || !/^\d{1,9}$/.test(number))
      return { ok: false, message: `what is kept here is not asked for "${request.verb}"` };
    return { ok: true, values: await this.#read(number) };
  }

  /**
   * @param nodes others, all asked at once.
   * @returns of the first that keeps it, in that order; and who could not be asked.
   */
  async find(
    nodes: readonly string[],
    number: number,
  ): Promise<{ readonly found: KeptFiles | undefined; readonly unasked: readonly string[] }> {
    const request = { agent: transitionAgent, verb, params: { number: String(number) } };
    const answers = await Promise.all(
      nodes.map(async (node) => {
        const reply = await this.#parts.peers
          .request(node, request, timeoutMs)
          // A node that is away, or runs an older version.
          .catch((): PeerAgentReply => ({ ok: false, message: "" }));
        return { node, reply };
      }),
    );
    const unasked = answers.filter(({ reply }) => !reply.ok).map(({ node }) => node);
    for (const { node, reply } of answers) {
      const { input, outcome, idle } = reply.ok ? reply.values : {};
      if (input === undefined) continue;
      const others = {
        ...(outcome !== undefined && { outcome }),
        ...(idle !== undefined && { idle }),
      };
      return { found: { node, input, ...others }, unasked };
    }
    return { found: undefined, unasked };
  }

  async #read(number: string): Promise<Readonly<Record<string, string>>> {
    const { files, stateDirectory } = this.#parts;
    const texts: Record<string, string> = {};
    for (const [what, name] of Object.entries(names)) {
      const file = path.join(stateDirectory, "transitions", name.replace("N", number));
      const text = await files.read(file);
      if (text !== undefined) texts[what] = text;
    }
    return texts;
  }
}
