// The component kit keeps no reference to the button of a menu.
const find = id => document.getElementById(id)?.querySelector('button');

/** Gives the focus to the button of a menu. */
export function focusButton(id) {
  find(id)?.focus();
}

/** Gives it back once what was chosen is done and its dialog gone, unless something else has it by then. */
export function focusButtonIfNothingElse(id, frames = 60) {
  const focused = document.activeElement;
  if (frames > 0 && (document.querySelector('.mud-dialog') || focused?.closest('[role=dialog]'))) {
    requestAnimationFrame(() => focusButtonIfNothingElse(id, frames - 1));
  } else if (!focused || focused === document.body) {
    focusButton(id);
  }
}

/** Moves into a menu that has just opened, as the arrow does; nothing happens when the focus is in it already. */
export function enter(id) {
  const button = find(id);
  if (button && !document.activeElement?.closest('[role=menu]')) {
    button.focus();
    button.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', code: 'ArrowDown', bubbles: true }));
  }
}
