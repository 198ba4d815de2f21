// The administrators' page: health, catalog, imports, index, answers, keys.

import { $, amount, announce, counted, el, facts, share, table } from "./dom.js";
import { ask, onSubmit, problemNotice } from "./ask.js";
import { place } from "./figure.js";
import { startImports } from "./imports.js";
import { startKeys } from "./keys.js";

const NOT_STATED = "unknown";
const KINDS = { credential: "credentials", learner: "learners", job: "jobs", skill: "skills", occupation: "occupations" };

/** Fill a section; what goes wrong in it stops no other. */
async function fill(id, task) {
  const where = $(id);
  try {
    where.replaceChildren(...[await task()].flat(2).filter(Boolean));
  } catch (error) {
    where.replaceChildren(problemNotice(error));
  }
  where.removeAttribute("aria-busy");
}

async function health() {
  const [ready, meta, index] = await Promise.all([ask("health/ready").catch((error) => error), ask("v1/meta"), ask("page/admin/index")]);
  const behind = index.store_sequence - index.sequence;
  return facts([
    ["Service", ready.status === "ready" ? "Ready" : `Not ready: ${ready.message}`, ready.status === "ready" ? "good" : "bad"],
    ["Disk, for all tenants", index.read_only ? "An fsync failed: nothing is written until a restart" : "Keeps what is written", index.read_only ? "bad" : "good"],
    ["Index", behind > 0 ? `${counted(behind, "change", "changes")} behind the store` : "Up to date", behind > 0 ? "bad" : "good"],
    ["Answers of all tenants that wait for the log", amount(index.waiting)],
    ["Version", meta.version],
    ["Model", meta.model_version],
  ]);
}

const countsOf = (counts) => Object.entries(counts)
  .map(([name, count]) => `${name === NOT_STATED ? "not stated" : name.replaceAll("_", " ")} ${amount(count)}`).join(" · ");

async function catalog() {
  const [meta, report] = await Promise.all([ask("v1/meta"), ask("page/admin/catalog")]);
  place($("coverage"), "page/admin/plots/coverage");
  return facts([
    ["Credentials", amount(meta.counts.credential)],
    ["Providers", amount(report.providers)],
    ["Open jobs", amount(report.jobs)],
    ["Learners", amount(meta.counts.learner)],
    ["Of the jobs’ demand taught", report.share_taught === null ? "no open job" : share(report.share_taught)],
    ["Credentials by kind", countsOf(report.kinds) || "none yet", "long"],
    ["Credentials by status", countsOf(report.statuses) || "none yet", "long"],
  ]);
}

async function index() {
  const [meta, report] = await Promise.all([ask("v1/meta"), ask("page/admin/index")]);
  const rows = Object.entries(report.counts).map(([kind, count]) => [
    KINDS[kind] ?? kind, amount(meta.counts[kind] ?? 0), amount(count), report.kinds[kind] ?? "exact",
  ]);
  $("index-table").replaceChildren(table("Records in the store and in the index", ["Records", "In the store", "In the index", "Search"], rows));
  const taxonomies = Object.entries(meta.taxonomy_versions).map(([name, version]) => `${name} ${version}`).join(", ");
  const derivation = meta.derivation;
  return facts([
    ["Sequence", `${amount(report.sequence)} of ${amount(report.store_sequence)}`],
    ["Newest snapshot", report.generations[0] ?? "none on the disk yet"],
    ["Dimensions", amount(meta.dim)],
    ["Model", meta.model_version],
    ["Taxonomies", taxonomies || "none"],
    derivation ? ["Vectors of another model", `${amount(derivation.done)} of ${amount(derivation.total)} made`] : null,
  ].filter(Boolean));
}

function showHits({ items }) {
  $("search-results").replaceChildren(items.length
    ? table("Credentials found", ["Credential", "Provider", "Kind", "Status", "Id"],
      items.map((each) => [each.name, each.provider, each.kind ?? "not stated", each.status ?? "not stated", el("code", {}, each.id)]))
    : el("p", { class: "notice" }, "No credential has these words. Try fewer, or other ones."));
  announce(`${counted(items.length, "credential", "credentials")} found.`);
}

onSubmit("search", "search-results", async () => {
  const query = new URLSearchParams({ q: $("query").value.trim() });
  showHits(await ask(`page/admin/search?${query}`));
});

function fillAll() {
  fill("health-facts", health);
  fill("catalog-facts", catalog);
  fill("index-facts", index);
  place($("scores"), "page/admin/plots/scores");
  place($("latency"), "page/admin/plots/latency");
}

startImports(fillAll);
startKeys();
fillAll();
