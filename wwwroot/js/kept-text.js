// What is written in a box that names it (data-keep) is kept in the tab until it is sent or given up: a reload, or a circuit that the server
// no longer had, would lose it. It is back when the box of that name is gone into.
(() => {
  'use strict';
  const prefix = 'copilot.keep.';
  const restored = new WeakSet();

  const nameOf = box => prefix + box.dataset.keep;
  const drop = boxes => boxes.forEach(box => copilotStorage.tab.remove(nameOf(box)));
  const isUp = () => (document.documentElement.dataset.connection ?? 'up') === 'up';

  const onInput = event => {
    const box = event.target;
    if (box.dataset?.keep) {
      restored.add(box); // what is written now is newer
      if (box.value === '') {
        drop([box]);
      } else {
        copilotStorage.tab.save(nameOf(box), box.value);
      }
    }
  };

  const onFocus = event => {
    const box = event.target;
    if (!box.dataset?.keep || restored.has(box)) {
      return;
    }

    restored.add(box);
    const text = copilotStorage.tab.read(nameOf(box));
    if (text !== null && text !== box.value) {
      box.value = text;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      box.dispatchEvent(new Event('change', { bubbles: true }));
    }
  };

  // Sent; or given up with a button of the form, or Escape.
  const onSubmit = event => {
    if (isUp()) {
      drop(event.target.querySelectorAll('[data-keep]'));
    }
  };

  const onClick = event => {
    const form = event.target.closest?.('button[type=button]')?.form;
    if (form && isUp()) {
      drop(form.querySelectorAll('[data-keep]'));
    }
  };

  const onKey = event => {
    if (event.key === 'Escape' && !event.isComposing && event.target.dataset?.keep && isUp()) {
      drop([event.target]);
    }
  };

  document.addEventListener('input', onInput, true);
  document.addEventListener('focusin', onFocus, true);
  document.addEventListener('submit', onSubmit, true);
  document.addEventListener('click', onClick, true);
  document.addEventListener('keydown', onKey, true);
})();
