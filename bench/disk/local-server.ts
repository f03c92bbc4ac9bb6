/** Holdfast's disk server without replication: `local-server.ts SOCKET FILE`. Prints one line when it listens. */
import { diskLog } from "../../src/daemon/disk-server/disk-log.ts";
import { DiskServer } from "../../src/daemon/disk-server/disk-server.ts";
import { resourceConfig } from "../../test/disk/resource-config.ts";
import { StandaloneMachine } from "../../test/disk/standalone-machine.ts";

const [socketPath, file] = process.argv.slice(2);
if (socketPath === undefined || file === undefined) throw new Error("local-server.ts SOCKET FILE");
const server = new DiskServer({
  config: resourceConfig("local", { disk: file }),
  machine: new StandaloneMachine("local"),
  log: diskLog("local", (line) => process.stderr.write(line)),
});
await server.attach(0);
await server.admin.run({ name: "primary" });
await server.nbd.listen(socketPath, 0);
console.log(`listening on ${socketPath}`);
process.on("SIGTERM", () => process.exit(0));
