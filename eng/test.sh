# Sourced by ./gan test [FILTER]: runs every test project, two at a time, because many tests wait for programs that they started. Of each
# project in turn failures and skips are shown as soon as it has ended, then a line for it; at the end the failures once more, without their
# stacks, and the one line "N passed, N failed, N skipped". FILTER is a part of a test's full name.
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)) ||
  stop "./gan test needs bash 5.1 or later, and this is $BASH_VERSION; dotnet test runs the same tests, one project after the other."
filter=()
[[ $# == 0 ]] || filter=(--filter "FullyQualifiedName~$1")
passed=0 failed=0 skipped=0 recap=
together=2
work=$(mktemp -d)
declare -A running=()
started=() names=()

# Each project is a process group, which ends with all that it started: at Ctrl-C, too.
set -m
end_all() {
  local pid
  disown -a
  for pid in "${!running[@]}"; do kill -"$1" -- "-$pid" 2>/dev/null || true; done
}
trap 'rm -rf "$work"' EXIT
trap 'end_all INT; exit 130' INT
trap 'end_all TERM; exit 143' TERM HUP

# start NAME: runs a project's tests; $work/NAME gets their output, the exit code and the seconds.
start() {
  {
    local begun=$SECONDS status=0
    # --blame names the tests that ran when a test host died.
    dotnet test "$root/artifacts/bin/$1/release/$1.dll" --nologo --blame --results-directory "$work/results" \
      --logger 'console;verbosity=normal' "${filter[@]}" </dev/null || status=$?
    echo "exit $status $((SECONDS - begun))"
  } >"$work/$1" 2>&1 &
  running[$!]=1 started+=($!) names+=("$1")
}

# finish: waits until a project has ended, and shows what is next in turn and has ended.
finish() {
  local pid
  wait -n -p pid || true
  unset "running[$pid]"
  while [[ ${#started[@]} -gt 0 && -z ${running[${started[0]}]-} ]]; do
    show "${names[0]}"
    started=("${started[@]:1}") names=("${names[@]:1}")
  done
}

# show NAME: prints a project's failures, skips and line, and adds them to the sums.
show() {
  local name=$1 p=0 f=0 s=0 aborted= recapping= matched=1 seconds=0 status=1 line died
  while IFS= read -r line; do
    # Each failed test's name and message come again at the end, where they are looked for; its stack trace does not.
    case $line in
      '  Failed '*) recapping=1 ;;
      '  Stack Trace:'* | '  Passed '* | '  Skipped '* | '') recapping= ;;
    esac
    [[ -z $recapping ]] || recap+=$line$'\n'
    case $line in
      'exit '*) status=${line#exit } seconds=${status#* } status=${status% *} ;;
      '     Passed: '*) p=${line##* } ;;
      '     Failed: '*) f=${line##* } ;;
      '    Skipped: '*) s=${line##* } ;;
      'Test Run Aborted.'*) aborted=1; echo "$line" ;;
      'No test '*) matched= ;;
      '  Passed '* | '' | 'Test Run '* | 'Total tests: '* | ' Total time: '* | 'Starting test execution'* | 'A total of '* | \
        '[xUnit.net '* | 'Test run for '* | 'VSTest version '* | 'Microsoft (R) Test '* | 'Copyright (c) '*) ;;
      *) echo "$line" ;;
    esac
  done <"$work/$name"
  # A test host that died has failed without a test to show for it.
  if [[ -n $aborted || ( $status != 0 && $f == 0 && -n $matched ) ]]; then
    f=$((f + 1)) died="  Failed $name: the run itself failed"
    echo "$died"
    recap+=$died$'\n'
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  [[ $((p + f + s)) == 0 ]] || echo "$name: $p passed, $f failed, $s skipped ($seconds s)"
}

# The longest ones first, so that no core waits at the end for one of them.
declare -A queued=()
for project in "$root"/tests/{Cli,Browser,Training,Export,Scripts,ML,Packaging}/*.Tests.csproj "$root"/tests/*/*.Tests.csproj; do
  [[ -e $project && -z ${queued[$project]-} ]] || continue
  queued[$project]=1
  [[ ${#running[@]} -lt $together ]] || finish
  project=${project##*/}
  start "${project%.csproj}"
done
while [[ ${#running[@]} -gt 0 ]]; do finish; done
[[ -z $recap ]] || printf '\nWhat failed:\n%s' "$recap"
echo
echo "$passed passed, $failed failed, $skipped skipped"
[[ $((passed + failed + skipped)) != 0 ]] || stop "no test's full name contains '${1-}'."
[[ $failed == 0 ]]
