// Writes what time does: elapsed times and deadline rings. One timer for the whole page, ten times a second; it stops while the page is
// hidden, and while the connection is lost: then nobody here knows whether anything still goes on.
import { isOffline } from '../../js/connection.js';
import './Answers/AnswerView.razor.js';

const PERIOD = 100;
const begun = new WeakMap();

setInterval(() => {
    if (document.hidden || isOffline()) {
        return;
    }

    for (const element of document.querySelectorAll('[data-since]')) {
        const elapsed = elapsedOf(element);
        const deadline = Number(element.dataset.deadline) || 0;
        if (element instanceof SVGElement) {
            const spent = deadline > 0 ? Math.min(1, elapsed / deadline) : 0;
            element.style.setProperty('--spent', spent.toFixed(3));
            element.dataset.level = spent >= 0.85 ? 'danger' : spent >= 0.6 ? 'warn' : 'ok';
        } else {
            const words = 'remaining' in element.dataset ? `${sayLeft(Math.max(0, deadline - elapsed))} ${element.dataset.remaining}` : deadline > 0 ? `${say(elapsed)} / ${say(deadline)}` : say(elapsed);
            if (element.textContent !== words) {
                element.textContent = words;
            }
        }
    }
}, PERIOD);

// The server says when it began and what its clock said then; from there on the browser's steady clock counts.
function elapsedOf(element) {
    const since = element.dataset.since;
    let known = begun.get(element);
    if (known?.since !== since) {
        known = { since, start: performance.now() - Math.max(0, Number(element.dataset.now) - Number(since)) };
        begun.set(element, known);
    }

    return performance.now() - known.start;
}

// Time that is left is shown without tenths: they help no decision.
function sayLeft(ms) {
    return ms < 59_500 ? `${Math.ceil(ms / 1000)} s` : say(ms);
}

export function say(ms) {
    const seconds = ms / 1000;
    if (seconds < 59.95) {
        return `${seconds.toFixed(1)} s`;
    }

    if (seconds < 3600) {
        return `${Math.floor(seconds / 60)} m ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
    }

    return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} m`;
}
