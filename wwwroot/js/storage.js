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
})();
