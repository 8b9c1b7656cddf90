// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { readInput } from "../../site/src/hub/index.ts";

const SHA = "cd5ef92a9fb2f889e972770a36d4ed042daf221e";

/** text, id, revision */
const models: [string, string, string?][] = [
  ["bert-base-cased", "bert-base-cased"],
  ["  bert-base-cased\n", "bert-base-cased"],
  ["meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B"],
  ["timm/resnet50.a1_in1k", "timm/resnet50.a1_in1k"],
  ["hf_hub:timm/resnet50.a1_in1k", "timm/resnet50.a1_in1k"],
  ["hf-hub:timm/resnet50.a1_in1k", "timm/resnet50.a1_in1k"],
  ["t5-small@main", "t5-small", "main"],
  ["org/name@v1.0", "org/name", "v1.0"],
  ["org/name@refs/pr/4", "org/name", "refs/pr/4"],
  ["org/name:Q4_K_M", "org/name"],
  ["https://huggingface.co/gpt2", "gpt2"],
  ["https://huggingface.co/org/name", "org/name"],
  ["https://huggingface.co/org/name/", "org/name"],
  ["http://www.huggingface.co/org/name", "org/name"],
  ["HTTPS://HuggingFace.co/org/name", "org/name"],
  ["huggingface.co/org/name", "org/name"],
  ["hf.co/org/name", "org/name"],
  ["https://hf.co/org/name", "org/name"],
  ["hf.co/org/name:Q4_K_M", "org/name"],
  ["https://huggingface.co/org/name?show_file_info=model.safetensors", "org/name"],
  ["https://huggingface.co/org/name?library=transformers#usage", "org/name"],
  ["https://huggingface.co/org/name/tree/main", "org/name"],
  ["https://huggingface.co/org/name/tree/v2", "org/name", "v2"],
  ["https://huggingface.co/org/name/tree/refs%2Fpr%2F4", "org/name", "refs/pr/4"],
  ["https://huggingface.co/org/name/tree/refs/pr/4/sub", "org/name", "refs/pr/4"],
  ["https://huggingface.co/org/name/blob/main/config.json", "org/name"],
  [`https://huggingface.co/org/name/blob/${SHA}/config.json`, "org/name", SHA],
  ["https://huggingface.co/org/name/resolve/main/model.safetensors?download=true", "org/name"],
  ["https://huggingface.co/org/name/raw/dev/config.json", "org/name", "dev"],
  [`https://huggingface.co/org/name/commit/${SHA}`, "org/name", SHA],
  ["https://huggingface.co/org/name/discussions/3", "org/name"],
  ["https://huggingface.co/org/name/discussions/new?title=a%20b", "org/name"],
  ["https://huggingface.co/gpt2/tree/main", "gpt2"],
  ["https://huggingface.co/gpt2/blob/main/config.json", "gpt2"],
  ["https://huggingface.co/gpt2/discussions", "gpt2"],
  ["https://huggingface.co/api/models/org/name", "org/name"],
  ["https://huggingface.co/api/models/org/name/revision/v2", "org/name", "v2"],
  ["https://huggingface.co/api/models/org/name/tree/main?recursive=true", "org/name"],
  [`https://huggingface.co/api/resolve-cache/models/org/name/${SHA}/config.json`, "org/name", SHA],
  ["https://huggingface.co/org%2Fname", "org/name"],
  ["https://huggingface.co/org/name.git", "org/name"],
  ['from_pretrained("org/name")', "org/name"],
  ["model = AutoModelForCausalLM.from_pretrained('org/name', device_map=\"auto\")", "org/name"],
  ['AutoModel.from_pretrained("org/name", revision="v2")', "org/name", "v2"],
  ['AutoModel.from_pretrained(\n    "org/name",\n    torch_dtype=torch.bfloat16,\n)', "org/name"],
  ['AutoModel.from_pretrained(pretrained_model_name_or_path="org/name")', "org/name"],
  ['pipe = pipeline("text-generation", model="org/name")', "org/name"],
  ['model_id = "org/name"', "org/name"],
  ['timm.create_model("hf_hub:timm/resnet50.a1_in1k", pretrained=True)', "timm/resnet50.a1_in1k"],
  ["SentenceTransformer('org/name')", "org/name"],
  ["ollama run hf.co/org/name:Q4", "org/name"],
  ["ollama run hf.co/org/name:Q4_K_M --verbose", "org/name"],
  ["ollama pull huggingface.co/org/name-GGUF", "org/name-GGUF"],
  ["accelerate estimate-memory bert-base-cased", "bert-base-cased"],
  ["$ accelerate estimate-memory org/name --library_name timm --dtypes float32", "org/name"],
  ["hf download org/name --revision v2", "org/name", "v2"],
  ["huggingface-cli download org/name", "org/name"],
  ["vllm serve org/name --tensor-parallel-size 2", "org/name"],
  ["python -m vllm.entrypoints.openai.api_server --model org/name", "org/name"],
  ["llama-server -hf org/name:Q8_0", "org/name"],
  ["git clone https://huggingface.co/org/name", "org/name"],
  ["git clone git@hf.co:org/name", "org/name"],
  ["see https://huggingface.co/org/name/tree/main for the model", "org/name"],
  ["[name](https://huggingface.co/org/name)", "org/name"],
];

