// The message box. It works without the server: the draft and the id of the message it will become are kept in the tab's
// session storage, so a reload, a lost circuit or a double press never sends twice and never loses a word.

import { mountFiles } from '../Files/FileTray.razor.js';
import { draftPrefix, readDraft, saveDraft } from '../../../js/drafts.js';
import { fit, focusBox, newId } from '../../../js/text-box.js';

// A connection is kept a minute after the last sign of typing; asking more often than this would say nothing new.
const prepareEvery = 20000;

export function mount(form, dotnet, draftKey, maxLength) {
  const box = form.querySelector('textarea');
  // Buttons come and go with the run.
  const buttons = () => form.querySelectorAll('.send, [data-tell-now]');
  const count = form.querySelector('[data-count]');
  const problem = form.querySelector('[data-problem]');
  let key = draftKey;
  let draft = null;
  let sending = false;
  let waiting = false;
  let prepared = { id: null, at: 0 };

  // The answer can begin sooner when its connection is there already. Nothing depends on it, so nothing is said when it fails.
  const prepare = () => {
    const stale = prepared.id !== draft?.id || performance.now() - prepared.at > prepareEvery;
    if (draft && stale && form.dataset.active !== 'true') {
      prepared = { id: draft.id, at: performance.now() };
      dotnet.invokeMethodAsync('Prepare', draft.id).catch(() => { prepared = { id: null, at: 0 }; });
    }
  };

  const tell = (words, about) => {
    problem.textContent = words ?? '';
    problem.hidden = !words;
    problem.dataset.about = about ?? '';
  };

  const paint = () => {
    const length = box.value.length;
    fit(box);
    for (const button of buttons()) {
      button.disabled = sending || waiting || isNothing() || length > maxLength
        || ('tellNow' in button.dataset && (files.count() > 0 || box.value.trim() === ''));
    }

    count.hidden = length < maxLength * 0.9;
    count.textContent = `${length.toLocaleString('en')} / ${maxLength.toLocaleString('en')}`;
    count.classList.toggle('over', length > maxLength);
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

  // Other words are another message: only the same words keep their id.
  const keep = () => {
    draft = box.value === '' && files.count() === 0
      ? null
      : { text: box.value, files: files.kept(), id: draft?.sent ? newId() : draft?.id ?? newId() };
    saveDraft(key, draft);
    waiting = false;
  };

  const told = () => {
    keep();
    tell(null);
    paint();
  };

  const changed = () => {
    told();
    prepare();
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
    if (sending || isNothing() || (how === 'Tell' && files.count() > 0) || box.value.length > maxLength) {
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

    draft = { text: box.value, files: files.kept(), id: draft?.id ?? newId(), sent: true };
    saveDraft(key, draft);
    sending = true;
    tell(null);
    paint();
    const mine = draft;
    try {
      const result = how === 'Tell'
        ? await dotnet.invokeMethodAsync('Tell', mine.id, mine.text)
        : await dotnet.invokeMethodAsync('Send', mine.id, mine.text, mine.files.map(file => file.id));
      if (!result.accepted) {
        tell(result.problem);
      } else {
        document.dispatchEvent(new Event('copilot:sent'));
        if (draft === mine) {
          clear();
        }
      }
    } catch {
      tell(form.dataset.textNotSent);
    } finally {
      sending = false;
      paint();
      focusBox(box);
    }
  };

  const call = method => dotnet.invokeMethodAsync(method).catch(() => tell(form.dataset.textOffline));

  const onKey = event => {
    if (event.isComposing) {
      return;
    }

    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      submit((event.ctrlKey || event.metaKey) && can('tell') ? 'Tell' : undefined);
    } else if (event.key === 'ArrowUp' && box.value === '') {
      event.preventDefault();
      call('EditLast');
    }
  };

  const onPageKey = event => {
    if (event.key === 'Escape' && !event.defaultPrevented && form.dataset.active === 'true'
      && !event.target.closest?.('.approval')
      && !document.querySelector('[role=dialog], .mud-popover-open, .message-editor, .approval form')) {
      event.preventDefault();
      call('Stop');
    }
  };

  const onSubmit = event => {
    event.preventDefault();
    submit();
  };

  const files = mountFiles(form, { changed: filesChanged, tell });

  // Buttons that vanish once they have worked would take the focus with them.
  const dock = form.parentElement;
  const onVanishing = event => {
    if (event.target.closest('[data-tell-now]')) {
      submit('Tell');
    } else if (event.target.closest('.stop, .queue .icon-button')) {
      focusBox(box);
    }
  };

  box.addEventListener('input', changed);
  box.addEventListener('keydown', onKey);
  form.addEventListener('submit', onSubmit);
  document.addEventListener('keydown', onPageKey);
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

  return {
    /** Another conversation: its draft comes, the old one stays kept. */
    show(next) {
      const moved = key;
      key = next;
      // The first message of a new conversation gave it its address: that draft goes along until it is accepted.
      if (moved === 'new' && sending && draft) {
        saveDraft(moved, null);
        saveDraft(key, draft);
        return;
      }

      tell(null);
      load();
      focusBox(box);
    },
    submit(text) {
      box.value = text;
      told();
      return submit();
    },
    repaint: paint,
    accepted(id) {
      for (const name of Object.keys(sessionStorage).filter(name => name.startsWith(draftPrefix))) {
        if (readDraft(name.slice(draftPrefix.length))?.id === id) {
          sessionStorage.removeItem(name);
        }
      }

      if (draft?.id === id && draft.sent) {
        clear();
      }
    },
    dispose() {
      document.removeEventListener('keydown', onPageKey);
      dock.removeEventListener('click', onVanishing);
      removeEventListener('resize', paint);
      files.dispose();
    },
  };
}
