// Applied in <head> before the first paint, so the page never flashes in the wrong theme.
(() => {
  'use strict';
  const key = 'copilot.theme';
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const choices = ['system', 'light', 'dark'];

  const read = () => {
    const kept = copilotStorage.browser.read(key);
    return choices.includes(kept) ? kept : 'system';
  };

  const apply = choice => {
    const root = document.documentElement;
    const theme = choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
    root.dataset.themeChoice = choice;
    root.dataset.theme = theme;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
      meta.content = theme === 'dark' ? '#141517' : '#faf9f7';
    }
  };

  let current = read();
  apply(current);
  dark.addEventListener('change', () => apply(current));
  document.addEventListener('DOMContentLoaded', () => apply(current));
  addEventListener('storage', event => {
    if (event.key === key) {
      current = read();
      apply(current);
    }
  });

  const next = () => choices[(choices.indexOf(current) + 1) % choices.length];

  const choose = choice => {
    current = choice;
    copilotStorage.browser.save(key, current);
    apply(current);
  };

  // One listener on the document: the button also works while the server is out of reach.
  document.addEventListener('click', event => {
    if (event.target.closest?.('[data-theme-switch]')) {
      choose(next());
    }
  });
  document.addEventListener('copilot-theme', event => {
    const choice = event.detail === 'next' ? next() : event.detail;
    if (choices.includes(choice)) {
      choose(choice);
    }
  });
})();
