// A card as software: takes commands and gives answers as the card's chip would, with no reader and no clock.

import { randomBytes } from "node:crypto";
import {
  buildNdefUriFile,
  cardFileReadKey,
  cardMessageMacInput,
  encryptPiccData,
  formatCardMessage,
  MAX_NDEF_FILE_BYTES,
  MAX_SDM_COUNTER,
  sdmMac,
} from "@pass-tpe/protocol/standards";
import { parseCommand, STATUS, type StatusName } from "./apdu.js";

/** The keys of one card in Secure Dynamic Messaging, 16 bytes each. */
export interface VirtualCardKeys {
  /** Hides the identifier and the counter; one for the whole programme. */
  readonly metaReadKey: Uint8Array;
  /** Makes the code of a message; each card has its own. */
  readonly fileReadKey: Uint8Array;
}

interface CommonOptions {
  /** The card answers this many commands and is then taken away. Default: it stays. */
  readonly removeAfterApdus?: number;
}

export type VirtualCardOptions = CommonOptions &
  (
    | {
        /** The Pass'Région with Secure Dynamic Messaging (NXP NTAG 424 DNA). */
        readonly profile: "sdm";
        /** 7 bytes. */
        readonly uid: Uint8Array;
        readonly keys: VirtualCardKeys;
        /** The counter of the last message that the card made. Default 0: the next message has 1. */
        readonly counter?: number;
        /** Gives as many random bytes as asked. Default: the system's. */
        readonly random?: (bytes: number) => Uint8Array;
      }
    /** A card generation with a static identifier of 4, 7 or 10 bytes and nothing else. */
    | { readonly profile: "identifier"; readonly uid: Uint8Array }
    /** A bank or transport card: its identifier never changes, it has no NDEF application. */
    | { readonly profile: "wrongApplication"; readonly uid?: Uint8Array }
    /**
     * A phone: a new identifier at each tap, and no NDEF application, or, with `uri`, one that shows another
     * address.
     */
    | {
        readonly profile: "phone";
        readonly uri?: string;
        readonly random?: (bytes: number) => Uint8Array;
      }
    /** A card that stops answering: after this many commands, default 0. It is not taken away. */
    | { readonly profile: "silent"; readonly silentAfterApdus?: number }
  );

export interface VirtualCard {
  readonly profile: VirtualCardOptions["profile"];
  /** The counter of the last message that an `sdm` card made; 0 for any other card. */
  readonly counter: number;
  /** Whether the card was taken away by `removeAfterApdus`. It then answers nothing until it is tapped anew. */
  readonly isRemoved: boolean;
  /**
   * Sends the card one command.
   *
   * @returns data and status word, or null: taken away, or silent.
   */
  transmit(apdu: Uint8Array): Buffer | null;
  /** Power comes on, as at each tap: nothing is selected, and `removeAfterApdus` counts anew. */
  powerOn(): void;
}

/** How an `sdm` card, and only that, fills its file at each read. */
interface Content {
  /** The file as it stands for this read, or the status word that refuses it. */
  beginRead(): Buffer | StatusName;
  counter(): number;
}

const NDEF_APPLICATION = "d2760000850101";
const NDEF_FILE = "e104";
const BANK_CARD_UID = Uint8Array.of(0x5a, 0x11, 0x22, 0x33);

