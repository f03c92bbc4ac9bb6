import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentRequest, ResourceAgent } from "../../agents/resource-agent.ts";
import type { NodeEvent } from "../../core/node/events.ts";
import { AgentDesk } from "./agent-desk.ts";

test("an agent is run with the time that it has, and its end is told once", async () => {
  const { desk, requests, next } = deskOf({ run: async () => ({ rc: 7, reason: "it is gone" }) });
  desk.run(call(1, "monitor"));
  assert.deepEqual(await next(), {
    ...{ kind: "agent-ended", token: 1, rc: 7, reason: "it is gone" },
  });
  assert.deepEqual(requests[0]?.meta, { interval: "10000", timeout: "5000" });
});

test("a cancelled agent is told so, and still ends with one event", async () => {
  const { desk, next, done } = deskOf({
    run: (_request, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve({ rc: 1, reason: "stopped" }));
      }),
  });
  desk.run(call(2, "start"));
  desk.cancel(2);
  const ended = await next();
  assert.ok(ended.kind === "agent-ended" && ended.token === 2);
  assert.deepEqual(done, [], "what was cancelled is not told as done");
});

test("an action that no agent has is refused without an agent", async () => {
  const { desk, requests, next } = deskOf({ run: async () => ({ rc: 0, reason: "" }) });
  desk.run(call(3, "dance"));
  const ended = await next();
  assert.ok(ended.kind === "agent-ended" && ended.rc === 3);
  assert.equal(requests.length, 0);
});

test("an agent that answers no peers says so", async () => {
  const { desk, next } = deskOf({ run: async () => ({ rc: 0, reason: "" }) });
  const request = { agent: "ocf:heartbeat:Dummy", verb: "prepare", params: {} };
  await desk.answerPeer({ kind: "answer-peer-agent", token: 4, from: "xen2", request });
  const answer = await next();
  assert.ok(answer.kind === "peer-agent-answer" && !answer.reply.ok);
});

function call(token: number, action: string) {
  const agent = { class: "ocf", provider: "heartbeat", type: "Dummy" };
  return {
    kind: "run-agent" as const,
    token,
    call: { agent, resource: "r", action, params: {}, meta: { interval: "10000" } },
    timeoutMs: 5000,
  };
}

function deskOf(agent: ResourceAgent) {
  const requests: AgentRequest[] = [];
  const done: string[] = [];
  const events: NodeEvent[] = [];
  let wake: () => void = () => undefined;
  const scripts: ResourceAgent = {
    run: (request, signal) => {
      requests.push(request);
      return agent.run(request, signal);
    },
  };
  const desk = new AgentDesk({
    agents: { xen: scripts, scripts, lsb: scripts, systemd: scripts, service: scripts },
    post: (event) => {
      events.push(event);
      wake();
    },
    onDone: ({ action }) => done.push(action),
  });
  const next = async (): Promise<NodeEvent> => {
    for (;;) {
      const event = events.shift();
      if (event !== undefined) return event;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { desk, requests, done, next };
}
