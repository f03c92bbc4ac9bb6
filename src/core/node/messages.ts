/**
 * What nodes tell each other over the links. A message counts only while the link over which it came is up, so the
 * sender's incarnation is known. `term` is that of the DC which speaks, or to which it is said: what belongs to
 * another DC is not acted on.
 */

import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { CibMessage, LineageEntry } from "../cibsync/types.ts";
import type { ReadinessTable, Standing } from "../controller/types.ts";
import type { OperationName, OperationReport, Order } from "../executor/types.ts";
import type { Evidence } from "../fencer/types.ts";
import type { ClientReply, ClientRequest } from "./client-requests.ts";
import type { PeerAgentReply, PeerAgentRequest } from "./peer-agents.ts";

export type Message =
  | JoinMessage
  | CibMessage
  | FetchMessage
  | WorkMessage
  | { readonly kind: "evidence"; readonly evidence: readonly Evidence[] }
  | { readonly kind: "client-request"; readonly id: number; readonly request: ClientRequest }
  | { readonly kind: "client-reply"; readonly id: number; readonly reply: ClientReply }
  | {
      readonly kind: "peer-agent-request";
      readonly id: number;
      readonly request: PeerAgentRequest;
      readonly timeoutMs: number;
    }
  | { readonly kind: "peer-agent-reply"; readonly id: number; readonly reply: PeerAgentReply }
  /** The peer's answer to this loss's request, by its number, after it wrote Outdated to its metadata. */
  | { readonly kind: "outdate"; readonly id: number; readonly drbdResource: string }
  | {
      readonly kind: "outdated";
      readonly id: number;
      readonly ok: boolean;
      readonly message: string;
    };

export type JoinMessage =
  /** From a DC to a member: join me. */
  | { readonly kind: "offer"; readonly term: number; readonly standing: Standing }
  /** The answer of a member that obeys another DC. */
  | { readonly kind: "refusal"; readonly term: number; readonly standing: Standing }
  /** The answer of a member that obeys: all that it knows of itself. */
  | {
      readonly kind: "join";
      readonly term: number;
      readonly standing: Standing;
      readonly configurationDigest: string;
      /** The last operation of every kind for each resource, those under way, and recurring ones. */
      readonly history: readonly OperationReport[];
      readonly readiness: ReadinessTable;
      readonly evidence: readonly Evidence[];
    };

export type FetchMessage =
  /** From the DC to a joiner whose configuration is newer, or who knows the status better. */
  | { readonly kind: "want-cib"; readonly term: number }
  | {
      readonly kind: "own-cib";
      readonly term: number;
      readonly cib: XmlElement;
      readonly lineage: readonly LineageEntry[];
    };

export type WorkMessage =
  | { readonly kind: "order"; readonly term: number; readonly order: Order }
  | {
      readonly kind: "cancel";
      readonly term: number;
      readonly operation: OperationName;
      readonly transitionKey: string;
    }
  | { readonly kind: "forget"; readonly term: number; readonly resource: string }
  | { readonly kind: "report"; readonly term: number; readonly report: OperationReport }
  | { readonly kind: "readiness"; readonly term: number; readonly readiness: ReadinessTable }
  /** A follower wants to leave: its resources are to be moved away. */
  | { readonly kind: "leave-request"; readonly term: number }
  /** Nothing runs there any more: it may leave. */
  | { readonly kind: "leave-granted"; readonly term: number };
