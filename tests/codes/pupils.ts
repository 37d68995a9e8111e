// Young people as the Région's systems load them, and the cards in their hands.

import { randomBytes, randomUUID } from "node:crypto";
import { type Agent, type Gateway, type NewCard, parisDay } from "@pass-tpe/gateway";
import type { Evidence } from "@pass-tpe/protocol";
import { expect } from "vitest";
import { aPupil, ordered, type Pupil, validated } from "../operators/events.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { TEST_PIN } from "../support/running-gateway.js";

export const OPERATOR: Agent = { id: "operator-1", role: "operator", etablissement: null };
export const REGION: Agent = { id: "region-1", role: "region", etablissement: null };

/** Everybody has the same first name, so that answers to two of them can be compared whole. */
export const HOLDER = "Camille D.";

const LYCEEN = {
  status: "LYCEEN",
  level: "SECONDE",
  track: "GENERALE",
  formation: null,
  flags: [],
  birthDay: "2007-03-29",
};

/** Sends events, each of which must be taken. */
export async function send(gateway: Gateway, agent: Agent, events: readonly object[]) {
  for (const event of events) {
    const submission = await gateway.operator.submit(event, agent);
    expect(submission).toMatchObject({ type: "answered", answer: { type: "loaded" } });
  }
}

export interface PupilOptions {
  /** What the établissement says of the pupil; null: it has validated nothing. */
  readonly attributes?: object | null;
  /** The code secret; null: never chosen. */
  readonly pin?: string | null;
  /** Of the card; the one with a one-time message where none is named. */
  readonly generation?: string;
}

/** A pupil who ordered a card, was validated, and holds the card with a code secret. */
export async function enrol(gateway: Gateway, options: PupilOptions = {}): Promise<Pupil> {
  const { attributes = {}, pin = TEST_PIN, generation = "SDM-1" } = options;
  const pupil = aPupil();
  await send(gateway, OPERATOR, [ordered(pupil, { holder: HOLDER })]);
  if (attributes !== null) {
    const said = { attributes: { ...LYCEEN, ...attributes } };
    await send(gateway, OPERATOR, [validated(pupil, said)]);
  }
  await gateway.operator.load({ cards: [cardOf(pupil, { pin, generation })] });
  return pupil;
}

function cardOf(
  { id, cardNumber, uid }: Pupil,
  { pin, generation }: { pin: string | null; generation: string },
): NewCard {
  const known = { id: `CARD-${id}`, accountId: id, generation };
  return { ...known, status: "ACTIVE", cardNumber, uid, pin };
}

/** An apprenti of an age in years, on the Paris day of the birthday. */
export function apprentiAged(years: number): object {
  const today = parisDay(Date.now());
  const birthDay = `${Number(today.slice(0, 4)) - years}${today.slice(4).replace("02-29", "02-28")}`;
  return { status: "APPRENTI", level: "AUTRE", track: "AUTRE", birthDay };
}

/** An event about a pupil, with an id of its own. */
export function about({ id }: Pupil, type: string, fields: object): object {
  return { id: randomUUID(), type, beneficiary: id, ...fields };
}

/** A chip that the programme's keys made and that nobody was given. */
export function nobodysChip(gateway: Gateway): Evidence {
  return nfcEvidence(gateway, { uid: Buffer.concat([Buffer.from([4]), randomBytes(6)]) });
}
