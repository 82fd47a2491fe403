// Names of operations come from clients, and a metric must not grow with what they send: a bounded set of names counts by
// itself, the rest together.

/** Most names there are, and most of them that people may take who are not signed in. */
const mostNames = 100;
const mostOfStrangers = 20;
const longestName = 64;
/** Looks like an id that was built into a name. */
const idForm = /\d{4}|(?=[0-9a-f]*\d)[0-9a-f]{8}/i;

/** Answers the label of an operation: its name, `unnamed`, or `other`. */
export function createOperationNames(): (name: string | undefined, signedIn: boolean) => string {
  const known = new Set<string>();
  return (name, signedIn) => {
    if (name === undefined) return 'unnamed';
    if (known.has(name)) return name;
    if (known.size >= (signedIn ? mostNames : mostOfStrangers) || name.length > longestName || idForm.test(name)) return 'other';
    known.add(name);
    return name;
  };
}
