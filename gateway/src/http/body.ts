// Reads a request's body: JSON alone, small, and in time; checked by its schema before anyone sees it.

import { BODY_BYTES_MAX } from "@pass-tpe/protocol";
import express, { type NextFunction, type Request, type Response } from "express";
import type { z } from "zod";
import { ProblemError, sendProblem } from "./problems.js";

/** A body that has not arrived whole by then is refused. */
const BODY_TIMEOUT_MS = 5_000;

const parseJson = express.json({ limit: BODY_BYTES_MAX, strict: true, inflate: false });

/** Builds the middleware that reads a JSON body into `request.body`. */
export function readJsonBody(timeoutMs: number = BODY_TIMEOUT_MS) {
  return (request: Request, response: Response, next: NextFunction): void => {
    if (!request.is("application/json")) {
      next(
        new ProblemError({
          code: "FORMAT_ERROR",
          status: 415,
          detail: "Send Content-Type: application/json.",
        }),
      );
      return;
    }
    const timer = setTimeout(() => {
      sendProblem(response, {
        code: "SYSTEM_ERROR",
        status: 408,
        detail: `The body did not arrive within ${timeoutMs} ms.`,
      });
    }, timeoutMs);
    parseJson(request, response, (error?: unknown) => {
      clearTimeout(timer);
      if (!response.headersSent) next(error === undefined ? undefined : bodyProblem(error));
    });
  };
}

/** What went wrong, in words that do not repeat the body: it may hold evidence. */
function bodyProblem(error: unknown): unknown {
  const type = typeof error === "object" && error !== null && "type" in error ? error.type : null;
  switch (type) {
    case "entity.too.large":
      return new ProblemError({
        code: "FORMAT_ERROR",
        status: 413,
        detail: `The body is larger than ${BODY_BYTES_MAX} bytes.`,
      });
    case "encoding.unsupported":
    case "charset.unsupported":
      return new ProblemError({
        code: "FORMAT_ERROR",
        status: 415,
        detail: "Send the body as UTF-8, without content encoding.",
      });
    case "entity.parse.failed":
    case "request.aborted":
    case "request.size.invalid":
      return new ProblemError({
        code: "FORMAT_ERROR",
        detail: "The body is not well-formed JSON.",
      });
    default:
      return error;
  }
}

/**
 * Checks a body against its schema.
 *
 * @throws ProblemError FORMAT_ERROR that points at each wrong field, without its value.
 */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ProblemError({
    code: "FORMAT_ERROR",
    detail:
      "The request does not have the form that the API asks for; see errors and /openapi.json.",
    errors: parsed.error.issues.slice(0, ERRORS_MAX).map((issue) => ({
      pointer: issue.path.map((part) => `/${String(part)}`).join(""),
      detail: describe(issue),
    })),
  });
}

/** The most field errors that one problem document lists. */
const ERRORS_MAX = 10;

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return "has a field that is not known";
  return issue.code === "invalid_union" ? "has none of the forms that are allowed" : issue.message;
}
