// What the scripts of components have mounted. A page that comes back with a new circuit gets new components, and nobody on the server is
// left to dispose of what the old ones had: it ends here, before the new ones begin, so that no key is read twice.
(() => {
  'use strict';
  const mounted = new Map();

  const end = one => {
    const dispose = mounted.get(one);
    mounted.delete(one);
    dispose?.call(one);
  };

  // reconnect.js says so.
  document.addEventListener('copilot:circuit', () => {
    for (const one of [...mounted.keys()]) {
      try {
        end(one);
      } catch (error) {
        reportError(error); // the others end all the same
      }
    }
  });

  globalThis.copilotMounts = Object.freeze({
    /**
     * Mounts a module, and gives what it returns: an object with a dispose, which is called once. Its element, the first of the values,
     * says from then on that its script is there.
     */
    async mount(module, values) {
      const one = await module.mount(...values);
      if (values[0] instanceof Element) {
        values[0].dataset.mounted = '';
        document.dispatchEvent(new Event('copilot:mounted'));
      }

      mounted.set(one, one.dispose);
      one.dispose = () => end(one);
      return one;
    },
  });
})();
