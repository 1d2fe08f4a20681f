#!/usr/bin/env bash
# Takes the pictures in this folder anew: chat, timeline and replay at desktop and phone width, light and dark.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
COPILOT_SCREENSHOTS="$PWD/docs/screenshots" dotnet test Copilot.Tests --filter FullyQualifiedName~ScreenshotTests
