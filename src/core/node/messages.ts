/**
 * What nodes tell each other over the links. A message counts only while the link over which it came is up, so the
 * sender's incarnation is known. `term` is that of the DC which speaks, or to which it is said: what belongs to
 * another DC is not acted on.
 */
import type { CibMessage } from "../cibsync/types.ts";
import type { ControllerMessage } from "../controller/world.ts";
import type { FencerMessage } from "../fencer/types.ts";
import type { ClientReply, ClientRequest } from "./client-requests.ts";
import type { PeerAgentReply, PeerAgentRequest } from "./peer-agents.ts";

export type Message =
  | ControllerMessage
  | CibMessage
  | FencerMessage
  | { readonly kind: "client-request"; readonly id: number; readonly request: ClientRequest }
  | { readonly kind: "client-reply"; readonly id: number; readonly reply: ClientReply }
  | {
      readonly kind: "peer-agent-request";
      readonly id: number;
      readonly request: PeerAgentRequest;
      readonly timeoutMs: number;
    }
  | { readonly kind: "peer-agent-reply"; readonly id: number; readonly reply: PeerAgentReply };
