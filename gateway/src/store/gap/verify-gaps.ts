// Checks what is said of restores: who signed each gap, and what the audit trail has of its begin and its end.

import type { KeyObject } from "node:crypto";
import { ED25519_SIGNATURE_BYTES, ed25519Verify } from "@pass-tpe/protocol/standards";
import type { EventRow, Rows } from "../rows.js";
import { GAP_ENDINGS, type GapRow } from "./driver.js";
import { gapMessage } from "./message.js";

export interface GapsReport {
  /** Those that hold: they explain what a restore cut off the chain. */
  readonly gaps: readonly GapRow[];
  /** What was lost and who answers for it, in words. */
  readonly notes: readonly string[];
  readonly faults: readonly string[];
}

/**
 * A gap explains nothing unless the gateway's audit key signed it and the audit trail, which is sealed, has its begin;
 * one that ended is ended by a row of the trail.
 */
export async function verifyGaps(input: {
  readonly gaps: readonly GapRow[];
  readonly events: Rows<EventRow>;
  readonly publicKeys: readonly KeyObject[];
}): Promise<GapsReport> {
  const { gaps, publicKeys } = input;
  const told = new Map<string, EventRow>();
  for await (const event of input.events) {
    if (event.type.startsWith("gap.")) told.set(event.id, event);
  }
  const faults: string[] = [];
  const [sound, notes]: [GapRow[], string[]] = [[], []];
  for (const gap of gaps) {
    const fault = faultOf(gap, told, publicKeys);
    if (fault !== null) faults.push(`gap ${gap.no}: ${fault}`);
    else sound.push(gap);
    notes.push(noteOn(gap, told));
  }
  const opened = new Set(gaps.map(({ openedEventId }) => openedEventId));
  for (const { id, type, subject } of told.values()) {
    if (type === "gap.opened" && !opened.has(id)) {
      faults.push(`${subject}: the audit trail has it, event ${id}, and it is gone`);
    }
  }
  return { gaps: sound, notes, faults };
}

function faultOf(
  gap: GapRow,
  told: ReadonlyMap<string, EventRow>,
  publicKeys: readonly KeyObject[],
): string | null {
  const { signature } = gap;
  const message = gapMessage(gap);
  const isSigned =
    signature.length === ED25519_SIGNATURE_BYTES &&
    publicKeys.some((publicKey) => ed25519Verify({ publicKey, message, signature }));
  if (!isSigned) return "it is not signed with the gateway's audit key: no restore made it";
  const subject = `gap ${gap.no}`;
  const isOf = (id: string, type: string) => {
    const event = told.get(id);
    return event?.subject === subject && event.type === type;
  };
  if (!isOf(gap.openedEventId, "gap.opened")) return "the audit trail does not have its begin";
  for (const how of GAP_ENDINGS) {
    const end = gap[how];
    if (end !== null && !isOf(end.eventId, `gap.${how}`)) {
      return `the audit trail does not have its end (gap.${how})`;
    }
  }
  return null;
}

function noteOn(gap: GapRow, told: ReadonlyMap<string, EventRow>): string {
  const { no, fromMs, toMs, linkNo, signed } = gap;
  const ended = GAP_ENDINGS.flatMap((how) => told.get(gap[how]?.eventId ?? "") ?? []);
  const steps = ended.map(
    ({ type, agentId, notes }) => `${type} by ${agentId} (${notes.join("; ")})`,
  );
  const how = [...steps, ...(signed === null ? ["nobody has signed for it"] : [])].join("; ");
  return `gap ${no}: restored on ${iso(toMs)} to ${iso(fromMs)} and link ${linkNo}; ${how}`;
}

const iso = (atMs: number) => new Date(atMs).toISOString();
