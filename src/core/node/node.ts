/**
 * One node of the cluster: membership, links, CIB, controller, executor and fencer, wired together. The only place
 * where they meet. Use: `handle(event, now, wallNow)` performs one event and returns what is to be done;
 * `nextDeadline()` says when it wants `{ kind: "wake" }`; `status(now, wallNow)` is a snapshot; `cib` the CIB as it is here.
 * After the effect `gone` nothing follows.
 *
 * What the parts tell each other goes through one queue, in order; only when it is empty the controller decides
 * ("quiet"). The same events at the same times give the same effects.
 */
import { assert, unreachable } from "../../base/assert.ts";
import { compareText } from "../../base/compare.ts";
import type { Prng } from "../../base/prng.ts";
import { Queue } from "../../base/queue.ts";
import { after, earliest, type Instant, type WallTime } from "../../base/time.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import { parseIntervalMs } from "../../formats/cib/interval.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
