// The message box. It works without the server: the draft, the message that is under way and their ids are saved in the tab's
// session storage, so a reload, a lost circuit or a double press never sends twice and never loses a word.

import { mountFiles } from '../Files/FileTray.razor.js';
import { mountControls } from '../../../js/composer-controls.js';
import { composerView } from '../../../js/composer-view.js';
import { callServer, connectionChanged, isOffline } from '../../../js/connection.js';
import { dropDraft, readDraft, saveDraft } from '../../../js/drafts.js';
import { mountLongText } from '../../../js/long-text.js';
import { openOutbox } from '../../../js/outbox.js';
import { focusBox, isTouch, newId } from '../../../js/text-box.js';

// A connection stays open a minute after the last sign of typing; asking more often than this would say nothing new.
const prepareEvery = 20000;

/** What was written here and what is saved, neither lost: browsers also put back an earlier state of the same words. */
const joined = (saved, typed) => saved.includes(typed) ? saved : typed.includes(saved) ? typed : `${saved}\n\n${typed}`;

export function mount(form, dotnet, draftKey, maxLength) {
  const box = form.querySelector('textarea');
  const view = composerView(form, box, maxLength);
  const { isTooLong, report } = view;
  let key = draftKey;
  let draft = null;
  let waiting = false;
  let prepared = { id: null, at: 0 };

  // The answer can begin sooner when its connection is there already. Nothing depends on it, so nothing is said when it fails.
  const prepare = () => {
    const stale = prepared.id !== draft?.id || performance.now() - prepared.at > prepareEvery;
    if (draft && stale && form.dataset.active !== 'true' && !isOffline()) {
      prepared = { id: draft.id, at: performance.now() };
      callServer(dotnet, 'Prepare', draft.id).catch(() => { prepared = { id: null, at: 0 }; });
    }
  };

  const paint = () => view.paint({ canSend: !waiting && !isNothing(), hasFiles: files.count() > 0, isSending: outbox.isSending() });

  const load = () => {
    draft = readDraft(key);
    // A tab that was duplicated has the same draft: what is written here from now on is another message than what is written there.
    if (draft && !draft.sent && !draft.held) {
      draft.id = newId();
      saveDraft(key, draft);
    }

    box.value = draft?.text ?? '';
    waiting = false;
    files.show(draft?.files);
    if (draft?.unfinished?.length > 0) {
      report(form.dataset.textFilesUnfinished.replace('{names}', draft.unfinished.join(', '))); // a page that is gone took the files along
      draft.unfinished = [];
      saveDraft(key, draft);
    }

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
      : { text: box.value, files: files.kept(), unfinished: files.unfinished(), id: draft?.sent || held ? newId() : draft?.id ?? newId() };
    saveDraft(key, draft);
    waiting = false;
    if (held) {
      report(draft ? form.dataset.textChanged : null);
    }

    return held;
  };

  const refresh = () => {
    const held = keep();
    if (isTooLong()) {
      report(form.dataset.textTooLong, 'long');
    } else if (!held) {
      report(null);
    }

    paint();
  };

  const changed = () => {
    refresh();
    prepare();
    if (longText.isThere()) {
      report(isTooLong() ? form.dataset.textTooLong : form.dataset.textLong, 'long');
    }
  };

  // A file came, went, or is uploaded now; one that a press of Send waited for lets it go.
  const filesChanged = () => {
    const wanted = waiting;
    keep();
    if (view.isAbout('files') && !files.hasProblem()) {
      report(null);
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
      report(form.dataset.textTooLong, 'long');
      return;
    }

    if (files.hasProblem()) {
      report(form.dataset.textFileProblem, 'files');
      return;
    }

    if (files.isBusy()) {
      waiting = true;
      report(form.dataset.textWaitingForFiles, 'files');
      paint();
      return;
    }

    const message = { text: box.value, files: files.kept(), id: draft?.id ?? newId(), sent: draft?.sent };
    if (isOffline()) {
      hold(message, how);
    } else if (how === 'Tell' && can('why')) {
      askWhy(message);
    } else if (outbox.isSending()) {
      outbox.submitNext(); // one after the other, in the order in which they were written
    } else {
      clear();
      await outbox.send({ ...message, key, how });
    }
  };

  // Words for somebody else's agent need a reason: they stay here until it has been given.
  const askWhy = message => {
    draft = { ...message, sent: true };
    saveDraft(key, draft);
    callServer(dotnet, 'AskWhy', message.id, message.text).catch(() => report(form.dataset.textOffline));
  };

  // The words stay where they can be read and changed; they go when the connection is back.
  const hold = (message, how) => {
    draft = { ...message, held: how };
    saveDraft(key, draft);
    if (box.value !== message.text) {
      box.value = message.text;
      files.show(message.files);
    }

    report(form.dataset.textHeld, 'held');
    paint();
  };

  // Nothing that was pressed while the server was out of reach is lost.
  const resume = () => {
    if (isOffline() || !form.isConnected) {
      return;
    }

    if (view.isAbout('held')) {
      report(null);
    }

    if (!outbox.resume() && draft?.held && !outbox.isSending()) {
      submit(draft.held === 'Tell' && can('tell') ? 'Tell' : undefined);
    }
  };

  const editLast = () => callServer(dotnet, 'EditLast').catch(() => report(form.dataset.textOffline));

  const outbox = openOutbox(form, dotnet, {
    draft: () => draft,
    key: () => key,
    hasProblem: view.hasProblem,
    report,
    paint,
    load,
    hold,
    submit,
    sent() {
      paint();
      focusBox(box);
    },
  });
  const files = mountFiles(form, { changed: filesChanged, report });
  const longText = mountLongText(form, box, file => {
    report(null);
    keep();
    files.add([file]);
    paint();
    focusBox(box);
  });
  const controls = mountControls(form, { submit, stop: outbox.stop, editLast, can });

  box.enterKeyHint = isTouch() ? 'enter' : 'send';
  box.addEventListener('input', changed);
  document.addEventListener(connectionChanged, resume);
  addEventListener('resize', paint);
  const typed = box.value; // while this script was on its way
  // The page has come back in the conversation that its message began, and nobody could tell the script that sent it.
  if (outbox.moves('new', key)) {
    saveDraft(key, readDraft('new'));
    saveDraft('new', null);
  }

  load();
  if (typed !== '') {
    box.value = joined(draft?.sent ? '' : draft?.text ?? '', typed);
    changed();
  }

  focusBox(box);
  resume(); // a message that was under way when the page was loaded anew

  return {
    /** Another conversation: its draft comes, the old one stays saved. */
    show(next) {
      const moved = key;
      key = next;
      // What was written since the first message goes along.
      if (outbox.moves(moved, next)) {
        saveDraft(moved, null);
        saveDraft(key, draft);
        return;
      }

      report(null);
      load();
      focusBox(box);
      resume();
    },
    /** As if it had been written here. What is written here stays. */
    async submit(text) {
      if (isNothing() && !outbox.isSending()) {
        box.value = text;
        refresh();
        await submit();
      } else if (!outbox.isSending() && !isOffline()) {
        await outbox.send({ text, files: [], id: newId(), key, how: 'Send' });
      }
    },
    takeBack(text) {
      box.value = isNothing() ? text : `${text}\n\n${box.value}`;
      refresh();
      focusBox(box);
    },
    repaint() {
      paint();
      outbox.resumeStop();
    },
    accepted(id) {
      dropDraft(id);
      outbox.settle(id);
      if (draft?.id === id && draft.sent) {
        clear();
      }
    },
    dispose() {
      document.removeEventListener(connectionChanged, resume);
      removeEventListener('resize', paint);
      controls.dispose();
      files.dispose();
    },
  };
}
