// A download leaves the page as it was: what can be taken once is offered no more. Without this, a second press says so.
for (const form of document.querySelectorAll("[data-once]")) {
  form.addEventListener("submit", () => {
    const place = form.parentElement;
    // Once the form is on its way.
    setTimeout(() => {
      for (const other of place.querySelectorAll("form")) other.remove();
      place.querySelector("[data-taken]").hidden = false;
    });
  });
}
