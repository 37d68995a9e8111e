// What is done with the keys of the cards: open the message of a tap, and give the keys of a new card.

import {
  type BlockCipher,
  type CardMessage,
  type Cmac,
  cardFileReadKey,
  decryptPiccData,
  equalConstantTime,
  prepareAes,
  prepareCmac,
  sdmMac,
} from "@pass-tpe/protocol/standards";
import type { Random } from "../core/ports.js";
import type { KeyMaterial } from "./key-file.js";
import type { CardKeyStore, OpenedCardMessage } from "./key-store.js";
import { sealNumber } from "./number-seal.js";
import { currentOf, inOrder } from "./versions.js";

/** The constants that go into a card's diversified key (AN10922): they name the application, they are not secret. */
const CARD_APPLICATION_ID = Buffer.from("F0A5A5", "hex");
const CARD_SYSTEM_ID = Buffer.from("PASSREGION", "ascii");

/** Stands in for a message that is none, so that refusing it costs the same work. */
const NO_MESSAGE: CardMessage = {
  encryptedPiccData: Buffer.alloc(16),
  mac: Buffer.alloc(8),
  macInput: "0".repeat(35),
};
/** Stands in where the message does not open. */
const NO_CARD = { uid: Buffer.alloc(7), counter: 0 };

/** The keys of one generation of cards, made ready once for all taps. */
interface CardKeySet {
  readonly version: number;
  readonly metaReadKey: Buffer;
  readonly metaRead: BlockCipher;
  readonly master: Cmac;
}

/** The card keys of a key file. */
export function softwareCards(
  { cards, numberKey }: Pick<KeyMaterial, "cards" | "numberKey">,
  random: Random,
): CardKeyStore {
  const sets = inOrder(cards).map(setOf);
  const current = setOf(currentOf(cards));
  const key = Buffer.from(numberKey, "hex");
  return {
    open(message) {
      // All of them, always: which one it was, or that it was none, must not show in the time.
      const tried = sets.map((set) => openUnder(set, message));
      const found = tried.find(({ genuine }) => genuine) ?? tried.find(({ uid }) => uid !== null);
      return found?.genuine
        ? found
        : { ...(found ?? NOT_OPENED), genuine: false, keyVersion: current.version };
    },
    personalize: (uid) => ({
      version: current.version,
      metaReadKey: current.metaReadKey,
      fileReadKey: fileReadKeyOf(current, uid),
    }),
    sealNumber: (cardNumber) => sealNumber({ numberKey: key, random, cardNumber }),
  };
}

const NOT_OPENED = { uid: null, counter: 0 };

function setOf(set: KeyMaterial["cards"][number]): CardKeySet {
  const metaReadKey = Buffer.from(set.metaReadKey, "hex");
  return {
    version: set.version,
    metaReadKey,
    metaRead: prepareAes(metaReadKey),
    master: prepareCmac(Buffer.from(set.masterKey, "hex")),
  };
}

/** Opens the identity and checks the MAC under the card's own key (NXP NT4H2421Gx §9.3). */
function openUnder(set: CardKeySet, message: CardMessage | null): OpenedCardMessage {
  const { encryptedPiccData, mac, macInput } = message ?? NO_MESSAGE;
  const picc = decryptPiccData({ metaReadKey: set.metaRead, encrypted: encryptedPiccData });
  const { uid, counter } = picc ?? NO_CARD;
  const fileReadKey = fileReadKeyOf(set, uid);
  const equal = equalConstantTime(sdmMac({ fileReadKey, uid, counter, macInput }), mac);
  const opened = picc !== null && message !== null;
  return {
    uid: opened ? uid : null,
    counter: opened ? counter : 0,
    genuine: equal && opened,
    keyVersion: set.version,
  };
}

/** The key of a card's messages (AN10922). */
function fileReadKeyOf({ master }: CardKeySet, uid: Uint8Array): Buffer {
  const application = { applicationId: CARD_APPLICATION_ID, systemId: CARD_SYSTEM_ID };
  return cardFileReadKey({ masterKey: master, uid, ...application });
}
