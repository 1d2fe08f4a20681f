// Keys of a whole page: they work wherever the focus is, but not where something is written, not behind a dialog, and not when something else has taken them.

const WRITING = 'input, textarea, select, [contenteditable=true]';

/** Whether text is written in the element, or a choice is made with letters. */
export const isWriting = element => element?.closest?.(WRITING) != null;

/** Whether a dialog has the keyboard for itself. */
export const isDialogOpen = () => document.querySelector('[role=dialog]') !== null;

/** Whether the key is a command of the browser. Many keyboards write brackets and braces with AltGr, which some systems report as Ctrl with Alt. */
export const isCommand = event => event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState('AltGraph'));

/** Hands over the keys of the page until the signal ends it. What read(event) returns says whether the key was one of its own. */
export function listenToPage(read, signal) {
  document.addEventListener('keydown', event => {
    if (!event.defaultPrevented && !isWriting(event.target) && !isDialogOpen() && read(event)) {
      event.preventDefault();
    }
  }, { signal });
}
