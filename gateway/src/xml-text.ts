// The text of an XML file as it was sent: UTF-8 and nothing else, so that no name or amount is read as another.

/** XML 1.0, 4.3.3: the encoding that a file says it is in. */
const DECLARED = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']*)["']/;

/** Its text without a byte order mark; null where the file is not, or says it is not, in UTF-8. */
export function xmlText(bytes: Uint8Array): string | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  const [, declared = "UTF-8"] = DECLARED.exec(text) ?? [];
  return declared.toUpperCase() === "UTF-8" ? text : null;
}
