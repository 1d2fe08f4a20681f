import { callServer, isOffline } from '../../../js/connection.js';
import { fit, focusBox, isComposing, isSendKey, newId } from '../../../js/text-box.js';

/** The box in which a sent message is changed. */
export function mount(form, dotnet, maxLength) {
  const box = form.querySelector('textarea');
  const problem = form.querySelector('[data-problem]');
  const id = newId();
  const leave = () => focusBox(document.querySelector('.composer-text'));
  let sending = false;

  const submit = async () => {
    if (sending || (box.value.trim() === '' && form.dataset.hasFiles !== 'true')) {
      return;
    }

    if (box.value.length > maxLength) {
      problem.textContent = form.dataset.textTooLong;
      problem.hidden = false;
      return;
    }

    if (isOffline()) {
      problem.textContent = form.dataset.textNotSent;
      problem.hidden = false;
      return;
    }

    sending = true;
    form.classList.add('sending');
    problem.hidden = true;
    try {
      const result = await callServer(dotnet, 'Submit', id, box.value);
      if (!result.accepted) {
        problem.textContent = result.problem;
        problem.hidden = false;
      } else {
        leave();
      }
    } catch {
      problem.textContent = form.dataset.textNotSent;
      problem.hidden = false;
    } finally {
      sending = false;
      form.classList.remove('sending');
    }
  };

  box.addEventListener('input', () => fit(box));
  box.addEventListener('keydown', event => {
    if (isSendKey(event)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && !isComposing(event)) {
      event.preventDefault();
      leave();
      callServer(dotnet, 'Cancel').catch(() => {
        problem.textContent = form.dataset.textOffline;
        problem.hidden = false;
      });
    }
  });
  form.querySelector('button[type=button]').addEventListener('click', leave);
  form.addEventListener('submit', event => {
    event.preventDefault();
    submit();
  });
  fit(box);
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}
