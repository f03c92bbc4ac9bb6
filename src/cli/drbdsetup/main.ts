import { drbdsetup } from "./drbdsetup.ts";

process.exitCode = await drbdsetup(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
