/** What pacemaker_remoted says to a cluster node: replies to requests, and what has happened there since. */
import { attribute, type XmlElement } from "../xml/xml-element.ts";

export type RemoteMessage =
  | RemoteReply
  | OperationEnded
  /** Another cluster node has connected to the same daemon. */
  | { readonly kind: "new-client" }
  /** Somebody stops the daemon. It goes on until its resources are stopped. */
  | { readonly kind: "shutdown-wanted" }
  /** A program there wants to talk to a daemon of the cluster. */
  | { readonly kind: "new-session"; readonly session: string; readonly server: string }
  /** Nothing that is acted upon. */
  | { readonly kind: "other" };

export type RemoteReply = {
  readonly kind: "reply";
  /** Of the request. */
  readonly id: number;
  /** Negative: an errno. */
  readonly rc: number;
};

export type OperationEnded = {
  readonly kind: "operation-ended";
  readonly mark: string;
  /** OCF's return code. */
  readonly rc: number;
  /** As Pacemaker records it. */
  readonly opStatus: number;
  /** Counts the operations of this daemon. */
  readonly callId: number;
  /** One sentence, or empty. */
  readonly reason: string;
};

export function readRemoteMessage(message: XmlElement): RemoteMessage {
  switch (attribute(message, "lrmd_remote_msg_type")) {
    case "reply":
      return readReply(message);
    case "notify":
      return message.name === "lrmd_ipc_proxy" ? readProxy(message) : readNotify(message);
    default:
      return { kind: "other" };
  }
}

function readReply(message: XmlElement): RemoteMessage {
  const id = whole(message, "lrmd_remote_msg_id");
  if (id === undefined) return { kind: "other" };
  // A request that the daemon does not know is acknowledged without a result.
  return { kind: "reply", id, rc: whole(message, "lrmd_rc") ?? unknownRequest };
}

function readNotify(message: XmlElement): RemoteMessage {
  switch (attribute(message, "lrmd_op")) {
    case "lrmd_rsc_new_client":
      return { kind: "new-client" };
    case "lrmd_rsc_exec": {
      const mark = attribute(message, "lrmd_rsc_userdata_str");
      const rc = whole(message, "lrmd_exec_rc");
      const opStatus = whole(message, "lrmd_exec_op_status");
      const callId = whole(message, "lrmd_callid");
      if (mark === undefined || rc === undefined) break;
      if (opStatus === undefined || callId === undefined) break;
      const reason = attribute(message, "lrmd_rsc_exit_reason") ?? "";
      return { kind: "operation-ended", mark, rc, opStatus, callId, reason };
    }
    default:
  }
  return { kind: "other" };
}

function readProxy(message: XmlElement): RemoteMessage {
  const session = attribute(message, "lrmd_ipc_session");
  switch (attribute(message, "lrmd_ipc_op")) {
    case "shutdown_req":
      return { kind: "shutdown-wanted" };
    case "new":
      if (session === undefined) break;
      return { kind: "new-session", session, server: attribute(message, "lrmd_ipc_server") ?? "" };
    default:
  }
  return { kind: "other" };
}

/** EPROTO */
const unknownRequest = -71;

function whole(message: XmlElement, name: string): number | undefined {
  const text = attribute(message, name);
  return text !== undefined && /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
}
