/** The agents of this node, with the host around them. */
import { type Fencing, fencing } from "../../agents/fence/fencing.ts";
import type { GuestDriver } from "../../agents/guest/guest-driver.ts";
import { lsbScriptAgent } from "../../agents/lsb/lsb-script.ts";
import { describedAgent } from "../../agents/ocf/described-agent.ts";
import { ocfScriptAgent } from "../../agents/ocf/ocf-script.ts";
import { accelerators } from "../../agents/qemu/accelerator.ts";
import { qemuDriver } from "../../agents/qemu/qemu-driver.ts";
import { defaultMigrationPorts } from "../../agents/qemu/qemu-ports.ts";
import type { RunDirectories } from "../../agents/qemu/run-paths.ts";
import type { ResourceAgent } from "../../agents/resource-agent.ts";
import { serviceAgent } from "../../agents/service-agent.ts";
import { systemdUnitAgent } from "../../agents/systemd/systemd-unit.ts";
import { XenAgent } from "../../agents/xen/xen-agent.ts";
import { hostClock } from "../../host/clock.ts";
import { hostLineConnections } from "../../host/line-connections/line-connections.ts";
import { logDirectory, runDirectory } from "../../host/paths/run-paths.ts";
import { hostProcesses } from "../../host/processes/processes.ts";
import { DiskVolumes } from "../../host/volumes/disk-volumes.ts";
import type { Files } from "../../ports/files.ts";
import type { PeerAgents } from "../../ports/peer-agents.ts";

export type NodeAgents = {
  readonly driver: GuestDriver;
  readonly directories: RunDirectories;
  readonly xen: XenAgent;
  readonly scripts: ResourceAgent;
  readonly lsb: ResourceAgent;
  readonly systemd: ResourceAgent;
  readonly service: ResourceAgent;
  readonly fencing: Fencing;
};

export function nodeAgents(options: {
  readonly node: string;
  readonly files: Files;
  readonly stateDirectory: string;
  readonly peers: PeerAgents;
  readonly migrationKey: (id: string) => string;
  /** At which the others reach this node. */
  readonly address: () => string;
  readonly onPoweredOn: (guest: string) => void;
}): NodeAgents {
  const { node, files, peers, address } = options;
  const clock = hostClock();
  const processes = hostProcesses();
  const volumes = new DiskVolumes();
  const directories = { run: `${runDirectory()}/guests`, log: logDirectory() };
  const driver = tellingDriver(
    qemuDriver({
      ...{ processes, files, clock, volumes, directories },
      lineConnections: hostLineConnections(),
      accelerators: accelerators(
        { files, processes },
        `${options.stateDirectory}/accelerator.json`,
      ),
      migrationPorts: defaultMigrationPorts,
      migrationKey: options.migrationKey,
    }),
    options.onPoweredOn,
  );
  const lsb = lsbScriptAgent(processes);
  const systemd = systemdUnitAgent({ processes, clock });
  return {
    ...{ driver, directories, lsb, systemd },
    service: serviceAgent(files, { lsb, systemd }),
    xen: new XenAgent({ driver, volumes, files, clock, processes, peers, node, address }),
    scripts: describedAgent(ocfScriptAgent(processes)),
    fencing: fencing({ processes, files, clock }),
  };
}

/** The same driver, which tells of each guest that was powered on. */
function tellingDriver(driver: GuestDriver, onPoweredOn: (guest: string) => void): GuestDriver {
  return {
    ...driver,
    create: async (guest, stop) => {
      const created = await driver.create(guest, stop);
      if (created.ok) onPoweredOn(guest.name);
      return created;
    },
  };
}
