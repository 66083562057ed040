// Leave quickly: this page goes from the screen at once and is replaced in the history of the tab.
const link = document.querySelector("[data-leave]");
const PRESSES = 3;
const WITHIN = 1500; // milliseconds

function leave() {
  document.title = "";
  document.documentElement.hidden = true;
  location.replace(link.href);
}

let pressed = [];
function onKey(event) {
  if (event.key !== "Escape") {
    pressed = [];
    return;
  }
  document.querySelectorAll("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
  pressed = pressed.filter((at) => event.timeStamp - at < WITHIN).concat(event.timeStamp);
  if (pressed.length >= PRESSES) leave();
}

if (link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  addEventListener("keydown", onKey);
}