test.each(models)("%s is %s", (text, id, revision) => {
  expect(readInput(text)).toEqual({ type: "model", reference: revision === undefined ? { id } : { id, revision } });
});

const refused: [string, string][] = [
  ["https://huggingface.co/datasets/org/name", "dataset"],
  ["hf.co/datasets/org/name", "dataset"],
  ["https://huggingface.co/api/datasets/org/name", "dataset"],
  ["https://huggingface.co/spaces/hf-accelerate/model-memory-usage", "space"],
  ["https://huggingface.co", "not_a_model_page"],
  ["https://huggingface.co/", "not_a_model_page"],
  ["https://huggingface.co/docs/transformers/index", "not_a_model_page"],
  ["https://huggingface.co/models?search=bert", "not_a_model_page"],
  ["https://huggingface.co/..%2f..%2fetc", "not_a_model_page"],
  ["https://github.com/org/name", "other_site"],
  ["https://hf-mirror.com/org/name", "other_site"],
  ["https://huggingface.co.example.org/org/name", "other_site"],
  ["ftp://huggingface.co.evil/x", "other_site"],
  ["./models/config.json", "local_path"],
  ["/home/me/model", "local_path"],
  ["~/model", "local_path"],
  ["C:\\models\\config.json", "local_path"],
  ["file:///tmp/config.json", "local_path"],
  ["config.json", "local_path"],
  ["[1, 2]", "not_a_config"],
  ["ollama run llama3", "nonsense"],
  ["what is the best model", "nonsense"],
  ["org/name/more", "nonsense"],
  ["org//name", "nonsense"],
  ["a--b/c", "nonsense"],
  ["../../etc/passwd", "local_path"],
  ["org/..", "nonsense"],
  ["-rf", "nonsense"],
  ["<script>alert(1)</script>", "nonsense"],
  ["模型", "nonsense"],
];

test.each(refused)("%s is refused: %s", (text, code) => {
  const input = readInput(text);
  expect(input.type).toBe("invalid");
  if (input.type !== "invalid") return;
  expect(input.error.code).toBe(code);
  expect(input.error.text).toMatch(/^[A-Z].*\.$/);
  expect(input.error.where.length).toBeLessThanOrEqual(100);
});

test("nothing is empty", () => {
  expect(readInput(" \n\t ")).toEqual({ type: "empty" });
});

test.each([
  ['{"model_type": "bert"}', '{"model_type": "bert"}'],
  ['\uFEFF  {"a": 1}\n', '{"a": 1}'],
  ['BertConfig {\n  "model_type": "bert"\n}\n', '{\n  "model_type": "bert"\n}'],
  ["{ not json", "{ not json"],
])("%j is a config", (text, config) => {
  expect(readInput(text)).toEqual({ type: "config", text: config });
});

test.each([["a long name", "x".repeat(97)], ["a very long name", "x".repeat(1e6)], ["a deep path", "a/".repeat(1e5)]])("%s is nonsense", (_, text) => {
  expect(readInput(text)).toMatchObject({ type: "invalid", error: { code: "nonsense" } });
});

test("hostile texts are read in bounded time", () => {
  const started = performance.now();
  for (const unit of ["a", "a.", "a-", "/", '"', "from_pretrained(", "--model ", "https://huggingface.co/", " "]) readInput(unit.repeat(1e5));
  for (const unit of ["a", "a.", "a-", "/", '"', "from_pretrained(", "--model ", "git clone "]) readInput(unit.repeat(4000 / unit.length));
  expect(performance.now() - started).toBeLessThan(500);
});
