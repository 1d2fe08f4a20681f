// The component kit keeps no reference to the button of a menu.
const find = id => document.getElementById(id)?.querySelector('button');

/** Gives the focus to the button of a menu. */
export function focusButton(id) {
  find(id)?.focus();
}

/** Moves into a menu that has just opened, as the arrow does; nothing happens when the focus is in it already. */
export function enter(id) {
  const button = find(id);
  if (button && !document.activeElement?.closest('[role=menu]')) {
    button.focus();
    button.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', code: 'ArrowDown', bubbles: true }));
  }
}
