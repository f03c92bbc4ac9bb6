import { commandSetMain } from "../cluster/main-shell.ts";
import { holdfast } from "./holdfast.ts";

await commandSetMain(holdfast);
