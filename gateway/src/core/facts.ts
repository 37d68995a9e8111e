// What verification found out about the evidence: booleans, counters and key versions, never a secret.

/** The PIN block as the gateway could open it. */
export interface PinFacts {
  /** The KSN's initial key id, 16 hex digits. */
  readonly initialKeyId: string;
  /** The KSN's counter. */
  readonly counter: number;
  /** Whether the counter is one that the standard allows (ANSI X9.24-3: at most 16 one-bits, at most FFFF0000). */
  readonly counterUsable: boolean;
  /** Whether the block opened to a well-formed PIN for this card number. */
  readonly opened: boolean;
  /** Whether it is this card's PIN. Always computed; the core looks at it last. */
  readonly matches: boolean;
  readonly keyVersion: number;
}

export type Facts =
  | {
      readonly kind: "nfcMessage";
      /** The message opened under the meta-read key and its MAC is the card's. */
      readonly genuine: boolean;
      /** Zero where the message did not open. */
      readonly counter: number;
      readonly keyVersion: number;
    }
  | { readonly kind: "nfcIdentifier" }
  | {
      readonly kind: "qr";
      readonly token: "valid" | "malformed" | "unknownKey" | "wrongSignature" | "outOfTime";
      /** `number`: the bare card number, as cards of an older generation print it. */
      readonly tokenKind: "printed" | "app" | "number" | null;
      /** For an app code: what names it once and for all, so that it is consumed. */
      readonly appCode: { readonly key: string; readonly expiresAtMs: number } | null;
      readonly keyId: string | null;
      readonly pin: PinFacts | null;
    }
  | { readonly kind: "keyed"; readonly pin: PinFacts | null }
  | {
      readonly kind: "proof";
      /** Of a step-up; absent where none came. */
      readonly pin?: PinFacts;
    };
