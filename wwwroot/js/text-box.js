// What the boxes for messages share.

/** An id for a message: 32 hexadecimal digits. */
export const newId = () => crypto.randomUUID
  ? crypto.randomUUID().replaceAll('-', '')
  : Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

/** Grows the box with its text. */
export const fit = box => {
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, Math.round(innerHeight * 0.4))}px`;
};

// Not on a phone: there it would open the keyboard.
export const focusBox = box => {
  if (matchMedia('(pointer: fine)').matches) {
    box?.focus();
  }
};
