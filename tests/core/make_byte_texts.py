#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes byte_texts.txt: what Python prints for the pseudo-random sizes that text_test.cc goes through, one a line."""
import pathlib


def convert(size):  # as accelerate.utils.convert_bytes does
    for unit in ("bytes", "KB", "MB", "GB", "TB"):
        if size < 1024.0:
            return f"{round(size, 2)} {unit}"
        size /= 1024.0
    return f"{round(size, 2)} PB"


def main():
    state, lines = 1, []
    for _ in range(3000):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        eighths = (state >> 5) >> (state % 56)
        size, halvings = eighths // 8, state >> 60 & 3
        lines.append(convert(size / 2**halvings if halvings else size))
    pathlib.Path(__file__).with_name("byte_texts.txt").write_text("\n".join(lines) + "\n")


main()
