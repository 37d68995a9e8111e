// The options by which a command finds a gateway's operators' listener, and is known there.

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { AgentCredentials } from "../operator.js";
import { reasonOf, UsageError } from "./command.js";

/** @throws UsageError when the text is no https address. */
export function urlFrom(text: string): string {
  if (URL.canParse(text) && new URL(text).protocol === "https:") return text;
  throw new UsageError(`--url must be like https://127.0.0.1:8444, not ${text}`);
}

const CredentialsSchema = z.object({
  ca: z.string(),
  certificate: z.string(),
  privateKey: z.string(),
});

/** Reads an agent's credentials, as `agent issue` writes them. @throws UsageError when the file is none. */
export function credentialsFrom(path: string): AgentCredentials {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`--credentials cannot be read: ${reasonOf(error)}`);
  }
  try {
    const credentials = CredentialsSchema.parse(JSON.parse(text));
    void new X509Certificate(credentials.ca);
    return credentials;
  } catch {
    // Not the parser's own words: they repeat the text.
    throw new UsageError(`${path} is not an agent's credentials: see \`pass-tpe agent --help\``);
  }
}
