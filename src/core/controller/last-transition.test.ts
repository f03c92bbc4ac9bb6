import assert from "node:assert/strict";
import { test } from "node:test";
import { element, type XmlElement } from "../../formats/xml/xml-element.ts";
import { lastTransitionIn } from "./last-transition.ts";

const uuid = "01234567-89ab-4def-8123-456789abcdef";

test("the highest transition of all histories counts", () => {
  assert.equal(lastTransitionIn(cibWith(`3:57:0:${uuid}`, `9:12:7:${uuid}`)), 57);
});

test("what is no number of a transition does not count", () => {
  assert.equal(
    lastTransitionIn(cibWith("nonsense", `3:-1:0:${uuid}`, `1:4000000000:0:${uuid}`)),
    0,
  );
  assert.equal(lastTransitionIn(element("cib")), 0);
});

function cibWith(...keys: readonly string[]): XmlElement {
  const entries = keys.map((key) => element("lrm_rsc_op", { "transition-key": key }));
  const history = element("lrm_resource", { id: "vm" }, entries);
  return element("cib", {}, [element("status", {}, [history])]);
}
