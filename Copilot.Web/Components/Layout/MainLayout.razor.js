/** The browser's IANA time zone: every day and hour the person sees uses it. */
export function timeZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? null;
}
