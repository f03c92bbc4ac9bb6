/**
 * What a cluster node says to pacemaker_remoted: requests of the executor's protocol, version 1.1. Each has a number,
 * which its reply names. What the daemon does by itself (operations that recur, alerts) is not asked of it.
 */
import { unreachable } from "../../base/assert.ts";
import { element, type XmlAttributes, type XmlElement } from "../xml/xml-element.ts";

/** The lowest that has all that is asked here: with 1.2 the daemon would want to be sent schemas. */
export const remoteProtocolVersion = "1.1";

export type RemoteRequest =
  /** Before all others. @property client how the daemon's log calls us. */
  | { readonly kind: "register"; readonly client: string }
  | { readonly kind: "poke" }
  | { readonly kind: "describe-resource"; readonly resource: string; readonly agent: RemoteAgent }
  | RemoteOperation
  /** The daemon wants to end, and may once its resources are stopped; answers `shutdown-wanted`. */
  | { readonly kind: "shutdown-accepted" }
  /** A program there that wants to talk to a daemon of the cluster is sent away. */
  | { readonly kind: "end-session"; readonly session: string };

export type RemoteAgent = {
  readonly class: string;
  readonly provider?: string;
  readonly type: string;
};

/** Run an agent once; answered by a reply, and by `operation-ended` when it has ended. */
export type RemoteOperation = {
  readonly kind: "operation";
  readonly resource: string;
  readonly action: string;
  /** Comes back with the result. */
  readonly mark: string;
  readonly timeoutMs: number;
  /** Parameters, and meta-attributes as CRM_meta_*. */
  readonly attributes: Readonly<Record<string, string>>;
};

/** Of the request's options: the result is for us only. */
const notifyOriginOnly = "2";

export function remoteRequest(request: RemoteRequest, id: number): XmlElement {
  switch (request.kind) {
    case "register":
      return command(id, "register", {
        lrmd_clientname: request.client,
        lrmd_protocol_version: remoteProtocolVersion,
        // Or the daemon would end without asking when it is stopped.
        lrmd_is_ipc_provider: "true",
      });
    case "poke":
      return command(id, "lrmd_rsc_poke", {}, element("lrmd_rsc"));
    case "describe-resource": {
      const { class: agentClass, provider, type } = request.agent;
      const resource = element("lrmd_rsc", {
        lrmd_rsc_id: request.resource,
        lrmd_class: agentClass,
        ...(provider !== undefined && { lrmd_provider: provider }),
        lrmd_type: type,
      });
      return command(id, "lrmd_rsc_register", {}, resource);
    }
    case "operation":
      return operation(request, id);
    case "shutdown-accepted":
      return forwarded(id, { lrmd_ipc_op: "shutdown_ack" });
    case "end-session":
      return forwarded(id, { lrmd_ipc_op: "destroy", lrmd_ipc_session: request.session });
    default:
      return unreachable(request);
  }
}

function operation(request: RemoteOperation, id: number): XmlElement {
  const timeout = String(request.timeoutMs);
  const resource = element(
    "lrmd_rsc",
    {
      lrmd_rsc_id: request.resource,
      lrmd_rsc_action: request.action,
      lrmd_rsc_userdata_str: request.mark,
      lrmd_rsc_interval: "0",
      lrmd_timeout: timeout,
      lrmd_rsc_start_delay: "0",
    },
    [attributesElement(request.attributes)],
  );
  const options = { lrmd_timeout: timeout, lrmd_callopt: notifyOriginOnly };
  return command(id, "lrmd_rsc_exec", options, resource);
}

/** What can be no attribute of XML by its name stands in an element of its own. */
function attributesElement(attributes: Readonly<Record<string, string>>): XmlElement {
  const plain: Record<string, string> = {};
  const others: XmlElement[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name) && name !== "__proto__") plain[name] = value;
    else others.push(element("param", { name, value }));
  }
  return element("attributes", plain, others);
}

function command(
  id: number,
  operationName: string,
  attributes: XmlAttributes,
  data?: XmlElement,
): XmlElement {
  const all = {
    t: "lrmd",
    lrmd_op: operationName,
    ...attributes,
    lrmd_remote_msg_id: String(id),
    lrmd_remote_msg_type: "request",
  };
  return element(
    "lrmd_command",
    all,
    data === undefined ? [] : [element("lrmd_calldata", {}, [data])],
  );
}

function forwarded(id: number, attributes: XmlAttributes): XmlElement {
  return element("lrmd_ipc_proxy", {
    lrmd_op: "ipc_fwd",
    ...attributes,
    lrmd_remote_msg_id: String(id),
    lrmd_remote_msg_type: "request",
  });
}
