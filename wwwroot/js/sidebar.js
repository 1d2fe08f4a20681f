// Whether the history stands beside the page where there is room for it. Applied in <head>, so that nothing moves after the first paint.
(() => {
  'use strict';
  const key = 'copilot.sidebar';
  const root = document.documentElement;
  const read = () => copilotStorage.browser.read(key) !== 'closed';
  const buttons = () => document.querySelectorAll('[data-sidebar-switch]');
  const apply = open => {
    root.toggleAttribute('data-sidebar-closed', !open);
    for (const button of buttons()) {
      button.setAttribute('aria-expanded', String(open));
    }
  };

  apply(read());
  document.addEventListener('copilot:shell', () => apply(!root.hasAttribute('data-sidebar-closed')));
  document.addEventListener('click', event => {
    if (event.target.closest?.('[data-sidebar-switch]')) {
      const open = root.hasAttribute('data-sidebar-closed');
      apply(open);
      copilotStorage.browser.save(key, open ? 'open' : 'closed');
    }
  });
})();
