// Brings the run that is shown into sight, in the middle where it can be: a long conversation has more runs than there is room for.
export function show(list) {
  const here = list?.querySelector('[aria-current]')?.getBoundingClientRect();
  if (here) {
    const all = list.getBoundingClientRect();
    list.scrollLeft += here.left - all.left - (all.width - here.width) / 2;
  }
}
