import { guestDriverContract } from "../../contracts/guest-driver.ts";
import { guestImage } from "./guest-image.ts";
import { type QemuNode, qemuWorld, testGuest } from "./qemu-world.ts";

const image = guestImage();

guestDriverContract("QEMU", {
  skip: typeof image === "string" ? image : false,
  make: async () => {
    const world = await qemuWorld(["host1_root"]);
    const side = (node: QemuNode) => ({
      driver: () => node.driver,
      volumes: node.volumes,
      address: "127.0.0.1",
      crash: () => node.crash(),
      freeze: () => node.signal("SIGSTOP"),
      thaw: () => node.signal("SIGCONT"),
      restart: () => node.restart(),
    });
    if (typeof image === "string") throw new Error(image);
    return {
      guest: testGuest(image, ["host1_root"]),
      one: side(world.one),
      two: side(world.two),
      close: () => world.close(),
    };
  },
});
