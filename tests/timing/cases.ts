// What is compared: presentations that a stranger could tell apart by the time of their refusal.

import type { AuthorizationRequest, Evidence } from "@pass-tpe/protocol";
import { formatCardMessage, parseCardMessage } from "@pass-tpe/protocol/standards";
import type { Answer } from "../../gateway/src/core/ports.js";
import type { Driver } from "../../gateway/src/store/driver.js";
import { seededRandom } from "../support/random.js";
import { openShop } from "../support/shop.js";
import type { Operation } from "./pairs.js";

/** As many as a small town has: more than fit in a page of the index. */
const CARDS = 500;

export interface Case {
  readonly name: string;
  readonly prepare: () => readonly [first: Operation, second: Operation];
}

/** Opens a shop over a driver, and gives the cases on it. What the cases decide is not kept. */
export async function openCases(driver: Driver): Promise<readonly Case[]> {
  let isMeasured = false;
  // What is measured is given up instead of committed: the decision alone, without the disk's own mood.
  const sync = () => (isMeasured ? driver.rollback() : driver.sync());
  const shop = await openShop(
    { ...driver, sync },
    {
      cards: CARDS,
      grants: { SPECTACLE: 3_000, LIVRES_LOISIR: 1_500, CINEMA: 5, EQUIPEMENT: 20_000 },
    },
  );
  const random = seededRandom(7);
  const anyCard = () => shop.card(Buffer.from(random.bytes(2)).readUInt16BE() % CARDS);
  // Each card was tapped once, so that its first message is an old one.
  const old = new Map<string, Evidence>();
  for (let index = 0; index < CARDS; index += 1) {
    const card = shop.card(index);
    const first = card.tapAt(1);
    old.set(card.id, first);
    expectCode(await shop.authorize({ evidence: card.tapAt(2), purchaseCents: 1 }), "APPROVED");
  }
  const oldTapOf = (id: string): Evidence => {
    const evidence = old.get(id);
    if (!evidence) throw new Error(`card ${id} was never tapped`);
    return evidence;
  };
  const present = (evidence: Evidence, code: string): Operation => {
    const request: AuthorizationRequest = shop.request({ evidence });
    return async () => expectCode(await shop.authorize(request), code);
  };
  isMeasured = true;
  return [
    {
      name: "a chip that nobody knows, and a known one with a wrong code",
      prepare: () => [
        present(strangeMessage(random.bytes(16), random.bytes(8)), "CARD_NOT_GENUINE"),
        present(withWrongMac(oldTapOf(anyCard().id)), "CARD_NOT_GENUINE"),
      ],
    },
    {
      name: "a wrong code and a right one, both of an old tap",
      prepare: () => [
        present(withWrongMac(oldTapOf(anyCard().id)), "CARD_NOT_GENUINE"),
        present(oldTapOf(anyCard().id), "CARD_NOT_GENUINE"),
      ],
    },
  ];
}

function expectCode(answer: Answer, code: string): void {
  if (answer.type !== "decision" || answer.code !== code) {
    throw new Error(`expected ${code}`, { cause: answer });
  }
}

function strangeMessage(encryptedPiccData: Uint8Array, mac: Uint8Array): Evidence {
  return { type: "nfc", message: formatCardMessage({ encryptedPiccData, mac }) };
}

function withWrongMac(evidence: Evidence): Evidence {
  const parsed = "message" in evidence ? parseCardMessage(evidence.message) : null;
  if (!parsed) throw new Error("not a tap");
  const mac = Buffer.from(parsed.mac);
  mac.writeUInt8(mac.readUInt8(7) ^ 1, 7);
  return strangeMessage(parsed.encryptedPiccData, mac);
}
