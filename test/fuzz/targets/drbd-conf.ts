/** drbd.conf: read, resolved for a host, and printed. What is printed is read again, and printed the same. */
import { readFileSync } from "node:fs";
import { assert } from "../../../src/base/assert.ts";
import type { DrbdConf } from "../../../src/formats/drbd-conf/drbd-conf.ts";
import { drbdKeywords } from "../../../src/formats/drbd-conf/drbd-keywords.ts";
import { dumpDrbdConf } from "../../../src/formats/drbd-conf/dump-drbd-conf.ts";
import { parseDrbdConf } from "../../../src/formats/drbd-conf/parse-drbd-conf.ts";
import { resolveDrbdConf } from "../../../src/formats/drbd-conf/resolve-drbd-conf.ts";
import { sameFiles, stricterFiles, widerFiles } from "../../compat/drbd-conf-files.ts";
import type { FuzzTarget, Outcome } from "../fuzz-target.ts";
import { mutateText, textOf } from "../inputs/mutate-text.ts";

const file = "/etc/drbd.conf";
const hostName = "alpha";
const howTo = readFileSync(new URL("../../../examples/howto/drbd.conf", import.meta.url), "utf8");
const texts = [...sameFiles, ...stricterFiles, ...widerFiles].map(({ text }) => text).concat(howTo);
const words = [
  ...drbdKeywords,
  ...["r0", "alpha", "bravo", "internal", "/dev/drbd0", "10.0.0.1:7789", "sha1", "none", "16M"],
  ...["detach", "disconnect", "dont-care", "{", "}", ";", "7", "4711G", "[0]", "1001", '"a b"'],
];

export const drbdConf: FuzzTarget = {
  name: "drbd-conf",
  inputs: 1_000_000,
  isText: true,
  make: (chance) => mutateText(chance.pick(texts), words, chance),
  run: (input) => {
    const read = parse(textOf(input));
    if (read === undefined) return "refused";
    const printed = print(read);
    const again = parse(printed);
    assert(again !== undefined, `what is printed can be read: ${printed}`);
    assert(print(again) === printed, `and prints the same: ${printed}`);
    return resolve(read);
  },
};

/** Without the comments, which tell lines of the file. */
function print(conf: DrbdConf): string {
  return dumpDrbdConf(conf, { hostName }).replaceAll(/^ *#.*$/gm, "");
}

function parse(text: string): DrbdConf | undefined {
  const included = "resource other { protocol C; }";
  const include = (pattern: string) => [{ file: `/etc/${pattern}`, text: included }];
  const read = parseDrbdConf(text, { file, include });
  if (read.ok) return read.value.value;
  assert(read.error.length > 0, "a refused file has a reason");
  return undefined;
}

function resolve(conf: DrbdConf): Outcome {
  const localAddresses = ["10.0.0.1", "127.0.0.1"];
  return resolveDrbdConf(conf, hostName, { localAddresses }).ok ? "read" : "refused";
}
