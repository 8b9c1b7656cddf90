// SPDX-License-Identifier: Apache-2.0
// The words of the coverage page: importing this lets `t` speak them.
import texts from "./en.json?messages=coverage";
import { addTexts } from "./index.ts";

addTexts(texts);
