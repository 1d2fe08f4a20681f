// Drafts of boxes that name one (data-draft): saved in the tab until they are sent or given up, because a reload, or a circuit that the
// server no longer had, would lose them. A draft is back when the box of that name gets the focus.
(() => {
  'use strict';
  const prefix = 'copilot.box.';
  const restored = new WeakSet();

  const nameOf = box => prefix + box.dataset.draft;
  const discard = boxes => boxes.forEach(box => copilotStorage.tab.remove(nameOf(box)));
  const isUp = () => (document.documentElement.dataset.connection ?? 'up') === 'up';

  const onInput = event => {
    const box = event.target;
    if (box.dataset?.draft) {
      restored.add(box); // what is written now is newer
      if (box.value === '') {
        discard([box]);
      } else {
        copilotStorage.tab.save(nameOf(box), box.value);
      }
    }
  };

  const onFocus = event => {
    const box = event.target;
    if (!box.dataset?.draft || restored.has(box)) {
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
      discard(event.target.querySelectorAll('[data-draft]'));
    }
  };

  const onClick = event => {
    const form = event.target.closest?.('button[type=button]')?.form;
    if (form && isUp()) {
      discard(form.querySelectorAll('[data-draft]'));
    }
  };

  const onKey = event => {
    if (event.key === 'Escape' && !event.isComposing && event.target.dataset?.draft && isUp()) {
      discard([event.target]);
    }
  };

  document.addEventListener('input', onInput, true);
  document.addEventListener('focusin', onFocus, true);
  document.addEventListener('submit', onSubmit, true);
  document.addEventListener('click', onClick, true);
  document.addEventListener('keydown', onKey, true);
})();
