import assert from "node:assert/strict";
import { test } from "node:test";
import { parseXml } from "../xml/parse-xml.ts";
import { printXmlCompact } from "../xml/print-xml.ts";
import { readRemoteMessage } from "./remote-message.ts";
import { remoteRequest } from "./remote-request.ts";

test("an operation is asked for as pacemaker_remoted wants it", () => {
  const asked = remoteRequest(
    {
      kind: "operation",
      ...{ resource: "web", action: "start", mark: "7", timeoutMs: 20_000 },
      attributes: { fake: "a&b", CRM_meta_timeout: "20000", "1st": "x" },
    },
    5,
  );
  assert.equal(
    printXmlCompact(asked),
    '<lrmd_command t="lrmd" lrmd_op="lrmd_rsc_exec" lrmd_timeout="20000" lrmd_callopt="2" lrmd_remote_msg_id="5" ' +
      'lrmd_remote_msg_type="request"><lrmd_calldata><lrmd_rsc lrmd_rsc_id="web" lrmd_rsc_action="start" ' +
      'lrmd_rsc_userdata_str="7" lrmd_rsc_interval="0" lrmd_timeout="20000" lrmd_rsc_start_delay="0">' +
      '<attributes fake="a&amp;b" CRM_meta_timeout="20000"><param name="1st" value="x"/></attributes>' +
      "</lrmd_rsc></lrmd_calldata></lrmd_command>",
  );
});

test("replies, results and requests of pacemaker_remoted 2.1.5 are understood", () => {
  const cases: readonly (readonly [text: string, expected: unknown])[] = [
    [
      '<lrmd_reply lrmd_rc="0" lrmd_callid="8" lrmd_remote_msg_id="20" lrmd_remote_msg_type="reply"/>',
      { kind: "reply", id: 20, rc: 0 },
    ],
    [
      '<ack status="76" lrmd_remote_msg_id="2" lrmd_remote_msg_type="reply"/>',
      { kind: "reply", id: 2, rc: -71 },
    ],
    [
      '<lrmd_notify lrmd_exec_rc="7" lrmd_exec_op_status="0" lrmd_callid="3" lrmd_op="lrmd_rsc_exec" ' +
        'lrmd_rsc_id="d" lrmd_rsc_action="monitor" lrmd_rsc_userdata_str="12" lrmd_rsc_exit_reason="gone" ' +
        'lrmd_remote_msg_type="notify"><attributes fake="x"/></lrmd_notify>',
      { kind: "operation-ended", mark: "12", rc: 7, opStatus: 0, callId: 3, reason: "gone" },
    ],
    [
      '<lrmd_notify lrmd_op="lrmd_rsc_new_client" lrmd_remote_msg_type="notify"/>',
      { kind: "new-client" },
    ],
    ['<lrmd_notify lrmd_op="lrmd_rsc_exec" lrmd_remote_msg_type="notify"/>', { kind: "other" }],
    [
      '<lrmd_ipc_proxy lrmd_ipc_op="shutdown_req" lrmd_ipc_session="0" lrmd_remote_msg_type="notify"/>',
      { kind: "shutdown-wanted" },
    ],
    [
      '<lrmd_ipc_proxy lrmd_ipc_op="new" lrmd_ipc_session="ab" lrmd_ipc_server="attrd" lrmd_remote_msg_type="notify"/>',
      { kind: "new-session", session: "ab", server: "attrd" },
    ],
    ["<cib/>", { kind: "other" }],
  ];
  for (const [text, expected] of cases) {
    const parsed = parseXml(text);
    assert.ok(parsed.ok, text);
    assert.deepEqual(readRemoteMessage(parsed.value), expected);
  }
});
