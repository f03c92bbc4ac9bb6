/** What a <bundle> element says: its containers' engine, their network and what they mount. */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import {
  attribute,
  child,
  childrenNamed,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { configError } from "../model/issues.ts";
import type { Cluster } from "../model/types.ts";
import { scanAtLeast } from "../values/number.ts";
import { limitInstances } from "./clone.ts";

export type Mount = {
  readonly source: string;
  readonly target: string;
  readonly options: string | undefined;
  /** Each replica has a folder of its own in the source. */
  readonly subfolder: boolean;
};

export type PortMapping = { readonly source: string; readonly target: string };

export type BundleSettings = {
  readonly prefix: string;
  readonly engine: "docker" | "podman";
  readonly image: string;
  readonly promotedMax: number;
  readonly replicas: number;
  readonly replicasPerHost: number;
  /** Its replicas are told apart: more than one a host was asked for, even if that is not possible. */
  readonly unique: boolean;
  readonly runCommand: string | undefined;
  readonly options: string | undefined;
  readonly network: string | undefined;
  readonly firstAddress: string | undefined;
  readonly netmask: string | undefined;
  readonly hostInterface: string | undefined;
  readonly controlPort: string | undefined;
  /** Containers know each other by --add-host; older engines by --hosts-entry. */
  readonly addHost: boolean;
  readonly ports: readonly PortMapping[];
  readonly mounts: readonly Mount[];
  /** The primitive that runs in each container. */
  readonly primitive: XmlElement | undefined;
};

/** Undefined if there is no engine that is known, or the primitive could not be reached. */
export function bundleSettings(cluster: Cluster, xml: XmlElement): BundleSettings | undefined {
  const engine = child(xml, "docker") ?? child(xml, "podman");
  if (engine === undefined) return undefined;
  const prefix = attribute(xml, "id") ?? "";
  const network = child(xml, "network");
  const fromNetwork = (name: string): string | undefined =>
    network === undefined ? undefined : attribute(network, name);
  const controlPort = fromNetwork("control-port");
  const firstAddress = fromNetwork("ip-range-start");
  const primitive = child(xml, "primitive");
  if (primitive !== undefined && firstAddress === undefined && controlPort === undefined) {
    configError(cluster, `${prefix}: a primitive needs an ip-range-start or a control-port`);
    return undefined;
  }
  const promotedMax = scanAtLeast(
    attribute(engine, "promoted-max") ?? attribute(engine, "masters"),
    0,
  );
  const wantedPerHost = scanAtLeast(attribute(engine, "replicas-per-host"), 1);
  const sharesAddress = primitive !== undefined && firstAddress === undefined;
  return {
    prefix,
    engine: engine.name === "docker" ? "docker" : "podman",
    image: attribute(engine, "image") ?? "",
    promotedMax,
    replicas: limitInstances(cluster, prefix, replicaCount(engine, promotedMax)),
    replicasPerHost: sharesAddress ? onePerHost(cluster, prefix, wantedPerHost) : wantedPerHost,
    unique: wantedPerHost > 1,
    runCommand: attribute(engine, "run-command"),
    options: attribute(engine, "options"),
    network: attribute(engine, "network"),
    firstAddress,
    netmask: fromNetwork("host-netmask"),
    hostInterface: fromNetwork("host-interface"),
    controlPort,
    addHost: booleanOr(fromNetwork("add-host"), true),
    ports: network === undefined ? [] : portMappings(cluster, network),
    mounts: mounts(cluster, child(xml, "storage")),
    primitive,
  };
}

function replicaCount(engine: XmlElement, promotedMax: number): number {
  const given = attribute(engine, "replicas");
  return given === undefined && promotedMax > 0 ? promotedMax : scanAtLeast(given, 1);
}

/** What runs in replicas without addresses is reached at the control-port of their hosts. */
function onePerHost(cluster: Cluster, prefix: string, wanted: number): number {
  if (wanted > 1) configError(cluster, `${prefix}: control-port allows one replica a host`);
  return 1;
}

function portMappings(cluster: Cluster, network: XmlElement): PortMapping[] {
  const mappings: PortMapping[] = [];
  for (const mapping of childrenNamed(network, "port-mapping")) {
    const port = attribute(mapping, "port");
    const source = port ?? attribute(mapping, "range");
    if (source === undefined || source === "") {
      configError(cluster, `port mapping ${attribute(mapping, "id")} has no port`);
      continue;
    }
    const inner = port === undefined ? undefined : attribute(mapping, "internal-port");
    mappings.push({ source, target: inner ?? source });
  }
  return mappings;
}

function mounts(cluster: Cluster, storage: XmlElement | undefined): Mount[] {
  const found: Mount[] = [];
  for (const mapping of storage === undefined ? [] : childrenNamed(storage, "storage-mapping")) {
    const folder = attribute(mapping, "source-dir");
    const source = folder ?? attribute(mapping, "source-dir-root");
    const target = attribute(mapping, "target-dir");
    if (source === undefined || target === undefined) {
      configError(cluster, `storage mapping ${attribute(mapping, "id")} is not complete`);
      continue;
    }
    const options = attribute(mapping, "options");
    found.push({ source, target, options, subfolder: folder === undefined });
  }
  return found;
}

/** The next IPv4 address; the last part of the range's end is left out. */
export function nextAddress(address: string): string | undefined {
  const match = /^\s*(\d+)\.(\d+)\.(\d+)\.(\d+)/.exec(address);
  if (match === null) return undefined;
  const [a, b, c, d] = match.slice(1).map(Number) as [number, number, number, number];
  if (c > 253) return undefined;
  return d > 253 ? `${a}.${b}.${c + 1}.1` : `${a}.${b}.${c}.${d + 1}`;
}
