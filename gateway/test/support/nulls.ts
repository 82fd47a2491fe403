type Path = (string | number)[];

/** Every path at which the data holds null. */
export function nullsIn(value: unknown, path: Path = []): Path[] {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => nullsIn(item, [...path, Array.isArray(value) ? Number(key) : key]));
}
