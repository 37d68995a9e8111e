// An event as it is sent: one strict form for each type.

import { z } from "zod";
import { CARD_EVENTS, RIGHTS_EVENTS } from "./beneficiary-events.js";
import { PARTNER_EVENTS } from "./partner-events.js";

export const SentEventSchema = z.discriminatedUnion("type", [
  ...CARD_EVENTS,
  ...RIGHTS_EVENTS,
  ...PARTNER_EVENTS,
]);
export type SentEvent = z.infer<typeof SentEventSchema>;

/** Every event type that can be sent. */
export const EVENT_TYPES: readonly string[] = SentEventSchema.options.map(
  (option) => option.shape.type.value,
);
