/** Our set of files has the how-to's settings: compared with its own, where they are there. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parseAuthKeys } from "../../src/formats/authkeys/parse-authkeys.ts";
import type { Parsed } from "../../src/formats/config-text/diagnostic.ts";
import { dumpDrbdConf } from "../../src/formats/drbd-conf/dump-drbd-conf.ts";
import { parseDrbdConf } from "../../src/formats/drbd-conf/parse-drbd-conf.ts";
import { parseHaCf } from "../../src/formats/ha-cf/parse-ha-cf.ts";
import { parseXlDomain } from "../../src/formats/xl-config/read-xl-domain.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { attribute, descendants, type XmlElement } from "../../src/formats/xml/xml-element.ts";

const examples = path.join(import.meta.dirname, "../../examples/howto");
const seed = path.join(import.meta.dirname, "../../../shared/seed");
const options = existsSync(seed)
  ? {}
  : { skip: "the how-to's files are not beside the repository" };

test("the example's ha.cf names the nodes as drbd.conf does, and has no slip", () => {
  const haCf = parseHaCf(example("ha.cf"), "ha.cf");
  assert.deepEqual(haCf.ok ? haCf.value.notices : haCf.error, []);
  assert.deepEqual(
    taken(haCf).nodes.map((node) => node.value),
    ["xen1", "xen2"],
  );
});

test("the example's key is named as one that everybody has", () => {
  const keys = parseAuthKeys(example("authkeys.example"), "authkeys");
  assert.ok(keys.ok);
  assert.deepEqual(
    keys.value.notices.map((notice) => notice.code),
    ["HF1036"],
  );
});

test("the example's guests and resources are about the same disks", () => {
  const conf = taken(parseDrbdConf(example("drbd.conf"), { file: "drbd.conf", include: () => [] }));
  const disks = ["host1", "host2"].flatMap((name) =>
    taken(parseXlDomain(example(`${name}.dom`), `${name}.dom`)).disks.map((disk) => disk.source),
  );
  assert.deepEqual(
    disks,
    conf.resources.map(({ name }) => ({ kind: "drbd", resource: name })),
  );
});

test("the second guest's files are the first's with another number", () => {
  for (const kind of ["dom", "xml"]) {
    assert.equal(example(`host2.${kind}`), example(`host1.${kind}`).replaceAll("host1", "host2"));
  }
});

test("ha.cf and authkeys have the how-to's settings", options, () => {
  const [ours, theirs] = both("ha.cf", (text) => taken(parseHaCf(text, "ha.cf")));
  assert.equal(ours.crm?.value, theirs.crm?.value);
  const links = ({ links: all }: typeof ours): unknown =>
    all.map((link) => [link.kind, link.interface]);
  assert.deepEqual(links(ours), links(theirs));
  const key = taken(parseAuthKeys(example("authkeys.example"), "a")).signing;
  const theirKey = taken(parseAuthKeys(howto("authkeys"), "a")).signing;
  assert.deepEqual([key.number, key.method], [theirKey.number, theirKey.method]);
});

test("drbd.conf has the how-to's settings", options, () => {
  const dump = (text: string): string =>
    dumpDrbdConf(taken(parseDrbdConf(text, { file: "drbd.conf", include: () => [] })), {
      hostName: "xen1",
    }).replace(/^# defined at .*$/gm, "");
  const [ours, theirs] = both("drbd.conf", dump);
  assert.equal(ours, theirs);
});

test("the guests have the how-to's settings", options, () => {
  for (const name of ["host1", "host2"]) {
    const [ours, theirs] = both(`${name}.dom`, (text) =>
      withoutPlaces(taken(parseXlDomain(text, "dom"))),
    );
    assert.deepEqual(ours, theirs);
  }
});

test("the cluster's settings and the resource are the how-to's", options, () => {
  for (const name of ["bootstrap", "host1"]) {
    const [ours, theirs] = both(`${name}.xml`, settings);
    assert.deepEqual(ours, theirs);
  }
});

function example(name: string): string {
  return readFileSync(path.join(examples, name), "utf8");
}

function howto(name: string): string {
  return readFileSync(path.join(seed, name), "utf8");
}

function both<T>(name: string, read: (text: string) => T): readonly [ours: T, theirs: T] {
  return [read(example(name)), read(howto(name))];
}

function taken<T>(result: Parsed<T>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value.value;
}

function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === "place" ? undefined : inner)));
}

/** Every element with its attributes, but for the ids: one of the how-to's is there twice. */
function settings(text: string): unknown {
  const root = parseXml(text);
  assert.ok(root.ok, JSON.stringify(root));
  return [...descendants(root.value)].map((each: XmlElement) => [
    each.name,
    Object.keys(each.attributes)
      .filter((name) => name !== "id" || each.name === "primitive")
      .map((name) => [name, attribute(each, name)]),
  ]);
}
