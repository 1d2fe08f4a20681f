// The address follows a conversation that has just begun, unless the person has gone somewhere else since.

export function follow(from, to) {
  if (location.pathname === new URL(from).pathname) {
    Blazor.navigateTo(to, { replaceHistoryEntry: true });
  }
}
