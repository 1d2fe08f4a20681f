// What the browser itself shows of alerts: the badge of the installed app, and notifications where a person has asked for them here.
const name = person => `copilot.alerts.notify.${person}`;

const isSupported = () => 'Notification' in window;

/** <c>on</c>, <c>off</c>, <c>denied</c> or <c>unsupported</c>. */
export function state(person) {
  if (!isSupported()) {
    return 'unsupported';
  }
  if (Notification.permission === 'denied') {
    return 'denied';
  }
  const current = Notification.permission === 'granted' && copilotStorage.browser.read(name(person)) === 'on' ? 'on' : 'off';
  document.documentElement.dataset.notifications = current; // a page that notifies keeps its connection while it is hidden
  return current;
}

/** Asks the browser, because somebody has pressed the button. */
export async function choose(person, wanted) {
  if (wanted && isSupported() && Notification.permission === 'default') {
    await Notification.requestPermission();
  }
  copilotStorage.browser.save(name(person), wanted ? 'on' : 'off');
  return state(person);
}

export function badge(person, count) {
  state(person);
  const done = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  done?.catch(() => {}); // not installed
}

export function notify(person, title, text, tag) {
  if (state(person) !== 'on') {
    return;
  }
  try {
    const shown = new Notification(title, { body: text, tag });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  } catch {
    // Some phones allow them to service workers only.
  }
}
