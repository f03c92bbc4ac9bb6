import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { labCut, labHeal } from "../../../lab/lab.ts";
import { noLab, type Started, testLab } from "./test-lab.ts";

const lab = testLab({ hosts: 3 });
const node = process.execPath;
let port = 6000;

afterEach(async () => {
  if (noLab === false) await labHeal(lab.name);
});

test("a cut host hears nobody and is heard by nobody, until healed", { skip: noLab }, async () => {
  await labCut(lab.name, { host: "xen1", direction: "both", management: false });
  assert.deepEqual(await whoHears("xen1"), []);
  assert.deepEqual(await whoHears("xen2"), ["xen3", "client"]);
  await labHeal(lab.name);
  assert.deepEqual(await whoHears("xen1"), ["xen2", "xen3", "client"]);
});

test("a cut of what a host sends lets it hear the others", { skip: noLab }, async () => {
  await labCut(lab.name, { host: "xen1", direction: "sends", management: false });
  assert.deepEqual(await whoHears("xen1"), []);
  assert.deepEqual(await whoHears("xen2"), ["xen1", "xen3", "client"]);
});

test("a cut of what a host hears lets the others hear it", { skip: noLab }, async () => {
  await labCut(lab.name, { host: "xen1", direction: "hears", management: false });
  assert.deepEqual(await whoHears("xen1"), ["xen2", "xen3", "client"]);
  assert.deepEqual(await whoHears("xen2"), ["xen3", "client"]);
});

test("a cut between two hosts concerns nobody else, and may go one way", {
  skip: noLab,
}, async () => {
  await labCut(lab.name, { host: "xen1", from: "xen2", direction: "sends", management: false });
  assert.deepEqual(await whoHears("xen1"), ["xen3", "client"]);
  assert.deepEqual(await whoHears("xen2"), ["xen1", "xen3", "client"]);
  await labCut(lab.name, { host: "xen3", from: "client", direction: "both", management: false });
  assert.deepEqual(await whoHears("xen3"), ["xen1", "xen2"]);
  await labHeal(lab.name, "xen2");
  assert.deepEqual(await whoHears("xen1"), ["xen2", "xen3", "client"]);
  assert.deepEqual(await whoHears("xen3"), ["xen1", "xen2"]);
});

test("the power switch is reached through a cut, but not through one of the management network", {
  skip: noLab,
}, async () => {
  const list = "echo list | timeout 5 busybox nc -w 2 10.99.0.254 4661";
  await labCut(lab.name, { host: "xen1", direction: "both", management: false });
  assert.equal(await lab.sh("xen1", list), "xen1 xen2 xen3\n");
  await labCut(lab.name, { host: "xen1", direction: "both", management: true });
  assert.notEqual(await lab.exitOf("xen1", list), 0);
  assert.equal(await lab.sh("xen2", list), "xen1 xen2 xen3\n");
});

test("a host that is not there cannot be cut", { skip: noLab }, async () => {
  const cut = { direction: "both", management: false } as const;
  await assert.rejects(labCut(lab.name, { ...cut, host: "xen9" }), { code: "HF7006" });
  await assert.rejects(labCut(lab.name, { ...cut, host: "xen1", from: "xen9" }), {
    code: "HF7006",
  });
});

/**
 * Who receives what `sender` broadcasts. Everyone listens; the sender's word is followed by one over the
 * management network, which no cut here touches: who has that one and not the first did not hear the first.
 */
async function whoHears(sender: string): Promise<readonly string[]> {
  port += 1;
  const places = ["xen1", "xen2", "xen3", "client"].filter((place) => place !== sender);
  const listeners = places.map((place) => lab.start(place, listen(port)));
  await Promise.all(listeners.map((listener) => listener.says("ready")));
  await lab.sh(sender, send(port));
  const heard = await Promise.all(listeners.map((listener) => hears(listener)));
  return places.filter((_, index) => heard[index]);
}

async function hears(listener: Started): Promise<boolean> {
  await listener.says("end");
  return await listener.says("word").then(
    () => true,
    () => false,
  );
}

function listen(udpPort: number): string {
  return `exec ${node} -e '
    const s = require("dgram").createSocket("udp4");
    s.on("message", (m) => { console.log(String(m)); if (String(m) === "end") s.close(); });
    s.bind(${udpPort}, () => console.log("ready"));'`;
}

function send(udpPort: number): string {
  return `exec ${node} -e '
    const s = require("dgram").createSocket("udp4");
    s.bind(() => {
      s.setBroadcast(true);
      s.send("word", ${udpPort}, "10.0.0.255", () => s.send("end", ${udpPort}, "10.99.0.255", () => s.close()));
    });'`;
}
