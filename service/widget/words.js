// Texts and numbers in the language of the page, by Intl.

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export class Words {
  constructor(lang, catalog) {
    this.lang = lang;
    this.catalog = catalog;
  }

  /** `values.n`, where it is a number, chooses the plural form. */
  say(name, values = {}) {
    const entry = this.catalog[name];
    const n = values.n;
    const shown = typeof n === "number" ? { ...values, n: this.number(n) } : values;
    if (typeof entry === "string") return filled(entry, shown);
    this.plural ??= new Intl.PluralRules(this.lang);
    return filled(entry[this.plural.select(n)] ?? entry.other, shown);
  }

  #none(name) {
    return this.say("notStated", { name: this.say(name) });
  }

  number(value) {
    this.decimal ??= new Intl.NumberFormat(this.lang, { maximumFractionDigits: 2 });
    return this.decimal.format(value);
  }

  share(value) {
    this.percent ??= new Intl.NumberFormat(this.lang, { style: "percent" });
    return this.percent.format(value);
  }

  money(cost) {
    if (!cost) return this.#none("cost");
    if (cost.amount === 0) return this.say("free");
    const style = { style: "currency", currency: cost.currency, trailingZeroDisplay: "stripIfInteger" };
    return new Intl.NumberFormat(this.lang, style).format(cost.amount);
  }

  weeks({ weeks, min_weeks: least }) {
    const most = weeks ?? least;
    if (most === null) return this.#none("length");
    const said = this.say("weeks", { n: most });
    if (least === null || least === most) return said;
    return this.say("weeksRange", { from: this.number(least), to: said });
  }

  effort({ hours_per_week: weekly, effort_hours: all }) {
    if (weekly === null && all === null) return this.#none("effort");
    return [["hoursWeek", weekly], ["hours", all]].filter(([, n]) => n !== null)
      .map(([name, n]) => this.say(name, { n })).join(", ");
  }

  credit(credit) {
    if (!credit) return this.#none("credit");
    const { units, value } = credit;
    return Object.hasOwn(this.catalog, units) ? this.say(units, { n: value }) : `${this.number(value)} ${units}`;
  }
}
