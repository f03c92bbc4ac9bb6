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
  await assertHeard("xen1", []);
  await assertHeard("xen2", ["xen3", "client"]);
  await labHeal(lab.name);
  await assertHeard("xen1", ["xen2", "xen3", "client"]);
});

test("a cut of what a host sends lets it hear the others", { skip: noLab }, async () => {
  await labCut(lab.name, { host: "xen1", direction: "sends", management: false });
  await assertHeard("xen1", []);
  await assertHeard("xen2", ["xen1", "xen3", "client"]);
});

test("a cut of what a host hears lets the others hear it", { skip: noLab }, async () => {
  await labCut(lab.name, { host: "xen1", direction: "hears", management: false });
  await assertHeard("xen1", ["xen2", "xen3", "client"]);
  await assertHeard("xen2", ["xen3", "client"]);
});

test("a cut between two hosts concerns nobody else, and may go one way", {
  skip: noLab,
}, async () => {
  await labCut(lab.name, { host: "xen1", from: "xen2", direction: "sends", management: false });
  await assertHeard("xen1", ["xen3", "client"]);
  await assertHeard("xen2", ["xen1", "xen3", "client"]);
  await labCut(lab.name, { host: "xen3", from: "client", direction: "both", management: false });
  await assertHeard("xen3", ["xen1", "xen2"]);
  await labHeal(lab.name, "xen2");
  await assertHeard("xen1", ["xen2", "xen3", "client"]);
  await assertHeard("xen3", ["xen1", "xen2"]);
});

test("the power switch is reached through a cut, but not through one of the management network", {
  skip: noLab,
}, async () => {
  const list = "echo list | busybox nc -w 2 10.99.0.254 4661";
  await labCut(lab.name, { host: "xen1", direction: "both", management: false });
  assert.equal(await lab.sh("xen1", list), "xen1 xen2 xen3\n");
  await labCut(lab.name, { host: "xen1", direction: "both", management: true });
  assert.notEqual(await lab.exitOf("xen1", list), 0, "-w ends the attempt to connect");
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
 * Exactly these receive what `sender` broadcasts. It goes on until all of them have; its last word then goes over the
 * management network, which no cut here touches: who has that one and no other did not hear the others.
 */
async function assertHeard(sender: string, expected: readonly string[]): Promise<void> {
  port += 1;
  const places = ["xen1", "xen2", "xen3", "client"].filter((place) => place !== sender);
  const listeners = places.map((place) => lab.start(place, listen(port)));
  await Promise.all(listeners.map((listener) => listener.says("ready")));
  const enough = `/run/enough-${port}`;
  const sending = lab.start(sender, send(port, enough));
  await sending.says("sent");
  await Promise.all(
    listeners.filter((_, i) => expected.includes(places[i] ?? "")).map((one) => one.says("word")),
  );
  await lab.sh(sender, `touch ${enough}`);
  const heard = await Promise.all(listeners.map((listener) => hears(listener)));
  assert.deepEqual(
    places.filter((_, index) => heard[index]),
    expected,
  );
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

function send(udpPort: number, enough: string): string {
  return `exec ${node} -e '
    const s = require("dgram").createSocket("udp4");
    let words = 0;
    const next = () => {
      const isOver = require("fs").existsSync("${enough}");
      const address = isOver ? "10.99.0.255" : "10.0.0.255";
      s.send(isOver ? "end" : "word", ${udpPort}, address, () => {
        if (isOver) return s.close();
        if (++words === 3) console.log("sent");
        setTimeout(next, 20);
      });
    };
    s.bind(() => { s.setBroadcast(true); next(); });'`;
}
