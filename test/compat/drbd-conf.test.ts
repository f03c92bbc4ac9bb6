/**
 * Our drbd.conf against drbdadm's of DRBD 8.4: the same files are accepted, the canonical text is the same, and the
 * options handed to drbdsetup are the same, in the same order.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { Prng } from "../../src/base/prng.ts";
import type { Diagnostic } from "../../src/formats/config-text/diagnostic.ts";
import { newReport } from "../../src/formats/config-text/report.ts";
import { checkDrbdConf } from "../../src/formats/drbd-conf/check-drbd-conf.ts";
import type { DrbdConf } from "../../src/formats/drbd-conf/drbd-conf.ts";
import { dumpDrbdConf } from "../../src/formats/drbd-conf/dump-drbd-conf.ts";
import { parseDrbdConf } from "../../src/formats/drbd-conf/parse-drbd-conf.ts";
import { resolveDrbdConf } from "../../src/formats/drbd-conf/resolve-drbd-conf.ts";
import type { DrbdResourceConfig } from "../../src/formats/drbd-conf/resource-config.ts";
import { badFiles, sameFiles, stricterFiles, widerFiles } from "./drbd-conf-files.ts";
import { askDrbdadm, drbdadmMissing } from "./drbdadm-84.ts";

const missing = drbdadmMissing();
const options = missing === undefined ? {} : { skip: missing };
const seed = path.join(import.meta.dirname, "../../../shared/seed/drbd.conf");
const examples = path.join(import.meta.dirname, "../../examples/howto/drbd.conf");
const preface = "global { disable-ip-verification; }\n";
let dir = "";

before(() => {
  dir = mkdtempSync(path.join(tmpdir(), "holdfast-drbd-conf-"));
});
after(() => rmSync(dir, { recursive: true, force: true }));

for (const { title, text } of sameFiles) {
  test(`accepted by both, with the same canonical text: ${title}`, options, () => {
    sameDump(preface + text, "alpha");
    sameDump(preface + text, "zulu");
    sameCommands(preface + text, "alpha");
  });
}

for (const { title, text } of badFiles) {
  test(`refused by both: ${title}`, options, () => {
    const file = written(preface + text);
    assert.notEqual(askDrbdadm("alpha", file, "dump").status, 0, "drbdadm accepts it");
    const errors = refusal(preface + text, file, "alpha");
    assert.ok(errors.length > 0, "we accept it");
    for (const error of errors) {
      assert.ok(error.place.line >= 1 && error.place.column >= 1);
      assert.ok(error.message !== "" && error.remedy !== "");
    }
  });
}

for (const { title, text } of stricterFiles) {
  test(`refused by us alone: ${title}`, options, () => {
    const file = written(preface + text);
    assert.equal(askDrbdadm("alpha", file, "dump").status, 0, "drbdadm refuses it too");
    assert.ok(refusal(preface + text, file, "alpha").length > 0);
  });
}

for (const { title, text } of widerFiles) {
  test(`accepted by us alone, with a remark: ${title}`, options, () => {
    const file = written(text);
    assert.notEqual(askDrbdadm("alpha", file, "dump").status, 0, "drbdadm accepts it too");
    const result = parseDrbdConf(text, { file, include: () => [] });
    assert.ok(result.ok, JSON.stringify(result));
    assert.ok(result.value.notices.length > 0);
  });
}

test("the how-to's own file means the same to both", options, (t) => {
  if (!existsSync(seed)) {
    t.skip("the how-to's files are not beside the repository");
    return;
  }
  const text = readFileSync(seed, "utf8");
  for (const host of ["xen1", "xen2", "elsewhere"]) sameDump(withoutAddressCheck(text), host);
  for (const host of ["xen1", "xen2"]) sameCommands(withoutAddressCheck(text), host);
});

test("our example of the how-to's file means the same to both", options, () => {
  const text = readFileSync(examples, "utf8");
  for (const host of ["xen1", "xen2"]) {
    sameDump(withoutAddressCheck(text), host);
    sameCommands(withoutAddressCheck(text), host);
  }
});

test(
  "files with words left out, put in, swapped and repeated are accepted by both or by none",
  options,
  () => {
    const prng = new Prng(84n);
    const corpus = sameFiles.map(({ text }) => words(text));
    const all = corpus.flat();
    let agreed = 0;
    for (let run = 0; run < 200; run++) {
      const text = preface + mutated(corpus[prng.below(corpus.length)] ?? [], all, prng).join(" ");
      const file = written(text);
      const theirs = askDrbdadm("alpha", file, "dump").status === 0;
      const errors = refusal(text, file, "alpha");
      // Where we are stricter on purpose; stricterFiles has each of these.
      const stricter = errors.some((each) =>
        /the end of the file|a name for the resource/.test(each.message),
      );
      if (stricter && theirs) continue;
      assert.equal(errors.length === 0, theirs, `${JSON.stringify(errors)}\n${text}`);
      if (theirs) agreed += 1;
    }
    assert.ok(agreed > 20, `only ${agreed} of the files were accepted`);
  },
);

function words(text: string): readonly string[] {
  return text.match(/"(?:[^"\\\n]|\\.)*"|[a-zA-Z0-9/._-]+|\S/g) ?? [];
}

function mutated(from: readonly string[], all: readonly string[], prng: Prng): readonly string[] {
  const out = [...from];
  for (let edits = prng.below(3); edits > 0; edits--) {
    const at = prng.below(out.length + 1);
    const word = all[prng.below(all.length)] ?? ";";
    const edit = prng.below(4);
    if (edit === 0) out.splice(at, 1);
    else if (edit === 1) out.splice(at, 0, word);
    else if (edit === 2) out.splice(at, 1, word);
    else out.splice(at, 0, ...out.slice(at, at + prng.below(12)));
  }
  return out;
}

function withoutAddressCheck(text: string): string {
  return text.replace(/global\s*\{/, "global { disable-ip-verification;");
}

function written(text: string): string {
  const file = path.join(dir, "drbd.conf");
  writeFileSync(file, text);
  return file;
}

function accepted(text: string, file: string): DrbdConf {
  const result = parseDrbdConf(text, { file, include: () => [] });
  assert.ok(result.ok, JSON.stringify(result, null, 1));
  return result.value.value;
}

function refusal(text: string, file: string, hostName: string): readonly Diagnostic[] {
  const result = parseDrbdConf(text, { file, include: () => [] });
  if (!result.ok) return result.error.filter((each) => each.severity === "error");
  const report = newReport();
  checkDrbdConf(result.value.value, { hostName }, report);
  return report.diagnostics.filter((each) => each.severity === "error");
}

function sameDump(text: string, hostName: string): void {
  const file = written(text);
  const theirs = askDrbdadm(hostName, file, "dump");
  assert.equal(theirs.status, 0, theirs.stderr);
  assert.deepEqual(refusal(text, file, hostName), []);
  const thisHost = { hostName, localAddresses: ["127.0.0.1"] };
  const ours = dumpDrbdConf(accepted(text, file), thisHost);
  // Called by a script, drbdadm forgets a resync-after whose resource is not on the host, with a word on stderr.
  const forgets = theirs.stderr.includes("'resync-after' option is not known");
  const comparable = forgets ? ours.replace(/^ *resync-after .*\n/gm, "") : ours;
  assert.equal(comparable, withoutPresetTimeouts(theirs.stdout, text));
  // Read again, it says the same.
  const again = accepted(ours, file);
  assert.equal(
    dumpDrbdConf(again, thisHost).replace(/^# defined at .*$/gm, ""),
    ours.replace(/^# defined at .*$/gm, ""),
  );
}

/** drbd-utils up to 9.22 print two timeouts that no file sets, with a default that is not theirs. */
function withoutPresetTimeouts(dump: string, text: string): string {
  if (text.includes("cmd-timeout")) return dump;
  return dump.replace(/^ {4}cmd-timeout-(medium 600|long 0);\n/gm, "");
}

