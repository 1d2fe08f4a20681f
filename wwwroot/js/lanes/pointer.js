// The overview strip and the lanes under a pointer.

/** A drag on the strip chooses the window, its playhead and a click move the playhead, a double click shows the whole run. */
export function listenToStrip(strip, lanes) {
  const { on, window } = lanes;
  let drag = null;
  const timeAt = event => {
    const [scale, box] = [lanes.scale(), strip.getBoundingClientRect()];
    return scale.time(share(event, box) * scale.place(lanes.axis()));
  };
  on(strip, 'pointerdown', event => {
    const [at, scale] = [timeAt(event), lanes.scale()];
    const near = Math.abs(scale.place(at) - scale.place(lanes.playhead())) * strip.clientWidth / Math.max(1, scale.length) < 8;
    drag = { at, x: event.clientX, moves: near || event.clientY - strip.getBoundingClientRect().top < 14 };
    strip.setPointerCapture(event.pointerId);
  });
  on(strip, 'pointermove', event => {
    if (!drag) {
      return;
    }

    const at = timeAt(event);
    if (drag.moves) {
      lanes.seek(at, false);
    } else if (Math.abs(event.clientX - drag.x) > 4) {
      drag.brushed = true;
      window.brush(at, drag.at);
    }
  });
  on(strip, 'pointerup', event => {
    if (drag && !drag.brushed) {
      lanes.seek(timeAt(event), true);
    }

    drag = null;
  });
  on(strip, 'pointercancel', () => { drag = null; });
  on(strip, 'dblclick', () => window.look(null));
}

/** A click opens a bar, a double click shows it large, the wheel zooms and pans, and what is under the mouse is explained. */
export function listenToLanes(body, tip, lanes) {
  const { on, window } = lanes;
  const barAt = event => {
    const box = body.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top + body.scrollTop];
    return lanes.hits().findLast(hit => x >= hit.x - 2 && x <= hit.x + hit.w + 2 && y >= hit.y && y <= hit.y + hit.h)?.bar;
  };
  const timeAt = event => {
    const [scale, { from, to }] = [lanes.scale(), window.now()];
    return scale.time(scale.place(from) + share(event, body.getBoundingClientRect()) * (scale.place(to) - scale.place(from)));
  };
  on(body, 'click', event => {
    const bar = barAt(event);
    if (bar) {
      lanes.focus(bar);
      lanes.open(bar);
    }
  });
  on(body, 'dblclick', event => {
    const bar = barAt(event);
    if (bar) {
      window.frame(bar.from, bar.to ?? lanes.now());
    } else {
      window.look(null);
    }
  });
  on(body, 'wheel', event => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      window.zoom(event.deltaY < 0, timeAt(event));
    } else if (window.part() && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
      event.preventDefault();
      const { from, to } = window.part();
      window.pan((event.deltaX || event.deltaY) * (to - from) / body.clientWidth);
    }
  }, { passive: false });
  on(body, 'pointermove', event => {
    const bar = event.pointerType === 'mouse' ? barAt(event) : null;
    body.style.cursor = bar ? 'pointer' : '';
    tip.hidden = !bar;
    if (bar) {
      const [title, ...lines] = lanes.explain(bar);
      const name = document.createElement('strong');
      name.textContent = title;
      tip.replaceChildren(name, ...lines.map(words => Object.assign(document.createElement('span'), { textContent: words })));
      const box = tip.parentElement.getBoundingClientRect();
      tip.style.left = `${Math.min(event.clientX - box.left + 12, box.width - tip.offsetWidth - 8)}px`;
      tip.style.top = `${event.clientY - box.top + 14}px`;
    }
  });
  on(body, 'pointerleave', () => { tip.hidden = true; });
}

const share = (event, box) => Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
