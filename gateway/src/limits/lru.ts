// What was used last stays: a map of at most so many entries and so many characters together.
export interface Lru<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value, characters: number): void;
  delete(key: string): void;
  size(): number;
}

export function createLru<Value>({ entries, characters }: { entries: number; characters: number }): Lru<Value> {
  // A Map keeps the order of insertion: the first key is the one unused for longest.
  const kept = new Map<string, { value: Value; size: number }>();
  let total = 0;
  const remove = (key: string) => {
    total -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  };
  return {
    get(key) {
      const found = kept.get(key);
      if (!found) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },
    set(key, value, size) {
      remove(key);
      if (size > characters) return;
      kept.set(key, { value, size });
      total += size;
      for (const oldest of kept.keys()) {
        if (kept.size <= entries && total <= characters) break;
        remove(oldest);
      }
    },
    delete: remove,
    size: () => kept.size,
  };
}
