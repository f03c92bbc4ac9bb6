import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseAgent } from "./agent-choice.ts";
import type { ResourceAgent } from "./resource-agent.ts";

const rows: readonly (readonly [name: string, reason: RegExp])[] = [
  ["ocf:heartbeat:Xen", /^xen$/],
  ["ocf:heartbeat:Dummy", /^scripts$/],
  ["ocf:pacemaker:Xen", /^scripts$/],
  ["lsb::apache2", /^lsb$/],
  ["systemd::nginx", /^systemd$/],
  ["service::nginx", /^service$/],
  ["upstart::nginx", /class upstart are not run; .* of upstart:nginx/],
];

for (const [name, reason] of rows) {
  test(`${name} is run, or refused with a sentence`, async () => {
    const [agentClass = "", provider = "", type = ""] = name.split(":");
    const agent = { class: agentClass, provider, type };
    const agents = {
      ...{ xen: saying("xen"), scripts: saying("scripts"), lsb: saying("lsb") },
      ...{ systemd: saying("systemd"), service: saying("service") },
    };
    const request = { agent, resource: "r", action: "start", params: {}, meta: {} } as const;
    const signal = new AbortController().signal;
    assert.match((await chooseAgent(agents, agent).run(request, signal)).reason, reason);
  });
}

function saying(reason: string): ResourceAgent {
  return { run: async () => ({ rc: 0, reason }) };
}
