/** What people do: the commands of their tools as requests to a host's daemon, with the CIB as it is there. */
import type { Result } from "../../src/base/result.ts";
import type { CibChange } from "../../src/core/cib/change.ts";
import { cleanUp } from "../../src/core/cib/edit/cleanup.ts";
import { setAttribute, setStandby } from "../../src/core/cib/edit/cluster-attribute.ts";
import { banResource, clearMoves, moveResource } from "../../src/core/cib/edit/move-resource.ts";
import type { PlannedEdit } from "../../src/core/cib/edit/planned-edit.ts";
import { setParameter } from "../../src/core/cib/edit/resource-parameter.ts";
import { nodeNamed } from "../../src/core/cib/read/nodes.ts";
import type { CibRefusal } from "../../src/core/cib/refusal.ts";
import type { ClientReply, ClientRequest } from "../../src/core/node/client-requests.ts";
import { failedPlace } from "../../src/core/node/failed-place.ts";
import { element, type XmlElement } from "../../src/formats/xml/xml-element.ts";
import type { SimCluster } from "./sim-cluster.ts";
import { traceLine, wallNow } from "./world/sim-world.ts";

type Edit = (cib: XmlElement) => Result<PlannedEdit, CibRefusal>;
type Done = (reply: ClientReply) => void;
type ResourceValue = { readonly resource: string; readonly name: string };

export class Administrator {
  readonly #cluster: SimCluster;
  readonly name: string;
  /** Changes are made also where a quorum does not stand behind them (--force). */
  readonly #byForce: boolean;

  constructor(cluster: SimCluster, name = "anna", how: { readonly byForce?: boolean } = {}) {
    this.#cluster = cluster;
    this.name = name;
    this.#byForce = how.byForce === true;
  }

  /** @returns whether there was a daemon to ask. */
  ask(host: string, request: ClientRequest, done?: Done): boolean {
    const { daemon } = this.#cluster.host(host);
    if (daemon === undefined) return false;
    daemon.request(request, done);
    return true;
  }

  change(host: string, change: CibChange, done?: Done): boolean {
    const origin = { node: host, client: "cibadmin", user: this.name, written: "" };
    const force = this.#byForce;
    return this.ask(host, { kind: "change-cib", change, origin, force }, done);
  }

  /** @param where `lifetime`: an ISO 8601 duration after which the move ends by itself. */
  move(
    host: string,
    resource: string,
    where: { readonly to: string; readonly lifetime?: string },
    done?: Done,
  ): boolean {
    const { to: node, lifetime } = where;
    const request = { resource, node, lifetime, owner: this.name };
    const facts = {
      activeOn: this.#cluster.where(resource),
      now: wallNow(this.#cluster.world),
    };
    return this.#edit(host, (cib) => moveResource(cib, request, facts), done);
  }

  clear(host: string, resource: string, done?: Done): boolean {
    const now = wallNow(this.#cluster.world);
    return this.#edit(host, (cib) => clearMoves(cib, { resource }, now), done);
  }

  ban(host: string, resource: string, node: string, done?: Done): boolean {
    const facts = {
      activeOn: this.#cluster.where(resource),
      now: wallNow(this.#cluster.world),
    };
    return this.#edit(
      host,
      (cib) => banResource(cib, { resource, node, owner: this.name }, facts),
      done,
    );
  }

  targetRole(host: string, resource: string, role: string, done?: Done): boolean {
    return this.meta(host, { resource, name: "target-role" }, role, done);
  }

  meta(host: string, of: ResourceValue, value: string, done?: Done): boolean {
    const request = { ...of, set: "meta_attributes" } as const;
    return this.#edit(host, (cib) => setParameter(cib, request, value), done);
  }

  parameter(host: string, of: ResourceValue, value: string, done?: Done): boolean {
    const request = { ...of, set: "instance_attributes" } as const;
    return this.#edit(host, (cib) => setParameter(cib, request, value), done);
  }

  nodeAttribute(
    host: string,
    { node, name }: { readonly node: string; readonly name: string },
    value: string,
    done?: Done,
  ): boolean {
    const request = { scope: { section: "nodes", node }, name } as const;
    return this.#edit(host, (cib) => setAttribute(cib, request, value), done);
  }

  /** What a node has room for. */
  utilization(
    host: string,
    { node, name }: { readonly node: string; readonly name: string },
    value: string,
    done?: Done,
  ): boolean {
    const { daemon } = this.#cluster.host(host);
    const found = daemon && nodeNamed(daemon.cib, node);
    if (found === undefined) return false;
    const pair = element("nvpair", { id: `${node}-room-${name}`, name, value });
    const room = element("utilization", { id: `${node}-room` }, [pair]);
    const xml = element("node", { id: found.id }, [room]);
    return this.change(host, { kind: "modify", at: { section: "nodes" }, xml }, done);
  }

  standby(host: string, node: string, on: boolean, done?: Done): boolean {
    return this.#edit(host, (cib) => setStandby(cib, { node, lifetime: "forever" }, on), done);
  }

  option(host: string, name: string, value: string, done?: Done): boolean {
    const request = { scope: { section: "crm_config" }, name } as const;
    return this.#edit(host, (cib) => setAttribute(cib, request, value), done);
  }

  /** @param how "everything": also what never failed is probed anew. */
  cleanup(
    host: string,
    resource: string,
    how: "failures" | "everything" = "failures",
    done?: Done,
  ): boolean {
    const request = { resource, everything: how === "everything" };
    return this.#edit(host, (cib) => cleanUp(cib, request), done);
  }

  fail(host: string, resource: string, node: string, done?: Done): boolean {
    const { daemon } = this.#cluster.host(host);
    if (daemon === undefined) return false;
    const place = failedPlace(daemon.cib, { resource, node }, this.#cluster.shape.nodes);
    if (place.ok)
      return this.ask(host, { kind: "fail-resource", ...place.value, by: this.name }, done);
    traceLine(this.#cluster.world, host, `refuses: ${place.error.message}`);
    return false;
  }

  #edit(host: string, edit: Edit, done?: Done): boolean {
    const { daemon } = this.#cluster.host(host);
    if (daemon === undefined) return false;
    const planned = edit(daemon.cib);
    if (!planned.ok) {
      traceLine(this.#cluster.world, host, `refuses: ${planned.error.message}`);
      return false;
    }
    return this.change(host, planned.value.change, done);
  }
}
