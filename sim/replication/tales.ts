/** Short courses of events that go through every kind of exchange that two nodes have: for a fault at each of their moments. */
import type { Play, Tale } from "./moments.ts";
import { healLinks } from "./recovery.ts";
import type { SimNode } from "./sim-node.ts";

export const tales: readonly Tale[] = [
  {
    name: "the guest moves to the other node and writes there",
    careful: false,
    run: (play) => {
      play.advance(40);
      switchRoles(play);
      play.advance(60);
    },
  },
  {
    name: "the cable is out for a moment, and what was written meanwhile is synced while the guest writes on",
    careful: false,
    run: (play) => {
      play.advance(20);
      apart(play);
      play.advance(30);
      together(play);
      play.advance(1200);
    },
  },
  {
    name: "the same with fencing",
    careful: true,
    run: (play) => {
      play.advance(20);
      apart(play);
      play.advance(4000);
      together(play);
      play.advance(3000);
    },
  },
  {
    name: "the Secondary's process is restarted while the guest writes",
    careful: false,
    run: (play) => {
      play.advance(20);
      if (play.bravo.running) play.cluster.crash(play.bravo);
      play.advance(30);
      if (!play.bravo.running && play.bravo.powered) play.bravo.start();
      play.advance(1200);
    },
  },
  {
    name: "the Primary lets go of its disk, writes over the network, and takes its disk back",
    careful: false,
    run: (play) => {
      play.advance(20);
      if (play.cluster.whole.size === 2) ask(play.alpha, { name: "detach", volume: 0 });
      play.advance(60);
      if (play.alpha.status()?.volumes[0]?.disk === "Diskless") play.alpha.attach(0);
      play.advance(600);
    },
  },
  {
    name: "the Secondary is invalidated, and all of it is synced",
    careful: false,
    run: (play) => {
      play.advance(20);
      if (play.cluster.whole.size === 2 && play.bravo.running) {
        // From here on it counts only when it is synced again.
        play.cluster.whole.delete(play.bravo);
        ask(play.bravo, { name: "invalidate", volume: 0 });
      }
      play.advance(1000);
    },
  },
  {
    name: "an orderly disconnect, writes, and a new connection",
    careful: false,
    run: (play) => {
      play.advance(20);
      // As a person does: the one is done before the other is asked for, and a moment passes.
      ask(play.bravo, { name: "disconnect" }, () => {
        play.world.clock.after(40, () => ask(play.bravo, { name: "connect" }));
      });
      play.advance(1240);
    },
  },
];

function ask(
  node: SimNode,
  command: Parameters<SimNode["admin"]>[0],
  done: () => void = () => {},
): void {
  if (node.running) node.admin(command, done);
}

function switchRoles(play: Play): void {
  play.cluster.demote((demoted) => {
    if (demoted !== undefined) play.cluster.promote(play.cluster.other(demoted));
  });
}

/** The cable is out, and both see it at once. */
function apart({ world, alpha, bravo }: Play): void {
  world.network.setLink(alpha.address, bravo.address, { up: false });
  world.network.setLink(bravo.address, alpha.address, { up: false });
  for (const node of [alpha, bravo]) node.event({ kind: "peer-lost" });
}

function together({ world, alpha, bravo }: Play): void {
  healLinks(world.network, [alpha, bravo]);
}
