/** A guest's serial console on this terminal: keys go to the guest, Ctrl-] ends it. */
import net from "node:net";
import { UserError } from "../../api/user-error.ts";
import type { CommandShell } from "../cluster/command-shell.ts";

/** As xl console and telnet have it. */
const endKey = 0x1d;

/** Returns the exit status when the person or the guest ends it. @throws UserError HF4632. */
export async function attachConsole(guest: string, shell: CommandShell): Promise<number> {
  const { socketPath } = await shell.cluster.ask("guest-console", { name: guest });
  const socket = await connected(socketPath, guest);
  const { stdin } = process;
  const isTerminal = stdin.isTTY === true;
  if (isTerminal) shell.error(`Connected to ${guest}. Ctrl-] ends this, not the guest.\r\n`);
  if (isTerminal) stdin.setRawMode(true);
  try {
    await new Promise<void>((resolve) => {
      socket.on("data", (bytes) => process.stdout.write(bytes));
      socket.once("close", () => resolve());
      socket.on("error", () => resolve());
      stdin.on("data", (bytes: Buffer) => {
        const end = isTerminal ? bytes.indexOf(endKey) : -1;
        if (end < 0) socket.write(bytes);
        else resolve();
      });
      // What was piped in is done: what the guest answers is still printed until it closes.
      stdin.once("end", () => socket.end());
    });
  } finally {
    if (isTerminal) {
      stdin.setRawMode(false);
      shell.error("\r\n");
    }
    stdin.pause();
    socket.destroy();
  }
  return 0;
}

async function connected(path: string, guest: string): Promise<net.Socket> {
  const socket = net.createConnection(path);
  return await new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        new UserError("HF4632", `the console of ${guest} cannot be reached (${cause.code})`, {
          remedy: `Does it run here? xl list. Is somebody else connected? One at a time is served.`,
          cause,
        }),
      ),
    );
  });
}
