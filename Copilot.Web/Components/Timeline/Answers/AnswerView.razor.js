import { copyText } from '../../../js/clipboard.js';

// One listener for every copy button of the page, and for the switches that wrap code; loading the module again adds none.
const RESET = 1600;

document.addEventListener('click', event => {
    const button = event.target instanceof Element ? event.target.closest('[data-wrap]') : null;
    if (button) {
        const wrapped = button.closest('figure').toggleAttribute('data-wrapped');
        button.setAttribute('aria-pressed', String(wrapped));
    }
});

document.addEventListener('click', async event => {
    const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null;
    const source = button?.closest('figure')?.querySelector('code');
    if (!source) {
        return;
    }

    const copied = await copyText(button.dataset.copyText ?? source.textContent);
    button.toggleAttribute('data-copied', copied);
    say(button, copied ? button.dataset.copy : document.documentElement.dataset.copyFailed);
});

// The text node stays the one that was drawn: only its value changes for a moment.
function say(button, text) {
    const node = button.firstChild;
    const before = button.said ?? node.nodeValue;
    button.said = before;
    node.nodeValue = text;
    button.setAttribute('aria-label', text);
    clearTimeout(button.reset);
    button.reset = setTimeout(() => {
        node.nodeValue = before;
        delete button.said;
        button.removeAttribute('data-copied');
        button.removeAttribute('aria-label');
    }, RESET);
}
