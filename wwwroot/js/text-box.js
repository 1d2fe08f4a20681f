// What the boxes for messages share.

/** An id for a message: 32 hexadecimal digits. */
export const newId = () => crypto.randomUUID
  ? crypto.randomUUID().replaceAll('-', '')
  : Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

// An input method: Safari says so only by this code, with the Enter that ends a composition.
export const isComposing = event => event.isComposing || event.keyCode === 229;

/** True where people write on the screen: Enter is a new line there, as in every other box. */
export const isTouch = () => matchMedia('(pointer: coarse)').matches;

/** Whether a key sends what is in the box. */
export const isSendKey = event => event.key === 'Enter' && !event.shiftKey && !isComposing(event)
  && (!isTouch() || event.ctrlKey || event.metaKey);

// Longer than any box is high: to measure it would cost time with every key.
const surelyTall = 6000;

/** Grows the box with its text. */
export const fit = box => {
  if (box.value.length > surelyTall) {
    box.style.height = `${Math.round(innerHeight * 0.4)}px`;
    return;
  }

  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, Math.round(innerHeight * 0.4))}px`;
};

// Not on a phone: there it would open the keyboard.
export const focusBox = box => {
  if (matchMedia('(pointer: fine)').matches) {
    box?.focus();
  }
};
