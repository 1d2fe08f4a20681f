// Starts Blazor by hand. Its default policy fires ten attempts within 40 ms; this one waits longer each time, with jitter,
// and lets a person cut the wait short. A circuit that is gone becomes a reload of the same URL: the run lives on the server.
(() => {
  'use strict';
  const root = document.documentElement;
  const firstWait = 400;
  const longestWait = 10_000;
  const quietPeriod = 600;

  const notice = document.getElementById('connection-notice');
  const text = notice?.querySelector('[data-notice-text]');
  const retry = notice?.querySelector('[data-notice-retry]');
  let noticeTimer;

  const show = message => {
    text.textContent = message;
    notice.hidden = false;
  };

  const setConnection = state => {
    root.dataset.connection = state;
    clearTimeout(noticeTimer);
    if (state === 'up') {
      notice.hidden = true;
      const failure = document.getElementById('blazor-error-ui');
      if (failure) {
        failure.style.display = 'none'; // a failed attempt shows it although nothing is broken
      }
    }
  };

  // A long poll is a GET with a timestamp on /_blazor?id=…; a WebSocket leaves no resource entry.
  const watchTransport = () => {
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) {
        const url = new URL(entry.name);
        if (url.pathname.endsWith('/_blazor') && url.searchParams.has('id') && url.searchParams.has('_')) {
          root.dataset.transport = 'longpolling';
        }
      }
    }).observe({ type: 'resource', buffered: true });
  };

  const backOff = attempt => Math.min(longestWait, firstWait * 2 ** attempt) * (0.5 + Math.random() / 2);

  let wake = () => {};
  const wait = milliseconds => new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });

  const count = name => {
    const value = Number(sessionStorage.getItem(name) ?? 0) + 1;
    sessionStorage.setItem(name, value);
    return value;
  };

  let reconnecting = false;
  const reconnect = async () => {
    if (reconnecting) {
      return;
    }

    reconnecting = true;
    setConnection('down');
    // A short break is not worth a word.
    noticeTimer = setTimeout(
      () => show(notice.dataset.textLost), quietPeriod);
    try {
      for (let attempt = 0; ; attempt++) {
        await wait(backOff(attempt));
        try {
          if (await Blazor.reconnect()) {
            root.dataset.reconnects = count('copilot.reconnects');
            setConnection('up');
            return;
          }
        } catch {
          continue; // not reachable yet
        }

        root.dataset.connection = 'gone';
        clearTimeout(noticeTimer);
        show(notice.dataset.textReloading);
        count('copilot.reloads');
        location.reload();
        return;
      }
    } finally {
      reconnecting = false;
    }
  };

  retry?.addEventListener('click', () => wake());
  addEventListener('online', () => wake());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
      wake();
    }
  });

  const start = async () => {
    watchTransport();
    root.dataset.reconnects = sessionStorage.getItem('copilot.reconnects') ?? 0;
    root.dataset.reloads = sessionStorage.getItem('copilot.reloads') ?? 0;
    try {
      await Blazor.start({
        ssr: { disableDomPreservation: true },
        circuit: { reconnectionHandler: { onConnectionDown: reconnect, onConnectionUp: () => setConnection('up') } },
      });
      root.dataset.connection ??= 'up';
    } catch {
      show(notice.dataset.textUnreachable);
      await wait(backOff(2));
      location.reload();
    }
  };

  // A menu closes when the person goes on elsewhere.
  const closeMenus = except => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(except)) {
        menu.open = false;
      }
    }
  };

  // What has the focus must not vanish: it goes back to what opened the menu.
  const leaveMenu = menu => {
    menu.open = false;
    menu.querySelector('summary').focus();
  };

  document.addEventListener('click', event => {
    closeMenus(event.target);
    const chosen = event.target.closest?.('details.menu .menu-item');
    if (chosen) {
      leaveMenu(chosen.closest('details.menu'));
    }
  });
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') {
      return;
    }

    const menu = document.querySelector('details.menu[open]');
    const drawer = document.querySelector('.drawer-open .scrim');
    if (menu) {
      event.preventDefault();
      leaveMenu(menu);
    } else if (drawer && !document.querySelector('.rz-dialog')) {
      event.preventDefault();
      drawer.click();
    }
  });

  start();
})();
