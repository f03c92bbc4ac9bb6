/** Which agent runs a resource: one that is built in, or a program. */
import { ocf, outcome } from "./outcome.ts";
import type { AgentName, ResourceAgent } from "./resource-agent.ts";

export type Agents = {
  /** ocf:heartbeat:Xen. */
  readonly xen: ResourceAgent;
  /** All other OCF agents. */
  readonly scripts: ResourceAgent;
  readonly lsb: ResourceAgent;
  readonly systemd: ResourceAgent;
  readonly service: ResourceAgent;
};

export function chooseAgent(agents: Agents, name: AgentName): ResourceAgent {
  switch (name.class) {
    case "ocf":
      return name.provider === "heartbeat" && name.type === "Xen" ? agents.xen : agents.scripts;
    case "lsb":
    case "systemd":
    case "service":
      return agents[name.class];
    default:
      return refusing(name);
  }
}

/** The cluster treats "not installed" as: never here, and no reason to fence. */
function refusing(name: AgentName): ResourceAgent {
  const reason = `resources of class ${name.class} are not run; use an agent of class ocf instead of ${name.class}:${name.type}`;
  return { run: async () => outcome(ocf.notInstalled, reason) };
}
