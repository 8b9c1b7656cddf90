# SPDX-License-Identifier: Apache-2.0
"""Writes blueprints by running the real constructors on values that remember how they were computed."""
