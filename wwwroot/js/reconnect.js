// Starts Blazor with waits of our own between its attempts to reconnect (by default it makes ten at once), and says what it is
// doing. The states are the framework's; what it can neither reconnect nor resume is loaded anew on the same URL: the run lives on
// the server.
(() => {
  'use strict';
  const root = document.documentElement;
  const firstWait = 400;
  const longestWait = 10_000;
  const attemptsUntilUnreachable = 4;

  const dialog = document.getElementById('components-reconnect-modal');
  const text = dialog.querySelector('[data-reconnect-text]');
  const now = dialog.querySelector('[data-reconnect-now]');

  const sentences = {
    show: dialog.dataset.textLost,
    retrying: dialog.dataset.textLost,
    failed: dialog.dataset.textFailed,
    paused: dialog.dataset.textPaused,
    'resume-failed': dialog.dataset.textReloading,
    rejected: dialog.dataset.textReloading,
    unreachable: dialog.dataset.textFailed,
  };

  let tried = 0;

  const backOff = attempt => Math.min(longestWait, firstWait * 2 ** attempt) * (0.5 + Math.random() / 2);

  const count = name => {
    const value = Number(copilotStorage.tab.read(name) ?? 0) + 1;
    copilotStorage.tab.save(name, value);
    return value;
  };

  let isReloading = false;

  // A reload that meets a server which is away, or a proxy that says so, would end on an error page: nobody may be there to press anything.
  const reload = async () => {
    if (isReloading) {
      return;
    }

    isReloading = true;
    count('copilot.reloads');
    for (let attempt = 0; ; attempt++) {
      try {
        if ((await fetch(location.href, { cache: 'no-store' })).status < 500) {
          break;
        }
      } catch {
        // Not there yet.
      }

      await new Promise(next => setTimeout(next, backOff(attempt)));
    }

    location.reload();
  };

  const say = state => {
    const sentence = sentences[state === 'retrying' && tried >= attemptsUntilUnreachable ? 'unreachable' : state] ?? '';
    if (text.textContent !== sentence) {
      text.textContent = sentence; // set once: each change is announced
    }

    now.hidden = !['show', 'retrying', 'failed', 'paused'].includes(state);
    now.textContent = state === 'paused' ? dialog.dataset.textContinue : dialog.dataset.textRetry;
  };

  const enter = (state, attempt = 0) => {
    tried = attempt;
    if (state === root.dataset.connection) {
      say(state);
      return;
    }

    const before = root.dataset.connection;
    root.dataset.connection = state === 'hide' ? 'up' : state;
    say(state);
    document.dispatchEvent(new Event('copilot:connection'));
    if (state === 'hide') {
      document.getElementById('blazor-error-ui').style.display = 'none'; // a failed attempt shows it although nothing is broken
      if (before !== 'up') {
        root.dataset.reconnects = count('copilot.reconnects');
      }
    } else if (state === 'rejected' || state === 'resume-failed') {
      reload();
    }
  };

  // Cuts the wait short. False means that the server has answered and no longer has this page.
  const tryNow = async () => {
    const state = root.dataset.connection;
    try {
      const back = state === 'paused' ? await Blazor.resumeCircuit() : await Blazor.reconnect() || await Blazor.resumeCircuit();
      if (!back) {
        enter('rejected');
      }
    } catch {
      say(state); // not reachable yet: the framework tries again
    }
  };

  // Followed now, a link would leave for the browser's error page, and what is on screen would be lost.
  const onLink = event => {
    const link = event.target.closest?.('a[href]');
    if ((root.dataset.connection ?? 'up') !== 'up' && link && !link.target && !link.closest('#blazor-error-ui')
      && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey
      && new URL(link.href, location.href).origin === location.origin) {
      event.preventDefault();
      event.stopPropagation();
      tryNow();
    }
  };

  const isWaiting = () => ['show', 'retrying', 'failed'].includes(root.dataset.connection);

  // A page that says so gives its connection up when nobody has looked at it for a while, unless it is to notify somebody, or something is
  // being written: that lives in the page alone.
  let pausing = 0;

  const pauseAfter = () => Number(document.querySelector('[data-pause-hidden]')?.dataset.pauseHidden ?? 0);

  const pause = () => {
    if (document.visibilityState === 'hidden' && root.dataset.connection === 'up' && root.dataset.notifications !== 'on' && pauseAfter() > 0
      && !document.querySelector('[role=dialog]') && document.dispatchEvent(new Event('copilot:pausing', { cancelable: true }))) {
      Blazor.pauseCircuit();
    }
  };

  const onVisibility = () => {
    clearTimeout(pausing);
    if (document.visibilityState === 'hidden') {
      pausing = pauseAfter() > 0 ? setTimeout(pause, pauseAfter()) : 0;
    } else if (root.dataset.connection === 'paused') {
      reload(); // what it showed is old, and everything that it is stands in its URL
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

  const start = async () => {
    watchTransport();
    root.dataset.reconnects = copilotStorage.tab.read('copilot.reconnects') ?? 0;
    root.dataset.reloads = copilotStorage.tab.read('copilot.reloads') ?? 0;
    dialog.addEventListener('components-reconnect-state-changed', event => enter(event.detail.state, event.detail.currentAttempt));
    now.addEventListener('click', tryNow);
    document.addEventListener('click', onLink, true);
    document.addEventListener('visibilitychange', onVisibility);
    document.addEventListener('copilot:reload', reload);
    addEventListener('online', () => isWaiting() && tryNow());
    try {
      await Blazor.start({
        ssr: { disableDomPreservation: true },
        circuit: {
          // A network that swallows everything breaks no connection: only the server's silence shows it.
          circuitHandlers: [{ onCircuitOpened: () => document.dispatchEvent(new Event('copilot:circuit')) }],
          configureSignalR: builder => builder.withServerTimeout(Number(dialog.dataset.serverTimeout)),
          reconnectionOptions: { maxRetries: Number.MAX_SAFE_INTEGER, retryIntervalMilliseconds: backOff },
        },
      });
      root.dataset.connection ??= 'up';
    } catch {
      root.dataset.connection = 'unreachable';
      say('unreachable');
      setTimeout(reload, backOff(2));
    }
  };

  start();
})();
