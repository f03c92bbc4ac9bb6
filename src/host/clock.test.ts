import { clockContract } from "../../test/contracts/clock.ts";
import { hostClock } from "./clock.ts";

clockContract("the host's clock", hostClock);
