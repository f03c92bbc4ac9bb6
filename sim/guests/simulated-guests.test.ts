import { guestDriverContract } from "../../test/contracts/guest-driver.ts";
import { SharedVolumes } from "../../test/doubles/shared-volumes.ts";
import { SimulatedGuests, simulatedGuest } from "./simulated-guests.ts";

guestDriverContract("the simulated guests", {
  skip: false,
  make: async () => {
    const volumes = new SharedVolumes(["host1_root"]);
    const guests = new SimulatedGuests();
    const side = (name: string) => {
      const own = volumes.addNode(name, `/${name}`);
      const host = guests.addHost(name, own);
      return {
        driver: () => host.driver,
        volumes: own,
        address: name,
        crash: async (guest: string) => host.crash(guest),
        freeze: (guest: string) => host.disturb(guest, { frozen: true }),
        thaw: (guest: string) => host.disturb(guest, { frozen: false }),
        restart: () => undefined,
      };
    };
    return {
      guest: simulatedGuest("host1", ["host1_root"]),
      one: side("xen1"),
      two: side("xen2"),
      close: async () => undefined,
    };
  },
});
