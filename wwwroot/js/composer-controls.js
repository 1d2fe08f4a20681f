// What people press in and around the message box: keys and the buttons beside it.

import { focusBox, isComposing, isSendKey } from './text-box.js';

/**
 * Listens to the form, to the page and to what stands around the form.
 * @param form The form with the box.
 * @param actions submit(how), stop(run), editLast() and can(what), where how and what are the ways of sending: Send or Tell.
 * @returns What ends it.
 */
export function mountControls(form, { submit, stop, editLast, can }) {
  const box = form.querySelector('textarea');
  const dock = form.parentElement;

  const onKey = event => {
    if (isComposing(event)) {
      return;
    }

    if (isSendKey(event)) {
      event.preventDefault();
      submit((event.ctrlKey || event.metaKey) && can('tell') ? 'Tell' : undefined);
    } else if (event.key === 'ArrowUp' && box.value === '') {
      event.preventDefault();
      editLast();
    }
  };

  // Another field has its own use for Escape, and an input method too.
  const isElsewhere = target => target !== box && target.closest?.('input, textarea, select, [contenteditable=true], .approval');

  const onPageKey = event => {
    if (event.key === 'Escape' && !event.defaultPrevented && !isComposing(event) && form.dataset.active === 'true'
      && !isElsewhere(event.target)
      && !document.querySelector('[role=dialog], .mud-popover-open, .message-editor, .approval form')) {
      event.preventDefault();
      stop(form.dataset.run);
    }
  };

  const onSubmit = event => {
    event.preventDefault();
    submit();
  };

  // Buttons that vanish once they have worked would take the focus with them.
  const onVanishing = event => {
    if (event.target.closest('[data-tell-now]')) {
      submit('Tell');
    } else if (event.target.closest('.stop')) {
      event.stopPropagation(); // this script carries it, and does not lose it with the connection
      stop(form.dataset.run);
      focusBox(box);
    } else if (event.target.closest('.queue .icon-button')) {
      focusBox(box);
    }
  };

  box.addEventListener('keydown', onKey);
  form.addEventListener('submit', onSubmit);
  document.addEventListener('keydown', onPageKey);
  dock.addEventListener('click', onVanishing);
  return {
    dispose() {
      document.removeEventListener('keydown', onPageKey);
      dock.removeEventListener('click', onVanishing);
    },
  };
}
