// One event together with everything that its outcome depends on.

import type { Calendar } from "../entitlement/calendar.js";
import type { Programme } from "../programme.js";
import type { Agent, BeneficiaryEvent, LoadEvent, PartnerEvent } from "./event.js";
import type { BeneficiaryFile, PartnerFile } from "./file.js";

export interface LoadContext {
  /** Who sends the event. */
  readonly agent: Agent;
  /** Unix milliseconds. */
  readonly nowMs: number;
  readonly programme: Programme;
  readonly calendar: Calendar;
}

export interface BeneficiaryCase<T extends BeneficiaryEvent["type"] = BeneficiaryEvent["type"]>
  extends LoadContext {
  readonly event: Extract<BeneficiaryEvent, { readonly type: T }>;
  readonly file: BeneficiaryFile;
}

export interface PartnerCase<T extends PartnerEvent["type"] = PartnerEvent["type"]>
  extends LoadContext {
  readonly event: Extract<PartnerEvent, { readonly type: T }>;
  readonly file: PartnerFile;
}

/** Whether an event is about a partner: its file is a `PartnerFile` then, and a `BeneficiaryFile` otherwise. */
export function isPartnerEvent(event: LoadEvent): event is PartnerEvent {
  return "partner" in event;
}
