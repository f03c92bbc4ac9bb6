/** Init scripts, units of systemd, and which of them a service is: with real scripts, and with the systemctl that is here. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { hostClock } from "../host/clock.ts";
import { hostFiles } from "../host/files/files.ts";
import { hostProcesses } from "../host/processes/processes.ts";
import { lsbScriptAgent } from "./lsb/lsb-script.ts";
import type { AgentAction, AgentOutcome, AgentRequest, ResourceAgent } from "./resource-agent.ts";
import { serviceAgent } from "./service-agent.ts";
import { systemdUnitAgent } from "./systemd/systemd-unit.ts";

const directory = mkdtempSync(path.join(tmpdir(), "holdfast-init-"));
after(() => rmSync(directory, { recursive: true }));
const never = new AbortController().signal;
const isBooted = existsSync("/run/systemd/system");

test("an init script is started, looked at and stopped", async () => {
  writeScript(
    "web",
    `run=${directory}/web.run
    case $1 in
      start) touch $run;;
      stop) rm -f $run;;
      status) [ -e $run ] && exit 0; exit 3;;
      *) exit 2;;
    esac`,
  );
  const run = actionsOf(lsbScriptAgent(hostProcesses(), directory), "web");
  assert.deepEqual(await run("monitor"), { rc: 7, reason: "" });
  assert.equal((await run("start")).rc, 0);
  assert.equal((await run("monitor")).rc, 0);
  assert.equal((await run("stop")).rc, 0);
  assert.equal((await run("monitor")).rc, 7);
  assert.equal((await run("promote")).rc, 3);
});

test("exit statuses of init scripts as OCF means them", async () => {
  writeScript("says", `echo "line"; echo "it said $1" >&2; exit $(cat ${directory}/code)`);
  const run = actionsOf(lsbScriptAgent(hostProcesses(), directory), "says");
  /** Exit status, and the code for monitor, start and stop. */
  const rows = [
    [0, 0, 0, 0],
    [1, 7, 1, 1],
    [2, 7, 2, 2],
    [3, 7, 3, 3],
    [4, 1, 4, 4],
    [5, 1, 5, 5],
    [6, 1, 6, 6],
    [7, 1, 7, 7],
    [150, 1, 1, 1],
  ] as const;
  for (const [status, ...codes] of rows) {
    writeFileSync(path.join(directory, "code"), String(status));
    const outcomes = [await run("monitor"), await run("start"), await run("stop")];
    assert.deepEqual(
      outcomes.map(({ rc }) => rc),
      codes,
      `status ${status}`,
    );
    if (status === 5) assert.equal(outcomes[1]?.reason, "it said start");
  }
  writeFileSync(path.join(directory, "code"), "1");
  assert.match((await run("monitor")).reason, /dead, and a pid file of it is left/);
});

test("an init script that is not there, and a name that leads elsewhere", async () => {
  const agent = lsbScriptAgent(hostProcesses(), directory);
  assert.equal((await actionsOf(agent, "nothing")("start")).rc, 5);
  assert.equal((await actionsOf(agent, "../../bin/true")("start")).rc, 6);
});

test("a service is an init script where there is one of that name", async () => {
  const kinds = { lsb: saying("lsb"), systemd: saying("systemd") };
  writeScript("known", "exit 0");
  const agent = serviceAgent(hostFiles(), kinds, directory);
  assert.equal((await actionsOf(agent, "known")("start")).reason, "lsb");
  assert.equal((await actionsOf(agent, "unknown")("start")).reason, "systemd");
});

test("where systemd does not run, its units are not installed, and that is said", {
  skip: isBooted ? "systemd runs here" : false,
}, async () => {
  const agent = systemdUnitAgent({ processes: hostProcesses(), clock: hostClock() });
  for (const action of ["monitor", "start", "stop"] as const) {
    const { rc, reason } = await actionsOf(agent, "nginx")(action);
    assert.equal(rc, 5);
    assert.match(reason, /^systemd does not answer for nginx\.service/);
  }
  assert.equal((await actionsOf(agent, "nginx")("promote")).rc, 3);
  assert.equal((await actionsOf(agent, "--help")("start")).rc, 6);
});

test("where systemd runs, a unit that nobody wrote is not installed", {
  skip: isBooted ? false : "systemd does not run here",
}, async () => {
  const agent = systemdUnitAgent({ processes: hostProcesses(), clock: hostClock() });
  const { rc, reason } = await actionsOf(agent, "holdfast-no-such-unit")("monitor");
  assert.deepEqual([rc, /knows no unit/.test(reason)], [5, true]);
});

function actionsOf(
  agent: ResourceAgent,
  type: string,
): (action: AgentAction) => Promise<AgentOutcome> {
  return (action) => {
    const name = { class: "service", provider: "", type };
    const meta = { timeout: "20000" };
    const request: AgentRequest = { agent: name, resource: "r", action, params: {}, meta };
    return agent.run(request, never);
  };
}

function saying(reason: string): ResourceAgent {
  return { run: async () => ({ rc: 0, reason }) };
}

function writeScript(name: string, body: string): void {
  const file = path.join(directory, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}
