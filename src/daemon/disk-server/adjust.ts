/** Takes over a changed configuration while running, as far as that can be done (`drbdadm adjust`). */
import type { DiskAdjusted } from "../../api/disk-protocol.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { diskSettings, netSettings } from "./resource-settings.ts";
import type { ServerProcess } from "./server-process.ts";

export async function adjust(
  host: ServerProcess,
  wanted: DrbdResourceConfig,
): Promise<DiskAdjusted> {
  const { server, config } = host;
  const changed: string[] = [];
  const needsRestart = restartReasons(config, wanted);
  if (needsRestart.length > 0) return { changed, needsRestart };
  const net = difference(netSettings(config.net), netSettings(wanted.net));
  if (Object.keys(net).length > 0) {
    await server.admin.run({ name: "net-options", change: net });
    changed.push(...Object.keys(net).map((name) => `net: ${name}`));
  }
  for (const volume of wanted.volumes) {
    const old = config.volumes.find((one) => one.number === volume.number);
    if (old === undefined) continue;
    const disk = difference(
      diskSettings(old, config.options),
      diskSettings(volume, wanted.options),
    );
    if (Object.keys(disk).length === 0) continue;
    await server.admin.run({ name: "disk-options", volume: volume.number, change: disk });
    changed.push(...Object.keys(disk).map((name) => `volume ${volume.number} disk: ${name}`));
  }
  host.config = wanted;
  server.handlers.config = wanted;
  host.keepConfig(wanted);
  return { changed, needsRestart };
}

/** What only holds after `drbdadm down` and `up`. */
export function restartReasons(old: DrbdResourceConfig, wanted: DrbdResourceConfig): string[] {
  const reasons: string[] = [];
  const differs = (what: string, of: (config: DrbdResourceConfig) => unknown): void => {
    if (JSON.stringify(of(old)) !== JSON.stringify(of(wanted))) reasons.push(what);
  };
  differs("the engine", ({ engine }) => engine);
  differs("the addresses", ({ local, peer }) => [
    [local.address.host, local.address.port],
    [peer?.address.host, peer?.address.port],
  ]);
  differs("the hosts' names", ({ local, peer }) => [local.name, peer?.name]);
  differs("tls", ({ net }) => net.tls);
  differs("the volumes", ({ volumes }) =>
    volumes.map((volume) => [volume.number, volume.minor, volume.disk, volume.metaDisk]),
  );
  return reasons;
}

/** The settings of `wanted` that are not as in `old`. */
function difference<T extends object>(old: T, wanted: T): Partial<T> {
  const entries = Object.entries(wanted).filter(([name, value]) => {
    return value !== (old as Readonly<Record<string, unknown>>)[name];
  });
  return Object.fromEntries(entries) as Partial<T>;
}
