#!/usr/bin/env bash
# ./gan bench [NAME]: builds the benchmarks and runs those whose name begins with NAME.
set -euo pipefail
root=$GAN_ROOT
source "$root/eng/setup.sh"
build bench/GanPipeline.Bench.csproj "$root/artifacts/$GanPackages/bench.built" bench
exec dotnet "$root/artifacts/$GanPackages/bin/GanPipeline.Bench/release/GanPipeline.Bench.dll" "$@"
