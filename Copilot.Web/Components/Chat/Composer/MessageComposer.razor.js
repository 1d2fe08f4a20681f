// The message box. It works without the server: the draft, the message that is under way and their ids are saved in the tab's
// session storage, so a reload, a lost circuit or a double press never sends twice and never loses a word.

import { mountFiles } from '../Files/FileTray.razor.js';
import { connectionChanged, isOffline, untilLost } from '../../../js/connection.js';
import { draftPrefix, readDraft, readOutgoing, saveDraft, saveOutgoing } from '../../../js/drafts.js';
import { fit, focusBox, isComposing, isSendKey, isTouch, newId } from '../../../js/text-box.js';

// A connection stays open a minute after the last sign of typing; asking more often than this would say nothing new.
const prepareEvery = 20000;

// An answer to a message takes a fraction of a second; after this somebody wonders.
const slowAfter = 5000;

// So much text in one piece is easier to read, for people and for the agent, as a file.
const longPaste = 10000;

export function mount(form, dotnet, draftKey, maxLength) {
  const box = form.querySelector('textarea');
  // Buttons come and go with the run.
  const buttons = () => form.querySelectorAll('.send, [data-tell-now]');
  const count = form.querySelector('[data-count]');
  const problem = form.querySelector('[data-problem]');
  const attach = form.querySelector('[data-attach-text]');
  let key = draftKey;
  let draft = null;
  // The one message that the server has not answered yet. The box is free for the next words meanwhile.
  let outgoing = readOutgoing();
  let sending = false;
  let again = false;
  let begun = null;
  let waiting = false;
  let stopping = null;
  let pasted = '';
  let prepared = { id: null, at: 0 };

  // The answer can begin sooner when its connection is there already. Nothing depends on it, so nothing is said when it fails.
  const prepare = () => {
    const stale = prepared.id !== draft?.id || performance.now() - prepared.at > prepareEvery;
    if (draft && stale && form.dataset.active !== 'true' && !isOffline()) {
      prepared = { id: draft.id, at: performance.now() };
      dotnet.invokeMethodAsync('Prepare', draft.id).catch(() => { prepared = { id: null, at: 0 }; });
    }
  };

  const tell = (words, about) => {
    problem.textContent = words ?? '';
    problem.hidden = !words;
    problem.dataset.about = about ?? '';
    attach.hidden = about !== 'long';
  };

  const isTooLong = () => box.value.length > maxLength;

  const paint = () => {
    const length = box.value.length;
    fit(box);
    for (const button of buttons()) {
      button.disabled = waiting || isNothing() || isTooLong()
        || ('tellNow' in button.dataset && (files.count() > 0 || box.value.trim() === ''));
    }

    count.hidden = length < maxLength * 0.9;
    count.textContent = `${length.toLocaleString('en')} / ${maxLength.toLocaleString('en')}`;
    count.classList.toggle('over', isTooLong());
    form.classList.toggle('sending', sending);
  };

  const load = () => {
    draft = readDraft(key);
    box.value = draft?.text ?? '';
    waiting = false;
    files.show(draft?.files);
    paint();
  };

  const clear = () => {
    saveDraft(key, null);
    draft = null;
    box.value = '';
    files.show([]);
    paint();
  };

  const isNothing = () => box.value.trim() === '' && files.count() === 0;

  // Other words are another message: only the same words keep their id. What waits for the connection waits for the words it had.
  const keep = () => {
    const held = draft?.held;
    draft = box.value === '' && files.count() === 0
      ? null
      : { text: box.value, files: files.kept(), id: draft?.sent ? newId() : draft?.id ?? newId() };
    saveDraft(key, draft);
    waiting = false;
    if (held) {
      tell(draft ? form.dataset.textChanged : null);
    }

    return held;
  };

  const told = () => {
    const held = keep();
    if (isTooLong()) {
      tell(form.dataset.textTooLong, 'long');
    } else if (!held) {
      tell(null);
    }

    paint();
  };

  const changed = () => {
    told();
    prepare();
    if (pasted && box.value.includes(pasted)) {
      tell(isTooLong() ? form.dataset.textTooLong : form.dataset.textLong, 'long');
    } else {
      pasted = '';
    }
  };

  // A file came, went, or is uploaded now; one that a press of Send waited for lets it go.
  const filesChanged = () => {
    const wanted = waiting;
    keep();
    if (problem.dataset.about === 'files' && !files.hasProblem()) {
      tell(null);
    }

    paint();
    prepare();
    if (wanted && !isNothing()) {
      submit();
    }
  };

  const can = what => form.dataset[what] === 'true';

  /** Send: a message of its own. Tell: words for the run that works, which carry no files. */
  const submit = async (how = can('send') ? 'Send' : 'Tell') => {
    if (isNothing() || (how === 'Tell' && files.count() > 0)) {
      return;
    }

    if (isTooLong()) {
      tell(form.dataset.textTooLong, 'long');
      return;
    }

    if (files.hasProblem()) {
      tell(form.dataset.textFileProblem, 'files');
      return;
    }

    if (files.isBusy()) {
      waiting = true;
      tell(form.dataset.textWaitingForFiles, 'files');
      paint();
      return;
    }

    const message = { text: box.value, files: files.kept(), id: draft?.id ?? newId(), sent: draft?.sent };
    if (isOffline()) {
      hold(message, how);
    } else if (sending) {
      again = true; // one after the other, in the order in which they were written
    } else {
      clear();
      await send({ ...message, key, how });
    }
  };

  // The words stay where they can be read and changed; they go when the connection is back.
  const hold = (message, how) => {
    draft = { ...message, held: how };
    saveDraft(key, draft);
    if (box.value !== message.text) {
      box.value = message.text;
      files.show(message.files);
    }

    tell(form.dataset.textHeld, 'held');
    paint();
  };

  const send = async message => {
    outgoing = message;
    saveOutgoing(outgoing);
    begun = message.key === 'new' ? message.id : null;
    sending = true;
    tell(null);
    paint();
    const slow = setTimeout(() => tell(form.dataset.textSlow, 'slow'), slowAfter);
    try {
      const call = message.how === 'Tell'
        ? dotnet.invokeMethodAsync('Tell', message.id, message.text)
        : dotnet.invokeMethodAsync('Send', message.id, message.text, message.files.map(file => file.id));
      const result = await untilLost(call);
      settle(message.id);
      if (!result.accepted) {
        giveBack(message);
        tell(result.problem);
      } else {
        tell(null);
        document.dispatchEvent(new Event('copilot:sent'));
      }
    } catch {
      if (outgoing !== message) {
        tell(null); // its event has come all the same
      } else if (!isOffline()) {
        settle(message.id);
        giveBack(message);
        tell(form.dataset.textNotSent);
      } else if (draft) {
        tell(form.dataset.textHeldLast, 'held'); // goes from where it is kept: the box has the next words already
      } else {
        settle(message.id);
        hold({ text: message.text, files: message.files, id: message.id, sent: true }, message.how);
      }
    } finally {
      clearTimeout(slow);
      sending = false;
      paint();
      focusBox(box);
    }

    if (again) {
      again = false;
      if (!draft?.held && problem.hidden) {
        await submit();
      }
    }
  };

  const settle = id => {
    if (outgoing?.id === id) {
      outgoing = null;
      saveOutgoing(null);
    }
  };

  // What could not be sent stands before what was written since.
  const giveBack = message => {
    const isHere = message.key === key;
    const now = isHere ? draft : readDraft(message.key);
    const joined = {
      text: now?.text ? `${message.text}\n\n${now.text}` : message.text,
      files: [...message.files, ...(now?.files ?? [])],
      id: now ? newId() : message.id,
      sent: !now,
    };
    saveDraft(message.key, joined);
    if (isHere) {
      load();
    }
  };

  const stop = run => {
    if (isOffline()) {
      stopping = run;
      tell(form.dataset.textStopHeld, 'held');
      return;
    }

    untilLost(dotnet.invokeMethodAsync('StopRun', run)).catch(() => {
      if (isOffline()) {
        stop(run);
      } else {
        tell(form.dataset.textOffline);
      }
    });
  };

  // Nothing that was pressed while the server was out of reach is lost.
  const resume = () => {
    if (isOffline() || !form.isConnected) {
      return;
    }

    if (problem.dataset.about === 'held') {
      tell(null);
    }

    if (stopping) {
      const run = stopping;
      stopping = null;
      stop(run);
    }

    if (outgoing && !sending) {
      const message = outgoing;
      if (message.key === key) {
        send(message);
      } else {
        settle(message.id);
        giveBack(message);
      }
    } else if (draft?.held && !sending) {
      submit(draft.held === 'Tell' && can('tell') ? 'Tell' : undefined);
    }
  };

  const editLast = () => isOffline()
    ? tell(form.dataset.textOffline)
    : dotnet.invokeMethodAsync('EditLast').catch(() => tell(form.dataset.textOffline));

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

  const onPaste = event => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    pasted = text.length > longPaste ? text.replaceAll('\r\n', '\n') : '';
  };

  // The pasted piece where it is still as it came, else everything.
  const attachText = () => {
    const text = pasted && box.value.includes(pasted) ? pasted : box.value;
    box.value = box.value.replace(text, () => '').trim();
    pasted = '';
    tell(null);
    keep();
    files.add([new File([text], form.dataset.textFileName, { type: 'text/plain' })]);
    paint();
    focusBox(box);
  };

  const files = mountFiles(form, { changed: filesChanged, tell });

  // Buttons that vanish once they have worked would take the focus with them.
  const dock = form.parentElement;
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

  box.enterKeyHint = isTouch() ? 'enter' : 'send';
  box.addEventListener('input', changed);
  box.addEventListener('keydown', onKey);
  box.addEventListener('paste', onPaste);
  attach.addEventListener('click', attachText);
  form.addEventListener('submit', onSubmit);
  document.addEventListener('keydown', onPageKey);
  document.addEventListener(connectionChanged, resume);
  dock.addEventListener('click', onVanishing);
  addEventListener('resize', paint);
  if (box.value === '') {
    load();
  } else {
    const typed = box.value; // while this script was on its way
    load();
    box.value = typed;
    changed();
  }

  focusBox(box);
  resume(); // a message that was under way when the page was loaded anew

  return {
    /** Another conversation: its draft comes, the old one stays saved. */
    show(next) {
      const moved = key;
      key = next;
      // The first message of a new conversation gave it its address: what was written since goes along.
      if (moved === 'new' && next === `ses_${begun}`) {
        saveDraft(moved, null);
        saveDraft(key, draft);
        if (outgoing) {
          outgoing.key = key;
          saveOutgoing(outgoing);
        }

        return;
      }

      tell(null);
      load();
      focusBox(box);
      resume();
    },
    /** As if it had been written here. What is written here stays. */
    async submit(text) {
      if (isNothing() && !sending) {
        box.value = text;
        told();
        await submit();
      } else if (!sending && !isOffline()) {
        await send({ text, files: [], id: newId(), key, how: 'Send' });
      }
    },
    repaint: paint,
    accepted(id) {
      for (const name of Object.keys(sessionStorage).filter(name => name.startsWith(draftPrefix))) {
        if (readDraft(name.slice(draftPrefix.length))?.id === id) {
          sessionStorage.removeItem(name);
        }
      }

      settle(id);
      if (draft?.id === id && draft.sent) {
        clear();
      }
    },
    dispose() {
      document.removeEventListener('keydown', onPageKey);
      document.removeEventListener(connectionChanged, resume);
      dock.removeEventListener('click', onVanishing);
      removeEventListener('resize', paint);
      files.dispose();
    },
  };
}
