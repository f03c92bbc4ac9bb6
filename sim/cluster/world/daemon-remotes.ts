/** The streams from a daemon to remote nodes, as a shell performs the effects of their connections. */
import type { RemoteStreamEffect } from "../../../src/core/node/effects.ts";
import type { NodeEvent } from "../../../src/core/node/events.ts";
import { DaemonConnections, type DaemonPlace } from "./daemon-connections.ts";

export class DaemonRemotes {
  readonly #connections: DaemonConnections;

  constructor(place: DaemonPlace, give: (event: NodeEvent) => void) {
    this.#connections = new DaemonConnections(place, {
      connected: (connection) => give({ kind: "remote-connected", connection }),
      bytes: (connection, bytes) => give({ kind: "remote-bytes", connection, bytes }),
      closed: (connection, why) =>
        give({ kind: "remote-closed", connection, why, isKeyWrong: false }),
    });
  }

  perform(effect: RemoteStreamEffect): void {
    const { connection } = effect;
    switch (effect.kind) {
      case "remote-dial":
        this.#connections.dial(connection, effect);
        return;
      case "remote-write":
        this.#connections.write(connection, effect.parts);
        return;
      case "remote-close":
        this.#connections.close(connection);
        return;
    }
  }
}
