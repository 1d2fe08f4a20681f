// What the message box shows of its state: the sentence below it, how long the text is, and which buttons can be pressed.
import { fit } from './text-box.js';

/** The view of a message box. */
export function composerView(form, box, maxLength) {
  const count = form.querySelector('[data-count]');
  const problem = form.querySelector('[data-problem]');
  const attach = form.querySelector('[data-attach-text]');
  const isTooLong = () => box.value.length > maxLength;

  return {
    isTooLong,
    /** Shows a sentence, or none; about what, for whoever takes it back. */
    report(words, about) {
      problem.textContent = words ?? '';
      problem.hidden = !words;
      problem.dataset.about = about ?? '';
      attach.hidden = about !== 'long';
    },
    hasProblem: () => !problem.hidden,
    /** Whether the sentence is about this. */
    isAbout: what => problem.dataset.about === what,
    /** Draws length and buttons; those come and go with the run. A message to a run that works carries no files. */
    paint({ canSend, hasFiles, isSending }) {
      const length = box.value.length;
      fit(box);
      for (const button of form.querySelectorAll('.send, [data-tell-now]')) {
        button.disabled = !canSend || isTooLong() || ('tellNow' in button.dataset && (hasFiles || box.value.trim() === ''));
      }

      count.hidden = length < maxLength * 0.9;
      count.textContent = `${length.toLocaleString('en')} / ${maxLength.toLocaleString('en')}`;
      count.classList.toggle('over', isTooLong());
      form.classList.toggle('sending', isSending);
    },
  };
}
