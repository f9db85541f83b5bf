#!/usr/bin/env bash
# ./gan test [FILTER]: builds every test project and runs it; ends with the one line "N passed, N failed, N skipped".
# FILTER is part of a test's full name.
set -euo pipefail
root=$GAN_ROOT
source "$root/eng/setup.sh"
build GanPipeline.sln "$root/artifacts/$GanPackages/tests.built" tests bench

filter=(); [ $# -gt 0 ] && filter=(--filter "FullyQualifiedName~$1")
log=$(mktemp); trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0
for assembly in "$root/artifacts/$GanPackages"/bin/GanPipeline.*.Tests/release/GanPipeline.*.Tests.dll; do
  name=$(basename "$assembly" .dll)
  started=$SECONDS status=0
  # Passing tests stay unnamed; failures and skips are shown as they happen.
  set +e
  dotnet test "$assembly" --nologo "${filter[@]}" --logger 'console;verbosity=normal' 2>&1 | tee "$log" |
    grep -Ev '^  Passed |^ *$|^Test Run |^Total tests|^     (Passed|Failed|Skipped):| Total time|^Starting test|^A total of|^No test (matches|is available)|xUnit.net (VSTest|0)'
  status=${PIPESTATUS[0]}
  set -e
  p=$(grep -c '^  Passed ' "$log" || true); f=$(grep -c '^  Failed ' "$log" || true); s=$(grep -c '^  Skipped ' "$log" || true)
  # A test host that died, say, has failed without a test to show for it.
  if [ "$status" != 0 ] && [ "$f" = 0 ] && ! grep -q '^No test ' "$log"; then f=1; echo "  Failed $name: the run itself failed"; fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  [ $((p + f + s)) = 0 ] || echo "$name: $p passed, $f failed, $s skipped ($((SECONDS - started)) s)"
done
echo
echo "$passed passed, $failed failed, $skipped skipped"
if [ $((passed + failed)) = 0 ]; then echo "gan: no test's name contains '${1-}'" >&2; exit 2; fi
[ "$failed" = 0 ]
