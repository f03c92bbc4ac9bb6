/** Asks the cluster: holdfastd on this node, or, where CIB_file names a file, a program that works on that. */
import type { ClusterEvents, ClusterMethods } from "../../api/cluster-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { type ControlConnection, connectControl } from "../../host/control/control-client.ts";
import { daemonSocket } from "../../host/paths/daemon-paths.ts";

export type ClusterClient = {
  /** @throws UserError as the cluster refuses, or HF9002 when it does not answer. */
  ask<M extends keyof ClusterMethods>(
    method: M,
    ...params: Record<string, never> extends ClusterMethods[M]["params"]
      ? [params?: ClusterMethods[M]["params"]]
      : [params: ClusterMethods[M]["params"]]
  ): Promise<ClusterMethods[M]["result"]>;
  /** The same connection, on which everything is asked with the rights of that user (root may). */
  as(user: string): ClusterClient;
  /** Also when the connection is there already. */
  onEvent(listener: (event: keyof ClusterEvents, data: unknown) => void): void;
  /** Called once, when the daemon ends the connection; at once if it has. */
  onClose(listener: () => void): void;
  close(): void;
};

/**
 * The connection is made with the first request.
 * @param cibFile the file, where CIB_file names one.
 * @param asUser with whose rights, where CIB_user names somebody.
 */
export function clusterClient(cibFile: string | undefined, asUser?: string): ClusterClient {
  const listeners: ((event: keyof ClusterEvents, data: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let isClosed = false;
  let connection: Promise<ControlConnection> | undefined;
  const connect = async (): Promise<ControlConnection> => {
    const made = cibFile === undefined ? await connectDaemon() : await connectProgram(cibFile);
    made.onEvent((event, data) => {
      for (const listener of listeners) listener(event as keyof ClusterEvents, data);
    });
    made.onClose(() => {
      isClosed = true;
      for (const listener of closeListeners) listener();
    });
    return made;
  };
  const clientAs = (user: string | undefined): ClusterClient => ({
    ask: async (method, ...params) => {
      connection ??= connect();
      const made = await connection;
      const given = (params[0] ?? {}) as Record<string, unknown>;
      return (await made.request(
        method,
        user === undefined ? given : { ...given, as: user },
      )) as ClusterMethods[typeof method]["result"];
    },
    as: clientAs,
    onEvent: (listener) => listeners.push(listener),
    onClose: (listener) => {
      if (isClosed) listener();
      else closeListeners.push(listener);
    },
    close: () => {
      connection?.then((made) => made.close()).catch(() => undefined);
    },
  });
  return clientAs(asUser);
}

/** The exit code for "not connected" of the field's tools. */
export const exitNotConnected = 102;

/** Loaded only where it is needed: a look at the running cluster does not wait for it. */
async function connectProgram(cibFile: string): Promise<ControlConnection> {
  const { connectFile } = await import("./file-connection.ts");
  return connectFile(cibFile);
}

async function connectDaemon(): Promise<ControlConnection> {
  try {
    return await connectControl(daemonSocket(), "holdfastd");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, error.message, {
      exit: exitNotConnected,
      remedy:
        "Is holdfastd running on this host? `systemctl status holdfastd`, or start it: holdfastd. `CIB_file=FILE` works on a CIB in a file.",
      cause: error,
    });
  }
}
