// Sends a request whose body is on its way while something else happens.

import { type Agent, request } from "node:https";

/** @returns the answer to a request whose body was sent only when the server had asked for it and `meanwhile` was over. */
export function sendAround(options: {
  readonly agent: Agent;
  readonly url: string;
  readonly type?: string;
  readonly body: string;
  readonly meanwhile: () => Promise<unknown>;
}): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const { agent, url, type = "application/json", body, meanwhile } = options;
  const headers = {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    expect: "100-continue",
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }),
      );
    });
    outgoing.once("error", reject);
    outgoing.once("continue", () => {
      meanwhile().then(() => outgoing.end(body), reject);
    });
    outgoing.flushHeaders();
  });
}
