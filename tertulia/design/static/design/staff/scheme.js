// The colours that somebody chose on the public pages hold on the staff's screens; without a choice the device decides.
{
  const root = document.documentElement;
  const { scheme } = document.currentScript.dataset;
  root.dataset.scheme = scheme;
  root.classList.replace("w-theme-system", scheme === "dark" ? "w-theme-dark" : "w-theme-light");
  if (scheme === "contrast") root.classList.replace("w-contrast-system", "w-contrast-more");
}
