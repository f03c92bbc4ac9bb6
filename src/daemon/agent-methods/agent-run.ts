/** One run of an agent past the cluster: of a resource of the CIB, or with values that a person gives. */
import { findProgram } from "../../agents/fence/fence-program.ts";
import { systemPath } from "../../agents/ocf/ocf-environment.ts";
import { ocf } from "../../agents/outcome.ts";
import type { AgentRequest } from "../../agents/resource-agent.ts";
import type { AgentRun, AgentRunParams, AgentSpec } from "../../api/cluster-agents.ts";
import { UserError } from "../../api/user-error.ts";
import { knownResource } from "../../core/cib/edit/planned-edit.ts";
import { noRuleHolds, readContext } from "../../core/cib/read/name-values.ts";
import { operationFor } from "../../core/cib/read/operations.ts";
import { type FoundResource, resourcesOf } from "../../core/cib/read/resource-lookup.ts";
import { agentOf, instanceAttributes } from "../../core/cib/read/resource-values.ts";
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";
import { activeNodes } from "../cluster-methods/active-nodes.ts";
import { asUserError, type CibDesk } from "../cluster-methods/cib-desk.ts";
import { type PassedOverPorts, runPassedOver } from "./passed-over.ts";

const defaultTimeoutMs = 20_000;
const unimplemented = 3;

/** @throws UserError HF4008, HF4605, HF4606 */
export async function agentRun(
  asked: AgentRunParams,
  desk: CibDesk,
  ports: PassedOverPorts,
): Promise<AgentRun> {
  const request = asked.agent
    ? requestOf(asked.agent, asked)
    : resourceRequest(asked.resource ?? "", asked, desk);
  if (request.agent.class === "stonith") return await fenceAgentRun(request, ports);
  const { rc, reason, program } = await runPassedOver(ports, request);
  const { stdout = "", stderr = "", failure } = program ?? {};
  const notRun = failure === "not-started";
  return { agent: request.agent, rc, reason, notRun, stdout, stderr };
}

function requestOf(agent: AgentSpec, { action, values = {}, level, timeoutMs }: AgentRunParams) {
  const check = level === undefined ? {} : { OCF_CHECK_LEVEL: level };
  return {
    ...{ agent, resource: agent.type, action },
    params: { ...check, ...values },
    meta: { timeout: String(timeoutMs ?? defaultTimeoutMs), interval: "0" },
  };
}

function resourceRequest(id: string, asked: AgentRunParams, desk: CibDesk): AgentRequest {
  const { primitive, agent } = runnable(desk.cib(), id, asked);
  refuseSecond(id, asked, desk);
  const context = readContext(desk.cib(), noRuleHolds);
  const { timeoutMs } = operationFor(context, primitive, { name: asked.action, intervalMs: 0 });
  const values = Object.fromEntries(instanceAttributes(context, primitive));
  const given = { timeoutMs, ...asked, values: { ...values, ...asked.values } };
  const name = attribute(primitive.element, "id") ?? id;
  return { ...requestOf(agent, given), resource: name };
}

/** The primitive itself, or the one in a clone. */
function runnable(
  cib: XmlElement,
  id: string,
  { action, isDevice = false }: AgentRunParams,
): { readonly primitive: FoundResource; readonly agent: AgentSpec } {
  const found = knownResource(cib, id);
  if (!found.ok) throw asUserError(found.error);
  const { element } = found.value;
  const primitive =
    element.name === "primitive"
      ? found.value
      : resourcesOf(cib).find(({ element: inner, parents }) => {
          return inner.name === "primitive" && parents.length === 1 && parents[0] === element;
        });
  const [agentClass = "", ...rest] =
    (primitive && agentOf(readContext(cib, noRuleHolds), primitive))?.split(":") ?? [];
  const isOfClone = element.name === "clone" || element.name === "master";
  const isFencing = agentClass === "stonith" && action !== "validate-all";
  if (isDevice && agentClass !== "stonith") {
    throw new UserError("HF4000", `${id} is no fence device`, {
      exit: 105,
      remedy: "stonith_admin --list-registered tells which there are.",
    });
  }
  if (
    primitive === undefined ||
    (element !== primitive.element && !isOfClone) ||
    isFencing !== isDevice
  ) {
    const kind = isFencing ? "fence device" : element.name;
    throw new UserError("HF4605", `${id} is a ${kind}: its agents are not run by hand`, {
      exit: unimplemented,
      remedy: "Name a primitive in it; fence devices are asked by stonith_admin.",
    });
  }
  const [provider = "", type = ""] = rest.length > 1 ? rest : ["", ...rest];
  return { primitive, agent: { class: agentClass, provider, type } };
}

/** Safety: what runs is not started a second time, here or on another node, unless a person insists. */
function refuseSecond(id: string, { action, force }: AgentRunParams, desk: CibDesk): void {
  if (force === true || (action !== "start" && action !== "promote")) return;
  const nodes = activeNodes(desk.cib(), id, desk.wallNow());
  if (nodes.length === 0) return;
  throw new UserError("HF4606", `the cluster has ${id} running on ${nodes.join(", ")}`, {
    exit: 107,
    remedy: "Stop it there first. --force does it all the same: it may then run twice.",
  });
}

/** Fence agents read their parameters, and what they shall do, from standard input. */
async function fenceAgentRun(request: AgentRequest, ports: PassedOverPorts): Promise<AgentRun> {
  const { agent, params, meta, action } = request;
  const program = await findProgram(ports.files, agent.type);
  if (!program.ok)
    return {
      agent,
      rc: ocf.notInstalled,
      reason: program.error,
      notRun: true,
      stdout: "",
      stderr: "",
    };
  const own = Object.entries(params).filter(([name]) => !name.startsWith("pcmk_"));
  const lines = Object.entries({ ...Object.fromEntries(own), action });
  const run = await ports.processes.run(program.value, [], {
    env: { PATH: systemPath, LANG: "C.UTF-8" },
    stdin: lines.map(([name, value]) => `${name}=${value}\n`).join(""),
    timeoutMs: Number(meta["timeout"]),
  });
  const { code = ocf.genericError, stdout, stderr } = run;
  const said = stderr.trim().split("\n").at(-1) ?? "";
  return { agent, rc: code, reason: run.failure ?? said, notRun: false, stdout, stderr };
}
