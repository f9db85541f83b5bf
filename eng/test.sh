# Sourced by ./gan test [FILTER]: runs every test project; failures and skips are shown as they happen, then a line for each project, and at
# the end the one line "N passed, N failed, N skipped". FILTER is a part of a test's full name.
filter=()
[[ $# == 0 ]] || filter=(--filter "FullyQualifiedName~$1")
passed=0 failed=0 skipped=0
for project in "$root"/tests/*/*.Tests.csproj; do
  name=${project##*/} name=${name%.csproj}
  p=0 f=0 s=0 aborted= matched=1 started=$SECONDS status=1
  while IFS= read -r line; do
    case $line in
      'exit '*) status=${line#exit } ;;
      '     Passed: '*) p=${line##* } ;;
      '     Failed: '*) f=${line##* } ;;
      '    Skipped: '*) s=${line##* } ;;
      'Test Run Aborted.'*) aborted=1; echo "$line" ;;
      'No test '*) matched= ;;
      '  Passed '* | '' | 'Test Run '* | 'Total tests: '* | ' Total time: '* | 'Starting test execution'* | 'A total of '* | '[xUnit.net '* | \
        'Test run for '* | 'VSTest version '* | 'Microsoft (R) Test '* | 'Copyright (c) '*) ;;
      *) echo "$line" ;;
    esac
  done < <(dotnet test "$root/artifacts/bin/$name/release/$name.dll" --nologo "${filter[@]}" --logger 'console;verbosity=normal' 2>&1
    echo "exit $?")
  # A test host that died has failed without a test to show for it.
  if [[ -n $aborted || ( $status != 0 && $f == 0 && -n $matched ) ]]; then f=$((f + 1)); echo "  Failed $name: the run itself failed"; fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  [[ $((p + f + s)) == 0 ]] || echo "$name: $p passed, $f failed, $s skipped ($((SECONDS - started)) s)"
done
echo
echo "$passed passed, $failed failed, $skipped skipped"
[[ $((passed + failed + skipped)) != 0 ]] || stop "no test's full name contains '${1-}'."
[[ $failed == 0 ]]
