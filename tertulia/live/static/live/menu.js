// What can be done with a message: it opens below its words. Without this file it stands on a page of its own.

import { blank, list, talk } from "./talk.js";

const isOpener = (target) => target.closest?.("a.more");

function close(item) {
  const opener = item?.querySelector(".more");
  item?.querySelector(".menu-of-message")?.remove();
  opener?.setAttribute("aria-expanded", "false");
  return opener;
}

function open(item) {
  for (const other of list.querySelectorAll(".msg:has(.menu-of-message)")) close(other);
  const menu = blank("acts");
  if (!item.classList.contains("mine")) menu.querySelectorAll(".own").forEach((one) => one.remove());
  // While a moderator reads first, what stands here is not edited.
  if ("held" in talk.dataset) menu.querySelector("[data-act=edit]")?.remove();
  for (const link of menu.querySelectorAll("a[href*='/0/']")) {
    link.href = link.href.replace("/0/", `/${item.dataset.sequence}/`);
  }
  // Where there is nothing to be done here, the page of the message says so.
  if (!menu.querySelector("button:not(.sure *), a")) return false;
  item.querySelector("div").append(menu);
  item.querySelector(".more").setAttribute("aria-expanded", "true");
  menu.querySelector("button:not(.sure *), a").focus();
  menu.scrollIntoView({ block: "nearest" });
  return true;
}

// `acts` are what is done with an item: reply, edit, remove.
export function offer(acts) {
  list.addEventListener("click", (event) => {
    const item = event.target.closest(".msg");
    if (isOpener(event.target)) {
      if (item.querySelector(".menu-of-message")) close(item);
      else if (!open(item)) return;
      event.preventDefault();
    }
    const act = event.target.dataset?.act;
    if (act) choose(item, act, acts);
  });
  list.addEventListener("keydown", (event) => {
    const item = event.target.closest(".msg");
    if (event.key === "Escape" && item?.querySelector(".menu-of-message")) close(item).focus();
    if (event.key !== " " || !isOpener(event.target)) return;
    event.preventDefault();
    event.target.click();
  });
}

function choose(item, act, acts) {
  if (act === "delete" || act === "keep") {
    const sure = item.querySelector(".sure");
    sure.hidden = act === "keep";
    return item.querySelector(`[data-act=${act === "keep" ? "delete" : "keep"}]`).focus();
  }
  close(item).focus();
  acts[act === "sure" ? "remove" : act](item);
}
