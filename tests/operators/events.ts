// Events of made-up pupils, in the order in which the Région's systems send them.

import { randomBytes, randomUUID } from "node:crypto";
import { parisDay } from "@pass-tpe/gateway";
import { withLuhn } from "@pass-tpe/protocol/standards";
import { TEST_CAMPAIGN } from "../support/running-gateway.js";

export interface Pupil {
  readonly id: string;
  readonly cardNumber: string;
  readonly uid: Buffer;
}

/** A pupil that no other test has. */
export function aPupil(): Pupil {
  const tag = randomBytes(5);
  return {
    id: `D-${tag.toString("hex").toUpperCase()}`,
    cardNumber: withLuhn(`90${String(tag.readUIntBE(0, 5)).padStart(13, "0")}`),
    uid: Buffer.concat([Buffer.from([0x04, 0x01]), tag]),
  };
}

export function ordered({ id }: Pupil, change: object = {}): object {
  return {
    id: randomUUID(),
    type: "card.ordered",
    beneficiary: id,
    holder: "Camille D.",
    etablissement: "LYC-1",
    campaign: TEST_CAMPAIGN,
    charterAcceptedOn: parisDay(Date.now()),
    ...change,
  };
}

export function validated({ id }: Pupil, change: object = {}): object {
  return {
    id: randomUUID(),
    type: "beneficiary.validated",
    beneficiary: id,
    campaign: TEST_CAMPAIGN,
    etablissement: "LYC-1",
    attributes: {
      status: "LYCEEN",
      level: "SECONDE",
      track: "GENERALE",
      formation: null,
      flags: ["MAJORATION_A"],
      birthDay: "2007-03-29",
    },
    ...change,
  };
}

export function issuedCard({ id, cardNumber, uid }: Pupil, change: object = {}): object {
  const card = { number: cardNumber, uid: uid.toString("hex"), generation: "SDM-1" };
  return { id: randomUUID(), type: "card.issued", beneficiary: id, card, ...change };
}

/** Everything that makes a pupil able to pay. */
export function wholePupil(pupil: Pupil): readonly object[] {
  return [ordered(pupil), validated(pupil), issuedCard(pupil)];
}

export function suspended({ id }: Pupil, change: object = {}): object {
  return {
    id: randomUUID(),
    type: "suspension.decided",
    beneficiary: id,
    suspension: `S-${id}`,
    campaign: TEST_CAMPAIGN,
    avantages: ["CINEMA"],
    decisionRef: "DEC-1",
    ...change,
  };
}
