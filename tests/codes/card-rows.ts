// How each refusal of the card, of what it presented, or of the code secret is reached on the real gateway.

import { randomInt } from "node:crypto";
import { withLuhn } from "@pass-tpe/protocol/standards";
import { aPupil, issuedCard, ordered, type Pupil, validated } from "../operators/events.js";
import { about, enrol, HOLDER, nobodysChip, OPERATOR, send } from "./pupils.js";
import type { Heard } from "./raw-till.js";
import type { Rig } from "./rig.js";
import type { GatewayRow } from "./row.js";

const by = "gateway";
const SHOW = { avantage: "SPECTACLE", purchaseCents: 500 };
const WRONG_PIN = "0000";

/** A pupil whose card went the way that the events tell, and then taps. */
async function tapAfter(rig: Rig, eventsOf: (pupil: Pupil) => readonly object[]): Promise<Heard> {
  const pupil = aPupil();
  const enrolled = [ordered(pupil, { holder: HOLDER }), validated(pupil)];
  await send(rig.gateway, OPERATOR, [...enrolled, ...eventsOf(pupil)]);
  return rig.till.sell({ evidence: rig.tap(pupil), ...SHOW });
}

const withdrawn = (status: string) => (rig: Rig) =>
  tapAfter(rig, (pupil) => [
    issuedCard(pupil),
    about(pupil, "card.withdrawn", { cardNumber: pupil.cardNumber, status }),
  ]);

function replacedBy(pupil: Pupil, { cardNumber, uid }: Pupil): object {
  const card = { number: cardNumber, uid: uid.toString("hex"), generation: "SDM-1" };
  return about(pupil, "card.replaced", { replacedCardNumber: pupil.cardNumber, card });
}

function made(pupil: Pupil): object {
  const { cardNumber, uid } = pupil;
  const card = { number: cardNumber, uid: uid.toString("hex"), generation: "SDM-1" };
  return about(pupil, "card.made", { card });
}

/** So many wrong code secrets, one after the other: the answer to the last. */
async function wrongPins(rig: Rig, count: number): Promise<Heard> {
  const pupil = await enrol(rig.gateway);
  const tryOnce = () => rig.till.sell({ evidence: rig.scan(pupil, WRONG_PIN), ...SHOW });
  let heard = await tryOnce();
  for (let tries = 1; tries < count; tries += 1) heard = await tryOnce();
  return heard;
}

export const CARD_ROWS: readonly GatewayRow[] = [
  {
    code: "QR_INVALID",
    by,
    how: "a code whose signature is not the programme's",
    async reach(rig) {
      const pupil = await enrol(rig.gateway);
      const evidence = rig.scan(pupil, null);
      const genuine = "token" in evidence ? evidence.token : "";
      const other = genuine.at(-2) === "A" ? "B" : "A";
      const token = genuine.slice(0, -2) + other + genuine.slice(-1);
      const pinBlock = rig.till.pinBlock(pupil.cardNumber, WRONG_PIN);
      return rig.till.sell({ evidence: { type: "qr", token, pinBlock }, ...SHOW });
    },
  },
  {
    code: "CARD_NOT_GENUINE",
    by,
    how: "a card's message that was heard once and is played again",
    async reach({ gateway, till, tap }) {
      const evidence = tap(await enrol(gateway));
      await till.sell({ evidence, ...SHOW });
      return till.sell({ evidence, ...SHOW });
    },
  },
  {
    code: "PROOF_EXPIRED",
    by,
    how: "a reference to a presentation that never was",
    reach: ({ till }) =>
      till.sell({ evidence: { type: "proofRef", proofRef: "A".repeat(22) }, ...SHOW }),
  },
  {
    code: "CARD_UNKNOWN",
    by,
    how: "a genuine chip that was given to nobody",
    reach: ({ gateway, till }) => till.sell({ evidence: nobodysChip(gateway), ...SHOW }),
  },
  {
    code: "CARD_UNKNOWN",
    by,
    how: "a typed number that is nobody's",
    texts: { keyed: true },
    reach({ till }) {
      const cardNumber = withLuhn(`80${String(randomInt(2 ** 40)).padStart(13, "0")}`);
      return till.sell({ evidence: { type: "keyed", cardNumber }, ...SHOW });
    },
  },
  { code: "CARD_LOST", by, how: "a card that was reported lost", reach: withdrawn("LOST") },
  { code: "CARD_STOLEN", by, how: "a card that was reported stolen", reach: withdrawn("STOLEN") },
  { code: "CARD_BLOCKED", by, how: "a card that is blocked", reach: withdrawn("BLOCKED") },
  {
    code: "CARD_EXPIRED",
    by,
    how: "a card that another stands in for",
    reach: (rig) => tapAfter(rig, (pupil) => [issuedCard(pupil), replacedBy(pupil, aPupil())]),
  },
  {
    code: "CARD_EXPIRED",
    by,
    how: "a card past its time",
    reach: withdrawn("EXPIRED"),
  },
  {
    code: "CARD_NOT_ACTIVE",
    by,
    how: "a card that was made and not yet issued",
    reach: (rig) => tapAfter(rig, (pupil) => [made(pupil)]),
  },
  {
    code: "PIN_REQUIRED",
    by,
    how: "a printed code without a code secret",
    byHand: true,
    reach: async (rig) =>
      rig.till.sell({ evidence: rig.scan(await enrol(rig.gateway), null), ...SHOW }),
  },
  {
    code: "PIN_REQUIRED",
    by,
    how: "a tap of a card with a mere identifier, above its ceiling (T-12)",
    async reach({ gateway, till }) {
      const { uid } = await enrol(gateway, { generation: "ID-1" });
      const evidence = { type: "nfc", identifier: uid.toString("hex").toUpperCase() } as const;
      return till.sell({ evidence, ...SHOW, purchaseCents: 3_001, exact: true });
    },
  },
  {
    code: "PIN_BLOCK_INVALID",
    by,
    how: "a block that no pad of the programme made",
    async reach({ gateway, till }) {
      const { cardNumber } = await enrol(gateway);
      const pinBlock = { ksn: "0".repeat(24), block: "0".repeat(32) };
      return till.sell({ evidence: { type: "keyed", cardNumber, pinBlock }, ...SHOW });
    },
  },
  {
    code: "PIN_NOT_SET",
    by,
    how: "a tap of a holder who has chosen no code secret yet (T-11)",
    texts: { accountUrl: "https://auvergnerhonealpes.zecarte.fr/B%C3%A9n%C3%A9ficiaire/" },
    reach: async ({ gateway, till, tap }) =>
      till.sell({ evidence: tap(await enrol(gateway, { pin: null })), ...SHOW }),
  },
  {
    code: "PIN_INCORRECT",
    by,
    how: "a first wrong code secret",
    texts: { triesLeft: 2 },
    reach: (rig) => wrongPins(rig, 1),
  },
  {
    code: "PIN_INCORRECT_LAST",
    by,
    how: "a second wrong code secret",
    texts: { triesLeft: 1 },
    reach: (rig) => wrongPins(rig, 2),
  },
  {
    code: "PIN_LOCKED",
    by,
    how: "a third wrong code secret (T-13)",
    reach: (rig) => wrongPins(rig, 3),
  },
];
