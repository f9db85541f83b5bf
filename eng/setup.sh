# Sourced by ./gan: finds out what this machine has, fetches what is missing, builds. Each thing is done once.
# Everything it makes lies under artifacts/, which git ignores; deleting that folder starts afresh.

setup_dir=$root/artifacts/setup
ort_package=com.github.asus4.onnxruntime
ort_version=0.4.9
ort_sha512=BkzxduSZ9IkeDP6Q8lz2TFU2ie7hSSvS7ZIfzMooExoq0CNzJnuuGaUJ7IsojBgqO4ouD1jXah8OYyJbCN29Fg==

say() { printf 'gan: %s\n' "$*" >&2; }
stop() { printf 'gan: %s\n' "$@" >&2; exit 2; }

# Runs a command quietly; shows what it printed only when it fails.
quietly() {
  local log; log=$(mktemp)
  if "$@" >"$log" 2>&1; then rm -f "$log"; return 0; fi
  tail -n 40 "$log" >&2; rm -f "$log"; return 1
}

setup_all() {
  require_dotnet
  choose_packages
  if [ "$GanPackages" = compat ]; then
    install_debian_packages
    fetch_onnxruntime
    bash "$root/eng/build-native.sh" || exit 2
  fi
  build_program
}

require_dotnet() {
  if ! command -v dotnet >/dev/null; then
    stop "the .NET SDK 10 is missing: 'dotnet' is not on the PATH." \
         "Install the package dotnet-sdk-10.0 from Microsoft's Debian feed, or run Microsoft's dotnet-install script with --channel 10.0 (no root needed)," \
         "then run this command again."
  fi
  # The answer of last time holds as long as the same dotnet is in the same place.
  local here; here=$(readlink -f "$(command -v dotnet)")
  [ "$(cat "$setup_dir/dotnet" 2>/dev/null)" = "$here" ] && return
  local sdks; sdks=$(dotnet --list-sdks 2>/dev/null || true)
  grep -q '^10\.' <<<"$sdks" ||
    stop "the .NET SDK 10 is missing: $here has $(awk '{printf "%s ", $1}' <<<"${sdks:-none}")" \
         "Install the package dotnet-sdk-10.0, then run this command again."
  mkdir -p "$setup_dir"; echo "$here" >"$setup_dir/dotnet"
}

# nuget: the packages themselves; compat: the projects under compat/, where the feed holds none of them.
choose_packages() {
  if [ -n "${GAN_PACKAGES-}" ]; then
    case $GAN_PACKAGES in
      nuget|compat) GanPackages=$GAN_PACKAGES ;;
      *) stop "GAN_PACKAGES is '$GAN_PACKAGES'; it can be nuget or compat." ;;
    esac
  elif [ -s "$setup_dir/packages" ]; then
    GanPackages=$(cat "$setup_dir/packages")
  else
    if dotnet restore "$root/eng/probe/probe.csproj" -v q >/dev/null 2>&1; then
      GanPackages=nuget
    else
      GanPackages=compat
      say "the package feed lacks TorchSharp and its companions: using the stand-ins under compat/ (see eng/README.md)"
    fi
    mkdir -p "$setup_dir"; echo "$GanPackages" >"$setup_dir/packages"
  fi
  export GanPackages
  export GAN_PROGRAM=$root/artifacts/$GanPackages/bin/GanPipeline.Cli/release/gan.dll
}

# ---- Debian's packages

has_library() {
  compgen -G "/usr/lib/*/$1" >/dev/null || compgen -G "/usr/lib/$1" >/dev/null || compgen -G "/usr/local/lib/$1" >/dev/null
}

missing_debian_packages() {
  command -v g++ >/dev/null || echo g++
  if [ -z "${GAN_LIBTORCH-}" ]; then
    [ -e /usr/include/torch/csrc/autograd/variable.h ] || echo libtorch-dev
    has_library 'libopenblas.so.0' || has_library 'openblas-pthread/libblas.so.3' || echo libopenblas0-pthread
  fi
  has_library libgd.so.3 || [ -n "${GAN_LIBGD-}" ] || echo libgd3
  [ -e "${GAN_ONNX_PROTO:-/usr/include/onnx/onnx.proto}" ] || echo libonnx-dev
  if [ -z "${GAN_ONNXRUNTIME-}" ] && [ ! -e "$setup_dir/onnxruntime/complete" ]; then
    command -v npm >/dev/null || echo npm
  fi
  return 0
}

