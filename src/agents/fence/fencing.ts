/**
 * Fencing by evidence: a node counts as powered off only when its device says so after the order
 * (docs/ARCHITECTURE.md, law 4: doubt about a fence means not fenced). An order that was accepted, a timeout, a device that does not answer:
 * none of these is evidence, and none ever becomes "off" here.
 */
import { unreachable } from "../../base/assert.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { elapsedMs } from "../../base/time.ts";
import type { StopSignal } from "../../ports/clock.ts";
import type { FenceDevice, HostCheck } from "./fence-device.ts";
import { type FenceMetadata, parseFenceMetadata, presetHostArgument } from "./fence-metadata.ts";
import { callFenceAgent, type FenceCall, type FencePorts } from "./fence-program.ts";

export type PowerState = "on" | "off";

export type FenceResult =
  /** The device said "off" after it was ordered off. `after`: what came of switching it on again, if that was wanted. */
  | { readonly kind: "off"; readonly on?: Result<void> }
  /** Everything else. */
  | { readonly kind: "not-confirmed"; readonly why: string };

export type Fencing = {
  off(device: FenceDevice, node: string, stop: StopSignal): Promise<FenceResult>;
  /** Off, read back, then on again: whatever the agent's own reboot would do could not be read back. */
  reboot(device: FenceDevice, node: string, stop: StopSignal): Promise<FenceResult>;
  on(device: FenceDevice, node: string, stop: StopSignal): Promise<Result<void>>;
  status(device: FenceDevice, node: string, stop: StopSignal): Promise<Result<PowerState>>;
  /** Whether the device itself can be reached and used. */
  monitor(device: FenceDevice, stop: StopSignal): Promise<Result<void>>;
  /** Whether the device says, or its configuration, that it can fence the node. */
  canFence(device: FenceDevice, node: string, stop: StopSignal): Promise<Result<boolean>>;
  metadata(device: FenceDevice, stop: StopSignal): Promise<Result<FenceMetadata>>;
};

const exit = { success: 0, off: 2 } as const;
/** A device may take a while to see that the power is gone. */
const readAgainMs = 1000;

/** One for the life of the daemon: what an agent says of itself is asked once. */
export function fencing(given: FencePorts): Fencing {
  const ports: FencingPorts = { ...given, knownMetadata: new Map() };
  return {
    off: (device, node, stop) => powerOff(ports, { device, node, stop }),
    reboot: (device, node, stop) => reboot(ports, { device, node, stop }),
    on: (device, node, stop) => powerOn(ports, { device, node, stop }),
    status: (device, node, stop) => readStatus(ports, { device, node, stop }),
    monitor: (device, stop) => monitor(ports, device, stop),
    canFence: (device, node, stop) => canFence(ports, { device, node, stop }),
    metadata: (device, stop) => readMetadata(ports, device, stop),
  };
}

type FencingPorts = FencePorts & { readonly knownMetadata: Map<string, FenceMetadata> };

type Target = { readonly device: FenceDevice; readonly node: string; readonly stop: StopSignal };

async function powerOff(ports: FencingPorts, target: Target): Promise<FenceResult> {
  const { device, node, stop } = target;
  const { timeoutMs } = device.commands.off;
  const started = ports.clock.now();
  const ordered = await call(ports, target, { action: "off" }, [exit.success]);
  let why = ordered.ok ? "" : ordered.error;
  // Read even after a refused order: it may be off all the same, and only the reading counts.
  for (;;) {
    const leftMs = timeoutMs - elapsedMs(started, ports.clock.now());
    const state = await readStatus(ports, target, Math.max(1, leftMs));
    if (state.ok && state.value === "off") return { kind: "off" };
    why = describeDoubt(node, ordered, state);
    const again = ordered.ok && state.ok && leftMs > readAgainMs && !stop.aborted;
    if (!again) return { kind: "not-confirmed", why: `${device.id}: ${why}` };
    await ports.clock.sleep(readAgainMs, stop);
  }
}

function describeDoubt(node: string, ordered: Result<unknown>, state: Result<PowerState>): string {
  const reading = state.ok ? `${node} is ${state.value}` : `${node} can't be read: ${state.error}`;
  return ordered.ok ? `it took the order, but ${reading}` : `${ordered.error}; and ${reading}`;
}

