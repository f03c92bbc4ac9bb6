import { drbdadm } from "./drbdadm.ts";

process.exitCode = await drbdadm(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
