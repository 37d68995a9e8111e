// What is not a decision: an RFC 9457 problem document, with the same code and till lines as a decision.

import { z } from "zod";
import { helpful } from "./readable.js";

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

export const ProblemSchema = z.object({
  type: z.string().describe("urn:pass-tpe:problem:CODE"),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe("What is wrong and who can mend it, in English, for the integrator."),
  code: z.string(),
  retry: z.string(),
  retryAfterMs: helpful(z.int()),
  display: z.tuple([z.string(), z.string()]),
  display20: z.tuple([z.string(), z.string()]),
  message: z.string(),
  errors: helpful(
    z.array(
      z.object({ pointer: z.string().describe("JSON pointer, RFC 6901"), detail: z.string() }),
    ),
  ),
});
export type Problem = z.infer<typeof ProblemSchema>;
