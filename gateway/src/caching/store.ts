// Where cached answers lie: in this process, or in Redis for all gateways together. Neither knows what it keeps.
export interface CacheEntry {
  key: string;
  value: string;
  /** Milliseconds. */
  age: number;
}

export interface CacheStore {
  /** Null for each that is not there; undefined while the store cannot be asked. Never throws. */
  read(keys: string[]): Promise<(string | null)[] | undefined>;
  /** Gives each of these its value unless it has one, and answers what they have; undefined while the store cannot be asked. */
  claim(entries: CacheEntry[]): Promise<string[] | undefined>;
  /** Waits for nothing: what cannot be kept is not kept. */
  write(entries: CacheEntry[]): void;
  /** Sets them, also over others; false where that is not sure. */
  set(entries: CacheEntry[]): Promise<boolean>;
  /** Characters kept, and how many entries were put out for want of room; absent where the store sees to that itself. */
  size?(): { characters: number; evicted: number };
  close(): Promise<void>;
}

/** What an entry takes beside its texts, roughly. */
const overhead = 150;

/** Of one process. `characters` bounds what it keeps; most of it is text of one byte a character. */
export function createMemoryStore({ characters }: { characters: number }): CacheStore {
  // A Map keeps the order of insertion: the first key is the one unused for longest.
  const kept = new Map<string, { value: string; until: number; size: number }>();
  let total = 0;
  let evicted = 0;

  function remove(key: string): void {
    total -= kept.get(key)?.size ?? 0;
    kept.delete(key);
  }
  function find(key: string): string | null {
    const found = kept.get(key);
    if (!found) return null;
    kept.delete(key);
    if (found.until <= performance.now()) {
      total -= found.size;
      return null;
    }
    kept.set(key, found);
    return found.value;
  }
  function put({ key, value, age }: CacheEntry): void {
    remove(key);
    const size = key.length + value.length + overhead;
    if (size > characters) return;
    kept.set(key, { value, until: performance.now() + age, size });
    total += size;
    for (const oldest of kept.keys()) {
      if (total <= characters) break;
      remove(oldest);
      evicted += 1;
    }
  }

  return {
    read: async (keys) => keys.map(find),
    claim: async (entries) =>
      entries.map((entry) => {
        const found = find(entry.key);
        if (found === null) put(entry);
        return found ?? entry.value;
      }),
    write: (entries) => entries.forEach(put),
    async set(entries) {
      entries.forEach(put);
      return true;
    },
    size: () => ({ characters: total, evicted }),
    close: async () => undefined,
  };
}
