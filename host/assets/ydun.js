// What makes the pages quicker for those whose browser runs scripts. Every page works without it.

"use strict";

// A text that is typed is never lost: until its form is sent, it is kept in this tab, and put back when the
// form is opened again. Kept are the fields of forms that ask for it by data-draft, and they hold no personal number.
for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(form);

function keepDraft(form) {
  const key = "draft " + form.dataset.draft;
  const fields = () => [...form.elements].filter((field) => field.name && field.type !== "hidden");
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  for (const field of fields()) putBack(field, kept[field.name]);
  form.addEventListener("input", () => {
    const typed = Object.fromEntries(fields().filter(isTyped).map((field) => [field.name, field.value]));
    sessionStorage.setItem(key, JSON.stringify(typed));
  });
}

function isTyped(field) {
  return field.type === "radio" || field.type === "checkbox" ? field.checked : field.value !== "";
}

// What the server has written into the field is newer than the draft, and stays.
function putBack(field, text) {
  if (text === undefined) return;
  if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === text;
  else if (field.value === "") field.value = text;
}

// The page after a form was taken names its draft, which is needed no more.
for (const done of document.querySelectorAll("[data-draft-done]")) {
  sessionStorage.removeItem("draft " + done.dataset.draftDone);
}

// What a page shows of work under way is fetched anew when the server says that it has moved. Without script,
// or where the server does not answer, the reader asks for the page again.
for (const part of document.querySelectorAll("[data-live]")) follow(part);

function follow(part) {
  const source = new EventSource(part.dataset.live);
  source.addEventListener("flyttet", () => refresh(part));
  part.addEventListener("focusout", (move) => {
    if ("stale" in part.dataset && !part.contains(move.relatedTarget)) refresh(part);
  });
}

// Where somebody is with the keyboard inside the part, it stays as it is until they have moved on.
async function refresh(part) {
  if (part.contains(document.activeElement)) {
    part.dataset.stale = "";
    return;
  }
  delete part.dataset.stale;
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  part.replaceChildren(...page.getElementById(part.id).childNodes);
}
