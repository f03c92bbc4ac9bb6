/** forward-to-guest.ts SOCKET PROGRAM WORD…: the program's output and exit status, from the guest (guest-programs.ts). */
import net from "node:net";
import { createInterface } from "node:readline";

const [socketPath = "", ...words] = process.argv.slice(2);
const socket = net.connect(socketPath);
socket.write(`${JSON.stringify(words)}\n`);
const lines = createInterface({ input: socket });
lines.on("line", (line) => {
  const { status, output } = JSON.parse(line) as { status?: number; output: string };
  (status === undefined || status === 0 ? process.stdout : process.stderr).write(output);
  if (status !== undefined) process.exitCode = status;
});
for (const source of [socket, lines]) {
  source.on("error", () => {
    process.exitCode = 20;
  });
}
