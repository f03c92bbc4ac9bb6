import assert from "node:assert/strict";
import { test } from "node:test";
import type { Files } from "../../ports/files.ts";
import { TransitionDesk, transitionAgent } from "./transition-desk.ts";

const state = "/var/lib/holdfast";

test("who did not decide has the files of the one that did", async () => {
  const xen1 = deskWith({});
  const xen2 = deskWith({ "input-7.xml": "<cib/>", "outcome-7.json": "{}" });
  const asking = deskWith({}, { xen1, xen2 });
  assert.deepEqual(await asking.find(["xen1", "xen2"], 7), {
    found: { node: "xen2", input: "<cib/>", outcome: "{}" },
    unasked: [],
  });
});

test("where nobody keeps it, it is said who could not be asked", async () => {
  const asking = deskWith({}, { xen1: deskWith({}) });
  assert.deepEqual(await asking.find(["xen1", "xen3"], 7), { found: undefined, unasked: ["xen3"] });
});

test("nothing but a transition's files can be asked for", async () => {
  const desk = deskWith({ "input-7.xml": "<cib/>" });
  for (const params of [{}, { number: "../../shadow" }, { number: "-1" }, { number: "1e3" }]) {
    const reply = await desk.answer({ agent: transitionAgent, verb: "read", params });
    assert.equal(reply.ok, false, JSON.stringify(params));
  }
  const reply = await desk.answer({
    agent: transitionAgent,
    verb: "write",
    params: { number: "7" },
  });
  assert.equal(reply.ok, false);
});

function deskWith(
  kept: Readonly<Record<string, string>>,
  others: Readonly<Record<string, TransitionDesk>> = {},
): TransitionDesk {
  const files: Pick<Files, "read"> = {
    read: async (path) => kept[path.replace(`${state}/transitions/`, "")],
  };
  return new TransitionDesk({
    files: files as Files,
    stateDirectory: state,
    peers: {
      request: async (node, request) => {
        const other = others[node];
        if (other === undefined) throw new Error(`there is no link to ${node}`);
        return await other.answer(request);
      },
    },
  });
}
