// A text box that offers people behind an @: arrows move, Enter and Tab choose, Escape closes the list, then the box. Ctrl+Enter saves.
const MOST = 8;

// The part may come into sight after the box.
const TRIES = 60;

export function mount(root, people) {
  const area = root.querySelector('[data-comment-text]');
  const list = root.querySelector('[data-comment-people]');
  const listening = new AbortController();
  const on = (target, name, work) => target.addEventListener(name, work, { signal: listening.signal });
  let chosen = 0;
  let waiting = 0;

  // What stands between the last @ before the caret and the caret; null where no name begins there.
  const begun = () => {
    const text = area.value.slice(0, area.selectionStart);
    const at = text.lastIndexOf('@');
    const isStart = at === 0 || (at > 0 && !/[\p{L}\p{N}]/u.test(text[at - 1]));
    return area.selectionStart === area.selectionEnd && isStart && !text.slice(at).includes('\n') ? { at, word: text.slice(at + 1).toLowerCase() } : null;
  };
  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute('aria-activedescendant');
  };
  const mark = () => {
    options().forEach((option, index) => option.setAttribute('aria-selected', index === chosen ? 'true' : 'false'));
    area.setAttribute('aria-activedescendant', options()[chosen].id);
  };
  const choose = name => {
    const word = begun();
    if (word) {
      area.setRangeText(`@${name} `, word.at, area.selectionStart, 'end');
      area.dispatchEvent(new Event('input', { bubbles: true }));
    }

    close();
    area.focus();
  };
  const offer = () => {
    const word = begun();
    const found = word ? people.filter(name => name.toLowerCase().split(' ').some((_, index, words) => words.slice(index).join(' ').startsWith(word.word))).slice(0, MOST) : [];
    if (found.length === 0 || people.some(name => word.word === `${name.toLowerCase()} `)) {
      close();
      return;
    }

    list.replaceChildren(...found.map((name, index) => {
      const option = document.createElement('li');
      option.id = `${list.id}-${index}`;
      option.setAttribute('role', 'option');
      option.textContent = name;
      option.addEventListener('pointerdown', event => {
        event.preventDefault();
        choose(name);
      });
      return option;
    }));
    chosen = 0;
    list.hidden = false;
    mark();
  };
  on(area, 'input', offer);
  on(area, 'blur', close);
  on(area, 'keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      root.requestSubmit();
    } else if (!list.hidden && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      chosen = (chosen + (event.key === 'ArrowDown' ? 1 : options().length - 1)) % options().length;
      mark();
    } else if (!list.hidden && (event.key === 'Enter' || event.key === 'Tab')) {
      event.preventDefault();
      choose(options()[chosen].textContent);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (list.hidden) {
        root.querySelector('[data-comment-cancel]').click();
      } else {
        close();
      }
    }
  });

  const focus = left => {
    area.focus();
    if (document.activeElement === area) {
      area.setSelectionRange(area.value.length, area.value.length);
    } else if (left > 0) {
      waiting = requestAnimationFrame(() => focus(left - 1));
    }
  };
  focus(TRIES);
  return {
    dispose() {
      cancelAnimationFrame(waiting);
      listening.abort();
    },
  };
}
