// Times and days on the clock of who reads.

const { lang } = document.documentElement;
const { zone } = document.getElementById("talk").dataset;
const hours = clockFace(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
// As the server writes them: English as in most of the world, with the day before the month.
const days = clockFace(lang === "en" ? "en-GB" : lang, { dateStyle: "full" });
// Swedish dates are those of ISO 8601.
const dates = clockFace("sv", {});

// A device that is older than the name of the chosen zone shows its own time.
function clockFace(language, options) {
  const face = { numberingSystem: "latn", ...options };
  try {
    return new Intl.DateTimeFormat(language, { ...face, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat(language, face);
  }
}

export const clock = (moment) => hours.format(new Date(moment));
export const dateOf = (moment) => dates.format(new Date(moment));

export function dayInWords(moment) {
  const words = days.format(new Date(moment));
  return words[0].toUpperCase() + words.slice(1);
}

const plural = new Intl.PluralRules(lang);

// The sentence for a number, of those that the page has for each form of plural.
export function counted(sentences, number) {
  const forms = JSON.parse(sentences);
  return (forms[plural.select(number)] ?? forms.other).replace("{}", number);
}
