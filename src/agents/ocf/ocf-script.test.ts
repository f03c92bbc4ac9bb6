/** The agents of Debian's packages resource-agents and pacemaker-resource-agents, as they are installed. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { hostProcesses } from "../../host/processes/processes.ts";
import type { Processes, RunOutcome } from "../../ports/processes.ts";
import type { AgentAction, AgentOutcome, AgentRequest, ResourceAgent } from "../resource-agent.ts";
import { describedAgent } from "./described-agent.ts";
import { ocfEnvironment } from "./ocf-environment.ts";
import { ocfScriptAgent } from "./ocf-script.ts";

const directory = mkdtempSync(path.join(tmpdir(), "holdfast-ocf-"));
after(() => rmSync(directory, { recursive: true }));

const never = new AbortController().signal;

function request(
  provider: string,
  action: AgentAction,
  more: Partial<AgentRequest> = {},
): AgentRequest {
  return {
    agent: { class: "ocf", provider, type: "Dummy" },
    resource: "test1",
    action,
    params: { state: `${directory}/${provider}.state` },
    meta: { timeout: "20000", interval: "10000" },
    ...more,
  };
}

for (const provider of ["heartbeat", "pacemaker"]) {
  const program = `/usr/lib/ocf/resource.d/${provider}/Dummy`;
  const skip = existsSync(program) ? false : `${program} is not installed`;
  test(`ocf:${provider}:Dummy is started, monitored and stopped`, { skip }, async () => {
    const agent = ocfScriptAgent(hostProcesses());
    const run = (action: AgentAction, more?: Partial<AgentRequest>): Promise<AgentOutcome> =>
      agent.run(request(provider, action, more), never);
    assert.deepEqual(await run("monitor", { meta: { interval: "0" } }), { rc: 7, reason: "" });
    assert.equal((await run("start")).rc, 0);
    assert.equal((await run("monitor")).rc, 0);
    assert.equal((await run("migrate_to", { meta: { migrate_target: "xen2" } })).rc, 0);
    assert.equal((await run("stop")).rc, 0);
    assert.equal((await run("stop")).rc, 0);
    const lost = await run("monitor");
    assert.equal(lost.rc, 7);
    // The reason that the agent gives; that of pacemaker gives none.
    assert.equal(lost.reason, provider === "heartbeat" ? "No process state file found" : "");
    assert.match((await run("meta-data")).output ?? "", /<resource-agent name="Dummy"/);
    assert.equal((await run("validate-all")).rc, 0);
  });
}

const reloadable = "/usr/lib/ocf/resource.d/pacemaker/Dummy";
test("an agent that can reload is told to, and says which parameters need a restart", {
  skip: existsSync(reloadable) ? false : `${reloadable} is not installed`,
}, async () => {
  const agent = describedAgent(ocfScriptAgent(hostProcesses()));
  const run = (action: AgentAction): Promise<AgentOutcome> =>
    agent.run(request("pacemaker", action), never);
  const started = await run("start");
  assert.deepEqual([started.rc, started.parameterKinds?.restart], [0, ["state"]]);
  const reloaded = await run("reload-agent");
  assert.deepEqual([reloaded.rc, reloaded.parameterKinds?.secret], [0, []]);
  assert.equal((await run("stop")).rc, 0);
});

test("an agent of the older reload is told by its own name for it", async () => {
  const asked: string[] = [];
  const output =
    '<resource-agent name="Old"><parameters><parameter name="ip" unique="1"/></parameters><actions><action name="reload"/></actions></resource-agent>';
  const old: ResourceAgent = {
    run: async ({ action }) => {
      asked.push(action);
      return { rc: 0, reason: "", ...(action === "meta-data" && { output }) };
    },
  };
  const reloaded = await describedAgent(old).run(request("heartbeat", "reload-agent"), never);
  assert.deepEqual(asked, ["meta-data", "reload"]);
  assert.deepEqual(reloaded.parameterKinds, { restart: ["ip"], secret: [] });
});

test("the environment of a script", () => {
  const environment = ocfEnvironment(
    request("heartbeat", "start", {
      params: { state: "/s", "with-dash": "a b", OCF_CHECK_LEVEL: "10" },
      meta: { timeout: "20000", "migrate-target": "xen2" },
    }),
  );
  assert.deepEqual(
    Object.entries(environment).filter(([name]) => name.startsWith("OCF_")),
    [
      ["OCF_ROOT", "/usr/lib/ocf"],
      ["OCF_RA_VERSION_MAJOR", "1"],
      ["OCF_RA_VERSION_MINOR", "1"],
      ["OCF_RESOURCE_INSTANCE", "test1"],
      ["OCF_RESOURCE_PROVIDER", "heartbeat"],
      ["OCF_RESOURCE_TYPE", "Dummy"],
      ["OCF_EXIT_REASON_PREFIX", "ocf-exit-reason:"],
      ["OCF_RESKEY_state", "/s"],
      ["OCF_RESKEY_with_dash", "a b"],
      ["OCF_CHECK_LEVEL", "10"],
      ["OCF_RESKEY_CRM_meta_timeout", "20000"],
      ["OCF_RESKEY_CRM_meta_migrate_target", "xen2"],
    ],
  );
});

test("an agent that is not there, and a name that leads elsewhere", async () => {
  const agent = ocfScriptAgent(hostProcesses());
  const missing = await agent.run(
    request("heartbeat", "start", {
      agent: { class: "ocf", provider: "heartbeat", type: "NoSuchAgent" },
    }),
    never,
  );
  assert.equal(missing.rc, 5);
  assert.match(missing.reason, /heartbeat\/NoSuchAgent is not installed/);
  const elsewhere = await agent.run(
    request("heartbeat", "start", {
      agent: { class: "ocf", provider: "..", type: "../../bin/true" },
    }),
    never,
  );
  assert.equal(elsewhere.rc, 6);
});

test("how a script's end becomes an outcome", async () => {
  const rows: readonly (readonly [RunOutcome, AgentOutcome])[] = [
    [ended(0, "", "noise\n"), { rc: 0, reason: "" }],
    [
      ended(1, "", "first\nocf-exit-reason:disk is full\nlast\n"),
      { rc: 1, reason: "disk is full" },
    ],
    [ended(5, "", "first\nlast\n\n"), { rc: 5, reason: "last" }],
    [ended(8, "", ""), { rc: 8, reason: "" }],
    [
      ended(42, "", ""),
      {
        rc: 1,
        reason: `${program("Dummy")} start ended with exit status 42, which OCF does not know`,
      },
    ],
    [
      { failure: "timed-out", stdout: "", stderr: "" },
      { rc: 1, reason: "start did not end within 20 s" },
    ],
    [
      { failure: "killed", stdout: "", stderr: "" },
      { rc: 1, reason: `${program("Dummy")} start was killed by a signal` },
    ],
  ];
  for (const [run, expected] of rows) {
    const processes: Processes = { ...hostProcesses(), run: async () => run };
    assert.deepEqual(
      await ocfScriptAgent(processes).run(request("heartbeat", "start"), never),
      expected,
    );
  }
});

function ended(code: number, stdout: string, stderr: string): RunOutcome {
  return { code, stdout, stderr };
}

function program(type: string): string {
  return `/usr/lib/ocf/resource.d/heartbeat/${type}`;
}
