// What a person does to the page while the server is out of reach. The framework drops it without a word: what was written then would
// stand on the screen and not be what is carried out, a form would leave the page, and a press would be taken for done.
(() => {
  'use strict';
  const root = document.documentElement;
  const dialog = document.getElementById('components-reconnect-modal');
  const sentence = dialog.querySelector('[data-reconnect-pressed]');
  const serverTimeout = Number(dialog.dataset.serverTimeout); // a loss may be noticed that late
  const holds = '.composer, .message-editor'; // their scripts hold what is pressed, and say so
  const controls = 'button, summary, [role=button], [role=switch], [role=menuitem], [role=option], [role=tab]';
  const written = new Map();
  let lostAt = null;
  let isNewCircuit = false;

  const isUp = () => (root.dataset.connection ?? 'up') === 'up';
  const isText = field => field.matches('textarea, input:not([type=radio], [type=checkbox], [type=file])');
  const isChoice = field => field.matches('[type=radio], [type=checkbox]');

  const say = () => {
    sentence.hidden = false;
  };

  const onWriting = event => {
    const field = event.target;
    if (event.isTrusted && field.matches?.('input, textarea, select') && !field.closest(holds)) {
      for (const other of written.keys()) {
        if (!other.isConnected) {
          written.delete(other);
        }
      }

      written.set(field, performance.now());
    }
  };

  const onSubmit = event => {
    if (!isUp() && event.target.method !== 'post' && !event.target.closest(holds)) {
      event.preventDefault(); // nobody else does: it would be sent as a request for this page
      say();
    }
  };

  const onClick = event => {
    const target = event.target;
    if (isUp() || !target.closest || target.closest(holds) || dialog.contains(target)) {
      return;
    }

    if (isChoice(target) && !target.form) {
      event.preventDefault(); // a switch that changes something at once must not look as if it had
      say();
    } else if (target.closest(controls)) {
      say();
    }
  };

  // The same circuit knows nothing of what was written meanwhile, and perhaps not of what was written shortly before: it is sent again.
  const sendAgain = since => {
    for (const [field, at] of written) {
      const isUnsent = field.isConnected && at >= since
        && (isText(field) || (isChoice(field) ? field.form && (field.checked || field.type === 'checkbox') : field.matches('select')));
      if (isUnsent) {
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
      }
    }
  };

  const onConnection = () => {
    if (!isUp()) {
      lostAt ??= performance.now();
      return;
    }

    sentence.hidden = true;
    if (lostAt !== null && !isNewCircuit) {
      sendAgain(lostAt - serverTimeout);
    }

    lostAt = null;
    isNewCircuit = false;
  };

  // What stands in a box and nowhere else; a search is in the address.
  const isBeingWritten = () =>
    [...written.keys()].some(field => field.isConnected && isText(field) && field.value !== '' && !field.closest('[role=search]'));

  document.addEventListener('input', onWriting, true);
  document.addEventListener('change', onWriting, true);
  document.addEventListener('submit', onSubmit, true);
  document.addEventListener('click', onClick, true);
  document.addEventListener('copilot:connection', onConnection);
  document.addEventListener('copilot:circuit', () => {
    isNewCircuit = lostAt !== null; // the first one is not
  });
  document.addEventListener('copilot:pausing', event => {
    if (isBeingWritten()) {
      event.preventDefault();
    }
  });
})();
