/** drbdmeta: works on the metadata of one volume while its resource is down. What drbdadm runs for create-md and others. */
import { drbdmeta } from "./drbdmeta.ts";

process.exitCode = drbdmeta(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
