// The browser's storage, of the tab and of the browser. A setting, a policy or a frame may refuse it, and it may be full: what it does
// not take then lives as long as the page. No other script uses it directly.
(() => {
  'use strict';
  const guard = area => {
    const page = new Map();
    const attempt = (work, otherwise) => {
      try {
        return work(globalThis[area]);
      } catch {
        return otherwise; // refused or full
      }
    };

    return {
      read: name => page.has(name) ? page.get(name) : attempt(storage => storage.getItem(name), null),
      save(name, value) {
        page.set(name, String(value));
        attempt(storage => {
          storage.setItem(name, value);
          page.delete(name);
        });
      },
      remove(name) {
        page.delete(name);
        attempt(storage => storage.removeItem(name));
      },
      names: () => [...new Set([...page.keys(), ...attempt(storage => Object.keys(storage), [])])],
    };
  };

  globalThis.copilotStorage = Object.freeze({ tab: guard('sessionStorage'), browser: guard('localStorage') });

  // What one person has written and not sent is nobody else's to see, or to send, who signs in in the same tab. How often the tab came back
  // is nobody's.
  const counts = ['copilot.reconnects', 'copilot.reloads'];
  const { tab } = copilotStorage;
  const { person } = document.documentElement.dataset;
  if (person && (tab.read('copilot.person') ?? person) !== person) {
    tab.names().filter(name => name.startsWith('copilot.') && !counts.includes(name)).forEach(tab.remove);
  }

  if (person) {
    tab.save('copilot.person', person);
  }
})();
