/** The browser's IANA time zone: every day and hour the person sees uses it. */
export function timeZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? null;
}

/** Sends the form that signs out; it stands in the page with its token. */
export function signOut() {
  document.getElementById('sign-out').requestSubmit();
}