async function reboot(ports: FencingPorts, target: Target): Promise<FenceResult> {
  const off = await powerOff(ports, target);
  const { reboot: wanted, off: offCommand } = target.device.commands;
  // pcmk_reboot_action="off" asks to leave it off.
  if (off.kind !== "off" || wanted.name === offCommand.name) return off;
  return { kind: "off", on: await powerOn(ports, target) };
}

async function powerOn(ports: FencingPorts, target: Target): Promise<Result<void>> {
  const ordered = await call(ports, target, { action: "on" }, [exit.success]);
  return ordered.ok ? ok(undefined) : ordered;
}

async function readStatus(
  ports: FencingPorts,
  target: Target,
  limitMs?: number,
): Promise<Result<PowerState>> {
  const more = { action: "status" as const, ...(limitMs === undefined ? {} : { limitMs }) };
  const run = await call(ports, target, more, [exit.success, exit.off]);
  if (!run.ok) return run;
  return ok(run.value.code === exit.off ? "off" : "on");
}

async function monitor(
  ports: FencingPorts,
  device: FenceDevice,
  stop: StopSignal,
): Promise<Result<void>> {
  const run = await callFenceAgent(ports, { device, action: "monitor", stop }, [exit.success]);
  return run.ok ? ok(undefined) : run;
}

async function readMetadata(
  ports: FencingPorts,
  device: FenceDevice,
  stop: StopSignal,
): Promise<Result<FenceMetadata>> {
  const known = ports.knownMetadata.get(device.agent);
  if (known !== undefined) return ok(known);
  // The agent's own parameters may be refused beside this action.
  const bare = { ...device, params: {} };
  const run = await callFenceAgent(ports, { device: bare, action: "metadata", stop }, [
    exit.success,
  ]);
  if (!run.ok) return run;
  const metadata = parseFenceMetadata(run.value.stdout);
  if (!metadata.ok) return err(`${device.agent}: ${metadata.error}`);
  ports.knownMetadata.set(device.agent, metadata.value);
  return metadata;
}

async function canFence(ports: FencingPorts, target: Target): Promise<Result<boolean>> {
  const { device, node, stop } = target;
  const metadata = await readMetadata(ports, device, stop);
  if (!metadata.ok) return metadata;
  const check = device.hostCheck ?? presetHostCheck(device, metadata.value);
  switch (check) {
    case "none":
      return ok(true);
    case "static-list":
      return ok(device.nodes?.has(node) ?? false);
    case "status": {
      const state = await readStatus(ports, target);
      return state.ok ? ok(true) : state;
    }
    case "dynamic-list": {
      const run = await callFenceAgent(ports, { device, action: "list", stop }, [exit.success]);
      if (!run.ok) return run;
      const names = new Set(run.value.stdout.split(/[\s,;]+/));
      return ok(names.has(device.plugs.get(node) ?? node));
    }
    default:
      return unreachable(check);
  }
}

/** As Pacemaker: what was said counts, then what the agent can tell. */
function presetHostCheck(device: FenceDevice, metadata: FenceMetadata): HostCheck {
  if (device.nodes !== undefined) return "static-list";
  if (metadata.actions.has("list")) return "dynamic-list";
  return metadata.actions.has("status") ? "status" : "none";
}

async function call(
  ports: FencingPorts,
  target: Target,
  what: Pick<FenceCall, "action" | "limitMs">,
  wanted: readonly number[],
): ReturnType<typeof callFenceAgent> {
  const { device, node, stop } = target;
  const argument = await hostArgument(ports, device, stop);
  if (!argument.ok) return argument;
  const plug = { argument: argument.value ?? "", value: device.plugs.get(node) ?? node };
  const naming = argument.value === undefined ? {} : { plug };
  return await callFenceAgent(ports, { device, node, stop, ...naming, ...what }, wanted);
}

/** Which parameter names the node; undefined when none does: "none", one outlet that is configured, or one thing only. */
async function hostArgument(
  ports: FencingPorts,
  device: FenceDevice,
  stop: StopSignal,
): Promise<Result<string | undefined>> {
  if (device.hostArgument === "none") return ok(undefined);
  const configured = [device.hostArgument ?? "plug", "plug", "port"].find((name) =>
    Object.hasOwn(device.params, name),
  );
  // Pacemaker's word for: the cluster fills it in.
  if (configured !== undefined && device.params[configured] !== "dynamic") return ok(undefined);
  if (device.hostArgument !== undefined) return ok(device.hostArgument);
  const metadata = await readMetadata(ports, device, stop);
  return metadata.ok ? ok(presetHostArgument(metadata.value)) : metadata;
}