function sameCommands(text: string, hostName: string): void {
  const file = written(text);
  const localAddresses = ["127.0.0.1"];
  const result = resolveDrbdConf(accepted(text, file), hostName, { localAddresses });
  // What drbdsetup would refuse is refused by the typed view already.
  if (!result.ok) return;
  for (const resource of result.value.value.resources) {
    const theirs = askDrbdadm(hostName, file, "-d", "up", resource.name);
    assert.equal(theirs.status, 0, theirs.stderr);
    // They are printed for a shell.
    const lines = theirs.stdout
      .replaceAll("/lib/drbd/drbdsetup-84", "drbdsetup")
      .replace(/\\(.)/g, "$1");
    assert.deepEqual(lines.trim().split("\n").sort(), commands(resource).sort());
  }
}

/** What drbdadm would run to bring a resource up, from our view of it. */
function commands(resource: DrbdResourceConfig): string[] {
  const { name, local, peer, set } = resource;
  const flags = (list: readonly { readonly name: string; readonly value: string }[]): string =>
    list.map((option) => ` --${option.name}=${option.value}`).join("");
  const endpoint = ({ family, host, port }: typeof local.address): string =>
    `${family}:${family === "ipv6" ? `[${host}]` : host}:${port}`;
  const lines = [`drbdsetup new-resource ${name}${flags(set.options)}`];
  for (const volume of resource.volumes) {
    const { minor, disk, metaDisk } = volume;
    const meta = metaDisk.kind === "internal" ? disk : metaDisk.path;
    const index = metaDisk.kind === "indexed" ? metaDisk.index : metaDisk.kind;
    const slot = index === "flexible" ? "flex-external" : index;
    lines.push(
      `drbdsetup new-minor ${name} ${minor} ${volume.number}`,
      `drbdmeta ${minor} v08 ${meta} ${slot} apply-al`,
      `drbdsetup attach ${minor} ${disk} ${meta} ${index}${flags(volume.set)}`,
    );
  }
  const to = peer === undefined ? "N/A" : endpoint(peer.address);
  lines.push(`drbdsetup connect ${name} ${endpoint(local.address)} ${to}${flags(set.net)}`);
  return lines;
}
