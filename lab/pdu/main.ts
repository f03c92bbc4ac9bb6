/**
 * The lab's power switch: off is a power cut of the host, on boots it. It stands outside the hosts and answers
 * whatever state they are in. Its only argument is the lab's name; it prints one line when it listens.
 */
import net from "node:net";
import { UserError } from "../../src/api/user-error.ts";
import { powerOf } from "../host/power.ts";
import { labBoot, labKill } from "../lab.ts";
import { lan } from "../plan/lab-names.ts";
import { hostOf, readLab } from "../plan/lab-state.ts";
import { type PduRequest, parsePduRequest, pduLineBytesMax } from "./pdu-protocol.ts";

const lab = process.argv[2] ?? "";

// A client may end its side as soon as it has asked: the answer still goes out.
const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  let buffered = "";
  // Orders of one connection are obeyed in their order.
  let last: Promise<void> = Promise.resolve();
  socket.setEncoding("utf8");
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("end", () => {
    last = last.then(() => {
      socket.end();
    });
  });
  socket.on("data", (chunk: string) => {
    buffered += chunk;
    const lines = buffered.split("\n");
    buffered = lines.pop() ?? "";
    if (buffered.length > pduLineBytesMax) socket.destroy();
    for (const line of lines) {
      last = last.then(async () => {
        const reply = await answer(line);
        if (!socket.destroyed) socket.write(`${reply}\n`);
      });
    }
  });
});
server.listen(lan.pduPort, lan.pduAddress, () => process.stdout.write("listening\n"));
// Nobody reads the line's end of the pipe any more.
process.stdout.on("error", () => {});

async function answer(line: string): Promise<string> {
  const request = parsePduRequest(line);
  if (!request.ok) return `error ${request.error}`;
  try {
    return await obey(request.value);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `error ${error.message.replaceAll("\n", " ")}`;
  }
}

async function obey(request: PduRequest): Promise<string> {
  if (request.verb === "list")
    return readLab(lab)
      .hosts.map((host) => host.name)
      .join(" ");
  if (request.verb !== "status") log(`${request.verb} ${request.outlet}`);
  if (request.verb === "off" || request.verb === "reboot") await labKill(lab, request.outlet);
  if (request.verb === "on" || request.verb === "reboot") await labBoot(lab, request.outlet);
  return powerOf(hostOf(readLab(lab), request.outlet)) === "off" ? "off" : "on";
}

function log(text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}
