/** The resources that a bundle stands for, as if they were configured: containers, addresses and what runs inside. */
import { element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { BundleSettings, Mount, PortMapping } from "./bundle-settings.ts";

/** Where pacemaker-remoted listens in a container. */
export const remotePort = "3121";
const keyFile = "/etc/pacemaker/authkey";
const logFolder = "/var/log/pacemaker/bundles";
const remoteCommand = "/usr/sbin/pacemaker-remoted";

export type ReplicaPart = {
  readonly offset: number;
  readonly address: string | undefined;
  /** How the containers of all replicas know each other. */
  readonly hosts: string;
};

/** The clone of the primitive inside. Its name keeps the old word for promotable ones, lest histories be lost. */
export function cloneElement(settings: BundleSettings, primitive: XmlElement): XmlElement {
  const { prefix, promotedMax, replicas, replicasPerHost } = settings;
  const meta: [string, string][] = [
    ["ordered", "true"],
    ["clone-max", String(replicas)],
    ["clone-node-max", String(replicasPerHost)],
    ["globally-unique", String(replicasPerHost > 1)],
  ];
  if (promotedMax > 0) {
    meta.push(["promotable", "true"], ["promoted-max", String(promotedMax)]);
  }
  const id = `${prefix}-${promotedMax > 0 ? "master" : "clone"}`;
  return element("clone", { id }, [
    pairs("meta_attributes", `${prefix}-clone-meta`, meta),
    primitive,
  ]);
}

export function addressElement(
  { prefix, hostInterface, netmask }: BundleSettings,
  { offset, address }: ReplicaPart,
): XmlElement {
  const id = xmlId(`${prefix}-ip-${address}`);
  const values: [string, string][] = [["ip", address ?? ""]];
  if (hostInterface !== undefined) values.push(["nic", hostInterface]);
  values.push(["cidr_netmask", netmask ?? "32"]);
  return primitiveElement(id, "IPaddr2", [
    pairs("instance_attributes", `${prefix}-attributes-${offset}`, values),
  ]);
}

export function containerElement(settings: BundleSettings, replica: ReplicaPart): XmlElement {
  const { prefix, engine, primitive } = settings;
  const id = xmlId(`${prefix}-${engine}-${replica.offset}`);
  const values: [string, string][] = [
    ["image", settings.image],
    ["allow_pull", "true"],
    ["force_kill", "false"],
    ["reuse", "false"],
    ["run_opts", runOptions(settings, replica)],
    ["mount_points", ownFolders(settings, replica).join(",")],
  ];
  const command = settings.runCommand ?? (primitive === undefined ? undefined : remoteCommand);
  if (command !== undefined) values.push(["run_cmd", command]);
  values.push(["monitor_cmd", "/bin/true"]);
  return primitiveElement(id, engine, [
    pairs("instance_attributes", `${prefix}-attributes-${replica.offset}`, values),
  ]);
}

/** How the hosts of all replicas are told to each container. */
export function hostOption(
  { prefix, addHost }: BundleSettings,
  offset: number,
  address: string,
): string {
  return addHost
    ? ` --add-host=${prefix}-${offset}:${address}`
    : ` --hosts-entry=${address}=${prefix}-${offset}`;
}

/** The spaces are kept exactly: another text is another definition, and would restart the container. */
function runOptions(settings: BundleSettings, replica: ReplicaPart): string {
  const { prefix, network } = settings;
  let text = settings.engine === "docker" ? " --restart=no" : "";
  if (settings.firstAddress !== undefined) text += ` -h ${prefix}-${replica.offset}`;
  text += " -e PCMK_stderr=1";
  if (network !== undefined) text += ` --net=${network}`;
  text += ` -e PCMK_remote_port=${settings.controlPort ?? remotePort}`;
  for (const mount of allMounts(settings)) {
    const options = mount.options === undefined ? "" : `:${mount.options}`;
    text += ` -v ${sourceOf(mount, settings, replica)}:${mount.target}${options}`;
  }
  for (const { source, target } of allPorts(settings)) {
    if (replica.address !== undefined) text += ` -p ${replica.address}:${source}:${target}`;
    else if (network !== "host") text += ` -p ${source}:${target}`;
  }
  if (settings.options !== undefined) text += ` ${settings.options}`;
  return `${text} ${replica.hosts}`;
}

function ownFolders(settings: BundleSettings, replica: ReplicaPart): string[] {
  return allMounts(settings)
    .filter((mount) => mount.subfolder)
    .map((mount) => sourceOf(mount, settings, replica));
}

function sourceOf(mount: Mount, { prefix }: BundleSettings, { offset }: ReplicaPart): string {
  return mount.subfolder ? `${mount.source}/${prefix}-${offset}` : mount.source;
}

/** With a primitive inside, the key of the remote connection and a folder for logs are mounted too. */
function allMounts({ mounts, primitive }: BundleSettings): readonly Mount[] {
  if (primitive === undefined) return mounts;
  const all = [
    ...mounts,
    { source: keyFile, target: keyFile, options: undefined, subfolder: false },
  ];
  if (!mounts.some((mount) => mount.target === "/var/log")) {
    all.push({ source: logFolder, target: "/var/log", options: undefined, subfolder: true });
  }
  return all;
}

function allPorts({ ports, primitive, controlPort }: BundleSettings): readonly PortMapping[] {
  if (primitive === undefined) return ports;
  const port = controlPort ?? remotePort;
  return [...ports, { source: port, target: port }];
}

function primitiveElement(id: string, type: string, blocks: readonly XmlElement[]): XmlElement {
  const monitor = element("op", { id: `${id}-monitor-60s`, interval: "60s", name: "monitor" });
  return element("primitive", { id, class: "ocf", provider: "heartbeat", type }, [
    ...blocks,
    element("operations", {}, [monitor]),
  ]);
}

function pairs(
  block: string,
  id: string,
  values: readonly (readonly [string, string])[],
): XmlElement {
  return element(
    block,
    { id },
    values.map(([name, value]) => element("nvpair", { id: `${id}-${name}`, name, value })),
  );
}

function xmlId(text: string): string {
  return text.replace(/[^\w.:\u0080-\uffff-]/g, ".");
}
