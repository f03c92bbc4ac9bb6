/** What is to be said of nodes, quorum and the network between them. */
import type { LiveStatus, PeerStatus } from "../../../api/cluster-live.ts";
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { NodeStatus } from "../../../decision/cluster-status.ts";
import { agoText } from "../time-texts.ts";
import { confirmRemedy } from "./fencing-problems.ts";
import type { Problem } from "./problem.ts";

export function nodeProblems(snapshot: ClusterSnapshot): readonly Problem[] {
  const { status, live } = snapshot;
  return [
    ...phaseProblems(snapshot),
    ...quorumProblems(snapshot),
    ...status.nodes.flatMap((node) => oneNode(node, live)),
    ...(live?.peers ?? []).flatMap(pathProblems),
    ...wholeCluster(snapshot),
  ];
}

export function peerOf(live: LiveStatus | undefined, node: string): PeerStatus | undefined {
  return live?.peers.find((peer) => peer.name === node);
}

function phaseProblems({ live, summary }: ClusterSnapshot): readonly Problem[] {
  if (live === undefined) return [];
  const unheard = live.peers.filter(({ standing }) => standing === "unheard");
  const names = unheard.map(({ name }) => name).join(", ");
  const waits = names === "" ? "" : `: ${names} ${unheard.length === 1 ? "was" : "were"} not heard`;
  switch (live.phase) {
    case "starting":
      return [working(`${live.node} has just started and waits for the others${waits}`)];
    case "electing":
      return [working("no node decides yet: the members choose one")];
    case "joining":
      return [working("a node decides; it gathers what the members know")];
    case "settled":
      return summary.dc === undefined
        ? [
            {
              severity: "trouble",
              text: "no node decides: nothing is started, moved or stopped",
              remedy: "holdfast events --level warn",
            },
          ]
        : [];
  }
}

function working(text: string): Problem {
  return { severity: "working", text, remedy: "" };
}

function quorumProblems({ summary, live }: ClusterSnapshot): readonly Problem[] {
  if (live === undefined || summary.quorate || live.phase === "starting") return [];
  const consequences = {
    ignore: "the cluster goes on as if it had it (no-quorum-policy=ignore)",
    freeze: "what runs goes on, nothing is started (no-quorum-policy=freeze)",
    stop: "all resources are stopped (no-quorum-policy=stop)",
    fence: "this partition's nodes are fenced (no-quorum-policy=fence)",
    demote: "what is promoted is demoted (no-quorum-policy=demote)",
  };
  const policy = summary.options.noQuorumPolicy;
  return [
    {
      severity: policy === "ignore" ? "degraded" : "trouble",
      text: `there is no quorum: ${consequences[policy]}`,
      remedy: "Bring back the missing nodes, or the network to them.",
    },
  ];
}

function oneNode(node: NodeStatus, live: LiveStatus | undefined): readonly Problem[] {
  const { name } = node;
  if (node.kind !== "member") return [];
  if (node.unclean) {
    const why = node.reason === undefined ? "" : ` (${node.reason})`;
    return [
      {
        severity: "trouble",
        text: `${name} is unclean${why}: it is not known to be off, so its guests wait`,
        remedy: confirmRemedy(name),
      },
    ];
  }
  if (!node.online) return [offlineProblem(name, live)];
  const problems: Problem[] = [];
  if (node.standby !== "no") {
    const cause = node.standby === "on-fail" ? " because an operation failed there" : "";
    problems.push({
      severity: "note",
      text: `${name} is in standby${cause}: no guest runs on it`,
      remedy: `holdfast node online ${name}`,
    });
  }
  if (node.health !== "green") {
    const text = `${name}'s health is ${node.health}`;
    problems.push({ severity: "degraded", text, remedy: "" });
  }
  return problems;
}

function offlineProblem(name: string, live: LiveStatus | undefined): Problem {
  const peer = peerOf(live, name);
  if (peer?.standing === "left") {
    const text = `${name} has left: nothing takes over from this node`;
    return { severity: "degraded", text, remedy: `Start it again: holdfastd, on ${name}.` };
  }
  if (peer?.standing === "restarting") {
    return working(`holdfastd on ${name} restarts; its guests and disks run on`);
  }
  const silence =
    peer?.silentForMs === undefined ? "" : `, silent for ${agoText(peer.silentForMs)}`;
  const heard = peer?.heard === true ? "; its packets arrive, but it is no member" : "";
  const isAssumed = live?.fencing.evidence.some(
    ({ kind, about }) => kind === "silence" && about === name,
  );
  const doubt = isAssumed === true ? "; it counts as dead because fencing is off" : "";
  return {
    severity: "degraded",
    text: `${name} is offline${silence}${heard}${doubt}: nothing takes over if this side fails`,
    remedy:
      doubt === ""
        ? `Bring ${name} back: power, network, holdfastd.`
        : `Make sure that ${name} is off, or two guests run; then bring it back.`,
  };
}

function pathProblems(peer: PeerStatus): readonly Problem[] {
  if (peer.standing !== "member") return [];
  const down = peer.paths.filter(({ up }) => !up).map(({ path }) => path);
  if (down.length === 0) return [];
  return [
    {
      severity: "degraded",
      text: `${peer.name} is not heard on ${down.join(", ")}`,
      remedy: "Look at the cable, the switch and `ip link`.",
    },
  ];
}

function wholeCluster({ status }: ClusterSnapshot): readonly Problem[] {
  const problems: Problem[] = [];
  if (status.maintenance) {
    problems.push({
      severity: "note",
      text: "maintenance mode: nothing is started, moved, stopped or watched",
      remedy: "crm_attribute --name maintenance-mode --delete",
    });
  }
  if (status.stopAll) {
    problems.push({
      severity: "note",
      text: "all resources are to be stopped (stop-all-resources)",
      remedy: "crm_attribute --name stop-all-resources --delete",
    });
  }
  return problems;
}
