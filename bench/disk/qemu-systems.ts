/**
 * What Holdfast is compared with: qemu-nbd alone, and QEMU's synchronous mirror into a second process, over TCP as it
 * would be to another host.
 */
import type { ChildProcess } from "node:child_process";
import net from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import type { BenchSystem } from "./bench-system.ts";
import { begin, endOf, waitForSocket } from "./processes.ts";

const firstPort = 17750;

export function plainQemuNbd(directory: string, file: string): BenchSystem {
  const socketPath = path.join(directory, "plain.sock");
  let server: ChildProcess;
  return {
    name: "qemu-nbd, no replication",
    async start() {
      server = exportFile(file, socketPath);
      await waitForSocket(socketPath, server);
      return { socketPath, exportName: "0" };
    },
    pids: () => [server.pid ?? 0],
    stop: () => endOf(server),
  };
}

/** @param number tells it from others that run at the same time. */
export function qemuMirror(
  directory: string,
  files: { readonly source: string; readonly target: string },
  number: number = 0,
): BenchSystem {
  const socketPath = path.join(directory, `mirror${number}.sock`);
  const qmpSocket = path.join(directory, `mirror${number}.qmp`);
  const targetPort = firstPort + number;
  let target: ChildProcess;
  let source: ChildProcess;
  return {
    name: "QEMU mirror, write-blocking",
    async start() {
      target = exportFile(files.target, targetPort);
      await waitForSocket({ host: "127.0.0.1", port: targetPort }, target);
      source = begin("qemu-storage-daemon", [
        ...["--blockdev", `driver=file,filename=${files.source},node-name=source-file`],
        ...["--blockdev", "driver=raw,file=source-file,node-name=source"],
        "--blockdev",
        `driver=nbd,server.type=inet,server.host=127.0.0.1,server.port=${targetPort},export=0,node-name=target`,
        ...["--nbd-server", `addr.type=unix,addr.path=${socketPath}`],
        ...["--export", "type=nbd,id=export,node-name=source,name=0,writable=on"],
        ...["--chardev", `socket,path=${qmpSocket},server=on,wait=off,id=qmp`],
        ...["--monitor", "chardev=qmp"],
      ]);
      await waitForSocket(qmpSocket, source);
      await startMirror(qmpSocket);
      return { socketPath, exportName: "0" };
    },
    pids: () => [source.pid ?? 0, target.pid ?? 0],
    async stop() {
      await endOf(source);
      await endOf(target);
    },
  };
}

/** @param where a unix socket's path, or a port on the loopback address. */
export function exportFile(file: string, where: string | number): ChildProcess {
  const listen =
    typeof where === "string" ? ["-k", where] : ["-b", "127.0.0.1", "-p", String(where)];
  const options = ["-f", "raw", "-x", "0", "-t", "-e", "8", "--discard=unmap"];
  return begin("qemu-nbd", [...options, ...listen, file]);
}

/** Resolves when the mirror has copied everything and is synchronous. */
async function startMirror(qmpSocket: string): Promise<void> {
  const socket = net.connect(qmpSocket);
  const lines = createInterface({ input: socket });
  const command = (execute: string, args: object = {}): void => {
    socket.write(`${JSON.stringify({ execute, arguments: args })}\n`);
  };
  command("qmp_capabilities");
  command("blockdev-mirror", {
    "job-id": "mirror",
    device: "source",
    target: "target",
    sync: "full",
    "copy-mode": "write-blocking",
  });
  for await (const line of lines) {
    const message = JSON.parse(line) as { event?: string; error?: { desc: string } };
    if (message.error) throw new Error(`blockdev-mirror: ${message.error.desc}`);
    if (message.event === "BLOCK_JOB_READY") break;
  }
  socket.destroy();
}
