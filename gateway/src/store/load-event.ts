// Runs one event inside the open transaction: stored outcome, or read the file, decide, apply; the audit trail has it.

import { assert } from "../core/assert.js";
import { isPartnerEvent } from "../core/loading/case.js";
import type { BeneficiaryEvent, PartnerEvent } from "../core/loading/event.js";
import { load } from "../core/loading/load.js";
import type { Loaded } from "../core/loading/loaded.js";
import type { Answer, LoadCommand, OpenedEvidence } from "../core/ports.js";
import type { EventRow } from "./driver.js";
import type { StoreOptions } from "./options.js";

/** Builds the function that runs one event. Its instant is the clock's. */
export function createEventRunner<Opened extends OpenedEvidence>(
  options: StoreOptions<Opened>,
): (command: LoadCommand) => Promise<Answer> {
  const { driver, programme, calendar, clock } = options;

  async function decide(command: LoadCommand, nowMs: number): Promise<Loaded> {
    const { event, agent } = command;
    const context = { agent, nowMs, programme, calendar };
    if (isPartnerEvent(event)) {
      return load({ ...context, event, file: await driver.readPartner(partnerQuery(event)) });
    }
    const file = await driver.readBeneficiary(beneficiaryQuery(event));
    return load({ ...context, event, file });
  }

  return async (command) => {
    const known = await driver.findEvent(command.eventId);
    if (known) return answerAgain(known, command);
    const nowMs = clock.nowMs();
    const loaded = await decide(command, nowMs);
    const writes = loaded.outcome === "refused" ? [] : loaded.writes;
    await driver.applyEvent(rowOf({ command, loaded, nowMs }), writes);
    if (loaded.outcome === "refused") {
      return { type: "refused", code: loaded.code, detail: loaded.detail };
    }
    const { outcome, notes } = loaded;
    return { type: "loaded", outcome, notes, replayed: false };
  };
}

/** The same event again: its stored outcome, whatever has changed since. */
function answerAgain(known: EventRow, { fingerprint }: LoadCommand): Answer {
  const isSame = Buffer.from(known.fingerprint).equals(Buffer.from(fingerprint));
  if (!isSame) return { type: "conflict" };
  const { outcome, notes } = known;
  assert(outcome !== "refused", "a refused event is not found again");
  return { type: "loaded", outcome, notes, replayed: true };
}

function partnerQuery(event: PartnerEvent) {
  return {
    id: event.partner,
    pointOfSaleId: event.type === "pointOfSale.saved" ? event.pointOfSale : null,
    conventionReference: event.type === "convention.saved" ? event.convention.reference : null,
  };
}

function beneficiaryQuery(event: BeneficiaryEvent) {
  return { id: event.beneficiary, card: "card" in event ? event.card : null };
}

function rowOf(input: {
  readonly command: LoadCommand;
  readonly loaded: Loaded;
  readonly nowMs: number;
}): EventRow {
  const { command, loaded, nowMs } = input;
  const { agent, event } = command;
  const isRefused = loaded.outcome === "refused";
  return {
    id: command.eventId,
    agentId: agent.id,
    role: agent.role,
    type: event.type,
    subject: isPartnerEvent(event) ? event.partner : event.beneficiary,
    atMs: nowMs,
    fingerprint: command.fingerprint,
    outcome: loaded.outcome,
    refusal: isRefused ? loaded.code : null,
    notes: isRefused ? [loaded.detail] : loaded.notes,
  };
}
