// A map of bounded size: who was silent longest is forgotten first, so that no flood of names fills the memory.

export interface Recent<Value> {
  get(key: string): Value | undefined;
  /** Keeps a value, and counts the key as the last one that was heard of. */
  put(key: string, value: Value): void;
}

/** Builds a map that remembers so many keys at most. */
export function createRecent<Value>(keysMax: number): Recent<Value> {
  // A Map keeps the order in which its keys were put in.
  const values = new Map<string, Value>();
  return {
    get: (key) => values.get(key),
    put(key, value) {
      values.delete(key);
      values.set(key, value);
      const [silent] = values.keys();
      if (values.size > keysMax && silent !== undefined) values.delete(silent);
    },
  };
}
