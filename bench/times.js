// SPDX-License-Identifier: Apache-2.0
import { serve } from "./browser.js";

/**
 * Runs in the page: medians, in ms, of one estimate (texts in, report out) and of JSON.parse of the same texts. The clock of a page
 * is coarse, so a sample is a run of calls.
 */
async function measureInPage({ config, options }) {
  const { loadCore, Estimator } = await import("/wasm/dist/index.js");
  const core = await loadCore();
  const blueprints = [];
  const estimator = new Estimator(core, async (name) => {
    const text = await (await fetch(`/wasm/dist/blueprints/${name}.json`)).text();
    if (!name.endsWith("index")) blueprints.push(text);
    return text;
  });
  const answer = await estimator.estimate(config, options);
  if ("error" in answer) return { error: answer.error };

  const median = async (act) => {
    const calls = 200;
    const samples = [];
    // The engine compiles what runs often a second time, better, in the background.
    for (let call = 0; call < 1000; call++) act();
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (let i = 0; i < 61; i++) {
      const start = performance.now();
      for (let call = 0; call < calls; call++) act();
      samples.push((performance.now() - start) / calls);
    }
    return samples.sort((a, b) => a - b)[30];
  };
  const estimate = await median(() => core.estimate(config, blueprints, options));
  const parse = await median(() => [config, ...blueprints].map((text) => JSON.parse(text)));
  return { estimate, parse, characters: config.length, blueprints: blueprints.reduce((sum, text) => sum + text.length, 0) };
}

/** One page for each model: `{estimate, parse}` in ms, or `{error}`. */
export async function estimateTimes(browser, models) {
  const server = await serve(new URL("../", import.meta.url));
  const results = [];
  for (const { config, options } of models) {
    const page = await browser.newPage();
    await page.goto(`${server.address}bench/`);
    results.push(await page.evaluate(measureInPage, { config, options }));
    await page.close();
  }
  server.close();
  return results;
}
