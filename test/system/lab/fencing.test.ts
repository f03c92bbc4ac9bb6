import assert from "node:assert/strict";
import { test } from "node:test";
import { SaxesParser } from "saxes";
import { commandOnHost, labFreeze } from "../../../lab/lab.ts";
import { labStatus } from "../../../lab/lab-status.ts";
import { runCommand } from "../../../lab/machine/command.ts";
import { readLab } from "../../../lab/plan/lab-state.ts";
import { noLab, testLab } from "./test-lab.ts";

const lab = testLab();

test("fence_lab cuts a host's power, says so, and restores it", { skip: noLab }, async () => {
  assert.equal((await fence("action=status\nplug=xen2\n")).code, 0);
  assert.equal((await fence("action=off\nplug=xen2\n")).code, 0);
  assert.equal(powerOf("xen2"), "off");
  assert.equal((await fence("action=status\nplug=xen2\n")).code, 2);
  assert.equal((await fence("action=on\nplug=xen2\n")).code, 0);
  assert.equal(powerOf("xen2"), "on");
});

test("fence_lab takes the host's name from nodename where no plug is given", {
  skip: noLab,
}, async () => {
  assert.equal((await fence("action=status\nnodename=xen2\n")).code, 0);
  assert.equal((await fence("action=off\nnodename=nobody\nplug=xen2\n")).code, 0);
  assert.equal(powerOf("xen2"), "off");
  assert.equal((await fence("nodename=xen2\n")).code, 0, "reboot is the default action");
  assert.equal(powerOf("xen2"), "on");
});

test("a frozen host is fenced like any other", { skip: noLab }, async () => {
  await labFreeze(lab.name, "xen2");
  assert.equal((await fence("action=off\nplug=xen2\n")).code, 0);
  assert.equal(powerOf("xen2"), "off");
  assert.equal((await fence("action=on\nplug=xen2\n")).code, 0);
});

test("what cannot be done is a failure with a sentence", { skip: noLab }, async () => {
  const unknown = await fence("action=off\nplug=xen9\n");
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /no host "xen9"/);
  const nowhere = await fence("action=off\nplug=xen2\nip=10.99.0.77\n");
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /no answer/);
  assert.equal((await fence("action=off\n")).code, 1);
  assert.equal((await fence("action=dance\nplug=xen2\n")).code, 1);
  assert.equal(powerOf("xen2"), "on");
});

test("fence_lab tells its metadata, its outlets, and whether the switch answers", {
  skip: noLab,
}, async () => {
  const elements: string[] = [];
  const parser = new SaxesParser();
  parser.on("opentag", (tag) => elements.push(tag.name));
  parser.write((await fence("action=metadata\n")).stdout).close();
  assert.equal(elements[0], "resource-agent");
  assert.equal(elements.filter((name) => name === "action").length, 8);
  assert.equal((await fence("action=list\n")).stdout, "xen1,\nxen2,\n");
  assert.equal((await fence("action=monitor\n")).code, 0);
});

async function fence(stdin: string): ReturnType<typeof runCommand> {
  const agent = "/etc/holdfast/fence-agents/fence_lab";
  return await runCommand(commandOnHost(lab.name, "xen1", [agent]), { stdin });
}

function powerOf(host: string): string | undefined {
  return labStatus(readLab(lab.name)).hosts.find((one) => one.name === host)?.power;
}
