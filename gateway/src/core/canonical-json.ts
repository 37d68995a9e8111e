// JSON that is equal for equal values, however they were spelled: what digests and fingerprints are made over.

/** JSON with sorted keys and without what is undefined. Of plain objects, arrays, strings, finite numbers, booleans and null. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const object = value as Readonly<Record<string, unknown>>;
  let text = "";
  for (const key of Object.keys(object).sort()) {
    const part = object[key];
    if (part === undefined) continue;
    text += `${text === "" ? "{" : ","}${JSON.stringify(key)}:${canonicalJson(part)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}
