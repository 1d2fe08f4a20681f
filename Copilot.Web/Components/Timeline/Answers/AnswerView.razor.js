// One listener for every copy button of the page; loading the module again adds none.
const RESET = 1600;

document.addEventListener('click', async event => {
    const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null;
    const source = button?.closest('figure')?.querySelector('code');
    if (!source) {
        return;
    }

    if (await copy(source.textContent)) {
        button.setAttribute('data-copied', '');
        button.setAttribute('aria-label', button.dataset.copy);
        setTimeout(() => {
            button.removeAttribute('data-copied');
            button.removeAttribute('aria-label');
        }, RESET);
    }
});

// The clipboard is only there on secure origins; a selection works everywhere.
async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        const area = document.createElement('textarea');
        area.value = text;
        area.setAttribute('readonly', '');
        area.style.position = 'fixed';
        area.style.opacity = '0';
        document.body.append(area);
        area.select();
        const done = document.execCommand('copy');
        area.remove();
        return done;
    }
}
