// What the terminal knows about itself: the gateway's profile of it, kept fresh, with the issuer's QR keys.

import { createPublicKey, type KeyObject } from "node:crypto";
import type { TerminalProfile } from "@pass-tpe/protocol";
import type { Exchange } from "./exchange.js";

export interface KnownProfile {
  readonly profile: TerminalProfile;
  /** The issuer's Ed25519 keys by key id. */
  readonly qrKeys: ReadonlyMap<string, KeyObject>;
}

/** Asks for the profile, one request at a time, and keeps the last good answer. */
export class ProfileKeeper {
  readonly #ask: () => Promise<Exchange<TerminalProfile>>;
  #asking: Promise<Exchange<TerminalProfile>> | null = null;
  #known: KnownProfile | null = null;

  constructor(options: { ask: () => Promise<Exchange<TerminalProfile>> }) {
    this.#ask = options.ask;
  }

  /** The last profile that the gateway gave, or null before the first. */
  get known(): KnownProfile | null {
    return this.#known;
  }

  /** Asks the gateway; callers that come meanwhile share the answer. Also opens a connection ahead of need. */
  refresh(): Promise<Exchange<TerminalProfile>> {
    this.#asking ??= this.#refresh().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #refresh(): Promise<Exchange<TerminalProfile>> {
    const exchange = await this.#ask();
    if (exchange.kind === "answer") {
      this.#known = { profile: exchange.body, qrKeys: qrKeysOf(exchange.body) };
    }
    return exchange;
  }
}

/** Keys of a form that this version cannot read are left out: their codes are refused, the others work. */
function qrKeysOf(profile: TerminalProfile): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const { keyId, publicKey } of profile.qrKeys) {
    const key = ed25519Key(publicKey);
    if (key !== null) keys.set(keyId, key);
  }
  return keys;
}

function ed25519Key(spkiBase64: string): KeyObject | null {
  try {
    const key = Buffer.from(spkiBase64, "base64");
    const made = createPublicKey({ key, format: "der", type: "spki" });
    return made.asymmetricKeyType === "ed25519" ? made : null;
  } catch {
    return null;
  }
}
