/** The control protocol over the pipes of a program that works on a CIB in a file. */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { ControlReply } from "../../api/protocol.ts";
import { asUserError, UserError } from "../../api/user-error.ts";
import type { ControlConnection } from "../../host/control/control-client.ts";

const program = path.resolve(import.meta.dirname, "../../daemon/cib-file/main.ts");

type Waiter = { resolve(value: unknown): void; reject(error: Error): void };

/** @param file the CIB; an empty name stands for none at all: then nothing can be changed. */
export function connectFile(file: string): ControlConnection {
  const child = spawn(process.execPath, [program, ...(file === "" ? [] : [file])], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = new Map<number, Waiter>();
  let nextId = 1;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const reply = JSON.parse(line) as ControlReply;
    const waiter = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("error" in reply) waiter?.reject(asUserError(reply.error));
    else waiter?.resolve(reply.result);
  });
  child.on("close", () => {
    for (const waiter of waiting.values())
      waiter.reject(new UserError("HF9001", "the program that reads the CIB's file has ended"));
  });
  return {
    request: (method, params = {}) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
      }),
    onEvent: () => {},
    onClose: (listener) => {
      child.once("close", listener);
    },
    close: () => {
      child.stdin.end();
    },
  };
}
