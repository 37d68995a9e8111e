// What the terminal knows about itself: the gateway's profile of it, kept fresh, with the issuer's QR keys.

import { createPublicKey, type KeyObject } from "node:crypto";
import type { TerminalProfile } from "@pass-tpe/protocol";
import type { TerminalClock } from "../clock.js";
import type { Exchange } from "./exchange.js";

export interface KnownProfile {
  readonly profile: TerminalProfile;
  /** The issuer's Ed25519 keys by key id. */
  readonly qrKeys: ReadonlyMap<string, KeyObject>;
  /** How far the gateway's clock is ahead of the terminal's, as far as one answer can tell. */
  readonly aheadMs: number;
}

/** Asks for the profile, one request at a time, and keeps the last good answer. */
export class ProfileKeeper {
  readonly #ask: () => Promise<Exchange<TerminalProfile>>;
  readonly #clock: TerminalClock;
  #asking: Promise<Exchange<TerminalProfile>> | null = null;
  #known: KnownProfile | null = null;

  constructor(options: {
    ask: () => Promise<Exchange<TerminalProfile>>;
    clock: TerminalClock;
  }) {
    this.#ask = options.ask;
    this.#clock = options.clock;
  }

  /** The last profile that the gateway gave, or null before the first. */
  get known(): KnownProfile | null {
    return this.#known;
  }

  /** The gateway's time, Unix milliseconds; the terminal's own before the gateway was ever reached. */
  gatewayNowMs(): number {
    return this.#clock.nowMs() + (this.#known?.aheadMs ?? 0);
  }

  /** What an avantage is counted in, where the profile tells. */
  unitOf(avantage: string): string | undefined {
    return this.#known?.profile.avantages.find((one) => one.avantage === avantage)?.unit;
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
      const profile = exchange.body;
      const aheadMs = profile.serverTimeMs - this.#clock.nowMs();
      this.#known = { profile, qrKeys: this.#qrKeysOf(profile), aheadMs };
    }
    return exchange;
  }

  /** Read anew where they changed: that is seldom, and the profile is asked for all day. */
  #qrKeysOf(profile: TerminalProfile): KnownProfile["qrKeys"] {
    const before = this.#known;
    const isSame =
      before !== null && JSON.stringify(before.profile.qrKeys) === JSON.stringify(profile.qrKeys);
    return isSame ? before.qrKeys : qrKeysOf(profile);
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
