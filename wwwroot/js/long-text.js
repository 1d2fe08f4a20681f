// A long text in one piece is easier to read, for people and for the agent, as a file.
const longPaste = 10000;

/** Offers to make a file of what was pasted where it is still as it came, else of everything; taken is called with the file. */
export function mountLongText(form, box, taken) {
  let pasted = '';
  box.addEventListener('paste', event => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    pasted = text.length > longPaste ? text.replaceAll('\r\n', '\n') : '';
  });
  form.querySelector('[data-attach-text]').addEventListener('click', () => {
    const text = pasted && box.value.includes(pasted) ? pasted : box.value;
    box.value = box.value.replace(text, () => '').trim();
    pasted = '';
    taken(new File([text], form.dataset.textFileName, { type: 'text/plain' }));
  });

  return {
    /** Whether a long text was pasted and still stands in the box. */
    isThere() {
      pasted = box.value.includes(pasted) ? pasted : '';
      return pasted !== '';
    },
  };
}
