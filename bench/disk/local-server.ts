/** An NBD server on the local disk alone: `local-server.ts SOCKET FILE`. Prints one line when it listens. */
import type { DrbdEffect } from "../../src/core/replication/effects.ts";
import { BackingDevices } from "../../src/daemon/disk-server/backing-devices.ts";
import { MachineLoop } from "../../src/daemon/disk-server/machine-loop.ts";
import { NbdServer } from "../../src/daemon/disk-server/nbd/nbd-server.ts";
import type { VolumeService } from "../../src/daemon/disk-server/nbd/volume-service.ts";
import { Turn } from "../../src/daemon/disk-server/turn.ts";
import { FileStore } from "../../src/host/store/file-store.ts";
import { openDevice } from "../../src/host/store/open-device.ts";
import { LocalMachine } from "./local-machine.ts";

const [socketPath, file] = process.argv.slice(2);
if (socketPath === undefined || file === undefined) throw new Error("local-server.ts SOCKET FILE");
const device = openDevice(file);
if (!device.ok) throw new Error(device.error.message);
const store = new FileStore(device.value);
const turn = new Turn();
const loop = new MachineLoop(new LocalMachine(), turn, perform);
const devices = new BackingDevices(turn, (event) => loop.post(event));
devices.open(0, { data: store, meta: store });
const service: VolumeService = {
  exportNames: () => ["0"],
  findExport: () => ({
    ok: true,
    details: { name: "0", volume: 0, sizeBytes: store.sizeBytes, description: file },
  }),
  opened: () => {},
  released: () => {},
  localStore: () => store,
  submit: (request) => loop.post(request),
  allocation: (_volume, range, done) =>
    store.allocation(range.offset, range.length, (error, extents) =>
      done(error ? undefined : extents),
    ),
};
const nbd = new NbdServer({ service, turn, onClient: (what) => console.error(what) });
await nbd.listen(socketPath, 0);
console.log(`listening on ${socketPath}`);
process.on("SIGTERM", () => process.exit(0));

function perform(effect: DrbdEffect): void {
  if (effect.kind === "io-reply") nbd.onIoReply(effect);
  else if (effect.kind.startsWith("disk-"))
    devices.perform(effect as Extract<DrbdEffect, { token: number }>);
}
