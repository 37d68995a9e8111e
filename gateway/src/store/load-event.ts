// Runs one event inside the open transaction: stored outcome, or read the file, decide, apply; the audit trail has it.

import { assert } from "../core/assert.js";
import { isPartnerEvent } from "../core/loading/case.js";
import type { BeneficiaryEvent, PartnerEvent } from "../core/loading/event.js";
import { load } from "../core/loading/load.js";
import type { Loaded, LoadRefusalCode } from "../core/loading/loaded.js";
import { checkRole } from "../core/loading/roles.js";
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

  /** Who was revoked while the event waited sends nothing more; agents of this process are not stored at all. */
  async function checkSender({ agent, event }: LoadCommand): Promise<Refused | null> {
    const stored = await driver.findAgent(agent.id);
    if (stored?.status !== "revoked") return checkRole(event.type, agent);
    return {
      outcome: "refused",
      code: "NOT_ALLOWED",
      detail: "This agent is revoked. Ask the operator.",
    };
  }

  /** Another agent's event is told to who may send it, and to nobody else. */
  async function decideAgain(
    known: EventRow,
    command: LoadCommand,
    nowMs: number,
  ): Promise<Refused | null> {
    const isSame = Buffer.from(known.fingerprint).equals(Buffer.from(command.fingerprint));
    if (known.agentId !== command.agent.id) {
      const loaded = await decide(command, nowMs);
      if (loaded.outcome === "refused" && loaded.code === "NOT_ALLOWED") return loaded;
    }
    if (isSame) return null;
    const detail = "this id stands for another event";
    return { outcome: "refused", code: "DUPLICATE_CONFLICT", detail };
  }

  return async (command) => {
    const nowMs = clock.nowMs();
    const forbidden = await checkSender(command);
    const known = forbidden ? null : await driver.findEvent(command.eventId);
    const refused = forbidden ?? (known && (await decideAgain(known, command, nowMs)));
    if (known && !refused) return storedAnswer(known);
    const loaded = refused ?? (await decide(command, nowMs));
    const writes = loaded.outcome === "refused" ? [] : loaded.writes;
    await driver.applyEvent(rowOf({ command, loaded, nowMs }), writes);
    if (loaded.outcome === "refused") {
      const { code, detail } = loaded;
      return code === "DUPLICATE_CONFLICT"
        ? { type: "conflict" }
        : { type: "refused", code, detail };
    }
    const { outcome, notes } = loaded;
    return { type: "loaded", outcome, notes, replayed: false };
  };
}

/** A refusal of the core, or by what is stored under the same id. */
interface Refused {
  readonly outcome: "refused";
  readonly code: LoadRefusalCode | "DUPLICATE_CONFLICT";
  readonly detail: string;
}

/** The same event again: its stored outcome, whatever has changed since. */
function storedAnswer({ outcome, notes }: EventRow): Answer {
  assert(outcome !== "refused" && outcome !== "asked", "what was not taken in is not found again");
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
  readonly loaded: Loaded | Refused;
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
