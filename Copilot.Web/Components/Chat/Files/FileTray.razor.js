// The files of the message that is being written: dropped, pasted or picked, each uploaded straight to the server, not through
// the circuit. A finished upload is known by its id and survives a reload with the draft.
import { isDialogOpen } from '../../../js/page-keys.js';

const concurrent = 3;

// As the server writes sizes (FileSize).
export const sizeWords = bytes => {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const rounded = value => value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  const units = ['KB', 'MB', 'GB', 'TB'];
  let [size, unit] = [bytes / 1024, 0];
  while (rounded(size) >= 1024 && unit < units.length - 1) [size, unit] = [size / 1024, unit + 1];
  return `${rounded(size)} ${units[unit]}`;
};

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text ?? '';
  return element;
};

// The page's sentences name what goes into them: {name}, {size}, {count}.
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Words copied from a page or an office program come with a picture of themselves; those are words.
const isWords = data => data.types.includes('text/html') && data.getData('text/plain') !== '';

// A dialog has a place of its own for what is dropped, or none.
const carriesFiles = event => (event.dataTransfer?.types.includes('Files') ?? false) && !isDialogOpen();

export function mountFiles(form, { changed, report }) {
  const list = form.querySelector('[data-files]');
  const text = list.dataset;
  const said = form.querySelector('[data-files-said]');
  const input = form.querySelector('[data-file-input]');
  const pick = form.querySelector('[data-file-pick]');
  const box = form.querySelector('textarea');
  const place = form.closest('.chat') ?? form;
  const maxBytes = Number(list.dataset.maxBytes);
  const maxFiles = Number(list.dataset.maxFiles);
  let entries = [];
  let depth = 0;

  const problemOf = file => file.size === 0 ? text.textEmpty
    : file.size > maxBytes ? text.textTooLarge
    : null;

  const paint = () => {
    list.hidden = entries.length === 0;
    changed();
  };

  const paintEntry = entry => {
    const { element, state } = entry;
    element.dataset.state = state;
    element.querySelector('.file-note').textContent = state === 'failed' || state === 'refused' ? entry.problem
      : state === 'uploading' ? `${Math.round(entry.progress * 100)} % of ${sizeWords(entry.size)}`
      : state === 'waiting' ? fill(text.textWaiting, { size: sizeWords(entry.size) })
      : sizeWords(entry.size);
    const bar = element.querySelector('progress');
    bar.hidden = state !== 'uploading' && state !== 'waiting';
    bar.value = entry.progress;
    element.querySelector('.file-retry').hidden = state !== 'failed';
    const drop = element.querySelector('.file-remove');
    drop.setAttribute('aria-label', fill(state === 'uploading' || state === 'waiting' ? text.textCancel : text.textRemove, entry));
    drop.title = drop.getAttribute('aria-label');
  };

  const draw = entry => {
    const element = make('li', 'file-chip');
    if (entry.preview) {
      const image = make('img', 'file-preview');
      image.src = entry.preview;
      image.alt = '';
      element.append(image);
    } else {
      element.append(make('span', 'file-kind', (/\.([^.]{1,4})$/.exec(entry.name)?.[1] ?? 'file').toUpperCase()));
    }

    const words = make('span', 'file-words');
    const name = make('span', 'file-name', entry.name);
    name.title = entry.name;
    const bar = make('progress', 'file-progress');
    bar.max = 1;
    bar.setAttribute('aria-label', fill(text.textUploading, entry));
    words.append(name, make('span', 'file-note'), bar);
    const retry = make('button', 'button button-small file-retry', text.textRetry);
    retry.type = 'button';
    retry.setAttribute('aria-label', fill(text.textRetryNamed, entry));
    retry.addEventListener('click', () => {
      entry.state = 'waiting';
      entry.progress = 0;
      paintEntry(entry);
      pump();
      paint();
    });
    const drop = make('button', 'icon-button file-remove', '×');
    drop.type = 'button';
    drop.addEventListener('click', () => remove(entry));
    element.append(words, retry, drop);
    entry.element = element;
    list.append(element);
    paintEntry(entry);
  };

  const forget = entry => {
    entry.request?.abort();
    if (entry.preview?.startsWith('blob:')) {
      URL.revokeObjectURL(entry.preview);
    }

    entry.element.remove();
  };

  const remove = entry => {
    const index = entries.indexOf(entry);
    forget(entry);
    entries = entries.filter(other => other !== entry);
    if (entry.id) {
      // No one waits for it: what stays behind is removed after a day.
      fetch(`/files/${entry.id}`, { method: 'DELETE', keepalive: true }).catch(() => {});
    }

    said.textContent = fill(text.textRemoved, entry);
    (entries[Math.min(index, entries.length - 1)]?.element.querySelector('.file-remove') ?? box).focus();
    pump();
    paint();
  };

  const fail = (entry, problem, again) => {
    entry.state = again ? 'failed' : 'refused';
    entry.problem = problem;
    entry.request = null;
    said.textContent = `${entry.name}: ${problem}`;
    paintEntry(entry);
    pump();
    paint();
  };

  const finish = (entry, file) => {
    Object.assign(entry, { state: 'done', id: file.id, name: file.name, type: file.type, size: file.size, source: null, request: null });
    said.textContent = fill(text.textAttached, entry);
    paintEntry(entry);
    pump();
    paint();
  };

  const upload = entry => {
    const request = new XMLHttpRequest();
    entry.state = 'uploading';
    entry.request = request;
    request.open('POST', `/files?name=${encodeURIComponent(entry.name)}`);
    request.responseType = 'json';
    request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
    request.setRequestHeader('Content-Type', entry.source.type || 'application/octet-stream');
    request.upload.addEventListener('progress', event => {
      entry.progress = event.lengthComputable && event.total > 0 ? event.loaded / event.total : 0;
      paintEntry(entry);
    });
    request.addEventListener('load', () => {
      if (request.status === 201 && request.response?.id) {
        finish(entry, request.response);
      } else if (request.status === 401) {
        fail(entry, text.textSignedOut, true);
      } else {
        const final = request.status === 400 || request.status === 413;
        fail(entry, (request.status !== 404 && request.response?.detail) || (request.status === 413 ? text.textTooLargeForProxy : text.textFailed), !final);
      }
    });
    request.addEventListener('error', () => fail(entry, text.textFailed, true));
    request.send(entry.source);
    paintEntry(entry);
  };

  const pump = () => {
    const busy = entries.filter(entry => entry.state === 'uploading').length;
    entries.filter(entry => entry.state === 'waiting').slice(0, Math.max(0, concurrent - busy)).forEach(upload);
  };

  const add = files => {
    const taken = [...files].slice(0, Math.max(0, maxFiles - entries.length));
    for (const file of taken) {
      const problem = problemOf(file);
      const entry = {
        name: file.name || 'file',
        size: file.size,
        source: file,
        progress: 0,
        problem,
        state: problem ? 'refused' : 'waiting',
        preview: !problem && /^image\/(png|jpeg|gif|webp)$/.test(file.type) ? URL.createObjectURL(file) : null,
      };
      entries.push(entry);
      draw(entry);
    }

    pump();
    paint();
    const left = files.length - taken.length;
    if (left > 0) {
      report(fill(text.textTooMany, { count: left }));
    }
  };

  const onPick = () => input.click();
  const onInput = () => {
    add(input.files);
    input.value = '';
    box.focus();
  };

  const onPaste = event => {
    if (event.clipboardData?.files.length > 0 && !isWords(event.clipboardData)) {
      event.preventDefault();
      add(event.clipboardData.files);
    }
  };

  const onEnter = event => {
    if (carriesFiles(event)) {
      event.preventDefault();
      depth++;
      place.classList.add('dropping');
    }
  };

  const onOver = event => {
    if (carriesFiles(event)) {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    }
  };

  const stopDropping = () => {
    depth = 0;
    place.classList.remove('dropping');
  };

  const onLeave = event => {
    if (carriesFiles(event) && --depth <= 0) {
      stopDropping();
    }
  };

  const onDrop = event => {
    if (carriesFiles(event)) {
      event.preventDefault();
      stopDropping();
      // A folder is no file; what cannot be read as one fails with a sentence.
      add(event.dataTransfer.files);
    }
  };

  pick.addEventListener('click', onPick);
  pick.disabled = false;
  input.addEventListener('change', onInput);
  box.addEventListener('paste', onPaste);
  // Anywhere on the page: next to the conversation the browser would open the file in its place.
  document.addEventListener('dragenter', onEnter);
  document.addEventListener('dragover', onOver);
  document.addEventListener('dragleave', onLeave);
  document.addEventListener('drop', onDrop);

  return {
    add,
    /** What is uploaded, as a draft keeps it. */
    kept: () => entries.filter(entry => entry.state === 'done').map(({ id, name, type, size }) => ({ id, name, type, size })),
    /** The names of what is not uploaded yet and can be. */
    unfinished: () => entries.filter(entry => entry.state !== 'done' && entry.state !== 'refused').map(entry => entry.name),
    count: () => entries.length,
    isBusy: () => entries.some(entry => entry.state === 'waiting' || entry.state === 'uploading'),
    hasProblem: () => entries.some(entry => entry.state === 'failed' || entry.state === 'refused'),
    /** Another draft: uploads of this one that are under way are given up. */
    show(files) {
      entries.forEach(forget);
      entries = [];
      for (const file of files ?? []) {
        const entry = { ...file, state: 'done', progress: 1, preview: /^image\/(png|jpeg|gif|webp)$/.test(file.type) ? `/files/${file.id}` : null };
        entries.push(entry);
        draw(entry);
      }

      list.hidden = entries.length === 0;
    },
    dispose() {
      entries.forEach(forget);
      place.classList.remove('dropping');
      document.removeEventListener('dragenter', onEnter);
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
    },
  };
}
