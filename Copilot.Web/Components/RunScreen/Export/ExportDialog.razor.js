// Gives a file to the browser's downloads.
export async function save(name, type, stream) {
  const address = URL.createObjectURL(new Blob([await stream.arrayBuffer()], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
