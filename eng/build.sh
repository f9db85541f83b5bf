# Sourced by ./gan: the check for the SDK, and builds of what has changed. Needs bash and coreutils only; gan.ps1 is its sister.

say() { printf 'gan: %s\n' "$@" >&2; }
stop() { say "$@"; exit 2; }

require_dotnet() {
  command -v dotnet >/dev/null ||
    stop "the .NET SDK 10 is missing: there is no 'dotnet' on the PATH." \
         "Install the package dotnet-sdk-10.0, or run Microsoft's dotnet-install script with --channel 10.0 (no root needed) and put" \
         "its folder on the PATH (usually ~/.dotnet). Then run this command again."
}

# global.json says which SDKs will do.
require_sdk() {
  ( cd "$root" && dotnet --version ) >/dev/null 2>&1 && return
  local sdks=() line
  while read -r line; do sdks+=("${line%% *}"); done < <(dotnet --list-sdks 2>/dev/null)
  stop "the .NET SDK 10 is missing: $(command -v dotnet) has ${sdks[*]:-no SDK at all}." \
       "Install the package dotnet-sdk-10.0, or run Microsoft's dotnet-install script with --channel 10.0 (no root needed)." \
       "Then run this command again."
}

# current STAMP FOLDER...: whether nothing that a build reads is newer than its stamp, and it was for the same accelerator.
# A folder is newer when a file in it has been added, renamed or deleted.
current() {
  local stamp=$1 file; shift
  [[ -e $stamp && $(<"$stamp") == "${GanAccelerator-}" ]] || return 1
  shopt -s globstar nullglob
  for file in "$root"/{Directory.*,global.json,.editorconfig,GanPipeline.sln} "${@/#/$root/}"; do
    [[ $file -nt $stamp ]] && return 1
    [[ -d $file ]] || continue
    for file in "$file"/**; do [[ $file -nt $stamp ]] && return 1; done
  done
  return 0
}

# build PROJECT FOLDER...: builds the project unless it is current with the folders.
build() {
  local project=$1 name=${1##*/}; shift
  local built=$root/artifacts/built stamp=$root/artifacts/built/$name log=$root/artifacts/built/$name.log
  # A test of this script must not replace the assemblies of the test run that it is part of.
  [[ -z ${GAN_NO_BUILD-} ]] || return 0
  current "$stamp" "$@" && return
  # Several would build into one folder at a time.
  local processes=${OMPI_COMM_WORLD_SIZE:-${PMI_SIZE:-${PMIX_RANK:+${SLURM_STEP_NUM_TASKS-1}}}}
  [[ ${processes:-1} == 1 ]] ||
    stop "this is one of $processes processes that mpirun or srun started, and the program is not built yet." \
         "Run ./gan list once by itself, then start them again."
  require_sdk
  if [[ -e ${NUGET_PACKAGES:-$HOME/.nuget/packages}/torchsharp ]]; then
    say "building $project"
  else
    say "building $project; the first time fetches about 400 MB of packages (1.5 GB on disk; for CUDA several times that)"
  fi
  mkdir -p "$built"
  local now; now=$(mktemp "$stamp.XXXXXX")
  printf '%s' "${GanAccelerator-}" >"$now"
  local started; started=$(mktemp "$stamp.XXXXXX")
  if ! dotnet build "$root/$project" --nologo -v q >"$log" 2>&1; then
    rm -f "$now" "$started"
    explain "$project" "$log"
  fi
  # As old as the build's start: what was changed during it is newer.
  touch -r "$started" "$now"; rm -f "$started"; mv "$now" "$stamp"
}

# explain PROJECT LOG: ends with the one message of eng/problems.txt that fits the failed build, or with its errors.
explain() {
  local project=$1 log=$2 text line pattern= said=() shown=
  text=$(<"$log")
  while IFS= read -r line || [[ -n $pattern ]]; do
    case $line in
      '#'*) ;;
      '')
        if [[ -n $pattern && $text =~ $pattern ]]; then
          said=("${said[@]//'{1}'/${BASH_REMATCH[1]-}}")
          stop "${said[@]//'{2}'/${BASH_REMATCH[2]-}}" "The build's output is in ${log#"$root/"}."
        fi
        pattern= said=() ;;
      *) if [[ -z $pattern ]]; then pattern=$line; else said+=("$line"); fi ;;
    esac
  done <"$root/eng/problems.txt"
  while IFS= read -r line; do
    line=${line#"$root/"} line=${line%% \[*}
    [[ $line == *': error '* && $shown != *"|$line|"* ]] || continue
    printf '%s\n' "$line" >&2; shown+="|$line|"
  done <"$log"
  say "the build of $project failed; its output is in ${log#"$root/"}."
  exit 1
}
