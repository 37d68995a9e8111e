// What a terminal has asked the gateway to certify and does not use yet, kept so that neither a crash nor a lost answer loses it.

import {
  type EnrolmentAnswer,
  EnrolmentAnswerSchema,
  type RenewalAnswer,
  RenewalAnswerSchema,
} from "@pass-tpe/protocol";
import type { TerminalDisk } from "../disk.js";

/** A key and an answer with two certificates are below 12 KiB. */
const PENDING_BYTES_MAX = 64 * 1024;

export interface Pending<Answer> {
  /** PEM. */
  readonly privateKey: string;
  /** For what it is kept: a key is asked for again for the same purpose alone. Holds no secret. */
  readonly purpose: string;
  /** As the gateway gave it: its PIN key is still wrapped. */
  readonly answer?: Answer;
}

interface AnswerSchema<Answer> {
  safeParse(value: unknown): { success: true; data: Answer } | { success: false };
}

export class PendingFile<Answer> {
  readonly #disk: TerminalDisk;
  readonly #path: string;
  readonly #schema: AnswerSchema<Answer>;

  constructor(options: { disk: TerminalDisk; path: string; schema: AnswerSchema<Answer> }) {
    this.#disk = options.disk;
    this.#path = options.path;
    this.#schema = options.schema;
  }

  /** What is kept for this purpose. Null for a file that is not there, or that a failing disk has damaged: it is begun anew. */
  async read(purpose: string): Promise<Pending<Answer> | null> {
    const bytes = await this.#disk.read({ path: this.#path, bytesMax: PENDING_BYTES_MAX });
    const pending =
      bytes === null ? null : parse(Buffer.from(bytes).toString("utf8"), this.#schema);
    return pending?.purpose === purpose ? pending : null;
  }

  /** Has survived, readable by its owner alone, when this resolves. */
  async keep(pending: Pending<Answer>): Promise<void> {
    await this.#disk.replace({ path: this.#path, bytes: Buffer.from(JSON.stringify(pending)) });
  }

  async remove(): Promise<void> {
    await this.#disk.remove(this.#path);
  }
}

function parse<Answer>(text: string, schema: AnswerSchema<Answer>): Pending<Answer> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { privateKey, purpose, answer } = value as Record<string, unknown>;
  if (typeof privateKey !== "string" || typeof purpose !== "string") return null;
  if (answer === undefined) return { privateKey, purpose };
  const given = schema.safeParse(answer);
  return given.success ? { privateKey, purpose, answer: given.data } : null;
}

/** Of an enrolment that goes on. @param path of the credentials. */
export function enrolmentFile(disk: TerminalDisk, path: string): PendingFile<EnrolmentAnswer> {
  return new PendingFile({ disk, path: `${path}.pending`, schema: EnrolmentAnswerSchema });
}

/** Of a renewal that goes on: it may hold the only credentials that work. @param path of the credentials. */
export function renewalFile(disk: TerminalDisk, path: string): PendingFile<RenewalAnswer> {
  return new PendingFile({ disk, path: `${path}.renewal`, schema: RenewalAnswerSchema });
}
