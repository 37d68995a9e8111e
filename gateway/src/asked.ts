// Does what an operator asks for between two rows of the audit trail: what was asked, and what came of it.

import type { Agent } from "./core/loading/event.js";
import type { Answer, Clock, Random } from "./core/ports.js";
import type { SettlementResult, StatusReportResult } from "./core/settlement/ports.js";
import type { EventRow } from "./store/driver.js";
import type { EmbeddedStore } from "./store/engine.js";
import { type Act, type Asked, type Came, trailRow } from "./trail.js";

/** What came of it, with what the second row notes beside that. */
type CameOfIt = Came & { readonly notes: readonly string[] };

interface Question {
  readonly what: Asked;
  readonly subject: string;
  readonly by: Agent;
  readonly notes?: readonly string[];
}

export type Asking = ReturnType<typeof createAsking>;

/**
 * Builds what does something that was asked for. The first row is durable before it is begun. A second row follows where
 * something came of it, and names the first; where none does, it was not done or it stopped on its way. All of it may be
 * asked again. Nothing is begun, nor a row added, by a clock that jumped (ClosedError).
 */
export function createAsking(parts: {
  readonly store: Pick<EmbeddedStore, "load" | "checkClock">;
  readonly clock: Clock;
  readonly random: Random;
}) {
  const { store, clock, random } = parts;

  async function add(act: Omit<Act, "nowMs">): Promise<EventRow> {
    const row = trailRow({ ...act, nowMs: clock.nowMs() }, random);
    await store.load({}, [row]);
    return row;
  }

  return async function ask<T>(
    { what, subject, by, notes = [] }: Question,
    work: { readonly run: () => Promise<T>; readonly cameOf: (result: T) => CameOfIt | null },
  ): Promise<T> {
    store.checkClock();
    const about = { subject, by };
    const asked = await add({ ...about, type: `${what}.asked`, came: { outcome: "asked" }, notes });
    const result = await work.run();
    const came = work.cameOf(result);
    if (came !== null) {
      const cameNotes = [`asked ${asked.id}`, ...came.notes];
      await add({ ...about, type: `${what}.answered`, came, notes: cameNotes });
    }
    return result;
  };
}

/** What came of something done with a sale; null where nothing was looked at. */
export function cameOfAct(answer: Answer, sale: string): CameOfIt | null {
  const notes = [`sale ${sale}`];
  switch (answer.type) {
    case "decision": {
      const { code, replayed } = answer;
      if (answer.answer.outcome === "declined") return { outcome: "refused", refusal: code, notes };
      return { outcome: replayed ? "unchanged" : "applied", notes: [...notes, `code ${code}`] };
    }
    case "conflict":
      return { outcome: "refused", refusal: "DUPLICATE_CONFLICT", notes };
    case "notFound":
      return { outcome: "refused", refusal: "ORIGINAL_NOT_FOUND", notes };
    default:
      return null;
  }
}

/** What came of a settlement. @param wasDone whether it had been settled to the end before. */
export function cameOfSettlement(result: SettlementResult, wasDone: boolean): CameOfIt {
  if (result.type === "refused") {
    return { outcome: "refused", refusal: result.code, notes: [result.detail] };
  }
  const { payments, paidCents } = result.report;
  const notes = [`payments ${payments}`, `paidCents ${paidCents}`];
  return { outcome: wasDone ? "unchanged" : "applied", notes };
}

/** What came of a bank's report. */
export function cameOfReport(result: StatusReportResult): CameOfIt {
  if (result.type === "refused") {
    return { outcome: "refused", refusal: "FORMAT_ERROR", notes: [result.detail] };
  }
  const applied = result.outcomes.filter(({ outcome }) => outcome === "applied").length;
  const notes = [`payments ${result.outcomes.length}`, `applied ${applied}`];
  return { outcome: applied > 0 ? "applied" : "unchanged", notes };
}
