// Sets light or dark before the first paint. A file of its own, since the page's policy allows no inline scripts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('baton.scheme');
  } catch {
    // Storage is blocked: follow the system.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
