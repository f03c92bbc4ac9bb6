/**
 * Asks the disk servers of this node, and over the link to another node's holdfastd those of that one. What another node
 * may ask of this one's is in a list: no more than what a person's word about a split brain needs.
 */
import type { DiskMethods } from "../../api/disk-protocol.ts";
import { type ErrorCode, errors } from "../../api/errors.ts";
import { UserError } from "../../api/user-error.ts";
import { object, parseJson, text } from "../../formats/json/json-shape.ts";
import { controlRequest } from "../../host/control/control-client.ts";
import { controlError } from "../../host/control/control-error.ts";
import { diskPaths } from "../../host/paths/run-paths.ts";
import type { PeerAgentReply, PeerAgentRequest, PeerAgents } from "../../ports/peer-agents.ts";
import type { DiskAsker } from "../resolve/disk-asker.ts";

/** What the disk servers are called among the agents that ask their likes. */
export const diskAgent = "holdfast:disk";

const allowed: readonly string[] = [
  ...["status", "secondary", "primary", "disconnect", "connect", "after-split-brain"],
  ...["changed-blocks", "undo-collect", "undo-save", "undo-seal", "undo-list", "undo-apply"],
  "undo-forget",
];

/** Saving and bringing back take as long as the disks need; a link that is lost ends the wait at once. */
const timeoutMs = 6 * 3_600_000;

const requestShape = object<{ readonly drbdResource: string; readonly params: string }>({
  drbdResource: text,
  params: text,
});

export class DiskDesk {
  readonly #self: string;
  readonly #peers: PeerAgents;
  /** Resources about which something is being done. */
  readonly #busy = new Set<string>();

  constructor(self: string, peers: PeerAgents) {
    this.#self = self;
    this.#peers = peers;
  }

  /** Both nodes' disk servers of the resource. */
  asker(drbdResource: string): DiskAsker {
    return {
      ask: async (node, method, params) => {
        const asked = params as Readonly<Record<string, unknown>>;
        const result =
          node === this.#self
            ? await askHere(drbdResource, method, asked)
            : await this.#askThere(node, drbdResource, method, asked);
        return result as DiskMethods[typeof method]["result"];
      },
    };
  }

  /** @throws UserError HF2187 while somebody else does something about the resource. */
  async once<T>(drbdResource: string, act: () => Promise<T>): Promise<T> {
    if (this.#busy.has(drbdResource))
      throw new UserError("HF2187", `${drbdResource} is being resolved, or brought back, already`);
    this.#busy.add(drbdResource);
    try {
      return await act();
    } finally {
      this.#busy.delete(drbdResource);
    }
  }

  /** Another node asks. */
  async answer({ verb, params }: PeerAgentRequest): Promise<PeerAgentReply> {
    const request = requestShape(params);
    const asked = request.ok ? parseJson(request.value.params) : request;
    if (!request.ok || !asked.ok || !allowed.includes(verb))
      return { ok: false, message: `the disk servers here are not asked for "${verb}"` };
    try {
      const { drbdResource } = request.value;
      const result = await askHere(drbdResource, verb, asked.value as Record<string, unknown>);
      return { ok: true, values: { result: JSON.stringify(result ?? null) } };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { ok: true, values: { refused: JSON.stringify(controlError(error)) } };
    }
  }

  async #askThere(
    node: string,
    drbdResource: string,
    verb: string,
    params: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    const request = {
      agent: diskAgent,
      verb,
      params: { drbdResource, params: JSON.stringify(params) },
    };
    const reply = await this.#peers.request(node, request, timeoutMs).catch((error: Error) => {
      throw new UserError("HF2189", `${node} cannot be asked: ${error.message}`, {
        remedy: `Is holdfastd running on ${node}, and the network up? holdfast status`,
      });
    });
    if (!reply.ok) throw new UserError("HF2189", `${node} does not answer: ${reply.message}`);
    const { result, refused } = reply.values;
    if (refused !== undefined) throw errorFrom(node, refused);
    const value = parseJson(result ?? "");
    if (!value.ok) throw new UserError("HF2189", `${node} answers what is not understood`);
    return value.value;
  }
}

function askHere(
  drbdResource: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const who = `the disk server of ${drbdResource}`;
  return controlRequest(diskPaths(drbdResource).controlSocket, who, method, params);
}

const errorShape = object<{
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}>({ code: text, message: text, remedy: text }, ["remedy"]);

function errorFrom(node: string, refused: string): UserError {
  const parsed = parseJson(refused);
  const error = parsed.ok ? errorShape(parsed.value) : parsed;
  if (!error.ok) return new UserError("HF2189", `${node} refuses, and says not why`);
  const { code, message, remedy } = error.value;
  const known: ErrorCode = Object.hasOwn(errors, code) ? (code as ErrorCode) : "HF2189";
  return new UserError(known, `${node}: ${message}`, remedy === undefined ? {} : { remedy });
}
