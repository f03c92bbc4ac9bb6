/** What comes from pacemaker_remoted, or from whoever holds its key. */
import { assert } from "../../../src/base/assert.ts";
import { concatBytes } from "../../../src/base/bytes.ts";
import {
  RemoteFrameReader,
  remoteFrameParts,
} from "../../../src/formats/pacemaker-remote/remote-frame.ts";
import {
  type RemoteMessage,
  readRemoteMessage,
} from "../../../src/formats/pacemaker-remote/remote-message.ts";
import { element } from "../../../src/formats/xml/xml-element.ts";
import type { FuzzTarget } from "../fuzz-target.ts";
import { chunksOf } from "../inputs/chunks.ts";
import { mutateBytes } from "../inputs/mutate-bytes.ts";

const messages = [
  element("lrmd_reply", { lrmd_rc: "0", lrmd_remote_msg_id: "1", lrmd_remote_msg_type: "reply" }),
  element("lrmd_notify", {
    ...{ lrmd_op: "lrmd_rsc_exec", lrmd_exec_rc: "7", lrmd_exec_op_status: "0" },
    ...{ lrmd_rsc_userdata_str: "3", lrmd_remote_msg_type: "notify" },
  }),
  element("lrmd_ipc_proxy", { lrmd_ipc_op: "shutdown_req", lrmd_remote_msg_type: "notify" }),
];

export const pacemakerRemote: FuzzTarget = {
  name: "pacemaker-remote",
  inputs: 100_000,
  make: (chance) => {
    const frames: Uint8Array[] = [];
    for (let i = 1 + chance.below(3); i > 0; i--) {
      frames.push(...remoteFrameParts(chance.pick(messages), i));
    }
    return mutateBytes(concatBytes(frames), chance);
  },
  run: (stream) => {
    const whole = messagesOf([stream]);
    const cut = messagesOf(chunksOf(stream));
    assert(whole.read.length === cut.read.length, "a stream that is cut reads the same");
    assert(whole.fault === cut.fault, "and ends the same");
    return whole.fault === undefined ? "read" : "refused";
  },
};

function messagesOf(chunks: Iterable<Uint8Array>): {
  readonly read: readonly RemoteMessage[];
  readonly fault?: string;
} {
  const reader = new RemoteFrameReader();
  const read: RemoteMessage[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (;;) {
      const taken = reader.take();
      if (!taken.ok) return { read, fault: taken.error };
      if (taken.value === undefined) break;
      read.push(readRemoteMessage(taken.value));
    }
  }
  return { read };
}
