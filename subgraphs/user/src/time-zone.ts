/** Whether the name is one of the IANA time zones that this runtime knows; offsets such as +01:00 are none. */
export function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
