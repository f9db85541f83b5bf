# Sourced by ./gan test [FILTER]: runs every test project; failures and skips are shown as they happen, then a line for each project, at the
# end the failures once more, without their stacks, and the one line "N passed, N failed, N skipped". FILTER is a part of a test's full
# name.
filter=()
[[ $# == 0 ]] || filter=(--filter "FullyQualifiedName~$1")
passed=0 failed=0 skipped=0 recap=
for project in "$root"/tests/*/*.Tests.csproj; do
  name=${project##*/} name=${name%.csproj}
  p=0 f=0 s=0 aborted= recapping= matched=1 started=$SECONDS status=1
  while IFS= read -r line; do
    # Each failed test's name and message come again at the end, where they are looked for; its stack trace does not.
    case $line in
      '  Failed '*) recapping=1 ;;
      '  Stack Trace:'* | '  Passed '* | '  Skipped '* | '') recapping= ;;
    esac
    [[ -z $recapping ]] || recap+=$line$'\n'
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
  if [[ -n $aborted || ( $status != 0 && $f == 0 && -n $matched ) ]]; then
    f=$((f + 1)) died="  Failed $name: the run itself failed"
    echo "$died"
    recap+=$died$'\n'
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  [[ $((p + f + s)) == 0 ]] || echo "$name: $p passed, $f failed, $s skipped ($((SECONDS - started)) s)"
done
[[ -z $recap ]] || printf '\nWhat failed:\n%s' "$recap"
echo
echo "$passed passed, $failed failed, $skipped skipped"
[[ $((passed + failed + skipped)) != 0 ]] || stop "no test's full name contains '${1-}'."
[[ $failed == 0 ]]