/** Makes a card. The same commands give the same answers where `random` does. */
export function createVirtualCard(options: VirtualCardOptions): VirtualCard {
  const content = contentOf(options);
  let answered = 0;
  let uid = identifierOf(options);
  let selected: "nothing" | "application" | "file" = "nothing";
  let file: Buffer | null = null;

  function answer(apdu: Uint8Array): Buffer {
    const command = parseCommand(apdu);
    switch (command.name) {
      case "getIdentifier":
        return reply(uid);
      case "selectApplication":
        return select("application", content !== null && command.id === NDEF_APPLICATION);
      case "selectFile":
        return select("file", selected !== "nothing" && command.id === NDEF_FILE);
      case "readBinary":
        return read(command.offset, command.length);
      case "unknown":
        return status("commandNotSupported");
    }
  }

  function select(target: "application" | "file", isFound: boolean): Buffer {
    if (!isFound) return status("notFound");
    selected = target;
    file = null;
    return status("done");
  }

  function read(offset: number, length: number): Buffer {
    if (selected !== "file" || content === null) return status("noFileSelected");
    // One message for each selection, made at its first read: reading on does not move the counter
    // (NXP NT4H2421Gx, section 9.3.4).
    const begun = file ?? content.beginRead();
    if (typeof begun === "string") return status(begun);
    file = begun;
    const end = length === 0 ? file.length : offset + length;
    if (offset >= file.length || end > file.length) return status("wrongLength");
    return reply(file.subarray(offset, end));
  }

  const limit = options.removeAfterApdus ?? Number.POSITIVE_INFINITY;
  const silentAfter = options.profile === "silent" ? (options.silentAfterApdus ?? 0) : null;
  return {
    profile: options.profile,
    get counter() {
      return content?.counter() ?? 0;
    },
    get isRemoved() {
      return answered >= limit && limit !== Number.POSITIVE_INFINITY;
    },
    transmit(apdu) {
      if (answered >= limit || (silentAfter !== null && answered >= silentAfter)) return null;
      answered += 1;
      return answer(apdu);
    },
    powerOn() {
      answered = 0;
      uid = identifierOf(options);
      selected = "nothing";
      file = null;
    },
  };
}

/**
 * The keys of one card of a programme, made from its masters as whoever personalizes the cards does.
 *
 * @param options.uid 7 bytes.
 * @param options.applicationId 3 bytes.
 * @param options.systemId the programme's mark, 1 to 21 bytes.
 * Source: NXP AN10922, section 2.2.1.
 */
export function virtualCardKeys(options: {
  metaReadKey: Uint8Array;
  fileReadMasterKey: Uint8Array;
  uid: Uint8Array;
  applicationId: Uint8Array;
  systemId: Uint8Array;
}): VirtualCardKeys {
  const { metaReadKey, fileReadMasterKey: masterKey, uid, applicationId, systemId } = options;
  return { metaReadKey, fileReadKey: cardFileReadKey({ masterKey, uid, applicationId, systemId }) };
}

function contentOf(options: VirtualCardOptions): Content | null {
  switch (options.profile) {
    case "sdm":
      return sdmContent(options);
    case "phone":
      return options.uri === undefined ? null : fixedContent(options.uri);
    case "silent":
      return fixedContent("https://example.org/");
    case "identifier":
    case "wrongApplication":
      return null;
  }
}

function fixedContent(uri: string): Content {
  const file = ndefFile(uri);
  return { beginRead: () => file, counter: () => 0 };
}

function sdmContent(options: Extract<VirtualCardOptions, { profile: "sdm" }>): Content {
  const { uid, keys, random = randomBytes } = options;
  let counter = options.counter ?? 0;
  return {
    counter: () => counter,
    beginRead() {
      // A worn-out counter: the card makes no message any more.
      if (counter >= MAX_SDM_COUNTER) return "conditionsNotSatisfied";
      counter += 1;
      const random5 = random(5);
      const { metaReadKey, fileReadKey } = keys;
      const encryptedPiccData = encryptPiccData({ metaReadKey, uid, counter, random5 });
      const macInput = cardMessageMacInput(encryptedPiccData);
      const mac = sdmMac({ fileReadKey, uid, counter, macInput });
      return ndefFile(formatCardMessage({ encryptedPiccData, mac }));
    },
  };
}

/** The file at its full size, as the chip keeps it: the message, then zeros. */
function ndefFile(uri: string): Buffer {
  return Buffer.concat([buildNdefUriFile(uri)], MAX_NDEF_FILE_BYTES);
}

function identifierOf(options: VirtualCardOptions): Uint8Array {
  switch (options.profile) {
    case "sdm":
    case "identifier":
      return options.uid;
    case "wrongApplication":
      return options.uid ?? BANK_CARD_UID;
    case "phone":
      // 08 marks an identifier drawn at random (ISO/IEC 14443-3, section 6.5.4).
      return Buffer.concat([Uint8Array.of(0x08), (options.random ?? randomBytes)(3)]);
    case "silent":
      return BANK_CARD_UID;
  }
}

function reply(data: Uint8Array): Buffer {
  return Buffer.concat([data, STATUS.done]);
}

function status(name: StatusName): Buffer {
  return Buffer.from(STATUS[name]);
}