install_debian_packages() {
  local missing; missing=$(missing_debian_packages | tr '\n' ' ')
  missing=${missing% }
  [ -n "$missing" ] || return 0
  local sudo=
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then sudo=sudo; else sudo=no; fi
  fi
  if [ "$sudo" = no ] || ! command -v apt-get >/dev/null; then
    stop "these are missing, and this user cannot install them: $missing" \
         "With root rights:     apt-get install --no-install-recommends $missing" \
         "Without root rights:  GAN_LIBTORCH, GAN_LIBGD, GAN_ONNX_PROTO and GAN_ONNXRUNTIME name copies of your own; see eng/README.md."
  fi
  # A machine that never asked its mirror does not know the packages.
  local plan; plan=$(plan_of $missing)
  if [ -z "$plan" ]; then
    say "asking Debian's mirror for its list of packages (some 10 MB)"
    quietly $sudo apt-get update || say "the list could not be renewed; trying with the one at hand"
    plan=$(plan_of $missing)
  fi
  say "installing from Debian: $missing (${plan:-size unknown} to download)"
  apt_install "$sudo" $missing ||
    { say "once more, with a fresh list of packages"; quietly $sudo apt-get update && apt_install "$sudo" $missing; } ||
    stop "Debian's packages could not be installed: $missing" \
         "Mend what apt-get said above, and run this command again."
}

# How much apt-get would download for these packages; empty when it does not know them.
plan_of() {
  LC_ALL=C apt-get install --no-install-recommends --assume-no "$@" 2>/dev/null |
    sed -n 's/^Need to get \(.*\) of archives.*/\1/p' || true
}

apt_install() {
  local sudo=$1; shift
  quietly $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# ---- ONNX Runtime: its own managed sources and its native library, from an npm package

fetch_onnxruntime() {
  local target=$setup_dir/onnxruntime
  [ -e "$target/complete" ] && return
  mkdir -p "$setup_dir"
  local work; work=$(mktemp -d "$setup_dir/fetch.XXXXXX")
  if [ -n "${GAN_ONNXRUNTIME-}" ]; then
    [ -e "$GAN_ONNXRUNTIME/package.json" ] ||
      stop "GAN_ONNXRUNTIME is '$GAN_ONNXRUNTIME', which has no package.json: it names the folder 'package' of the npm package $ort_package, unpacked."
    ln -s "$(realpath "$GAN_ONNXRUNTIME")" "$work/package"
  else
    say "fetching ONNX Runtime (npm package $ort_package $ort_version, 150 MB)"
    ( cd "$work" && quietly npm pack --silent "$ort_package@$ort_version" ) || { rm -rf "$work"
      stop "ONNX Runtime could not be fetched: the npm registry did not give $ort_package@$ort_version." \
           "Check that npm reaches a registry (npm ping), or let GAN_ONNXRUNTIME name an unpacked copy; see eng/README.md."; }
    # npm's integrity hash: SHA-512 in base 64.
    local got; got=$(sha512_base64 "$work"/*.tgz)
    if [ "$got" != "$ort_sha512" ]; then
      rm -rf "$work"
      stop "ONNX Runtime's archive is not the one this project was made with (SHA-512 $got, expected $ort_sha512)." \
           "Nothing was installed. Was the download damaged? Run this command again."
    fi
    tar -xzf "$work"/*.tgz -C "$work" package/package.json package/LICENSE package/ThirdPartyNotices.txt package/Runtime package/Plugins/Linux
    rm -f "$work"/*.tgz
  fi
  chmod 755 "$work"; touch "$work/complete"
  rm -rf "$target"; mv "$work" "$target"
}

sha512_base64() { printf '%b' "$(sha512sum "$1" | cut -d' ' -f1 | sed 's/../\\x&/g')" | base64 -w0; }

# ---- The build

# Whether nothing that a build reads is newer than its stamp.
current() {
  local stamp=$1; shift
  [ -e "$stamp" ] || return 1
  local newer
  newer=$(cd "$root" && find src compat "$@" Directory.Build.props Directory.Build.targets Directory.Packages.props global.json .editorconfig \
    -type f ! -name '*.md' -newer "$stamp" -print -quit)
  [ -z "$newer" ] && [ ! "$setup_dir/native/libgantorch.so" -nt "$stamp" ]
}

# build PROJECT STAMP [further folders that it reads]
build() {
  local project=$1 stamp=$2; shift 2
  current "$stamp" "$@" && return
  say "building $project"
  mkdir -p "$(dirname "$stamp")"
  local now; now=$(mktemp "$stamp.XXXXXX")
  quietly dotnet build "$root/$project" -c Release --nologo -v q || { rm -f "$now"; stop "the build of $project failed; the messages are above."; }
  mv "$now" "$stamp"
}

build_program() { build src/Cli/GanPipeline.Cli.csproj "$root/artifacts/$GanPackages/program.built"; }
