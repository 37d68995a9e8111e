// What a route of the operators' listener is: what it is given, and what it gives back.

import { z } from "zod";
import type { Agent, Role } from "../../core/loading/event.js";
import { ProblemError } from "../problem-error.js";
import type { OperatorsBackend } from "./ports.js";

export interface Call {
  readonly agent: Agent;
  /** The `{id}` of the path; empty where there is none. */
  readonly id: string;
  /** The `{sale}` of the path; empty where there is none. */
  readonly sale: string;
  /** What stands behind the `?`, as it was sent. */
  readonly query: unknown;
  readonly body: unknown;
}

/** A file as an answer: it is saved, never shown where it could run, and never kept on the way. */
interface SentFile {
  readonly name: string;
  /** Content type. */
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** An answer, and what the log says of it beside agent and operation. */
export type Reply = {
  readonly act: Readonly<Record<string, string | number | boolean>>;
} & ({ readonly body: object } | { readonly file: SentFile });

interface Common {
  readonly method: "get" | "post";
  /** Express path. */
  readonly path: string;
  readonly operation: string;
  readonly roles: readonly Role[];
}

export type Route = Common &
  (
    | { readonly takes: "lines" }
    | {
        readonly takes: "json" | "xml" | "nothing";
        readonly handle: (backend: OperatorsBackend, call: Call) => Promise<Reply>;
      }
  );

export const ANYONE: readonly Role[] = ["operator", "region", "etablissement"];
export const OPERATOR: readonly Role[] = ["operator"];
export const OFFICES: readonly Role[] = ["operator", "region"];

/** The id of an agent or a terminal that is made. */
export const NewIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
  error: "must be 1 to 64 of A-Z, a-z, 0-9 and . _ -",
});

/** What is not there, or not within this agent's reach. */
export function unknown(detail: string): ProblemError {
  return new ProblemError({ code: "UNKNOWN_SUBJECT", detail });
}
