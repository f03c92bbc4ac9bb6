/** Runs fence agents for the node's fencer. Doubt of any kind is "failed", never "off". */
import { type FenceDevice, readFenceDevice } from "../../agents/fence/fence-device.ts";
import type { Fencing } from "../../agents/fence/fencing.ts";
import type { Result } from "../../base/result.ts";
import type { FenceAgentEnded, RunFenceAgent } from "../../core/fencer/types.ts";

type Ended = Pick<FenceAgentEnded, "outcome" | "message">;

export async function runFenceAgent(
  fencing: Fencing,
  { token, device, action, node, timeoutMs }: RunFenceAgent,
): Promise<FenceAgentEnded> {
  const { id, agent, params } = device;
  const read = readFenceDevice(id, agent, { params, timeoutMs });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  const ended: Ended = read.ok
    ? await act(fencing, { device: read.value, action, node: node ?? "", stop: stop.signal })
    : { outcome: "failed", message: read.error };
  clearTimeout(timer);
  return { kind: "fence-agent-ended", token, ...ended };
}

type Call = {
  readonly device: FenceDevice;
  readonly action: RunFenceAgent["action"];
  readonly node: string;
  readonly stop: AbortSignal;
};

async function act(fencing: Fencing, { device, action, node, stop }: Call): Promise<Ended> {
  switch (action) {
    case "off": {
      const result = await fencing.off(device, node, stop);
      if (result.kind === "off") return { outcome: "off", message: `${node} is off` };
      return { outcome: "failed", message: result.why };
    }
    case "on":
      return done(await fencing.on(device, node, stop));
    case "monitor":
      return done(await fencing.monitor(device, stop));
    case "status":
      return said(await fencing.status(device, node, stop), (power) => power);
    case "can-fence":
      return said(await fencing.canFence(device, node, stop), (can) => (can ? "yes" : "no"));
  }
}

function done(result: Result<void>): Ended {
  return said(result, () => "done");
}

function said<T>(result: Result<T>, outcome: (value: T) => Ended["outcome"]): Ended {
  if (!result.ok) return { outcome: "failed", message: result.error };
  return { outcome: outcome(result.value), message: "" };
}
