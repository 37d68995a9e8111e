// Hashes passwords slowly with scrypt, off the thread that sells, and knows them again by their hash.

import { type ScryptOptions, scrypt } from "node:crypto";
import { equalConstantTime } from "@pass-tpe/protocol/standards";
import type { PasswordHash } from "../core/holders.js";
import { plainPassword } from "../core/password-rules.js";
import type { Random } from "../core/ports.js";

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** RFC 7914: 32 MiB for each hash. What is stronger may be chosen later: each hash keeps what it was made with. */
const CURRENT = { N: 2 ** 15, r: 8, p: 1 } as const;

export interface Passwords {
  hash(password: string): Promise<PasswordHash>;
  /** Whether a password is the one that is kept. Where none is kept it is wrong, after the same work. */
  matches(password: string, kept: PasswordHash | null): Promise<boolean>;
}

/**
 * Each call takes a thread of the pool for about a tenth of a second: the caller sees to it that few run at once.
 *
 * @param derive scrypt, unless a test stands in for it.
 */
export function createPasswords(random: Random, derive: typeof deriveKey = deriveKey): Passwords {
  const nobodys = { salt: Buffer.alloc(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) };
  return {
    async hash(password) {
      const salt = random.bytes(SALT_BYTES);
      const hash = await derive(plainPassword(password), salt, CURRENT);
      return { salt, hash, params: paramsText(CURRENT) };
    },
    async matches(password, kept) {
      const { salt, hash } = kept ?? nobodys;
      const params = kept === null ? CURRENT : paramsOf(kept.params);
      const made = await derive(plainPassword(password), salt, params);
      return equalConstantTime(made, hash) && kept !== null;
    },
  };
}

type Params = { readonly [name in keyof typeof CURRENT]: number };

function paramsText({ N, r, p }: Params): string {
  return `scrypt N=${N} r=${r} p=${p}`;
}

/** @throws RangeError where they are of another program; the operator restores the database or updates the program. */
function paramsOf(text: string): Params {
  const found = /^scrypt N=(\d+) r=(\d+) p=(\d+)$/.exec(text);
  if (!found)
    throw new RangeError("a password was hashed in a way that this program does not know");
  const [N, r, p] = found.slice(1).map(Number);
  return { N: N ?? 0, r: r ?? 0, p: p ?? 0 };
}

function deriveKey(password: string, salt: Uint8Array, { N, r, p }: Params): Promise<Buffer> {
  // 128·N·r bytes are needed; Node refuses what is not below its limit.
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
