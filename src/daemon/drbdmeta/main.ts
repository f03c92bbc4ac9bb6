/** drbdmeta: works on the metadata of one volume while its resource is down. What drbdadm runs for create-md and others. */
import fs from "node:fs";
import { drbdmeta } from "./drbdmeta.ts";

process.exitCode = drbdmeta(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  ...(process.stdin.isTTY ? { readLine } : {}),
});

/** From the terminal, which gives whole lines. */
function readLine(): string {
  const line = Buffer.alloc(1024);
  return line.toString("utf8", 0, fs.readSync(0, line)).trimEnd();
}
